"""Charts by Altair, drawn once and worded in each language.

A chart holds no word of any language: its texts are tokens (`@label.3@`), anchored so that their
length moves nothing, and `Drawing.worded` puts a language's words in. So three languages cost one
rendering. Tokens beside shapes of ours are written here and not by Vega, which would measure each
of them: that took longer than all else. Fonts come from the page's stylesheet.

Belongs here: shapes, colours, scales. Does not belong here: lines by month (`line_drawings`),
looking figures up, sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

WIDTH: Final = 420
"""Width of every chart in its own units: a phone shows it a little smaller, a desk larger."""

INK: Final = "#1b2a33"
MUTED: Final = "#55646f"
TRACK: Final = "#e6ebee"
AREA: Final = "#17698f"
_POSITIVE: Final = "#2b6cb0"
NEGATIVE: Final = "#b3541e"
_NEUTRAL: Final = "#87929a"

_ROW: Final = 50
_LINE: Final = 20
_LINE_LETTERS: Final = 49
_BAR_MIDDLE: Final = 31
_BAR_END: Final = 280
_N_END: Final = 362
_TEXT_MIDDLE: Final = 11
_NUMBER_ROOM: Final = 84
_GAP: Final = 6
_BASELINE: Final = 4
"""How far below their middle words stand, at the sizes here."""

_START: Final = "start"
_END: Final = "end"
_PLAIN: Final = f'font-size="14px" fill="{INK}"'
_BOLD: Final = f'{_PLAIN} font-weight="bold"'
_SMALL: Final = f'font-size="12px" fill="{MUTED}"'
_SPLIT_HEIGHT: Final = 34

KEPT: Final = 64
"""Drawings kept of each kind: those of one page in its three languages, and some."""

_TOKEN: Final = re.compile(r"@([a-z]+(?:\.\d+)?)@")
_NOISE: Final = re.compile(
    r' (?:role="graphics-[a-z]+"|aria-[a-z]+="[^"]*"|pointer-events="none"|class="[^"]*"'
    r'|stroke-miterlimit="10"|font-family="[^"]*"|opacity="1")'
)
_ROOT: Final = re.compile(r"^<svg[^>]*>")
_NUMBER: Final = re.compile(r"\d+\.\d{2,}")
_INHERITED: Final = ("fill", "font-size", "font-weight", "text-anchor")
_ROWS: Final = "rows"


@dataclass(frozen=True)
class Drawing:
    """A chart whose texts are tokens.

    Attributes:
        height: in the units of WIDTH.
        body: what the svg element holds, and its end.
    """

    height: int
    body: str

    def worded(self, label: str, texts: Mapping[str, str]) -> Markup:
        """Return the chart in one language.

        Args:
            label: the text alternative: what the chart says.
            texts: words by token.

        Raises:
            KeyError: a token has no words.
        """
        head = Markup('<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">')
        body = _TOKEN.sub(lambda match: str(escape(texts[match[1]])), self.body)
        return head.format(label, WIDTH, self.height) + Markup(body)  # noqa: S704  # words escaped


@dataclass(frozen=True)
class Bar:
    """One row of a comparison; what is None is not drawn. `lines` has its label: 1 or 2."""

    value: float | None
    reference: float | None = None
    lines: int = 1


@dataclass(frozen=True)
class Diverging:
    """One row of the theme chart: responses against and for; what is None is not drawn."""

    negative: float | None
    positive: float | None


def two_lines(label: str) -> tuple[str, str]:
    """Return a row's label in the lines `above` and `label`; what exceeds them ends in dots."""
    if len(label) <= _LINE_LETTERS:
        return "", label
    above = label[: _LINE_LETTERS + 1].rsplit(" ", 1)[0]
    rest = label[len(above) :].strip()
    if len(rest) > _LINE_LETTERS:
        rest = f"{rest[: _LINE_LETTERS - 1].rsplit(' ', 1)[0]} …"
    return above, rest


@lru_cache(maxsize=KEPT)
def comparison(bars: tuple[Bar, ...], domain: tuple[float, float], base: float) -> Drawing:
    """Draw bars from a base over a track, with a tick where the reference stands.

    Tokens of row i: `above.i` (where its label has two lines) and `label.i` over its bar, `n.i`
    and `value.i` at the bar's right.

    Args:
        bars: rows from the top.
        domain: the scale's ends.
        base: where bars begin.
    """
    rows, height = _placed(bars)
    shapes = {**_comparison(domain, base), "height": height, "datasets": {_ROWS: rows}}
    words = (
        _words("above", [(i, 0, row["above"]) for i, row in enumerate(rows) if row["lines"] > 1]),
        _words("label", [(i, 0, row["label"]) for i, row in enumerate(rows)]),
        _words("n", [(i, _N_END, row["bar"]) for i, row in enumerate(rows)], _END, _SMALL),
        _words("value", [(i, WIDTH, row["bar"]) for i, row in enumerate(rows)], _END, _BOLD),
    )
    return _rendered(shapes, height, "".join(words))


@cache
def _comparison(domain: tuple[float, float], base: float) -> dict[str, Any]:
    """Return the chart of a comparison without its rows and height: Altair takes its time."""
    import altair as alt

    scale = alt.Scale(domain=list(domain), range=[0, _BAR_END], clamp=True, nice=False)
    at_bar = alt.Chart(alt.NamedData(_ROWS)).encode(y=_down("bar"))
    track = at_bar.mark_bar(height=9, color=TRACK).encode(
        x=alt.XDatum(domain[0], scale=scale, axis=None), x2=alt.X2Datum(domain[1])
    )
    zero = at_bar.mark_tick(height=13, thickness=1, color=MUTED).encode(
        x=alt.XDatum(base, scale=scale, axis=None)
    )
    value = (
        at_bar.transform_filter("isValid(datum.value)")
        .mark_bar(height=9, color=AREA)
        .encode(x=alt.X("value:Q", scale=scale, axis=None), x2=alt.X2Datum(base))
    )
    reference = at_bar.transform_filter("isValid(datum.reference)").encode(
        x=alt.X("reference:Q", scale=scale, axis=None)
    )
    layers = [
        track,
        value,
        zero,
        reference.mark_tick(height=17, thickness=5, color="white", opacity=1),
        reference.mark_tick(height=17, thickness=2.5, color=INK, opacity=1),
    ]
    return _specified(alt.layer(*layers), _ROW)


@lru_cache(maxsize=KEPT)
def diverging(rows: tuple[Diverging, ...]) -> Drawing:
    """Draw responses against (left of the middle) and for (right), one row a theme.

    Tokens of row i: `label.i` above it, `negative.i` and `positive.i` at the ends of its bars.
    """
    import altair as alt

    against = max((row.negative or 0 for row in rows), default=0)
    in_favour = max([*(row.positive or 0 for row in rows), 1])
    placed, height = _placed(rows)
    data = [
        {**row, "negative": -(row["negative"] or 0), "positive": row["positive"] or 0}
        for row in placed
    ]
    room = WIDTH - 2 * _NUMBER_ROOM

    def along(value: float) -> float:
        return _NUMBER_ROOM + room * (value + against) / (in_favour + against)

    scale = alt.Scale(domain=[-against, in_favour], range=[along(-against), along(in_favour)])
    at_bar = alt.Chart(alt.InlineData(values=data)).encode(y=_down("bar"))
    layers: list[Any] = [
        at_bar.mark_bar(height=12, color=colour).encode(
            x=alt.X(f"{side}:Q", scale=scale, axis=None), x2=alt.X2Datum(0)
        )
        for side, colour in (("negative", NEGATIVE), ("positive", _POSITIVE))
    ]
    middle = at_bar.mark_tick(height=18, thickness=1, color=INK).encode(
        x=alt.XDatum(0, scale=scale, axis=None)
    )
    words = _words("label", [(i, 0, row["label"]) for i, row in enumerate(data)])
    for side, outward, anchor in (("negative", -_GAP, _END), ("positive", _GAP, _START)):
        ends = [(i, along(row[side]) + outward, row["bar"]) for i, row in enumerate(data)]
        words += _words(side, ends, anchor, _SMALL)
    return drawn(alt.layer(*layers, middle), height, words=words)


@lru_cache(maxsize=KEPT)
def split(promoters: float, passives: float, detractors: float) -> Drawing:
    """Draw the three shares (0 to 1) of a recommendation score as one bar; it holds no token."""
    import altair as alt

    colours = (_POSITIVE, _NEUTRAL, NEGATIVE)
    shares = (promoters, passives, detractors)
    data = [{"part": i, "share": s, "colour": colours[i]} for i, s in enumerate(shares)]
    scale = alt.Scale(domain=[0, sum(shares)], range=[0, WIDTH])
    chart = (
        alt.Chart(alt.InlineData(values=data))
        .mark_bar(height=_SPLIT_HEIGHT, stroke="white", strokeWidth=2)
        .encode(
            x=alt.X("share:Q", stack=True, scale=scale, axis=None),
            color=alt.Color("colour:N", scale=None),
            order="part:Q",
        )
    )
    return drawn(chart, _SPLIT_HEIGHT)


def _placed(rows: Sequence[Bar | Diverging]) -> tuple[list[dict[str, Any]], int]:
    """Return the rows with how far down their parts stand, and the height of all."""
    placed: list[dict[str, Any]] = []
    top = 0
    for i, row in enumerate(rows):
        lines = row.lines if isinstance(row, Bar) else 1
        drop = _LINE * (lines - 1)
        placed.append(
            {
                **asdict(row),
                "row": i,
                "above": top + _TEXT_MIDDLE,
                "label": top + drop + _TEXT_MIDDLE,
                "bar": top + drop + _BAR_MIDDLE,
            }
        )
        top += drop + _ROW
    return placed, top


def _down(part: str) -> Any:  # noqa: ANN401  # Altair is imported late
    """Return where a part of the rows stands, in the chart's own units from its top."""
    import altair as alt

    return alt.Y(f"{part}:Q", scale=None, axis=None)


def _words(
    token: str,
    places: Sequence[tuple[int, float, float]],
    anchor: str = _START,
    style: str = _PLAIN,
) -> str:
    """Return words of one kind as SVG.

    Args:
        token: their name.
        places: row, and how far from the left and from the top the middle of its words stands.
        anchor: which end of them stands there.
        style: size, colour and weight.
    """
    texts = (
        f'<text x="{round(x, 1):g}" y="{y + _BASELINE:g}">@{token}.{row}@</text>'
        for row, x, y in places
    )
    return f'<g text-anchor="{anchor}" {style}>{"".join(texts)}</g>' if places else ""


def drawn(
    chart: Any,  # noqa: ANN401  # Altair is imported late
    height: int,
    plot: int | None = None,
    words: str = "",
) -> Drawing:
    """Render a chart whose plot has its size fixed, so that its words move nothing."""
    return _rendered(_specified(chart, height, plot), height, words)


def _specified(chart: Any, height: int, plot: int | None = None) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return a chart as Vega-Lite has it."""
    import altair as alt

    sized = {"autosize": alt.AutoSizeParams(type="none"), "height": plot or height}
    if plot is None:
        sized |= {"width": WIDTH, "padding": 0}
    chart = chart.properties(**sized).configure(background="white", aria=False)
    # Unchecked: of a chart of our own the check finds nothing and takes a fifth of a page's time.
    unchecked = chart.configure_view(stroke=None).to_dict(validate=False)
    specification: dict[str, Any] = unchecked
    return specification


def _rendered(specification: dict[str, Any], height: int, words: str) -> Drawing:
    import vl_convert

    svg = _NOISE.sub("", vl_convert.vegalite_to_svg(specification))
    root = ET.fromstring(_ROOT.sub("<svg>", svg))  # noqa: S314  # our own drawing
    for group in root.iter("g"):
        _say_once(group)
    shapes = ET.tostring(root, encoding="unicode").removeprefix("<svg>").removesuffix("</svg>")
    shapes = _NUMBER.sub(lambda number: f"{round(float(number[0]), 1):g}", shapes)
    return Drawing(height, f"{shapes}{words}</svg>")


def _say_once(group: ET.Element) -> None:
    """Move what all marks of a group have in common to the group, which they inherit it from."""
    marks = list(group)
    for name in _INHERITED:
        values = {mark.get(name) for mark in marks}
        if len(values) == 1 and (value := values.pop()):
            group.set(name, value)
            for mark in marks:
                del mark.attrib[name]
