"""The plainest attack on published tables: a total minus its published parts.

Belongs here: looking at published counts alone, as a reader would, without knowing how they were
protected. Not here: protecting them (`fates`), or stronger attacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from aspa_resources.rule_book.published import ALL, NATION, PublishedTable

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

COUNT: Final = "responses"


def derivable_by_subtraction(tables: Mapping[str, pl.DataFrame], rules: RuleBook) -> int:
    """Count the lines of published tables that give a hidden count away.

    A line is a published total with its parts along one dimension. It gives a hidden count away
    where the total less the published parts leaves a single hidden part, or leaves several fewer
    responses than the threshold between them.

    Args:
        tables: published tables by declared name.
        rules: the rule book: which dimensions add up, and the threshold.
    """
    return sum(
        _lines_given_away(tables[name], table, dimension, rules.disclosure.threshold)
        for name, table in rules.published_tables.items()
        if name in tables and COUNT in table.measures
        for dimension in ("county", *table.dimensions)
        if dimension not in table.unsummed
    )


def _lines_given_away(
    frame: pl.DataFrame, table: PublishedTable, dimension: str, threshold: int
) -> int:
    total = NATION if dimension == "county" else ALL
    line = [key for key in ("month", "county", *table.dimensions) if key != dimension]
    counts = frame.filter(pl.col("measure") == COUNT)
    hidden = pl.col("status") == "suppressed"
    parts = (
        counts.filter(pl.col(dimension) != total)
        .group_by(line)
        .agg(shown=pl.col("value").sum(), hidden=hidden.sum())
    )
    totals = counts.filter((pl.col(dimension) == total) & ~hidden).select(*line, total="value")
    left = pl.col("total") - pl.col("shown")
    return (
        parts.join(totals, on=line)
        .filter((pl.col("hidden") > 0) & (left > 0))
        .filter((pl.col("hidden") == 1) | (left < threshold))
        .height
    )
