"""What makes a row anonymous beside its text: ids, times, order.

Belongs here: dropping what identifies, new random ids, coarse times, random order. Not here: the
text itself (the recognisers).
"""

from __future__ import annotations

import secrets
from typing import Final

import polars as pl

from aspa_resources.rule_book import DeliveryContract

ID_BITS: Final = 128
SATURDAY: Final = 6  # ISO: Monday is 1


def anonymize_rows(
    validated: pl.DataFrame, county: str, month: str, contract: DeliveryContract
) -> pl.DataFrame:
    """Return the rows without what identifies, under new random ids, in random order.

    The ids come from the operating system's random source and no map to the old ones is kept.

    Args:
        validated: rows of `validated_feedback`.
        county: code of the county.
        month: `YYYY-MM`.
        contract: says which of its columns survive; what it does not name survives not.

    Returns:
        As many rows; `text` is still as written.
    """
    ids = [secrets.token_hex(ID_BITS // 8) for _ in range(validated.height)]
    survivors = [c.name for c in contract.columns if c.survives_anonymisation]
    anonymous = validated.select(
        pl.Series("response_id", ids, dtype=pl.String),
        pl.lit(county).alias("county"),
        pl.lit(month).alias("month"),
        weekday_class().alias("weekday_class"),
        *survivors,
        "unit_type",
    )
    # Sorting by the random ids is a random order that owes nothing to a seed.
    return anonymous.sort("response_id")


def weekday_class() -> pl.Expr:
    """Return all that is kept of a delivered row's times beside its month: weekday or weekend."""
    day = pl.coalesce("event_time", "answered_time").dt.weekday()
    return (
        pl.when(day >= SATURDAY)
        .then(pl.lit("weekend"))
        .when(day < SATURDAY)
        .then(pl.lit("weekday"))
    )
