"""Whom the feedback speaks for, and how good the delivered data are.

Belongs here: the chapter on coverage and quality. Does not belong here: the delivery contract.
"""

from __future__ import annotations

from typing import Final

from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.comparisons import contactless_note
from aspa_resources.reporting.sections.coverage import coverage
from aspa_resources.reporting.sections.quality_index import meanings, quality_index

_ROWS: Final = ("rows_delivered", "rows_accepted", "rows_rejected", "quarantined", "unclassified")
_COMPLETENESS: Final = ("cost_centre_completeness", "site_completeness")


def quality(brief: Brief) -> Section:
    """Return the chapter on coverage and data quality."""
    return Section(
        "quality",
        brief.voice.say("sections.quality"),
        lead=contactless_note(brief),
        exhibits=(*coverage(brief), _data(brief), *quality_index(brief)),
        definitions=(
            *brief.define("coverage", "response_rate", "representativeness", "suppressed"),
            *brief.define("quality_index"),
            *meanings(brief),
        ),
    )


def _data(brief: Brief) -> Exhibit:
    say = brief.voice.say
    figures = {
        name: brief.view.figure("quality", name, brief.area) for name in (*_ROWS, *_COMPLETENESS)
    }
    delivered, accepted = figures["rows_delivered"].value, figures["rows_accepted"].value
    message = say("quality.data_unknown")
    if delivered and accepted is not None:
        message = say("quality.data", share=brief.voice.percent(accepted / delivered))
    rows = tuple(
        (
            Cell(say(f"quality.{name}")),
            brief.cell(figure, brief.voice.percent if name in _COMPLETENESS else None),
            Cell(say(f"quality_meaning.{name}")),
        )
        for name, figure in figures.items()
    )
    columns = (
        Column(say("quality.measure"), numeric=False),
        Column(say("measures.value")),
        Column(say("quality.meaning"), numeric=False),
    )
    table = Table(say("quality.data_caption"), columns, rows, brief.notes(figures.values()))
    if all(figure.status == "missing" for figure in figures.values()):
        return Exhibit(say("quality.data_title"), message)
    return Exhibit(say("quality.data_title"), message, table=table, table_open=True)
