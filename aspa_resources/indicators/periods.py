"""Exact figures of several months together, from their exact marts.

Belongs here: adding up indicator marts. Does not belong here: which months make a period
(`aspa_resources.periods`), hiding (`disclosure`).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from aspa_resources.periods import Period
from aspa_resources.rule_book.published import ALL

PERIOD, PART_QUARTER, PART_MONTH = "period", "part_quarter", "part_month"


def period_mart(
    marts: Mapping[str, pl.DataFrame], period: Period, dimensions: Sequence[str]
) -> pl.DataFrame:
    """Add up the indicator marts of a period's months.

    Every value of an indicator mart is a sum over its n responses divided by n, so that the value
    of several months is their mean weighted with n; responses are counted.

    Args:
        marts: Indicator marts by month; a month without a mart has nobody.
        period: The period.
        dimensions: The dimensions kept; any other at its total.

    Returns:
        A tidy mart under the period's last month, with the columns period, part_quarter and
        part_month: both `ALL` for the period itself, else one of its quarters or months.
    """
    months = [
        _at_totals(marts[month], dimensions).with_columns(pl.lit(month).alias(PART_MONTH))
        for month in period.months
        if month in marts
    ]
    rows = pl.concat(months)
    quarter_of = {month: quarter.name for quarter in period.quarters for month in quarter.months}
    quarters = pl.col(PART_MONTH).replace_strict(quarter_of, default=None, return_dtype=pl.String)
    keys = ["county", *dimensions, "measure"]
    parts = [_added(rows, keys), rows.select(*keys, PART_MONTH, "value", "n")]
    if period.quarters:
        parts.append(_added(rows.with_columns(quarters.alias(PART_QUARTER)), [*keys, PART_QUARTER]))
    joined = pl.concat(parts, how="diagonal")
    absent = [pl.lit(None, pl.String).alias(PART_QUARTER)] if not period.quarters else []
    return (
        joined.with_columns(absent)
        .with_columns(
            pl.col(PART_QUARTER, PART_MONTH).fill_null(ALL),
            month=pl.lit(period.last_month),
            period=pl.lit(period.name),
        )
        .select("month", "county", PERIOD, PART_QUARTER, PART_MONTH, *keys[1:], "value", "n")
        .sort("county", PART_QUARTER, PART_MONTH, *keys[1:])
    )


def _at_totals(mart: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    known = {"month", "county", *dimensions, "measure", "value", "n"}
    others = [pl.col(name) == ALL for name in mart.columns if name not in known]
    return mart.filter(pl.lit(value=True), *others).select(
        "county", *dimensions, "measure", "value", "n"
    )


def _added(rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    of_all = pl.col("value") * pl.col("n")
    added = rows.group_by(keys).agg(pl.col("n").sum(), total=of_all.sum())
    value = pl.when(pl.col("measure") == "responses").then("n").when(pl.col("n") > 0)
    return added.select(*keys, value=value.then(pl.col("total") / pl.col("n")), n="n")
