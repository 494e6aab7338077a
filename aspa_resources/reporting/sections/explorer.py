"""The chapter in which a reader picks one group: its lists, its tables and its sentences.

Belongs here: the chapter in one language, without any figure. Does not belong here: the figures of
the groups (`explorer.data`), which the page's script fills in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from aspa_resources.reporting.blocks import Section
from aspa_resources.reporting.explorer.groups import (
    RATE,
    TONES,
    Cell,
    Grouping,
    groupings,
)
from aspa_resources.reporting.explorer.records import Choice, Explorer, Kind, Option, Part, Row
from aspa_resources.reporting.room_wording import texts_of, voice
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.wording import Wording, placeholders

_ROOM: Final = "reporting.explorer"
_FIRST: Final = ("service_class", "contact_mode", "profession_group", "age_group")
_PHRASE: Final = "phrase."
_SHARED: Final = {
    "suppressed": "status.suppressed",
    "missing": "status.missing",
    "points_one": "overview.points_one",
    "points_many": "overview.points_many",
}
"""Sentences of other chapters that the script says too."""


def explorer(brief: Brief) -> Section:
    """Return the chapter on one group; its figures are in the page's data, shown by its script."""
    words = voice(_ROOM, brief.voice.language, brief.voice.threshold)
    ways = groupings(brief.names.rules)
    choices = {way.id: choice for way in ways if (choice := _choice(brief, words, way))}
    return Section(
        "explorer",
        words.say("title"),
        words.say("lead"),
        explorer=Explorer(
            columns=_columns(brief, words),
            first=tuple(choices[name] for name in _FIRST if name in choices),
            more=tuple(choice for name, choice in choices.items() if name not in _FIRST),
            parts=_parts(brief, words),
            phrases=_phrases(words),
            say=words.say,
        ),
        definitions=brief.define("nps", "margin", "n", "theme", "suppressed"),
    )


def _choice(brief: Brief, words: Wording, way: Grouping) -> Choice | None:
    """Return the list of a grouping; None where the area has no group of it."""
    cells = _in_order(brief, way)
    if not cells:
        return None
    upper, last = way.dimensions[:-1], way.dimensions[-1:]
    parts = tuple(
        (heading, tuple(Option(way.key(cell), _named(brief, cell, last)) for cell in within))
        for heading, within in groupby(cells, lambda cell: _named(brief, cell, upper))
    )
    label = " – ".join(words.say(f"dimensions.{one}") for one in way.dimensions)
    return Choice(way.id.replace("+", "-"), label, parts)


def _in_order(brief: Brief, way: Grouping) -> list[Cell]:
    """Return the area's groups in the order that the lists of their dimensions have."""
    cells = way.cells(brief.view, brief.area)
    for dimension in reversed(way.dimensions):
        codes = brief.names.in_order(dimension)({cell[dimension] for cell in cells})
        cells.sort(key=lambda cell: codes.index(cell[dimension]))
    return cells


def _named(brief: Brief, cell: Cell, dimensions: tuple[str, ...]) -> str:
    return " – ".join(brief.names.category(one, cell[one]) for one in dimensions)


def _columns(brief: Brief, words: Wording) -> tuple[tuple[str, str], ...]:
    group = ("area", words.say("column.group"))
    if brief.national:
        return group, ("whole", words.say("column.whole_nation"))
    nation = ("nation", words.say("column.nation"))
    return group, nation, ("whole", words.say("column.whole"))


def _parts(brief: Brief, words: Wording) -> tuple[Part, ...]:
    return (
        Part(words.say("part.recommendation"), words.say("heading.figure"), _recommendation(words)),
        *_statements(brief, words),
        Part(words.say("part.themes"), words.say("themes.theme"), _themes(brief)),
        Part(words.say("part.tones"), words.say("heading.tone"), _tones(words)),
    )


def _recommendation(words: Wording) -> tuple[Row, ...]:
    kinds: Mapping[str, Kind] = {
        "nps": "score",
        "promoters_share": "share",
        "passives_share": "share",
        "detractors_share": "share",
        "responses": "count",
        RATE: "share",
    }
    return tuple(Row(name, kind, words.say(f"measures.{name}")) for name, kind in kinds.items())


def _statements(brief: Brief, words: Wording) -> Iterator[Part]:
    names = brief.names
    for title, codes in names.by_questionnaire(names.rules.statements).items():
        rows = tuple(Row(f"{code}_mean", "mean", names.statement(code)) for code in codes)
        yield Part(title, words.say("comparisons.statement"), rows)


def _themes(brief: Brief) -> tuple[Row, ...]:
    return tuple(
        Row(f"theme.{code}", "theme", brief.names.theme(code)) for code in brief.names.rules.themes
    )


def _tones(words: Wording) -> tuple[Row, ...]:
    return tuple(Row(f"tone.{tone}", "share", words.say(f"themes.{tone}")) for tone in TONES)


def _phrases(words: Wording) -> Mapping[str, str]:
    """Return what the script says, its placeholders left for the script to fill."""
    own = {key.removeprefix(_PHRASE): key for key in texts_of(_ROOM) if key.startswith(_PHRASE)}
    return {name: _unfilled(words, key) for name, key in {**own, **_SHARED}.items()}


def _unfilled(words: Wording, key: str) -> str:
    named = placeholders(words.texts[key]) - {"threshold"}
    return words.say(key, **{name: f"{{{name}}}" for name in named})
