"""Figures as the published tables give them: a value, its n, and whether it may be shown.

Belongs here: looking figures up, and the arithmetic that published figures allow (margin of error).
Does not belong here: words, charts, and anything that would need an exact mart.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from aspa_resources.figure_keys import FigureKey
from aspa_resources.rule_book.published import ALL, NATION

Status = Literal["published", "suppressed", "missing"]

NPS_TABLE: Final = "indicators_by_service_class"
"""The table whose total row tells how an area does as a whole."""

_TOLD: Final = ("measure", "value", "n", "status")
_FIXED: Final = ("month", "county", *_TOLD)
_TOTALS: Final = (None, ALL)
_NORMAL_95: Final = 1.96


class PublishedTableError(ValueError):
    """A published table lacks a column that every published table has."""


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes:
        value: the value; None unless published.
        n: number of responses it is computed from; None unless published and counted.
        status: `missing` where the tables hold no such row.
        key: what the figure is called by; None where it is missing.
    """

    value: float | None = None
    n: int | None = None
    status: Status = "missing"
    key: FigureKey | None = None

    @property
    def published(self) -> bool:
        """Whether the value may be shown."""
        return self.value is not None


MISSING: Final = Figure()


class PublishedView:
    """One month of the published tables, for the areas a page speaks of.

    Args:
        published: tables by name; any may be missing or empty.
        month: `YYYY-MM`.
        areas: county codes the page needs, the nation among them.
        beside: codes of further counties, of which it needs only how each does as a whole.

    Raises:
        PublishedTableError: a table lacks month, county, measure, value, n or status.
    """

    def __init__(
        self,
        published: Mapping[str, pl.DataFrame],
        month: str,
        areas: Collection[str],
        beside: Collection[str] = (),
    ) -> None:
        self.month = month
        self._figures: dict[tuple[str, str, str, frozenset[tuple[str, str]]], Figure] = {}
        self._published: dict[tuple[str, str, str], list[frozenset[tuple[str, str]]]] = {}
        self._categories: dict[tuple[str, str, str], dict[str, set[tuple[str, str]]]] = {}
        for name, table in published.items():
            if lacking := sorted(set(_FIXED) - set(table.columns)):
                msg = f"published table {name} lacks {', '.join(lacking)}: publish it anew"
                raise PublishedTableError(msg)
            dimensions = [column for column in table.columns if column not in _FIXED]
            whole = (pl.col(dimension).fill_null(ALL) == ALL for dimension in dimensions)
            wanted = pl.col("county").is_in(list(areas)) | pl.all_horizontal(
                pl.col("county").is_in(list(beside)), *whole
            )
            self._take(name, dimensions, table.filter((pl.col("month") == month) & wanted))

    def figure(self, table: str, measure: str, area: str, **dimensions: str) -> Figure:
        """Return one figure; a dimension not named is at its total."""
        return self._figures.get((table, area, measure, frozenset(dimensions.items())), MISSING)

    def categories(self, table: str, dimension: str, area: str, **within: str) -> list[str]:
        """Return the categories an area has in a table, its total left out, in table order.

        Args:
            table: the table's name.
            dimension: the dimension.
            area: county code, or the nation's.
            within: categories of other dimensions that they must be crossed with; by default they
                may be crossed with any or none.
        """
        found = self._categories.get((table, area, dimension), {})
        cells = frozenset(within.items())
        return [category for category, crossed in found.items() if cells <= crossed]

    def cells(self, table: str, measure: str, area: str) -> list[dict[str, str]]:
        """Return the cells where an area has a published measure, without dimensions at totals."""
        return [dict(cell) for cell in self._published.get((table, measure, area), ())]

    def holds(self, area: str) -> bool:
        """Return whether any table holds a row of an area."""
        return any(key[1] == area for key in self._figures)

    def _take(self, name: str, dimensions: Sequence[str], table: pl.DataFrame) -> None:
        cells = table.group_by("county", *dimensions, maintain_order=True)
        for county, *place, measures, values, ns, states in cells.agg(*_TOLD).iter_rows():
            named = {d: c for d, c in zip(dimensions, place, strict=True) if c not in _TOTALS}
            cell = frozenset(named.items())
            for dimension, category in named.items():
                crossed = self._categories.setdefault((name, county, dimension), {})
                crossed.setdefault(category, set()).update(cell)
            for measure, value, n, status in zip(measures, values, ns, states, strict=True):
                key = FigureKey(self.month, name, county, measure, named)
                figure = self._figures[name, county, measure, cell] = _figure(value, n, status, key)
                if figure.published:
                    self._published.setdefault((name, measure, county), []).append(cell)


@dataclass(frozen=True)
class Nps:
    """A recommendation score with the shares it is made of.

    Attributes:
        score: -100 to 100, n = those who answered the question.
        promoters: share of 9 and 10, 0 to 1.
        passives: share of 7 and 8.
        detractors: share of 0 to 6.
    """

    score: Figure
    promoters: Figure = MISSING
    passives: Figure = MISSING
    detractors: Figure = MISSING

    @property
    def rounded(self) -> int | None:
        """The score as pages show it, in whole points."""
        return None if self.score.value is None else math.floor(self.score.value + 0.5)

    @property
    def margin(self) -> float | None:
        """Half of the 95 % confidence interval, in points.

        The variance of one answer scored 100, 0 or -100 is p + d - (p - d)^2; where the shares p
        and d are hidden, the largest variance the score allows (no passives) stands in.
        """
        if self.score.value is None or not self.score.n:
            return None
        mean = self.score.value / 100
        extremes = 1.0
        if self.promoters.value is not None and self.detractors.value is not None:
            extremes = self.promoters.value + self.detractors.value
        variance = max(extremes - mean**2, 0.0)
        return 100 * _NORMAL_95 * math.sqrt(variance / self.score.n)


def nps_of(view: PublishedView, table: str, area: str, **dimensions: str) -> Nps:
    """Return the recommendation score of one cell of an indicator table."""
    names = ("nps", "promoters_share", "passives_share", "detractors_share")
    return Nps(*(view.figure(table, name, area, **dimensions) for name in names))


def points_between(score: Nps, reference: Nps) -> int | None:
    """Return score minus reference in the whole points that pages show; None unless both are."""
    if score.rounded is None or reference.rounded is None:
        return None
    return score.rounded - reference.rounded


def beyond_chance(score: Nps, reference: Nps) -> bool | None:
    """Return whether two scores differ by more than their joint margin; None if unknown."""
    if score.score.value is None or reference.score.value is None:
        return None
    if score.margin is None or reference.margin is None:
        return None
    joint = math.hypot(score.margin, reference.margin)
    return abs(score.score.value - reference.score.value) > joint


def _figure(value: object, n: object, status: object, key: FigureKey) -> Figure:
    """Read a row; a value beside any other status than published is not believed."""
    if status == "published" and isinstance(value, int | float):
        return Figure(float(value), n if isinstance(n, int) else None, "published", key)
    return Figure(status="suppressed", key=key) if status == "suppressed" else MISSING


__all__ = [
    "ALL",
    "MISSING",
    "NATION",
    "NPS_TABLE",
    "Figure",
    "Nps",
    "PublishedTableError",
    "PublishedView",
    "beyond_chance",
    "nps_of",
    "points_between",
]
