"""What a page tells of one figure when a reader asks: its names, definition, key and versions.

A page holds the key and n of each figure once, and in each language the names of the codes that
the keys are made of; the script puts them together.

Belongs here: which figures a page shows, and what their keys mean in words. Does not belong here:
the dialog's layout (`figure_dialog.html.jinja`), looking figures up (`figures`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from aspa_resources.figure_keys import FigureKey
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.wording import Wording
from aspa_resources.rule_book.published import SOTE_CLASS
from aspa_resources.rule_book.quality_index import INDEX

_DEFINED: Final[Mapping[str, str]] = {
    "nps": "nps",
    "promoters_share": "nps",
    "passives_share": "nps",
    "detractors_share": "nps",
    "responses": "n",
    "response_rate": "response_rate",
    "service_events": "coverage",
    "surveys_sent": "coverage",
    "representativeness": "representativeness",
    "share": "theme_change",
    "expected": "forecast",
    "low": "forecast",
    "high": "forecast",
    "change": "alert",
}
"""The measures whose definition is one of the page's terms."""
_DIMENSIONS_DEFINED: Final[Mapping[str, str]] = {
    "service_class": "service_class",
    "service_specialty": "specialty",
    "contact_mode_group": "contact_mode_group",
    "profession_group": "profession_group",
    "mode_of_production": "mode_of_production",
    SOTE_CLASS: SOTE_CLASS,
    "theme": "theme",
    "sentiment": "theme",
    "word": "word",
}
_OF_TEXTS: Final = ("theme", "sentiment", "word")
_OF_CLASSES: Final = ("service_class", "service_specialty", SOTE_CLASS)
_VERSIONS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "service_classes": _OF_CLASSES,
    "text_models": _OF_TEXTS,
    "embedding_model": _OF_TEXTS,
    "embedding_model_sha256": _OF_TEXTS,
    "topic_model": _OF_TEXTS,
}
"""Versions that only figures of certain dimensions stand on; every other one is behind them all."""

Term = tuple[str, str]
"""A name and a definition; the definition may be empty."""


@dataclass(frozen=True)
class Version:
    """What figures stand on; where `of` names dimensions, only those told apart by one of them."""

    name: str
    value: str
    of: tuple[str, ...] = ()


def versions(provenance: Mapping[str, str], voice: Wording) -> tuple[Version, ...]:
    """Return the versions behind a page's figures; one without a label goes by its own name."""
    return tuple(
        Version(
            voice.say(key) if voice.knows(key := f"provenance_labels.{name}") else name,
            version,
            _VERSIONS_OF.get(name, ()),
        )
        for name, version in provenance.items()
    )


@dataclass(frozen=True)
class Codes:
    """What the keys of figures are made of, each code once (as the keys of a dict).

    Attributes:
        categories: with their dimension.
    """

    areas: dict[str, None] = field(default_factory=dict)
    months: dict[str, None] = field(default_factory=dict)
    tables: dict[str, None] = field(default_factory=dict)
    measures: dict[str, None] = field(default_factory=dict)
    categories: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, key: FigureKey) -> None:
        """Take in the codes of one figure's key."""
        self.areas[key.county] = self.months[key.month] = None
        self.tables[key.table] = self.measures[key.measure] = None
        self.categories.update(dict.fromkeys(sorted(key.dimensions.items())))

    def joined(self, other: Codes) -> Codes:
        """Return these codes and the other's."""
        return Codes(
            self.areas | other.areas,
            self.months | other.months,
            self.tables | other.tables,
            self.measures | other.measures,
            self.categories | other.categories,
        )


class FigureDetails:
    """The figures of a page, each once, numbered in the order in which they are laid out.

    Args:
        names: the names of codes in every language of the page.
        explored: what the keys of the figures are made of that the page's script shows when a
            reader asks.
    """

    def __init__(self, names: Sequence[Names], explored: Codes | None = None) -> None:
        self._names = names
        self._explored = explored or Codes()
        self._places: dict[str, int] = {}
        self._figures: list[Figure] = []

    def place(self, figure: Figure) -> int:
        """Return a figure's number, which it is given where it is new; it must have a key."""
        key = str(figure.key)
        if key not in self._places:
            self._places[key] = len(self._figures)
            self._figures.append(figure)
        return self._places[key]

    def json(self) -> Markup:
        """Return all that is told of the figures placed so far, for a script element.

        Returns:
            `tables`: the beginnings of keys, up to the county; `figures`: the number of each one's
            beginning, the rest of its key, and its n where it has one, null where it is suppressed;
            `words`: by language, what the parts of the keys mean.
        """
        placed = Codes()
        for figure in self._figures:
            if figure.key:
                placed.add(figure.key)
        codes = placed.joined(self._explored)
        words = {names.language: _glossary(names, codes) for names in self._names}
        tables: dict[str, int] = {}
        figures = []
        for key, place in self._places.items():
            table, _, rest = key.rpartition("/")
            of_table = tables.setdefault(table, len(tables))
            figures.append([of_table, rest, *_n(self._figures[place])])
        told = {"tables": list(tables), "figures": figures, "words": words}
        return htmlsafe_json_dumps(told, ensure_ascii=False, separators=(",", ":"))


def _glossary(names: Names, codes: Codes) -> dict[str, Mapping[str, object]]:
    """Return what the parts of keys mean in one language."""
    dimensions = dict.fromkeys(dimension for dimension, _ in codes.categories)
    categories: dict[str, dict[str, str]] = {}
    for dimension, code in codes.categories:
        if dimension != "word":  # a word's name is itself
            categories.setdefault(dimension, {})[code] = _category(names, dimension, code)
    return {
        "areas": {code: names.area(code) for code in codes.areas},
        "months": {code: names.voice.month(code) for code in codes.months},
        "tables": {code: _table(names, code) for code in codes.tables},
        "measures": {code: _measure(names, code) for code in codes.measures},
        "dimensions": {code: _dimension(names, code) for code in dimensions},
        "categories": categories,
    }


def _n(figure: Figure) -> tuple[int | None, ...]:
    if figure.status == "suppressed":
        return (None,)
    return (figure.n,) if figure.n else ()


def _category(names: Names, dimension: str, code: str) -> str:
    say = names.voice.say
    match dimension:
        case "theme":
            return names.theme(code)
        case "sentiment":
            return say(f"themes.{code}")
        case "period":
            return names.voice.period(code)
        case "indicator":
            return _measure(names, code)[0]
        case "against":
            return say(f"changes.{code}")
        case _:
            return names.category(dimension, code)


def _table(names: Names, code: str) -> str:
    titles = names.rules.published_tables[code].titles
    return {"fi": titles.fi, "sv": titles.sv, "en": titles.en}[names.language]


def _dimension(names: Names, code: str) -> Term:
    say = names.voice.say
    defined = _DIMENSIONS_DEFINED.get(code)
    return say(f"dimensions.{code}"), say(f"definitions.{defined}") if defined else ""


def _measure(names: Names, code: str) -> Term:
    """Return a measure's name and definition, as chapters have them."""
    voice, language = names.voice, names.language
    if code.endswith("_mean"):
        return names.statement(code.removesuffix("_mean")), voice.say("definitions.statement")
    if code == INDEX:
        return voice.say("quality.index_name"), voice.say("definitions.quality_index")
    for component in names.rules.quality_index.components:
        named = {part.id: part.name for part in component.items} | {component.id: component.name}
        if code in named:
            return named[code].of(language), component.meaning.of(language)
    if voice.knows(f"quality_meaning.{code}"):
        return voice.say(f"quality.{code}"), voice.say(f"quality_meaning.{code}")
    return voice.say(f"measures.{code}"), voice.say(f"definitions.{_DEFINED[code]}")
