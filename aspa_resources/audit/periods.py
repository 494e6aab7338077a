"""Quarters and years with the months they are made of, attacked as one table.

Belongs here: laying a period's tables and its months' tables together, as anybody can. Does not
belong here: the attack (`auditor`), and any of the protector's reasoning.
"""

from collections.abc import Collection, Iterator

import polars as pl

from aspa_resources.audit.auditor import Audit, audit
from aspa_resources.audit.knowledge import PUBLISHED, Grouping, Tables
from aspa_resources.periods import Period, periods_ending
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL, PublishedTable

_QUARTER, _MONTH = "quarter", "month_of_period"
_FIGURES = ("measure", "value", "n", "status")


def audit_periods(
    tables: Tables, rules: RuleBook, only: Collection[str] | None = None
) -> dict[str, Audit]:
    """Attack every period that is published, with all its parts.

    A period's hidden figure that every month shows is no secret: it is taken as added up.

    Args:
        tables: Frames in published form by table name, every month of each.
        rules: The declarations and the disclosure rules.
        only: Names of the periods to attack; None: all.

    Returns:
        By the name of the period its audit; of periods with all their months among the tables.

    Raises:
        ContradictionError: A period's tables contradict those of its months.
    """
    found = {}
    for table in rules.published_tables.values():
        if table.mart != "period_mart" or table.name not in tables:
            continue
        listed = tables[table.name]
        there = set(listed["period"]) & set(listed["period"] if only is None else only)
        for month in sorted(set(listed["month"])):
            for period in periods_ending(month):
                if period.name in there and _complete(period, tables, rules):
                    found[period.name] = _audited(table, period, tables, rules)
    return found


def _complete(period: Period, tables: Tables, rules: RuleBook) -> bool:
    months = {
        month
        for name, table in rules.published_tables.items()
        if table.mart == "indicator_mart" and name in tables
        for month in tables[name]["month"].unique()
    }
    return set(period.months) <= months


def _audited(table: PublishedTable, period: Period, tables: Tables, rules: RuleBook) -> Audit:
    dimensions = tuple(name for name in table.dimensions if name != "period")
    keys = ["county", *dimensions, "measure"]
    parts = pl.concat(_parts(table, period, tables, rules)).unique([*keys, _QUARTER, _MONTH])
    whole = _with_sums(_of_period(table, period.name, tables), parts, keys).with_columns(
        pl.lit(ALL).alias(_QUARTER), pl.lit(ALL).alias(_MONTH)
    )
    columns = ["county", _QUARTER, _MONTH, *dimensions, *_FIGURES]
    joined = pl.concat([whole.select(columns), parts.select(columns)])
    joint = joined.with_columns(month=pl.lit(period.last_month)).select("month", *columns)
    declared = table.model_copy(
        update={
            "mart": "indicator_mart",
            "dimensions": (_QUARTER, _MONTH, *dimensions),
            "crossings": None,
        }
    )
    groups = {month: quarter.name for quarter in period.quarters for month in quarter.months}
    groupings = [Grouping(_MONTH, _QUARTER, groups)] if groups else []
    return audit({table.name: joint}, {table.name: declared}, rules.disclosure, groupings)


def _of_period(table: PublishedTable, name: str, tables: Tables) -> pl.DataFrame:
    return tables[table.name].filter(pl.col("period") == name)


def _parts(
    table: PublishedTable, period: Period, tables: Tables, rules: RuleBook
) -> Iterator[pl.DataFrame]:
    """Give what the months list of the same figures, and the quarters of a year."""
    dimensions = [name for name in table.dimensions if name != "period"]
    columns = ["county", _QUARTER, _MONTH, *dimensions, *_FIGURES]
    for one in rules.published_tables.values():
        if one.mart == "indicator_mart" and set(one.dimensions) <= set(dimensions):
            lacking = [pl.lit(ALL).alias(d) for d in dimensions if d not in one.dimensions]
            yield (
                tables[one.name]
                .filter(
                    pl.col("month").is_in(period.months), pl.col("measure").is_in(table.measures)
                )
                .with_columns(*lacking, pl.lit(ALL).alias(_QUARTER), pl.col("month").alias(_MONTH))
                .select(columns)
            )
    for quarter in period.quarters:
        yield (
            _of_period(table, quarter.name, tables)
            .with_columns(pl.lit(quarter.name).alias(_QUARTER), pl.lit(ALL).alias(_MONTH))
            .select(columns)
        )


def _with_sums(whole: pl.DataFrame, parts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Put the sum of the months in place of a hidden figure that all of them show."""
    count = (pl.col("value") * pl.col("n")).round()
    sums = (
        parts.filter(pl.col(_MONTH) != ALL)
        .group_by(keys)
        .agg(
            all_shown=(pl.col("status") == PUBLISHED).all(),
            sum_value=count.sum() / pl.col("n").sum(),
            sum_n=pl.col("n").sum(),
        )
    )
    added_up = (pl.col("status") != PUBLISHED) & pl.col("all_shown").fill_null(value=False)
    return whole.join(sums, on=keys, how="left").with_columns(
        value=pl.when(added_up).then("sum_value").otherwise("value"),
        n=pl.when(added_up).then("sum_n").otherwise("n"),
        status=pl.when(added_up).then(pl.lit(PUBLISHED)).otherwise("status"),
    )
