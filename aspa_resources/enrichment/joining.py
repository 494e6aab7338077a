"""Figures from elsewhere joined to published ones.

Belongs here: which figure stands beside which. Does not belong here: what is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from aspa_resources.rule_book.published import ALL

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

PREFIX: Final = "enrichment_"
JOINED: Final = "enriched_"


def enriched_tables(
    figures: pl.DataFrame, published: pl.DataFrame, rules: RuleBook
) -> dict[str, pl.DataFrame]:
    """Return the tables that figures from elsewhere give the warehouse.

    Args:
        figures: In the columns of `reading.SCHEMA`.
        published: The published table that they are joined to (`joined_to`).
        rules: The rule book.

    Returns:
        A table a file (`enrichment_<name>`), and `enriched_<joined_to>`: each published row beside
        each figure of its county and class, of the newest year not after its month. A figure
        without a service class stands beside the totals. Suppressed rows stay suppressed.
    """
    tables = {
        f"{PREFIX}{table.name}": figures.filter(pl.col("table") == table.name)
        .select(*table.keys, "measure", "value", "source")
        .sort(*table.keys, "measure")
        for table in rules.enrichment.tables
        if table.name in figures["table"]
    }
    if not tables:
        return {}
    return tables | {f"{JOINED}{rules.enrichment.joined_to}": _joined(figures, published)}


def _joined(figures: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    beside = figures.select(
        "county",
        pl.col("service_class").fill_null(ALL),
        "year",
        "indicator",
        "source",
        enrichment="table",
        enrichment_measure="measure",
        enrichment_value="value",
    )
    keys = ["month", "county", "service_class", "measure"]
    of = ["enrichment", "indicator", "enrichment_measure"]
    return (
        published.join(beside, on=["county", "service_class"], how="inner")
        .filter(pl.col("year") <= pl.col("month").str.head(4).cast(pl.Int64))
        .sort(*keys, *of, "year")
        .group_by(*keys, *of, maintain_order=True)
        .last()
    )
