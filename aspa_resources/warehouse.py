"""The warehouse: a DuckDB database of published tables, open to every reader.

It is built aside from every sealed month and renamed into place, so that a reader sees the former
or the new one and never half of either; readers open it read-only. It knows which releases it was
built from: whoever finds it behind the seals builds it anew, or removes it where no month is
published any more.

Belongs here: building and reading that file. Not here: which figures may be in it (disclosure).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from aspa_resources import atomic_files
from aspa_resources.enrichment import enriched_tables
from aspa_resources.errors import AspaError
from aspa_resources.published_form import part_tables
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Storage

ENRICHMENT: Final = "enrichment"
PUBLISHED: Final = ("published_tables", "published_trends", "published_periods")
"""What readers see of a month: its own tables, the development up to it, the periods it ends."""
RELEASES: Final = "releases"


class NoWarehouseError(AspaError):
    """Nothing is published: nothing has been yet, or all of it was taken out."""


class Warehouse:
    """The published tables as one DuckDB file.

    Args:
        path: the database file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def sync(self, storage: Storage, rules: RuleBook) -> None:
        """Build the warehouse anew where it does not stand on the sealed published tables."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_files.locked(self._path.with_suffix(".lock")):  # one builder at a time
            atomic_files.sweep_beside(self._path)
            sealed = [
                manifest
                for asset in PUBLISHED
                for month in storage.sealed_partitions(asset)
                if (manifest := storage.sealed(asset, month))
            ]
            releases = {f"{m.asset} {m.partition}": m.version for m in sealed}
            beside = storage.sealed(ENRICHMENT, NO_PARTITION)
            releases |= {ENRICHMENT: beside.version} if beside and sealed else {}
            if not sealed:
                atomic_files.remove(self._path)
            elif releases != self._releases():
                # A month published before a dimension was declared has no column for it.
                frame = pl.concat(map(storage.read_version, sealed), how="diagonal")
                tables = part_tables(frame, rules)
                if beside:
                    published = tables[rules.enrichment.joined_to]
                    figures = storage.read_version(beside)
                    tables |= enriched_tables(figures, published, rules)
                self._build(tables, releases)

    def _releases(self) -> dict[str, str]:
        """Return the release of each asset and month that the warehouse was built from."""
        if not self._path.exists():
            return {}
        with self._connect() as connection:
            return dict(connection.execute(f"SELECT * FROM {RELEASES}").fetchall())  # noqa: S608 (our own constant)

    def _build(self, tables: Mapping[str, pl.DataFrame], releases: Mapping[str, str]) -> None:
        with (
            atomic_files.written_aside(self._path) as aside,
            duckdb.connect(str(aside)) as connection,
        ):
            for name, frame in tables.items():
                connection.register("incoming", frame)
                connection.table("incoming").create(name)
                connection.unregister("incoming")
            connection.execute(f"CREATE TABLE {RELEASES} (part TEXT, release TEXT)")
            connection.executemany(f"INSERT INTO {RELEASES} VALUES (?, ?)", [*releases.items()])  # noqa: S608 (our own constant)

    def tables(self) -> list[str]:
        """Return the names of the published tables."""
        with self._connect() as connection:
            rows = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1")
            return [name for (name,) in rows.fetchall() if name != RELEASES]

    def read(self, table: str) -> pl.DataFrame:
        """Return one published table, every month of it."""
        with self._connect() as connection:
            return connection.table(table).pl()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        if not self._path.exists():
            raise NoWarehouseError(
                f"Nothing is published: {self._path} is missing. Deliver, then run `aspa run`."
            )
        return duckdb.connect(str(self._path), read_only=True)
