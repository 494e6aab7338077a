"""The base statements: their means beside the nation's.

Belongs here: the chapter on statements. Does not belong here: the statements' wording (the rules).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Cell, Exhibit, LegendItem, Section, Table
from aspa_resources.reporting.figures import MISSING, NATION, NPS_TABLE, Figure
from aspa_resources.reporting.sections.brief import Brief

_SCALE: Final = (1.0, 5.0)
_DECIMALS: Final = 1


@dataclass(frozen=True)
class _Mean:
    code: str
    own: Figure
    nation: Figure


def statements(brief: Brief) -> Section:
    """Return the chapter on the base statements."""
    say = brief.voice.say
    means = {mean.code: mean for mean in _means(brief)}
    exhibits = tuple(
        _exhibit(brief, title, [means[code] for code in codes])
        for title, codes in brief.names.by_questionnaire(means).items()
    )
    reference = () if brief.national else ("nation",)
    return Section(
        "statements",
        say("sections.statements"),
        exhibits=exhibits
        or (Exhibit(say("comparisons.statements_title"), say("comparisons.empty")),),
        definitions=brief.define("statement", *reference, "suppressed"),
    )


def _exhibit(brief: Brief, title: str, means: list[_Mean]) -> Exhibit:
    message = _message(brief, means)
    table = _table(brief, title, means)
    if not any(mean.own.published for mean in means):
        return Exhibit(title, message, table=table)
    return Exhibit(title, message, _chart(brief, means, message), _legend(brief), table)


def _means(brief: Brief) -> list[_Mean]:
    """Return the statements that anybody was asked: each questionnaire has its own."""

    def figure(code: str, area: str) -> Figure:
        return brief.view.figure(NPS_TABLE, f"{code}_mean", area)

    means = [
        _Mean(code, figure(code, brief.area), MISSING if brief.national else figure(code, NATION))
        for code in brief.names.rules.statements
    ]
    return [mean for mean in means if mean.own.status != "missing" and mean.own.n != 0]


def _mean(brief: Brief, value: float) -> str:
    return brief.voice.decimal(value, _DECIMALS)


def _message(brief: Brief, means: list[_Mean]) -> str:
    say = brief.voice.say
    known = sorted((m.own.value, m.code) for m in means if m.own.value is not None)
    hidden = sum(mean.own.status == "suppressed" for mean in means)
    sentences = []
    if known:
        (low, worst), (high, best) = known[0], known[-1]
        values = {"best": brief.names.statement(best), "best_value": _mean(brief, high)}
        if len(known) > 1 and values["best_value"] == _mean(brief, low):
            sentences.append(say("comparisons.statement_even", value=values["best_value"]))
        elif len(known) > 1:
            values |= {"worst": brief.names.statement(worst), "worst_value": _mean(brief, low)}
            sentences.append(say("comparisons.statement_range", **values))
        else:
            sentences.append(say("comparisons.statement_one", **values))
    if hidden:
        sentences.append(say("comparisons.hidden_statements", count=hidden))
    return " ".join(sentences)


def _chart(brief: Brief, means: list[_Mean], label: str) -> Markup:
    texts, bars = {}, []
    for i, mean in enumerate(means):
        above, below = drawings.two_lines(brief.names.statement(mean.code))
        bars.append(drawings.Bar(mean.own.value, mean.nation.value, lines=2 if above else 1))
        texts[f"above.{i}"], texts[f"label.{i}"] = above, below
        texts[f"n.{i}"] = _n(brief, mean.own)
        texts[f"value.{i}"] = brief.cell(mean.own, lambda value: _mean(brief, value)).text
    drawing = drawings.comparison(tuple(bars), _SCALE, _SCALE[0])
    return drawing.worded(label, texts)


def _n(brief: Brief, figure: Figure) -> str:
    if figure.n is None:
        return ""
    return brief.voice.say("overview.based_on", n=brief.voice.whole(figure.n))


def _legend(brief: Brief) -> tuple[LegendItem, ...]:
    say = brief.voice.say
    if brief.national:
        return (LegendItem("area", say("comparisons.legend_nation")),)
    return (
        LegendItem("area", say("comparisons.legend_area")),
        LegendItem("nation", say("comparisons.legend_nation")),
    )


def _table(brief: Brief, title: str, means: list[_Mean]) -> Table:
    def write(value: float) -> str:
        return brief.voice.decimal(value, 2)

    rows, figures = [], []
    for mean in means:
        cells = [brief.cell(mean.own, write), brief.count(mean.own)]
        figures.append(mean.own)
        if not brief.national:
            cells.append(brief.cell(mean.nation, write))
            figures.append(mean.nation)
        rows.append((Cell(brief.names.statement(mean.code)), *cells))
    nation = () if brief.national else ("measures.nation_mean",)
    return Table(
        title,
        brief.columns("comparisons.statement", "measures.mean", "measures.n", *nation),
        tuple(rows),
        brief.notes(figures),
    )
