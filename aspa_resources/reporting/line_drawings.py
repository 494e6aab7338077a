"""Charts of scores month by month: what was, and what will probably be.

Belongs here: lines, bands and their axes. Does not belong here: other charts, and how a drawing
gets its words (`drawings`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from aspa_resources.reporting.drawings import AREA, INK, KEPT, MUTED, TRACK, WIDTH, Drawing, drawn

_BAND: Final = "#c9dfea"
_TREND_HEIGHT: Final = 210
_TREND_ROOM: Final = {"left": 40, "right": 14, "top": 20, "bottom": 30}
_MOST_MONTHS_NAMED: Final = 7
_TREND_AROUND: Final = 15
_FINE_TICKS_UP_TO: Final = 50
_ABOVE: Final = -15
_BELOW: Final = 17


@lru_cache(maxsize=KEPT)
def trend(lines: tuple[tuple[float | None, ...], ...]) -> Drawing:
    """Draw scores by month: the first line the area's own, a second one the reference's.

    Tokens: `month.i` below every month of `named_months`, `last` beside the first line's end.

    Args:
        lines: one value a month, all of one length; None leaves a gap.
    """
    import altair as alt

    months = len(lines[0])
    data = [
        {"month": i, "score": value, "line": line}
        for line, values in enumerate(lines)
        for i, value in enumerate(values)
    ]
    ticks = _ticks([value for values in lines for value in values if value is not None])
    x, y = _axes(months, ticks)
    chart = alt.Chart(alt.InlineData(values=data)).encode(x=x, y=y)
    own = chart.transform_filter("datum.line === 0")
    last = max(i for i, value in enumerate(lines[0]) if value is not None)
    end = own.transform_filter(f"datum.month === {last}")
    beside = [score for line in lines[1:] if (score := line[last]) is not None]
    away = _BELOW if any(score > (lines[0][last] or 0) for score in beside) else _ABOVE
    layers = [
        chart.transform_filter("datum.line === 1").mark_line(
            color=INK, strokeWidth=1.5, strokeDash=[4, 3]
        ),
        own.mark_line(color=AREA, strokeWidth=2.5),
        own.transform_filter("isValid(datum.score)").mark_point(
            color=AREA, fill=AREA, size=36, opacity=1
        ),
        _last_score(end, away, stroke="white", strokeWidth=4),
        _last_score(end, away),
    ]
    return _framed(alt.layer(*layers))


@lru_cache(maxsize=KEPT)
def forecast(
    past: tuple[float | None, ...], band: tuple[tuple[float, float, float], ...]
) -> Drawing:
    """Draw scores by month and the interval of the coming ones.

    Tokens: `month.i` below every month of `named_months`.

    Args:
        past: one value a month; None leaves a gap.
        band: for each coming month, low end, middle and high end.
    """
    import altair as alt

    months = len(past) + len(band)
    seen = [{"month": i, "score": value} for i, value in enumerate(past)]
    ahead = [
        {"month": i, "low": low, "score": middle, "high": high}
        for i, (low, middle, high) in enumerate(band, start=len(past))
    ]
    known = [(i, value) for i, value in enumerate(past) if value is not None]
    joint = [{"month": i, "low": v, "score": v, "high": v} for i, v in known[-1:]]
    ends = [end for low, _, high in band for end in (low, high)]
    ticks = _ticks([*(value for _, value in known), *ends])
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    x, y = _axes(months, ticks)
    own = alt.Chart(alt.InlineData(values=seen)).encode(x=x, y=y)
    coming = alt.Chart(alt.InlineData(values=[*joint, *ahead])).encode(x=x)
    layers = [
        coming.mark_area(color=_BAND, opacity=1).encode(
            y=alt.Y("low:Q", title=None, scale=scale), y2="high:Q"
        ),
        coming.mark_line(color=AREA, strokeWidth=2, strokeDash=[4, 3]).encode(y=y),
        own.mark_line(color=AREA, strokeWidth=2.5),
        own.transform_filter("isValid(datum.score)").mark_point(
            color=AREA, fill=AREA, size=36, opacity=1
        ),
    ]
    return _framed(alt.layer(*layers))


def _axes(months: int, ticks: Sequence[int]) -> tuple[Any, Any]:
    """Return months along the foot and scores up the side."""
    import altair as alt

    axis: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelOverlap": False,
        "labelFlush": False,
    }
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, max(months - 1, 1)], nice=False),
        axis=alt.Axis(
            values=named_months(months),
            labelExpr="'@month.' + datum.value + '@'",
            labelPadding=10,
            grid=False,
            title=None,
            **axis,
        ),
    )
    y = alt.Y(
        "score:Q",
        scale=alt.Scale(domain=[ticks[0], ticks[-1]], nice=False),
        axis=alt.Axis(
            values=ticks, format="d", labelPadding=8, gridColor=TRACK, title=None, **axis
        ),
    )
    return x, y


def _framed(chart: Any) -> Drawing:  # noqa: ANN401  # Altair is imported late
    """Return a chart with room for its axes."""
    room = _TREND_ROOM
    width = WIDTH - room["left"] - room["right"]
    inner = chart.properties(width=width, padding=room)
    return drawn(inner, _TREND_HEIGHT, plot=_TREND_HEIGHT - room["top"] - room["bottom"])


def _last_score(point: Any, away: int, **halo: Any) -> Any:  # noqa: ANN401  # Altair is imported late
    """Return the score's words beside a line's end, or the halo that keeps other lines off them."""
    return point.mark_text(
        text="@last@",
        dy=away,
        align="right",
        dx=6,
        fontWeight="bold",
        fontSize=14,
        color=INK,
        **halo,
    )


def _ticks(scores: list[float]) -> list[int]:
    """Return evenly spaced scores around those drawn, wide enough that chance looks small."""
    low, high = max(min(scores) - _TREND_AROUND, -100), min(max(scores) + _TREND_AROUND, 100)
    step = 10 if high - low <= _FINE_TICKS_UP_TO else 20
    return list(range(step * math.floor(low / step), step * math.ceil(high / step) + 1, step))


def named_months(months: int) -> list[int]:
    """Return the indices of the months that a trend's axis names, the last one among them."""
    step = 1 if months <= _MOST_MONTHS_NAMED else 2
    return list(range(months - 1, -1, -step))[::-1]
