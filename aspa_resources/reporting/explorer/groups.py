"""Which groups a reader can pick, and where the published tables tell of each.

Belongs here: the ways to pick (one dimension, or dimensions published crossed) and the places of a
group's figures, both read from the rules. Does not belong here: values (`data`), names (`Names`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from aspa_resources.reporting.figures import Figure, PublishedView
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import table_crossings

RATE: Final = "response_rate"
TONES: Final = ("positive", "negative", "neutral", "mixed")

_INDICATORS: Final = "indicator_mart"
_THEMES: Final = "theme_mart"
_COVERAGE: Final = "coverage_mart"

Cell = Mapping[str, str]
"""Categories by dimension; a dimension not named is at its total."""

WHOLE: Final[Cell] = MappingProxyType({})
"""The cell of an area as a whole."""


@dataclass(frozen=True)
class Place:
    """Where a figure of a group stands: the table, the measure, and what is crossed with it."""

    table: str
    measure: str
    within: Cell


@dataclass(frozen=True)
class Grouping:
    """One way to pick groups.

    Attributes:
        dimensions: what the groups are categories of; several only where published crossed.
        table: the published table that lists the groups.
        places: where each figure of a group stands, by the figure's id; only those published.
    """

    dimensions: tuple[str, ...]
    table: str
    places: Mapping[str, Place]

    @property
    def id(self) -> str:
        """The grouping's name in addresses."""
        return "+".join(self.dimensions)

    def key(self, cell: Cell) -> str:
        """Return a group's name in addresses."""
        return ".".join((self.id, *(cell[dimension] for dimension in self.dimensions)))

    def cells(self, view: PublishedView, area: str) -> list[Cell]:
        """Return the groups that an area has, hidden ones too, in no telling order."""
        return list(_crossed(view, self.table, self.dimensions, area, WHOLE))

    def figure(self, view: PublishedView, name: str, area: str, cell: Cell) -> Figure:
        """Return one figure of a group; missing where it is not published by this grouping."""
        place = self.places.get(name)
        if place is None:
            return Figure()
        return view.figure(place.table, place.measure, area, **cell, **place.within)


def groupings(rules: RuleBook) -> list[Grouping]:
    """Return every way to pick groups that the published tables allow, in the tables' order."""
    crossings = dict.fromkeys(
        crossing
        for table in rules.published_tables.values()
        if table.mart == _INDICATORS
        for crossing in table_crossings(table)
    )
    return [grouping(rules, crossing) for crossing in crossings if crossing]


def grouping(rules: RuleBook, dimensions: tuple[str, ...] = ()) -> Grouping:
    """Return the grouping by some dimensions; by none, that of an area as a whole."""
    table = _table_of(rules, _INDICATORS, "responses", *dimensions)
    found = {name: (table, name, WHOLE) for name in indicators(rules)}
    found[RATE] = (_table_of(rules, _COVERAGE, RATE, *dimensions), RATE, WHOLE)
    for dimension, prefix, categories in (
        ("theme", "theme", rules.themes),
        ("sentiment", "tone", TONES),
    ):
        shares = _table_of(rules, _THEMES, "share", *dimensions, dimension)
        for category in categories:
            found[f"{prefix}.{category}"] = (shares, "share", {dimension: category})
    places = {
        name: Place(where, measure, within)
        for name, (where, measure, within) in found.items()
        if where
    }
    return Grouping(dimensions, table or "", places)


def indicators(rules: RuleBook) -> tuple[str, ...]:
    """Return the measures of the tables of indicators, in the order shown."""
    tables = (t for t in rules.published_tables.values() if t.mart == _INDICATORS)
    return tuple(dict.fromkeys(measure for table in tables for measure in table.measures))


def _table_of(rules: RuleBook, mart: str, measure: str, *dimensions: str) -> str | None:
    """Return the first table of a mart that shows a measure by just these dimensions."""
    for table in rules.published_tables.values():
        shown = (set(crossing) for crossing in table_crossings(table))
        if table.mart == mart and measure in table.measures and set(dimensions) in shown:
            return table.name
    return None


def _crossed(
    view: PublishedView, table: str, dimensions: Sequence[str], area: str, within: Cell
) -> Iterator[Cell]:
    if not dimensions:
        yield within
        return
    first, *rest = dimensions
    for category in view.categories(table, first, area, **within):
        yield from _crossed(view, table, rest, area, {**within, first: category})
