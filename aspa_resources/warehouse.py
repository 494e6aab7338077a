"""The warehouse: a DuckDB database of published tables, open to every reader.

It is built aside and renamed into place, so that a reader sees the former or the new one and
never half of either; readers open it read-only.

Belongs here: building and reading that file. Not here: which figures may be in it (disclosure).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl


class NoWarehouseError(RuntimeError):
    """Nothing has been published yet."""


class Warehouse:
    """The published tables as one DuckDB file.

    Args:
        path: the database file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def build(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Replace the warehouse by one with exactly these tables."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        with duckdb.connect(str(aside)) as connection:
            for name, frame in tables.items():
                connection.register("incoming", frame)
                connection.table("incoming").create(name)
                connection.unregister("incoming")
        aside.replace(self._path)

    def tables(self) -> list[str]:
        """Return the names of the published tables."""
        with self._connect() as connection:
            rows = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1")
            return [name for (name,) in rows.fetchall()]

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
