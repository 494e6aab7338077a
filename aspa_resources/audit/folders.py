"""Published tables month by month, from a folder of files or any other place they are read from.

Belongs here: reading tables as they were written for readers, parting them by month, and what is
known of groupings in a month. Does not belong here: judging them (`auditor`).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from aspa_resources.audit.auditor import Audit, audit
from aspa_resources.audit.knowledge import Grouping, Tables
from aspa_resources.errors import AspaError
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import COOPERATION_AREA
from aspa_resources.service_groups import contact_modes_by_group, counties_by_cooperation_area

_FIGURES = {"value": pl.Float64, "n": pl.Int64}
_NEEDED = {"month", "county", "measure", "value", "n", "status"}


class NoTablesError(AspaError):
    """The folder has no declared table in published form."""


def read_folder(folder: Path, rules: RuleBook) -> dict[str, pl.DataFrame]:
    """Read the declared tables that `aspa export` wrote.

    Args:
        folder: Has `<table>.csv` or `<table>.parquet`; other files are not looked at.
        rules: What is declared.

    Returns:
        Frames by table name, every month of each.

    Raises:
        NoTablesError: No table is there, or one lacks a column.
    """
    tables = {}
    for name, table in rules.published_tables.items():
        frame = _read(folder / name)
        if frame is None:
            continue
        if lacking := sorted((_NEEDED | set(table.dimensions)) - set(frame.columns)):
            raise NoTablesError(
                f"{name} lacks the columns {', '.join(lacking)}: "
                "write the tables with `aspa export` and do not change them."
            )
        tables[name] = frame.with_columns(pl.col(k).cast(v) for k, v in _FIGURES.items())
    if not tables:
        raise NoTablesError(f"{folder} has no published table: write them with `aspa export`.")
    return tables


def _read(path: Path) -> pl.DataFrame | None:
    parquet, csv = path.with_suffix(".parquet"), path.with_suffix(".csv")
    if parquet.exists():
        return pl.read_parquet(parquet)
    if csv.exists():  # every code is text: 01 is no number
        return pl.read_csv(csv, infer_schema=False)
    return None


def audit_months(
    tables: Tables, rules: RuleBook, earlier: Sequence[Tables] = ()
) -> dict[str, Audit]:
    """Attack every month of published tables.

    Args:
        tables: Frames by table name, with the column month.
        rules: The declarations and the disclosure rules.
        earlier: Earlier releases of the same.

    Returns:
        By month its audit.

    Raises:
        ContradictionError: Tables of a month contradict each other.
    """
    declared = [name for name in rules.published_tables if name in tables]
    months = sorted({m for name in declared for m in tables[name]["month"].unique()})
    return {month: audit_month(tables, month, rules, earlier) for month in months}


def audit_month(
    tables: Tables, month: str, rules: RuleBook, earlier: Sequence[Tables] = ()
) -> Audit:
    """Attack one month of published tables; arguments as for all months."""
    return audit(
        _of_month(tables, month, rules),
        rules.published_tables,
        rules.disclosure,
        _groupings(month, rules),
        [_of_month(release, month, rules) for release in earlier],
    )


def _of_month(tables: Tables, month: str, rules: RuleBook) -> Tables:
    return {
        name: tables[name].filter(pl.col("month") == month)
        for name in rules.published_tables
        if name in tables
    }


def _groupings(month: str, rules: RuleBook) -> Sequence[Grouping]:
    modes = contact_modes_by_group(rules, date.fromisoformat(f"{month}-01"))
    return [
        Grouping("contact_mode", "contact_mode_group", modes),
        Grouping("county", COOPERATION_AREA, counties_by_cooperation_area(rules)),
    ]
