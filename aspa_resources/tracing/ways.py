"""The way from a release back to what one of its figures was computed from.

Belongs here: which inputs belong to a figure. Does not belong here: finding the figure (`figures`),
what is told of each version (`steps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aspa_resources.rule_book.published import (
    ALL,
    COOPERATION_AREA,
    NATION,
    PUBLISHED,
    PublishedTable,
)
from aspa_resources.rule_book.trends import TREND
from aspa_resources.service_groups import counties_by_cooperation_area
from aspa_resources.tracing.figures import Figure, asset_of, origin

if TYPE_CHECKING:
    from aspa_resources.figure_keys import FigureKey
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import Manifest, Storage

_MODEL: Final = "topic_model"  # named by its version; what it was fitted on is no part of a figure
_DERIVED: Final = {"period", "indicator", "against"}


@dataclass(frozen=True)
class Way:
    """Which inputs lead from a release to what one figure was computed from.

    Attributes:
        counties: whose rows count.
        marts: that the figure may come from.
        month: of the release that a trend's figure was copied from; None for any.
    """

    counties: Collection[str]
    marts: Collection[str]
    month: str | None

    def follows(self, manifest: Manifest, key: str) -> bool:
        """Tell whether an input of a version belongs to the figure."""
        asset, _, partition = key.partition("@")
        if manifest.asset == _MODEL or manifest.statistics.get("held"):
            return False
        if asset.endswith("_mart"):
            return asset in self.marts
        if asset == PUBLISHED:
            return self.month in (None, partition)
        county = partition.partition("|")[0]
        return asset == _MODEL or asset.startswith("published_") or county in self.counties

    def missing(self, behind: list[Manifest]) -> Iterator[str]:
        """Name what the way leads to and of which no manifest is kept."""
        known = {m.version for m in behind}
        for manifest in behind:
            for key, version in manifest.inputs.items():
                if version not in known and self.follows(manifest, key):
                    yield (
                        f"{manifest.asset} {manifest.partition} was computed from {key}, version "
                        f"{version}, whose manifest is gone. Restore the storage from a copy."
                    )


def way_to(table: PublishedTable, key: FigureKey, rules: RuleBook) -> Way:
    """Return the way that leads to a figure's rows."""
    return Way(
        counties=_counties(key, rules),
        marts=_marts(table, key, rules),
        month=key.dimensions.get("period") if table.name == TREND else None,
    )


def behind(storage: Storage, figure: Figure, way: Way) -> list[Manifest]:
    """Return the release and what its figure stands on; a held release stands on its origin."""

    def walk(release: Manifest) -> Iterator[Manifest]:
        yield release
        for manifest in storage.behind(release, way.follows):
            yield manifest
            if manifest.statistics.get("held"):
                earlier = storage.history(manifest.asset, manifest.partition)
                sealed = [m for m in earlier if m.sealed and m.version < manifest.version]
                yield from walk(origin(manifest, sealed))

    found = {m.version: m for m in walk(figure.release)}
    if figure.origin is not figure.release:
        found |= {m.version: m for m in walk(figure.origin)}
    return list(found.values())


def _counties(key: FigureKey, rules: RuleBook) -> set[str]:
    """Return the counties whose rows a figure counts."""
    if key.county != NATION:
        return {key.county}
    areas = counties_by_cooperation_area(rules)
    area = key.dimensions.get(COOPERATION_AREA, ALL)
    return {county for county in rules.counties if area in (ALL, areas.get(county))}


def _marts(table: PublishedTable, key: FigureKey, rules: RuleBook) -> set[str]:
    """Return the marts a figure may come from: of a derived one those that have its measure."""
    if table.mart == "period_mart":
        return {"indicator_mart"}
    if table.mart != PUBLISHED:
        return {table.mart}
    measure = key.dimensions.get("indicator", key.measure)
    named = {d for d, category in key.dimensions.items() if category != ALL} - _DERIVED
    return {
        one.mart
        for one in rules.published_tables.values()
        if measure in one.measures and named <= set(one.dimensions) and asset_of(one) == PUBLISHED
    }
