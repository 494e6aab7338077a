"""Faults of many rows as a table: level, row_number, field, code; never a value.

Belongs here: making, ordering and reading such tables. Does not belong here: which faults there
are (`judging`, `cross_field`, `companions`).
"""

import polars as pl

from aspa_resources.delivery.faults import Fault, Level
from aspa_resources.rule_book import Column

FAULT_SCHEMA = {
    "level": pl.String(), "row_number": pl.Int32(), "field": pl.String(), "code": pl.String(),
}  # fmt: skip


def told(rows: pl.DataFrame, level: Level, field: str | None, code: str) -> pl.DataFrame:
    """Return one fault of each row (row_number) as a fault table."""
    return rows.select("row_number", code=pl.lit(code)).select(as_faults(level, field))


def as_faults(level: Level, field: str | None) -> list[pl.Expr]:
    """Expressions that turn row_number and code into rows of a fault table."""
    return [
        pl.lit(level).alias("level"),
        pl.col("row_number"),
        pl.lit(field, pl.String).alias("field"),
        pl.col("code"),
    ]


def of_file(code: str, field: str | None = None) -> pl.DataFrame:
    """Return a fault of the whole file as a fault table."""
    row = {"level": "file", "row_number": None, "field": field, "code": code}
    return pl.DataFrame([row], schema=FAULT_SCHEMA)


def sort_faults(faults: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """Order faults by row, then as the contract orders columns; each once."""
    order = {column.name: place for place, column in enumerate(columns)}
    place = pl.col("field").replace_strict(order, default=-1, return_dtype=pl.Int32)
    return faults.unique(maintain_order=True).sort(
        "row_number", place, nulls_last=False, maintain_order=True
    )


def without_rows(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose number is not among the others'."""
    if others.is_empty():
        return rows
    return rows.filter(~pl.col("row_number").is_in(others["row_number"].implode()))


def fault_records(faults: pl.DataFrame) -> tuple[Fault, ...]:
    """Turn a fault table into records."""
    names = ("level", "code", "row_number", "field")
    return tuple(Fault(*row) for row in faults.select(names).iter_rows())
