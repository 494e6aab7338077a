"""What must hold of the marts: exact figures, each with its n, each key once."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import (
    Suite,
    between,
    columns,
    figure,
    not_null,
    some_rows,
    unique,
)

MARTS: Final = (
    "indicator_mart",
    "theme_mart",
    "word_mart",
    "trend_mart",
    "coverage_mart",
    "quality_mart",
)

SHOWN: Final = tuple(mart for mart in MARTS if mart != "trend_mart")
"""The marts that published tables are made from: a trend is made from what is published."""


def _suite(mart: str) -> Suite:
    key = [name for name in names(mart) if name not in ("value", "n")]
    return Suite(
        mart,
        "1",
        (
            columns(names(mart)),
            *((some_rows(),) if mart in ("indicator_mart", "quality_mart") else ()),
            not_null("measure"),
            not_null("n"),
            between("n", 0, None),
            unique(*key),
            figure("months_astray", "Every row belongs to the partition's month.", most=0),
        ),
    )


SUITES: Final = tuple(_suite(mart) for mart in MARTS)
