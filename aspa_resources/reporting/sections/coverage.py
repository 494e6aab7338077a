"""Who was asked, who answered, and whether they are like those who used the services.

Belongs here: the exhibits on coverage. Does not belong here: the quality of delivered rows
(`quality`), how representativeness is reckoned (`indicators`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Cell, Exhibit, LegendItem, Table
from aspa_resources.reporting.figures import NATION, Figure
from aspa_resources.reporting.sections.brief import Brief

_BY_AGE: Final = "coverage"
_BY_CLASS: Final = "coverage_by_service_class"
_RATE: Final = "response_rate"
_SENT: Final = "surveys_sent"
_MEASURES: Final = ("service_events", _SENT, "responses", _RATE)
_MOST_DRAWN: Final = 8


def coverage(brief: Brief) -> tuple[Exhibit, ...]:
    """Return the exhibits on coverage; the last ones only where their figures are published."""
    return (_by_age(brief), *_representative(brief), *_by_class(brief))


def _rate(brief: Brief, table: str, area: str, **group: str) -> Figure:
    return brief.view.figure(table, _RATE, area, **group)


def _by_age(brief: Brief) -> Exhibit:
    say = brief.voice.say
    found = brief.view.categories(_BY_AGE, "age_group", brief.area)
    ages = brief.names.in_order("age_group")(found)
    total = _rate(brief, _BY_AGE, brief.area)
    message = say("quality.coverage_unknown")
    if total.value is not None:
        message = say("quality.coverage", rate=brief.voice.percent(total.value))
    known = bool(ages) or total.status != "missing"
    table = _table(brief, _BY_AGE, "age_group", ["", *ages]) if known else None
    exhibit = Exhibit(say(f"quality.{_BY_AGE}_title"), message, table=table)
    return _drawn(brief, exhibit, _BY_AGE, "age_group", ages)


def _by_class(brief: Brief) -> tuple[Exhibit, ...]:
    """Return the rates of the service classes, those with most surveys first."""
    say = brief.voice.say
    found = brief.view.categories(_BY_CLASS, "service_class", brief.area)
    if not found:
        return ()

    def sent(code: str) -> float:
        figure = brief.view.figure(_BY_CLASS, _SENT, brief.area, service_class=code)
        return figure.value or 0

    codes = sorted(brief.names.in_order("service_class")(found), key=lambda code: -sent(code))
    rates = {code: _rate(brief, _BY_CLASS, brief.area, service_class=code).value for code in codes}
    known = sorted((rate, code) for code, rate in rates.items() if rate is not None)
    message = say("quality.class_coverage_unknown")
    if known:
        (low, least), (high, most) = known[0], known[-1]
        message = say(
            "quality.class_coverage",
            least=brief.names.category("service_class", least),
            low=brief.voice.percent(low),
            most=brief.names.category("service_class", most),
            high=brief.voice.percent(high),
        )
    if len(codes) > _MOST_DRAWN:
        message = f"{message} {say('quality.most_surveys', count=_MOST_DRAWN)}"
    table = _table(brief, _BY_CLASS, "service_class", codes)
    exhibit = Exhibit(say(f"quality.{_BY_CLASS}_title"), message, table=table)
    return (_drawn(brief, exhibit, _BY_CLASS, "service_class", codes[:_MOST_DRAWN]),)


def _representative(brief: Brief) -> tuple[Exhibit, ...]:
    """Return how well the ages of those who responded match those of the service events."""
    say = brief.voice.say
    areas = (brief.area,) if brief.national else (brief.area, NATION)
    figures = [brief.view.figure(_BY_AGE, "representativeness", area) for area in areas]
    own = figures[0]
    if own.status == "missing":
        return ()
    message = say("quality.representativeness_unknown")
    if own.value is not None:
        message = say("quality.representativeness", share=brief.voice.percent(own.value))
    rows = tuple(
        (Cell(brief.names.area(area)), brief.cell(figure, brief.voice.percent), brief.count(figure))
        for area, figure in zip(areas, figures, strict=True)
    )
    title = say("quality.representativeness_title")
    columns = brief.columns("quality.area", "measures.representativeness", "measures.n")
    table = Table(title, columns, rows, brief.notes(figures))
    return (Exhibit(title, message, table=table, table_open=True),)


def _drawn(
    brief: Brief, exhibit: Exhibit, of: str, dimension: str, codes: Sequence[str]
) -> Exhibit:
    """Return an exhibit with the response rates of its groups drawn, where any is shown."""
    say = brief.voice.say
    drawn = [code for code in codes if _rate(brief, of, brief.area, **{dimension: code}).published]
    if not drawn:
        return exhibit
    legend = [LegendItem("area", say("measures.response_rate"))]
    if not brief.national:
        legend.append(LegendItem("nation", say("comparisons.legend_nation")))
    chart = _chart(brief, of, dimension, drawn, exhibit.message)
    return replace(exhibit, chart=chart, legend=tuple(legend))


def _chart(brief: Brief, of: str, dimension: str, codes: Sequence[str], label: str) -> Markup:
    texts, bars = {}, []
    for i, code in enumerate(codes):
        own = _rate(brief, of, brief.area, **{dimension: code})
        nation = None if brief.national else _rate(brief, of, NATION, **{dimension: code}).value
        above, name = drawings.two_lines(brief.names.category(dimension, code))
        bars.append(drawings.Bar(own.value, nation, lines=2 if above else 1))
        counted = "" if own.n is None else brief.voice.whole(own.n)
        texts[f"above.{i}"], texts[f"label.{i}"] = above, name
        texts[f"n.{i}"] = brief.voice.say("overview.based_on", n=counted) if counted else ""
        texts[f"value.{i}"] = brief.cell(own, brief.voice.percent).text
    highest = max(max(bar.value or 0, bar.reference or 0) for bar in bars)
    return drawings.comparison(tuple(bars), (0, highest or 1), 0).worded(label, texts)


def _table(brief: Brief, of: str, dimension: str, codes: Sequence[str]) -> Table:
    """Return counts and rate of each group; the empty code is all of them."""
    say = brief.voice.say
    rows, figures = [], []
    for code in codes:
        group = {dimension: code} if code else {}
        row = [brief.view.figure(of, measure, brief.area, **group) for measure in _MEASURES]
        figures += row
        name = brief.names.category(dimension, code) if code else say("quality.all_ages")
        *counts, rate = row
        cells = (*(brief.cell(f) for f in counts), brief.cell(rate, brief.voice.percent))
        rows.append((Cell(name), *cells))
    measures = (f"measures.{name}" for name in _MEASURES)
    columns = brief.columns(f"dimensions.{dimension}", *measures)
    return Table(say(f"quality.{of}_caption"), columns, tuple(rows), brief.notes(figures))
