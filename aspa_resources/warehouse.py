"""The warehouse: a DuckDB database of published tables, open to every reader.

It is built aside from every sealed month and renamed into place, so that a reader sees the former
or the new one and never half of either; readers open it read-only. It knows which releases it was
built from: whoever finds it behind the seals builds it anew.

Belongs here: building and reading that file. Not here: which figures may be in it (disclosure).
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.published_form import part_tables
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage

PUBLISHED: Final = "published_tables"
RELEASES: Final = "releases"


class NoWarehouseError(AspaError):
    """Nothing has been published yet."""


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
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one builder at a time, over all processes
            months = storage.sealed_partitions(PUBLISHED)
            releases = {month: storage.manifest(PUBLISHED, month).version for month in months}
            if months and releases != self._releases():
                frame = pl.concat([storage.read(PUBLISHED, month) for month in months])
                self._build(part_tables(frame, rules), releases)

    def _releases(self) -> dict[str, str]:
        """Return the release of each month that the warehouse was built from."""
        if not self._path.exists():
            return {}
        with self._connect() as connection:
            return dict(connection.execute(f"SELECT month, release FROM {RELEASES}").fetchall())  # noqa: S608 (our own constant)

    def _build(self, tables: Mapping[str, pl.DataFrame], releases: Mapping[str, str]) -> None:
        aside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        with duckdb.connect(str(aside)) as connection:
            for name, frame in tables.items():
                connection.register("incoming", frame)
                connection.table("incoming").create(name)
                connection.unregister("incoming")
            connection.execute(f"CREATE TABLE {RELEASES} (month TEXT, release TEXT)")
            connection.executemany(f"INSERT INTO {RELEASES} VALUES (?, ?)", [*releases.items()])  # noqa: S608 (our own constant)
        aside.replace(self._path)

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
                f"Nothing has been published yet: {self._path} is missing. Run `aspa run` first."
            )
        return duckdb.connect(str(self._path), read_only=True)
