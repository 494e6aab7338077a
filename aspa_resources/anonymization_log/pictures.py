"""The log's charts: shares by month with the band they are expected in, and scores by tenths.

All panels of a chart are one drawing, placed in its own units, for each rendering costs far more
than what is in it. Like every drawing of the page kit they hold tokens and no word.

Belongs here: shapes and places. Not here: figures, sentences (`pages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from aspa_resources.anonymization_log.counting import TENTHS
from aspa_resources.reporting.drawings import (
    AREA,
    INK,
    MUTED,
    NEGATIVE,
    TRACK,
    WIDTH,
    Drawing,
    drawn,
)

_BAND: Final = "#c9dfea"
_PANEL: Final = 108
_TOP, _BOTTOM = 26, 92  # of a panel's plot
_LEFT, _RIGHT = 6, 356
_AXIS: Final = 18
_ROW: Final = 46
_BARS_LEFT: Final = 168
_BAR_HEIGHT: Final = 30
_HEADROOM: Final = 1.08


@dataclass(frozen=True)
class Point:
    """One month of a measure, in any unit; the expected ends are None without history."""

    value: float
    low: float | None
    high: float | None
    unusual: bool


@dataclass(frozen=True)
class _Word:
    """A token, where it stands, and how it is set."""

    token: str
    x: float
    y: float
    style: tuple[tuple[str, str | int], ...]


def top(points: tuple[Point, ...]) -> float:
    """Return the upper end of a panel's scale."""
    return max(max(point.value, point.high or 0) for point in points) * _HEADROOM or 1.0


@lru_cache(maxsize=32)
def by_month(panels: tuple[tuple[Point, ...], ...]) -> Drawing:
    """Draw a panel a measure, each on a scale of its own from zero.

    Tokens of panel i: `label.i` and `value.i` above it, `top.i` at the upper end of its scale and
    `zero` at the lower one; `first` and `last` (months) below the last panel.

    Args:
        panels: of each measure its months, oldest first; as many for all.
    """
    import altair as alt

    height = _PANEL * len(panels) + _AXIS
    marks: list[dict[str, Any]] = []
    labels: list[_Word] = []
    for i, points in enumerate(panels):
        for at, point in enumerate(points):
            marks.append(_placed(i, at, point, len(points), top(points)))
        labels += _panel_words(i)
    last = _PANEL * len(panels) + 4
    labels += [_small("@first@", _LEFT, last), _small("@last@", _RIGHT, last, "right")]
    grid = [
        {"x": _LEFT, "x2": _RIGHT, "y": _PANEL * i + end}
        for i in range(len(panels))
        for end in (_TOP, _BOTTOM)
    ]
    base = _Canvas(height)
    chart = base.chart(marks)
    banded = chart.transform_filter("isValid(datum.low)").encode(y2="high:Q", y=base.y("low"))
    value = chart.encode(y=base.y("value"))
    layers = [
        base.chart(grid).mark_rule(color=TRACK).encode(y=base.y("y"), x2="x2:Q"),
        banded.mark_bar(width=max(10, min(26, 240 / len(panels[0]))), color=_BAND),
        value.mark_line(color=AREA, strokeWidth=2).encode(detail="panel:N"),
        value.transform_filter("!datum.unusual").mark_point(
            color=AREA, fill=AREA, size=26, opacity=1
        ),
        value.transform_filter("datum.unusual").mark_point(
            shape="diamond", color=NEGATIVE, fill=NEGATIVE, size=90, opacity=1
        ),
        *base.words(labels),
    ]
    return drawn(alt.layer(*layers), height)


@lru_cache(maxsize=32)
def by_tenths(rows: tuple[tuple[int, ...], ...]) -> Drawing:
    """Draw how many findings have which score, a row an entity type, each on its own scale.

    Tokens of row i: `label.i` and `n.i` at its left; `score.0` to `score.2` (0, a half, 1) below.

    Args:
        rows: ten counts each.
    """
    import altair as alt

    height = _ROW * len(rows) + _AXIS
    width = (WIDTH - _BARS_LEFT - 12) / TENTHS
    bars: list[dict[str, float]] = []
    labels: list[_Word] = []
    for i, counts in enumerate(rows):
        foot = _ROW * i + _BAR_HEIGHT + 6
        labels.append(_large(f"@label.{i}@", 0, foot - 18))
        labels.append(_small(f"@n.{i}@", 0, foot))
        most = max(*counts, 1)
        for tenth, count in enumerate(counts):
            left = _BARS_LEFT + tenth * width
            shown = max(_BAR_HEIGHT * count / most, 1.5) if count else 0
            bars.append({"x": left + 1, "x2": left + width - 1, "y": foot, "y2": foot - shown})
    for k in range(3):
        at = _BARS_LEFT + width * TENTHS * k / 2
        labels.append(_small(f"@score.{k}@", at, height - 8, "center"))
    feet = [
        {"x": _BARS_LEFT, "x2": _BARS_LEFT + width * TENTHS, "y": _ROW * i + _BAR_HEIGHT + 6}
        for i in range(len(rows))
    ]
    base = _Canvas(height)
    layers = [
        base.chart(feet).mark_rule(color=MUTED).encode(y=base.y("y"), x2="x2:Q"),
        base.chart(bars).mark_bar(color=AREA).encode(y=base.y("y"), x2="x2:Q", y2="y2:Q"),
        *base.words(labels),
    ]
    return drawn(alt.layer(*layers), height)


@dataclass(frozen=True)
class _Canvas:
    """A plane in the chart's own units, from its upper left corner."""

    height: int

    def chart(self, data: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # Altair is imported late
        import altair as alt

        scale = alt.Scale(domain=[0, WIDTH], range=[0, WIDTH], nice=False, padding=0)
        return alt.Chart(alt.InlineData(values=data)).encode(x=alt.X("x:Q", scale=scale, axis=None))

    def y(self, field: str) -> Any:  # noqa: ANN401  # as above
        import altair as alt

        ends = [0, self.height]
        scale = alt.Scale(domain=ends, range=ends, nice=False, padding=0)
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def words(self, labels: list[_Word]) -> list[Any]:
        """Return a layer for each way in which words are set."""
        return [
            self.chart([{"token": w.token, "x": w.x, "y": w.y} for w in labels if w.style == style])
            .mark_text(**dict(style))
            .encode(y=self.y("y"), text="token:N")
            for style in dict.fromkeys(word.style for word in labels)
        ]


def _placed(panel: int, at: int, point: Point, months: int, full: float) -> dict[str, Any]:
    def down(value: float | None) -> float | None:
        if value is None:
            return None
        return _PANEL * panel + _BOTTOM - (_BOTTOM - _TOP) * value / full

    room = (_RIGHT - _LEFT) / months
    return {
        "panel": panel,
        "x": _LEFT + room * (at + 0.5),
        "value": down(point.value),
        "low": down(point.low),
        "high": down(point.high),
        "unusual": point.unusual,
    }


def _panel_words(panel: int) -> list[_Word]:
    at = _PANEL * panel
    return [
        _large(f"@label.{panel}@", 0, at + 12),
        _large(f"@value.{panel}@", WIDTH, at + 12, "right", fontWeight="bold"),
        _small(f"@top.{panel}@", WIDTH, at + _TOP + 4, "right"),
        _small("@zero@", WIDTH, at + _BOTTOM, "right"),
    ]


def _large(token: str, x: float, y: float, align: str = "left", **style: str) -> _Word:
    of_all: dict[str, str | int] = {"align": align, "fontSize": 14, "color": INK, **style}
    return _Word(token, x, y, tuple(of_all.items()))


def _small(token: str, x: float, y: float, align: str = "left") -> _Word:
    return _Word(token, x, y, (("align", align), ("fontSize", 12), ("color", MUTED)))
