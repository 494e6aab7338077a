"""What changed more than chance explains, and what the coming months will probably show.

Belongs here: the chapter on changes. Does not belong here: which changes are told, how the future
is reckoned (`aspa_resources.trends`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aspa_resources.reporting import line_drawings
from aspa_resources.reporting.blocks import Cell, Exhibit, LegendItem, Section, Table
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.sections.brief import Brief

_MOST_TOLD: Final = 10
_SHARE: Final = "share"
_MINUS: Final = "\u2212"
_ENDS: Final = ("low", "high")


def changes(brief: Brief) -> Section:
    """Return the chapter on changes and the forecast."""
    say = brief.voice.say
    return Section(
        "changes",
        say("sections.changes"),
        say("changes.lead"),
        exhibits=(_alerts(brief), _forecast(brief)),
        definitions=brief.define("alert", "forecast", "n"),
    )


def _alerts(brief: Brief) -> Exhibit:
    say = brief.voice.say
    told = sorted(
        brief.view.cells("alerts", "change", brief.area), key=lambda of: _order(brief, of)
    )
    title = say("changes.alerts")
    if not told:
        return Exhibit(title, say("changes.none"))
    directions = [_direction(brief, of) for of in told]
    message = say(
        "changes.message",
        count=len(told),
        better=directions.count(1),
        worse=directions.count(-1),
        other=directions.count(0),
    )
    if len(told) > _MOST_TOLD:
        message = f"{message} {say('changes.first', count=_MOST_TOLD)}"
    rows = tuple(_row(brief, of) for of in told[:_MOST_TOLD])
    keys = ("changes.what", "changes.against", "changes.change", "measures.n")
    return Exhibit(
        title,
        message,
        table=Table(say("changes.caption"), brief.columns(*keys), rows),
        table_open=True,
    )


def _order(brief: Brief, of: Mapping[str, str]) -> tuple[bool, int, str, str]:
    """The area as a whole first, then its classes; worse before better, then the rest."""
    rank = {-1: 0, 1: 1, 0: 2}[_direction(brief, of)]
    return "service_class" in of, rank, of["indicator"], str(sorted(of.items()))


def _direction(brief: Brief, of: Mapping[str, str]) -> int:
    """Return 1 for a change to the better, -1 to the worse, 0 where a change is neither.

    A score, a statement's mean or praise that rises is better, blame that rises is worse. A theme
    that is spoken of more is neither.
    """
    rose = 1 if (brief.view.figure("alerts", "change", brief.area, **of).value or 0) > 0 else -1
    if of["indicator"] != _SHARE or of.get("sentiment") == "positive":
        return rose
    return -rose if of.get("sentiment") == "negative" else 0


def _row(brief: Brief, of: Mapping[str, str]) -> tuple[Cell, ...]:
    change = brief.view.figure("alerts", "change", brief.area, **of)
    return (
        Cell(_what(brief, of)),
        Cell(brief.voice.say(f"changes.{of['against']}")),
        Cell(change_in_words(brief, of), "number", change),
        brief.count(change),
    )


def change_in_words(brief: Brief, of: Mapping[str, str]) -> str:
    """Return a published change with its sign, and its 95 % interval in brackets.

    Args:
        brief: The page.
        of: A cell of the table `alerts` whose change is published.
    """
    change, low, high = (
        _signed(brief, of["indicator"], brief.view.figure("alerts", measure, brief.area, **of))
        for measure in ("change", "change_low", "change_high")
    )
    if of["indicator"] == _SHARE:
        change = brief.voice.say("changes.units", units=change)
    return brief.voice.say("changes.interval", change=change, low=low, high=high)


def _what(brief: Brief, of: Mapping[str, str]) -> str:
    """Return in words what figure a cell of a series is: measure, theme or tone, service class."""
    say, names = brief.voice.say, brief.names
    if "theme" in of:
        figure = say("changes.theme", theme=names.theme(of["theme"]))
    elif "sentiment" in of:
        figure = say("changes.sentiment", tone=say(f"themes.{of['sentiment']}"))
    elif of["indicator"].endswith("_mean"):
        figure = names.statement(of["indicator"].removesuffix("_mean"))
    else:
        figure = say(f"measures.{of['indicator']}")
    if "service_class" not in of:
        return figure
    return f"{names.category('service_class', of['service_class'])}: {figure}"


def _signed(brief: Brief, indicator: str, figure: Figure) -> str:
    """Return a change with its sign: points of NPS, per cent units, or points of a mean."""
    value = figure.value or 0.0
    if indicator == _SHARE:
        text = brief.voice.whole(abs(100 * value))
    else:
        places = 0 if indicator == "nps" else 2
        text = brief.voice.decimal(abs(value), places)
    return f"{'+' if value > 0 else _MINUS if value < 0 else ''}{text}"


def _forecast(brief: Brief) -> Exhibit:
    say = brief.voice.say
    title = say("changes.forecast")
    coming = sorted(
        of["period"] for of in brief.view.cells("forecast", "expected", brief.area) if _is_nps(of)
    )
    if not coming:
        return Exhibit(title, say("changes.no_forecast"))
    past = sorted(
        of["period"] for of in brief.view.cells("trend", "nps", brief.area) if len(of) == 1
    )
    scores = [brief.view.figure("trend", "nps", brief.area, period=month) for month in past]
    ahead = [[_ahead(brief, end, month) for month in coming] for end in ("expected", *_ENDS)]
    expected, low, high = ahead
    message = say(
        "changes.expected",
        month=brief.voice.month(coming[0]),
        nps=brief.voice.whole(expected[0].value or 0),
        low=brief.voice.whole(low[0].value or 0),
        high=brief.voice.whole(high[0].value or 0),
    )
    months = [*past, *coming]
    texts = {
        f"month.{i}": brief.voice.month_short(months[i])
        for i in line_drawings.named_months(len(months))
    }
    band = tuple(
        (a.value or 0, m.value or 0, b.value or 0)
        for a, m, b in zip(low, expected, high, strict=True)
    )
    chart = line_drawings.forecast(tuple(score.value for score in scores), band).worded(
        message, texts
    )
    return Exhibit(
        title,
        message,
        chart,
        (
            LegendItem("area", brief.names.area(brief.area)),
            LegendItem("band", say("changes.legend_band")),
        ),
        _forecast_table(brief, coming, ahead),
    )


def _is_nps(of: Mapping[str, str]) -> bool:
    return set(of) == {"period", "indicator"} and of["indicator"] == "nps"


def _ahead(brief: Brief, measure: str, month: str) -> Figure:
    return brief.view.figure("forecast", measure, brief.area, period=month, indicator="nps")


def _forecast_table(brief: Brief, coming: list[str], ahead: list[list[Figure]]) -> Table:
    rows = tuple(
        (Cell(brief.voice.month(month)), *(brief.cell(line[i]) for line in ahead))
        for i, month in enumerate(coming)
    )
    keys = ("overview.month", "changes.middle", "changes.low", "changes.high")
    return Table(brief.voice.say("changes.forecast"), brief.columns(*keys), rows)
