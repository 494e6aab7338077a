"""The figure that a key names, as a release shows it.

Belongs here: looking it up, and saying what to write where there is none. Does not belong here: the
form of a key (`figure_keys`), what stands behind the figure (`trace`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.published_form import release_tables
from aspa_resources.rule_book.published import ALL, PUBLISHED, PublishedTable

if TYPE_CHECKING:
    from aspa_resources.figure_keys import FigureKey
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import Manifest, Storage

_ASSETS: Final = {PUBLISHED: "published_trends", "period_mart": "published_periods"}
_MOST_NAMED: Final = 12


class UnknownFigureError(AspaError):
    """A key names no figure of the release."""


@dataclass(frozen=True)
class Figure:
    """A figure as a release shows it.

    Attributes:
        value: the figure; None where suppressed.
        n: responses it is computed from; None where suppressed.
        status: published or suppressed.
        release: the version that shows it.
        origin: the release that computed it: an earlier one where this one was held.
        earlier: how many releases of the same month came before, held ones too.
        in_force: whether readers see this release now.
    """

    table: PublishedTable
    value: float | None
    n: int | None
    status: str
    release: Manifest
    origin: Manifest
    earlier: int
    in_force: bool


def find(storage: Storage, rules: RuleBook, key: FigureKey, version: str | None = None) -> Figure:
    """Return the figure that a key names.

    Args:
        version: of the release; None for the one in force.

    Raises:
        UnknownFigureError: there is no such table, measure, month, release or cell; the message
            says which there are.
        PurgedError, NotSealedError: the release's content is not kept any more.
        StorageDamagedError: the release's file is not the one that was sealed.
    """
    table = _declared(key, rules)
    asset = asset_of(table)
    sealed = [m for m in storage.history(asset, key.month) if m.sealed]
    current = storage.sealed(asset, key.month)
    release = (
        current if version is None else next((m for m in sealed if m.version == version), None)
    )
    if release is None:
        raise UnknownFigureError(_no_release(storage, asset, key, version, sealed))
    earlier = [m for m in sealed if m.version < release.version]
    rows = release_tables(storage, release, rules).get(table.name)
    row = _row(rows, table, key)
    return Figure(
        table=table,
        value=row["value"],
        n=row["n"],
        status=row["status"],
        release=release,
        origin=origin(release, earlier),
        earlier=len(earlier),
        in_force=current is not None and current.version == release.version,
    )


def asset_of(table: PublishedTable) -> str:
    """Return the asset that holds a declared table."""
    return _ASSETS.get(table.mart, "published_tables")


def origin(release: Manifest, earlier: Iterable[Manifest]) -> Manifest:
    """Return the release that computed the figures of a release: a held one repeats the last."""
    if not release.statistics.get("held"):
        return release
    computed = [m for m in earlier if not m.statistics.get("held")]
    return computed[-1] if computed else release


def _declared(key: FigureKey, rules: RuleBook) -> PublishedTable:
    tables = rules.published_tables
    if key.table not in tables:
        raise UnknownFigureError(f"No table is called {key.table}. {_nearest(key.table, tables)}")
    table = tables[key.table]
    if key.measure not in table.measures:
        cure = _nearest(key.measure, table.measures)
        raise UnknownFigureError(f"{table.name} has no measure {key.measure}. {cure}")
    if unknown := [name for name in key.dimensions if name not in table.dimensions]:
        cure = _nearest(unknown[0], table.dimensions)
        raise UnknownFigureError(f"{table.name} has no dimension {unknown[0]}. {cure}")
    return table


def _no_release(
    storage: Storage, asset: str, key: FigureKey, version: str | None, sealed: Iterable[Manifest]
) -> str:
    if version is not None:
        there = _nearest(version, [m.version for m in sealed])
        return f"{asset} of {key.month} has no release {version}. {there}"
    months = storage.sealed_partitions(asset)
    if not months:
        return "Nothing is published yet. Deliver, then run `aspa run`."
    return f"{asset} of {key.month} is not published. {_nearest(key.month, months)}"


def _row(rows: pl.DataFrame | None, table: PublishedTable, key: FigureKey) -> dict[str, Any]:
    """Return the key's row; narrows one name at a time, so that the message names what is wrong."""
    if rows is None:
        raise UnknownFigureError(f"The release of {key.month} has no table {table.name}.")
    cell = {"county": key.county, **{d: key.dimensions.get(d, ALL) for d in table.dimensions}}
    for name, category in {**cell, "measure": key.measure}.items():
        narrowed = rows.filter(pl.col(name) == category)
        if narrowed.is_empty():
            cure = _nearest(category, rows[name].unique().sort())
            raise UnknownFigureError(
                f"{table.name} of {key.month} shows nothing with {name}={category}. {cure}"
            )
        rows = narrowed
    return rows.row(0, named=True)


def _nearest(name: str, names: Iterable[str]) -> str:
    """Name what comes nearest, or all where they are few."""
    known = list(names)
    if not known:
        return "There is none."
    near = get_close_matches(name, known, n=_MOST_NAMED, cutoff=0.5)
    shown = near or known[:_MOST_NAMED]
    more = " ..." if not near and len(known) > _MOST_NAMED else ""
    return f"Write {'one of ' if len(shown) > 1 else ''}{', '.join(shown)}{more}."
