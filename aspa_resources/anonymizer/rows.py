"""What makes a row anonymous beside its text: ids, times, order.

Belongs here: dropping what identifies, new random ids, coarse times, random order. Not here: the
text itself (the recognisers).
"""

from __future__ import annotations

import secrets
from typing import Final

import polars as pl

ID_BITS: Final = 128

# What says who, exactly where or exactly when, and is of no use to classification or reports.
IDENTIFYING: Final = (
    "row_number",
    "feedback_id",
    "service_event_id",
    "service_unit_oid",
    "place_of_performance",
    "site",
    "event_time",
    "sent_time",
    "answered_time",
)


def anonymize_rows(validated: pl.DataFrame, county: str, month: str) -> pl.DataFrame:
    """Return the rows without what identifies, under new random ids, in random order.

    The ids come from the operating system's random source and no map to the old ones is kept.

    Args:
        validated: rows of `validated_feedback`.
        county: code of the county.
        month: `YYYY-MM`.

    Returns:
        As many rows; `text` is still as written.
    """
    weekend = pl.col("event_time").dt.weekday() >= 6  # noqa: PLR2004 (ISO: Saturday is 6)
    ids = [secrets.token_hex(ID_BITS // 8) for _ in range(validated.height)]
    anonymous = validated.with_columns(
        pl.lit(county).alias("county"),
        pl.lit(month).alias("month"),
        pl.when(weekend)
        .then(pl.lit("weekend"))
        .otherwise(pl.lit("weekday"))
        .alias("weekday_class"),
    ).drop(IDENTIFYING)
    leading = ["response_id", "county", "month", "weekday_class"]
    # Sorting by the random ids is a random order that owes nothing to a seed.
    return (
        anonymous.with_columns(pl.Series("response_id", ids, dtype=pl.String))
        .sort("response_id")
        .select([*leading, *(c for c in anonymous.columns if c not in leading)])
    )
