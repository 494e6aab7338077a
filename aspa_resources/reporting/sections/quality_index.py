"""How far an area's month can be compared with the others': the index and what it is made of.

Belongs here: the exhibits on the quality index. Does not belong here: its formula (`quality_index`
of the resources), the names of its parts (`rules/quality_index.yaml`).
"""

from __future__ import annotations

from typing import Final

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Cell, Column, Exhibit, LegendItem, Table
from aspa_resources.reporting.figures import NATION, Figure
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.rule_book.quality_index import INDEX, Component, QualityIndexRules

_FULL: Final = 100.0


def quality_index(brief: Brief) -> tuple[Exhibit, ...]:
    """Return the index of the page's area, on the nation's page also that of every county."""
    return (_index(brief), _counties(brief)) if brief.national else (_index(brief),)


def meanings(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Return the index's components, each with its meaning."""
    language = brief.voice.language
    components = _rules(brief).components
    return tuple((_named(brief, one), one.meaning.of(language)) for one in components)


def _rules(brief: Brief) -> QualityIndexRules:
    return brief.names.rules.quality_index


def _figure(brief: Brief, measure: str, area: str | None = None) -> Figure:
    return brief.view.figure(INDEX, measure, area or brief.area)


def _points(brief: Brief, figure: Figure) -> Cell:
    """Return a share as points out of 100, as the index is given."""
    return brief.cell(figure, lambda share: brief.voice.whole(_FULL * share))


def _named(brief: Brief, component: Component) -> str:
    return component.name.of(brief.voice.language)


def _index(brief: Brief) -> Exhibit:
    say = brief.voice.say
    title, index = say("quality.index_title"), _figure(brief, INDEX)
    if index.status == "missing":
        return Exhibit(title, say("quality.index_unknown"))
    table = _table(brief)
    if index.value is None:
        return Exhibit(title, say("quality.index_unknown"), table=table)
    message = _message(brief, index.value)
    bars: list[drawings.Bar] = []
    texts: dict[str, str] = {}
    measures = [(INDEX, say("quality.index_name"), 1.0)]
    measures += [(one.id, _named(brief, one), _FULL) for one in _rules(brief).components]
    for i, (measure, name, scale) in enumerate(measures):
        own, nation = _figure(brief, measure).value, _figure(brief, measure, NATION).value
        reference = None if brief.national or nation is None else scale * nation
        bars.append(drawings.Bar(None if own is None else scale * own, reference))
        texts |= {f"label.{i}": name, f"n.{i}": ""}
        texts[f"value.{i}"] = "" if own is None else brief.voice.whole(scale * own)
    chart = drawings.comparison(tuple(bars), (0, _FULL), 0).worded(message, texts)
    own_name = "legend_nation" if brief.national else "legend_area"
    legend = [LegendItem("area", say(f"comparisons.{own_name}"))]
    if not brief.national:
        legend.append(LegendItem("nation", say("comparisons.legend_nation")))
    return Exhibit(title, message, chart, tuple(legend), table)


def _message(brief: Brief, index: float) -> str:
    """Return the index with its strongest and weakest part."""
    whole = brief.voice.whole(index)
    shares = {
        _named(brief, one): value
        for one in _rules(brief).components
        if (value := _figure(brief, one.id).value) is not None
    }
    best, worst = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    if shares[best] == shares[worst]:
        return brief.voice.say("quality.index_even", index=whole)
    return brief.voice.say("quality.index", index=whole, best=best, worst=worst)


def _table(brief: Brief) -> Table:
    """Return the index, its components with their weights, and the items of each."""
    say = brief.voice.say
    weights = sum(component.weight for component in _rules(brief).components)
    rows = [(say("quality.index_name"), INDEX, "")]
    for component in _rules(brief).components:
        weight = brief.voice.percent(component.weight / weights)
        rows.append((_named(brief, component), component.id, weight))
        rows += [(item.name.of(brief.voice.language), item.id, "") for item in component.items]
    areas = (brief.area,) if brief.national else (brief.area, NATION)
    cells = []
    for name, measure, weight in rows:
        figures = [_figure(brief, measure, area) for area in areas]
        values = [brief.cell(f) if measure == INDEX else _points(brief, f) for f in figures]
        cells.append((Cell(name), *values, Cell(weight, "number")))
    heads = ("measures.value", "comparisons.legend_nation")[: len(areas)]
    columns = brief.columns("quality.measure", *heads, "quality.index_weight")
    shown = [_figure(brief, measure) for _, measure, _ in rows]
    return Table(say("quality.index_caption"), columns, tuple(cells), brief.notes(shown))


def _counties(brief: Brief) -> Exhibit:
    """Return every county's index and components, in official order."""
    say = brief.voice.say
    components = _rules(brief).components
    rows, figures = [], []
    for code in brief.names.rules.counties:
        index = _figure(brief, INDEX, code)
        parts = [_figure(brief, component.id, code) for component in components]
        figures += [index, *parts]
        cells = (brief.cell(index), *(_points(brief, part) for part in parts))
        rows.append((Cell(brief.names.area_in_list(code)), *cells))
    columns = (
        Column(say("dimensions.county"), numeric=False),
        Column(say("quality.index_name")),
        *(Column(_named(brief, component)) for component in components),
    )
    title = say("quality.index_counties_title")
    shown = sum(_figure(brief, INDEX, code).published for code in brief.names.rules.counties)
    message = say("quality.index_counties", shown=shown)
    return Exhibit(title, message, table=Table(title, columns, tuple(rows), brief.notes(figures)))
