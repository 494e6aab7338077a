"""The quarter and the year that end with the page's month, once all their months are published.

Belongs here: the exhibit of longer periods. Does not belong here: months (`overview`), which
periods there are (`aspa_resources.periods`).
"""

from __future__ import annotations

from typing import Final

from aspa_resources.periods import periods_ending
from aspa_resources.reporting.blocks import Cell, Exhibit, Table
from aspa_resources.reporting.figures import NATION, Nps, nps_of
from aspa_resources.reporting.sections.brief import Brief

TABLE: Final = "indicators_by_period"


def longer_periods(brief: Brief) -> tuple[Exhibit, ...]:
    """Return the exhibit on the quarter and the year that end now; none where none is published."""
    found = [
        (period.name, score)
        for period in periods_ending(brief.month)
        if (score := _of(brief, period.name)).score.status != "missing"
    ]
    if not found:
        return ()
    say = brief.voice.say
    title = say("periods.title")
    told = [
        say("periods.message", period=brief.voice.period(name), nps=brief.voice.whole(nps.rounded))
        for name, nps in found
        if nps.rounded is not None
    ]
    message = " ".join(told) or say("periods.hidden")
    return (Exhibit(title, message, table=_table(brief, title, found), table_open=True),)


def _of(brief: Brief, period: str, area: str | None = None) -> Nps:
    return nps_of(brief.view, TABLE, area or brief.area, period=period)


def _table(brief: Brief, title: str, found: list[tuple[str, Nps]]) -> Table:
    national = () if brief.national else ("measures.nation_nps",)
    rows, figures = [], []
    for name, own in found:
        cells = [brief.cell(own.score), brief.margin(own), brief.count(own.score)]
        figures.append(own.score)
        if not brief.national:
            nation = _of(brief, name, NATION).score
            figures.append(nation)
            cells.append(brief.cell(nation))
        rows.append((Cell(brief.voice.period(name)), *cells))
    columns = brief.columns(
        "periods.period", "measures.nps", "measures.margin", "measures.n", *national
    )
    return Table(title, columns, tuple(rows), brief.notes(figures))
