"""What is praised and what hurts: themes of the open answers, by tone.

Belongs here: the chapter on themes. Does not belong here: how themes are recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import (
    Cell,
    Exhibit,
    LegendItem,
    Ranked,
    Ranking,
    RankingMark,
    Section,
    Table,
)
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.theme_changes import share_change, theme_changes

_TABLE: Final = "themes_by_sentiment"
_TONES: Final = ("positive", "negative", "neutral", "mixed")
_NO_OBJECT: Final = "general"
_RANKED: Final = 3


@dataclass(frozen=True)
class _Theme:
    code: str
    total: Figure
    tones: Mapping[str, Figure]

    @property
    def weight(self) -> float:
        """How much there is to draw."""
        return (self.tones["positive"].value or 0) + (self.tones["negative"].value or 0)

    @property
    def drawable(self) -> bool:
        """Whether one side of its row can be drawn."""
        return any(self.tones[tone].published for tone in ("positive", "negative"))


def themes(brief: Brief) -> Section:
    """Return the chapter on themes."""
    say = brief.voice.say
    found = _themes(brief)
    drawable = [theme for theme in found if theme.drawable]
    hidden = any(figure.status == "suppressed" for theme in found for figure in _figures(theme))
    praised, hurting = _ranked(drawable, "positive"), _ranked(drawable, "negative")
    lists = (
        _ranking(brief, "positive", "praised", praised),
        _ranking(brief, "negative", "hurting", hurting),
    )
    table = _table(brief, found) if found else None
    if drawable:
        message = _message(brief, praised, hurting, hidden=hidden)
        legend = tuple(LegendItem(tone, say(f"themes.{tone}")) for tone in ("negative", "positive"))
        chart = _chart(brief, drawable, message)
        exhibit = Exhibit(say("themes.chart_title"), message, chart, legend, table)
    else:
        exhibit = Exhibit(say("themes.chart_title"), _without_tones(brief, found), table=table)
    return Section(
        "themes",
        say("sections.themes"),
        say("themes.lead"),
        rankings=lists if drawable else (),
        exhibits=(exhibit, theme_changes(brief, [theme.code for theme in found])),
        definitions=brief.define("theme", "theme_change", "n", "suppressed"),
    )


def _themes(brief: Brief) -> list[_Theme]:
    """Return the area's themes, those with most to tell first."""

    def figure(code: str, **tone: str) -> Figure:
        return brief.view.figure(_TABLE, "responses", brief.area, theme=code, **tone)

    codes = brief.view.categories(_TABLE, "theme", brief.area)
    found = [
        _Theme(code, figure(code), {tone: figure(code, sentiment=tone) for tone in _TONES})
        for code in brief.names.rules.themes
        if code in codes
    ]
    return sorted(found, key=lambda theme: (-theme.weight, -(theme.total.value or 0)))


def _figures(theme: _Theme) -> list[Figure]:
    return [theme.total, *theme.tones.values()]


def _ranked(found: list[_Theme], tone: str) -> list[_Theme]:
    """Return the themes with most responses of a tone; general feedback tells of nothing."""
    with_object = [t for t in found if t.code != _NO_OBJECT and t.tones[tone].value]
    return sorted(with_object, key=lambda theme: -(theme.tones[tone].value or 0))[:_RANKED]


def _ranking(brief: Brief, tone: RankingMark, name: str, ranked: list[_Theme]) -> Ranking:
    say = brief.voice.say
    items = tuple(
        Ranked(
            brief.names.theme(theme.code),
            say(f"themes.{name}_unit", count=brief.cell(theme.tones[tone]).text),
            theme.tones[tone],
            share_change(brief, {"theme": theme.code}),
        )
        for theme in ranked
    )
    return Ranking(tone, say(f"themes.{name}"), items, say(f"themes.none_{name}"))


def _message(brief: Brief, praised: list[_Theme], hurting: list[_Theme], *, hidden: bool) -> str:
    say = brief.voice.say
    best, worst = (
        brief.names.theme(ranked[0].code) if ranked else "" for ranked in (praised, hurting)
    )
    partial = say("themes.message_partial") if hidden else ""
    if best and best == worst:
        news = say("themes.message_same", theme=best)
    elif best and worst:
        news = say("themes.message", praised=best, hurting=worst)
    elif best:
        news = say("themes.message_praised", theme=best)
    elif worst:
        news = say("themes.message_hurting", theme=worst)
    else:
        return partial
    return f"{news} {partial}".rstrip()


def _without_tones(brief: Brief, found: list[_Theme]) -> str:
    """Return what can be said where no theme's praise or criticism may be shown."""
    known = [theme for theme in found if theme.code != _NO_OBJECT and theme.total.published]
    if not known:
        return brief.voice.say("themes.empty")
    return brief.voice.say(
        "themes.message_no_tones",
        theme=brief.names.theme(known[0].code),
        count=brief.cell(known[0].total).text,
    )


def _chart(brief: Brief, drawable: list[_Theme], label: str) -> Markup:
    rows, texts = [], {}
    for i, theme in enumerate(drawable):
        against, in_favour = theme.tones["negative"], theme.tones["positive"]
        rows.append(drawings.Diverging(against.value, in_favour.value))
        texts[f"label.{i}"] = brief.names.theme(theme.code)
        texts[f"negative.{i}"] = brief.cell(against).text
        texts[f"positive.{i}"] = brief.cell(in_favour).text
    return drawings.diverging(tuple(rows)).worded(label, texts)


def _table(brief: Brief, found: list[_Theme]) -> Table:
    rows = tuple(
        (
            Cell(brief.names.theme(theme.code)),
            *(brief.cell(figure) for figure in _figures(theme)),
        )
        for theme in found
    )
    tones = tuple(f"themes.{tone}" for tone in _TONES)
    return Table(
        brief.voice.say("themes.caption"),
        brief.columns("themes.theme", "themes.total", *tones),
        rows,
        brief.notes(figure for theme in found for figure in _figures(theme)),
    )
