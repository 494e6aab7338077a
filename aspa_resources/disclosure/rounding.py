"""How published values are rounded; the exact ones stay in the marts."""

import polars as pl

from aspa_resources.rule_book.published import Decimals


def rounded(decimals: Decimals) -> pl.Expr:
    """Return the column `value` rounded as the column `measure` asks for."""
    measure, value = pl.col("measure"), pl.col("value")
    return (
        pl.when(measure == "nps")
        .then(value.round(decimals.nps))
        .when(measure.str.ends_with("_mean"))
        .then(value.round(decimals.mean))
        .otherwise(value.round(decimals.share))
    )
