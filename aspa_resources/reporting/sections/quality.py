"""Whom the feedback speaks for, and how good the delivered data are.

Belongs here: the chapter on coverage and quality. Does not belong here: the delivery contract.
"""

from __future__ import annotations

from typing import Final

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Cell, Column, Exhibit, LegendItem, Section, Table
from aspa_resources.reporting.figures import NATION, Figure
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.comparisons import contactless_note
from aspa_resources.reporting.sections.quality_index import meanings, quality_index

_COVERAGE: Final = ("service_events", "surveys_sent", "responses", "response_rate")
_ROWS: Final = ("rows_delivered", "rows_accepted", "rows_rejected", "quarantined", "unclassified")
_COMPLETENESS: Final = ("cost_centre_completeness", "site_completeness")


def quality(brief: Brief) -> Section:
    """Return the chapter on coverage and data quality."""
    return Section(
        "quality",
        brief.voice.say("sections.quality"),
        lead=contactless_note(brief),
        exhibits=(_coverage(brief), _data(brief), *quality_index(brief)),
        definitions=(
            *brief.define("coverage", "response_rate", "suppressed", "quality_index"),
            *meanings(brief),
        ),
    )


def _rate(brief: Brief, area: str, age_group: str | None) -> Figure:
    dimensions = {} if age_group is None else {"age_group": age_group}
    return brief.view.figure("coverage", "response_rate", area, **dimensions)


def _coverage(brief: Brief) -> Exhibit:
    say = brief.voice.say
    title = say("quality.coverage_title")
    found = brief.view.categories("coverage", "age_group", brief.area)
    ages = brief.names.in_order("age_group")(found)
    total = _rate(brief, brief.area, None)
    message = say("quality.coverage_unknown")
    if total.value is not None:
        message = say("quality.coverage", rate=brief.voice.percent(total.value))
    table = _coverage_table(brief, [None, *ages]) if ages or total.status != "missing" else None
    drawn = [age for age in ages if _rate(brief, brief.area, age).published]
    if not drawn:
        return Exhibit(title, message, table=table)
    return _drawn_coverage(brief, Exhibit(title, message, table=table), drawn)


def _drawn_coverage(brief: Brief, exhibit: Exhibit, ages: list[str]) -> Exhibit:
    """Return the exhibit with the response rates of its age groups drawn."""
    say, percent = brief.voice.say, brief.voice.percent
    texts, bars = {}, []
    for i, age in enumerate(ages):
        own, nation = _rate(brief, brief.area, age), _rate(brief, NATION, age)
        bars.append(drawings.Bar(own.value, None if brief.national else nation.value))
        counted = "" if own.n is None else say("overview.based_on", n=brief.voice.whole(own.n))
        texts[f"label.{i}"], texts[f"n.{i}"] = brief.names.category("age_group", age), counted
        texts[f"value.{i}"] = brief.cell(own, percent).text
    highest = max(max(bar.value or 0, bar.reference or 0) for bar in bars)
    drawing = drawings.comparison(tuple(bars), (0, highest or 1), 0)
    legend = [LegendItem("area", say("measures.response_rate"))]
    if not brief.national:
        legend.append(LegendItem("nation", say("comparisons.legend_nation")))
    chart = drawing.worded(exhibit.message, texts)
    return Exhibit(exhibit.title, exhibit.message, chart, tuple(legend), exhibit.table)


def _coverage_table(brief: Brief, ages: list[str | None]) -> Table:
    rows, figures = [], []
    for age in ages:
        dimensions = {} if age is None else {"age_group": age}
        row = [brief.view.figure("coverage", m, brief.area, **dimensions) for m in _COVERAGE]
        figures += row
        name = brief.voice.say("quality.all_ages")
        if age is not None:
            name = brief.names.category("age_group", age)
        *counts, rate = row
        cells = (*(brief.cell(f) for f in counts), brief.cell(rate, brief.voice.percent))
        rows.append((Cell(name), *cells))
    measures = (f"measures.{name}" for name in _COVERAGE)
    return Table(
        brief.voice.say("quality.coverage_caption"),
        brief.columns("comparisons.age_group", *measures),
        tuple(rows),
        brief.notes(figures),
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
