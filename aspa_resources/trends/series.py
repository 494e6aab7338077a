"""Series: what the months' published tables show of one figure, month under month.

Belongs here: gathering published rows. Does not belong here: any arithmetic on them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from aspa_resources.rule_book.published import ALL
from aspa_resources.rule_book.trends import Source

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

DIMENSIONS: Final = ("service_class", "theme", "sentiment")
"""What series are told apart by, beside county and measure."""
CELL: Final = ("county", *DIMENSIONS)
OF_TEXTS: Final = ("theme", "sentiment")
TIDY: Final = ("month", "county", "period", *DIMENSIONS, "measure", "value", "n", "status")


def months_back(month: str, months: int) -> str:
    """Return the month so many months before `2025-03`, in the same form."""
    at = 12 * int(month[:4]) + int(month[5:]) - 1 - months
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def published_series(
    released: Mapping[str, Mapping[str, pl.DataFrame]], month: str, rules: "RuleBook"
) -> pl.DataFrame:
    """Return the rows of the source tables, suppressed ones too, month under month.

    Args:
        released: By month, its published tables by name.
        month: The last month looked at.
        rules: The rule book; `rules/trends.yaml` says which tables, measures and months.

    Returns:
        county, period (the month a row is of), service_class, theme, sentiment, measure, value, n,
        status; a cell once a period, the first source that has it telling.
    """
    first = months_back(month, rules.trends.months_read - 1)
    rows = [
        _rows_of(source, tables, period)
        for period, tables in sorted(released.items())
        if first <= period <= month
        for source in rules.trends.sources
        if source.table in tables
    ]
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys((*CELL, "period", "measure", "status"), pl.String))
    return pl.concat(rows).unique(["period", *CELL, "measure"], keep="first", maintain_order=True)


def _rows_of(source: Source, tables: Mapping[str, pl.DataFrame], period: str) -> pl.DataFrame:
    """Return a table's rows that a series can be made of: other dimensions at their totals."""
    table = tables[source.table].filter(pl.col("measure").is_in(source.measures))
    others = set(table.columns) - {*TIDY}
    table = table.filter(pl.lit(value=True), *(pl.col(name) == ALL for name in others))
    absent = [pl.lit(ALL).alias(name) for name in DIMENSIONS if name not in table.columns]
    told = table.with_columns(absent).with_columns(period=pl.lit(period))
    if set(OF_TEXTS) & set(table.columns):  # the share of all texts in all texts tells nothing
        told = told.filter(pl.sum_horizontal(pl.col(n) != ALL for n in OF_TEXTS) == 1)
    return told.select("period", *CELL, "measure", "value", "n", "status")


def shown_trend(series: pl.DataFrame, month: str, rules: "RuleBook") -> pl.DataFrame:
    """Return the table `trend`: the series' last months, in published form."""
    first = months_back(month, rules.trends.months_shown - 1)
    return in_published_form(series.filter(pl.col("period") >= first), month)


def in_published_form(rows: pl.DataFrame, month: str) -> pl.DataFrame:
    """Put columns and rows in the order of published tables, the table's month on each."""
    columns = [name for name in rows.columns if name not in {"value", "n", "status"}]
    return (
        rows.with_columns(month=pl.lit(month))
        .select("month", *columns, "value", "n", "status")
        .select("month", "county", pl.exclude("month", "county"))
        .sort("county", *(name for name in columns if name != "county"))
    )
