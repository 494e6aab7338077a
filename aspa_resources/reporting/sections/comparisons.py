"""Recommendation scores side by side: counties, service classes, contact modes, respondents.

Belongs here: comparing groups with the nation. Does not belong here: other measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Cell, Exhibit, LegendItem, Section, Table
from aspa_resources.reporting.figures import NATION, Nps, beyond_chance, nps_of
from aspa_resources.reporting.sections.brief import Brief

_SCALE: Final = (-100.0, 100.0)
_MOST_DRAWN: Final = 8


@dataclass(frozen=True)
class _Group:
    """A group with what it is compared with."""

    name: str
    score: Nps
    reference: Nps


def counties(brief: Brief) -> Section:
    """Return the chapter that sets counties and co-operation areas beside the nation."""
    nation = brief.score(NATION)
    groups = [
        _Group(brief.names.area_in_list(code), brief.score(code), nation)
        for code in brief.names.rules.counties
    ]
    exhibit = _exhibit(brief, "county", groups, most_drawn=len(groups))
    return Section(
        "counties",
        brief.voice.say("sections.counties"),
        exhibits=(exhibit, by_dimension(brief, "cooperation_area")),
        definitions=brief.define("order", "nps", "margin", "suppressed"),
    )


def service_class(brief: Brief) -> Section:
    """Return the chapter on service classes, those with most responses first."""
    exhibit = by_dimension(brief, "service_class")
    return Section(
        "service-class",
        brief.voice.say("sections.service_class"),
        exhibits=(exhibit,),
        definitions=brief.define("service_class", "nps", "margin", "suppressed"),
    )


def contact_and_age(brief: Brief) -> Section:
    """Return the chapter on contact modes, and on who responded and how."""
    return Section(
        "groups",
        brief.voice.say("sections.groups"),
        exhibits=(
            by_dimension(brief, "contact_mode_group", note=contactless_note(brief)),
            by_dimension(brief, "contact_mode"),
            by_dimension(brief, "age_group"),
            by_dimension(brief, "respondent_role"),
            by_dimension(brief, "channel"),
        ),
        definitions=brief.define("contact_mode_group", "nps", "margin", "n", "suppressed"),
    )


def by_dimension(
    brief: Brief,
    dimension: str,
    *,
    of: Mapping[str, str] = MappingProxyType({}),
    table: str = "",
    note: str = "",
) -> Exhibit:
    """Return the exhibit that sets the categories of a dimension beside each other.

    Args:
        brief: The page.
        dimension: The dimension.
        of: Categories of other dimensions within which it is looked at; they are named in the
            title.
        table: The published table; by default the one named after the dimension.
        note: A sentence said before what the figures show.
    """
    table = table or f"indicators_by_{dimension}"
    found = brief.view.categories(table, dimension, brief.area, **of)
    codes = brief.names.in_order(dimension)(found)
    nation = brief.score(NATION)

    def score(area: str, code: str) -> Nps:
        return nps_of(brief.view, table, area, **{**of, dimension: code})

    groups = [
        _Group(
            brief.names.category(dimension, code),
            score(brief.area, code),
            nation if brief.national else score(NATION, code),
        )
        for code in codes
    ]
    in_order = dimension == "age_group"
    if not in_order:
        groups.sort(key=lambda group: -(group.score.score.n or 0))
    within = "; ".join(brief.names.category(*one) for one in of.items())
    most_drawn = len(groups) if in_order else _MOST_DRAWN
    exhibit = _exhibit(brief, dimension, groups, most_drawn=most_drawn, within=within)
    return replace(exhibit, message=f"{note} {exhibit.message}".strip())


def contactless_note(brief: Brief) -> str:
    """Return the warning that feedback hangs on contacts that no customer took part in, if any."""
    groups = brief.names.rules.contact_mode_groups.groups
    found = set(
        brief.view.categories("indicators_by_contact_mode_group", "contact_mode_group", brief.area)
    )
    hang = [
        brief.view.figure(
            "indicators_by_contact_mode_group", "responses", brief.area, contact_mode_group=group.id
        )
        for group in groups
        if group.contactless and group.id in found
    ]
    shown = sum(int(figure.value) for figure in hang if figure.value is not None)
    if shown:
        return brief.voice.say("contactless.counted", count=brief.voice.whole(shown))
    return brief.voice.say("contactless.hidden") if hang else ""


def _exhibit(
    brief: Brief, dimension: str, groups: Sequence[_Group], most_drawn: int, within: str = ""
) -> Exhibit:
    say = brief.voice.say
    title = say(f"comparisons.{dimension}_title", **({"within": within} if within else {}))
    if all(group.score.score.status == "missing" for group in groups):
        return Exhibit(title, say("comparisons.empty"))
    shown = [group for group in groups if group.score.score.published]
    drawn = shown[:most_drawn]
    message = _message(brief, groups)
    if len(drawn) < len(shown):
        message = f"{message} {say('comparisons.largest', count=len(drawn))}"
    table = _table(brief, dimension, title, groups)
    if not drawn:
        return Exhibit(title, message, table=table)
    own = f"dimensions.{dimension}" if brief.national else "comparisons.legend_area"
    legend = (
        LegendItem("area", say(own)),
        LegendItem("nation", say("comparisons.legend_nation")),
    )
    return Exhibit(title, message, _chart(brief, drawn, message), legend, table)


def _message(brief: Brief, groups: Sequence[_Group]) -> str:
    say = brief.voice.say
    above: dict[str, float] = {}
    below: dict[str, float] = {}
    alike = unknown = 0
    for group in groups:
        if (differs := beyond_chance(group.score, group.reference)) is None:
            unknown += group.score.score.published
        elif not differs:
            alike += 1
        else:
            points = (group.score.score.value or 0) - (group.reference.score.value or 0)
            (above if points > 0 else below)[group.name] = points
    sentences = []
    if above:
        sentences.append(say("comparisons.above", names=brief.named(above)))
    if below:
        sentences.append(say("comparisons.below", names=brief.named(below)))
    if (above or below) and (alike or unknown):
        sentences.append(say("comparisons.others"))
    elif not (above or below):
        sentences.append(say("comparisons.alike" if alike else "comparisons.unknown"))
    hidden = sum(group.score.score.status == "suppressed" for group in groups)
    if hidden:
        key = "hidden_one" if hidden == 1 else "hidden_many"
        sentences.append(say(f"comparisons.{key}", count=hidden))
    return " ".join(sentences)


def _chart(brief: Brief, drawn: Sequence[_Group], label: str) -> Markup:
    labels = [drawings.two_lines(group.name) for group in drawn]
    texts = {}
    for i, ((above, name), group) in enumerate(zip(labels, drawn, strict=True)):
        n = group.score.score.n
        texts[f"above.{i}"], texts[f"label.{i}"] = above, name
        counted = "" if n is None else brief.voice.say("overview.based_on", n=brief.voice.whole(n))
        texts[f"n.{i}"] = counted
        texts[f"value.{i}"] = brief.cell(group.score.score).text
    bars = tuple(
        drawings.Bar(g.score.score.value, g.reference.score.value, lines=2 if above else 1)
        for (above, _), g in zip(labels, drawn, strict=True)
    )
    return drawings.comparison(bars, _SCALE, 0).worded(label, texts)


def _table(brief: Brief, dimension: str, title: str, groups: Sequence[_Group]) -> Table:
    percent = brief.voice.percent
    rows, figures = [], []
    for group in groups:
        own = group.score
        figures += [own.score, own.promoters, own.detractors]
        cells = [
            brief.cell(own.score),
            brief.margin(own),
            brief.count(own.score),
            brief.cell(own.promoters, percent),
            brief.cell(own.detractors, percent),
        ]
        if not brief.national:
            figures.append(group.reference.score)
            cells.append(brief.cell(group.reference.score))
        rows.append((Cell(group.name), *cells))
    nation = () if brief.national else ("measures.nation_nps",)
    measures = ("nps", "margin", "n", "promoters_share", "detractors_share")
    columns = brief.columns(
        f"dimensions.{dimension}", *(f"measures.{name}" for name in measures), *nation
    )
    return Table(title, columns, tuple(rows), brief.notes(figures))
