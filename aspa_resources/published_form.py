"""The published tables in their two forms: one frame for storage, one frame a table for readers.

Belongs here: joining and parting the declared tables, and writing them as files. Not here: which
figures they may hold (disclosure).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import polars as pl

from aspa_resources import atomic_files
from aspa_resources.rule_book import RuleBook

TABLE: Final = "table"

FileFormat = Literal["csv", "parquet"]


def join_tables(tables: Mapping[str, pl.DataFrame], columns: list[str]) -> pl.DataFrame:
    """Return all tables as one frame, with their name in the column `table`.

    Args:
        tables: published frames by name.
        columns: columns of the joined frame, in order; a dimension that a table lacks is null.
    """
    named = [frame.with_columns(pl.lit(name).alias(TABLE)) for name, frame in tables.items()]
    joined = pl.concat(named, how="diagonal_relaxed")
    absent = [pl.lit(None, dtype=pl.String).alias(c) for c in columns if c not in joined.columns]
    return joined.with_columns(absent).select(columns)


def part_tables(joined: pl.DataFrame, rules: RuleBook) -> dict[str, pl.DataFrame]:
    """Return each declared table with its own dimensions, in the order they are declared.

    A month published before a dimension was declared has no column for it, and no such table.
    """
    declared = dict.fromkeys(d for t in rules.published_tables.values() for d in t.dimensions)
    absent = [
        pl.lit(None, pl.String).alias(name) for name in declared if name not in joined.columns
    ]
    joined = joined.with_columns(absent)
    return {
        name: joined.filter(pl.col(TABLE) == name).select(
            "month", "county", *table.dimensions, "measure", "value", "n", "status"
        )
        for name, table in rules.published_tables.items()
    }


def write_table(frame: pl.DataFrame, path: Path, file_format: FileFormat) -> str:
    """Write one table as a file, whole at once, and return the SHA-256 of its bytes.

    The same figures give the same bytes.
    """
    atomic_files.sweep_beside(path)
    with atomic_files.written_aside(path) as aside:
        if file_format == "csv":
            frame.write_csv(aside)
        else:
            frame.write_parquet(aside, compression="zstd", statistics=False)
        return hashlib.sha256(aside.read_bytes()).hexdigest()
