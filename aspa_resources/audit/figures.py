"""Published figures that tell by themselves what people answered.

Belongs here: what one published value and its n give away, found by counting the answers that fit.
Does not belong here: what several figures tell together (`intervals`).
"""

from collections.abc import Callable
from functools import cache
from math import ceil, floor
from typing import Final

import polars as pl

from aspa_resources.audit.knowledge import PUBLISHED, Tables
from aspa_resources.rule_book.published import DisclosureRules, PublishedTable

_BEST: Final = 5
_WORST: Final = 1
_SLACK: Final = 1e-9


def telling_figures(
    tables: Tables, declared: list[PublishedTable], rules: DisclosureRules
) -> pl.DataFrame:
    """Count published figures that tell answers, or stand on too few.

    Told are a figure whose n is below the threshold; a share that may be of fewer than the
    threshold (the three shares of the score: every group counts); a score or a mean that fewer
    distributions of answers fit than the rules ask for, rounding included.

    Args:
        tables: Frames in published form by table name.
        declared: The declarations of the tables to look at.
        rules: Thresholds and decimals.

    Returns:
        table, measure, cells: how many; without rows where there are none.
    """
    rows = [
        {
            "table": table.name,
            "measure": measure,
            "cells": _told(tables[table.name], measure, rules),
        }
        for table in declared
        if table.name in tables
        for measure in table.measures
        if measure not in table.open_measures
    ]
    schema = {"table": pl.String, "measure": pl.String, "cells": pl.Int64}
    return pl.DataFrame(rows, schema=schema).filter(pl.col("cells") > 0)


def _told(frame: pl.DataFrame, measure: str, rules: DisclosureRules) -> int:
    shown = frame.filter(pl.col("measure") == measure, pl.col("status") == PUBLISHED)
    figures = zip(shown["value"].to_list(), shown["n"].to_list(), strict=True)
    return sum(_tells(measure, float(value), int(n), rules) for value, n in figures)


def _tells(measure: str, value: float, n: int, rules: DisclosureRules) -> bool:
    if n < rules.threshold:
        return True
    least, decimals = rules.least_distributions, rules.decimals
    if measure == "nps":
        near = 0.5 * 10.0**-decimals.nps
        return _ways((value - near) * n / 100, (value + near) * n / 100, n, _of_score) < least
    if measure.endswith("_mean"):
        near = 0.5 * 10.0**-decimals.mean
        return _ways((value - near) * n, (value + near) * n, n, _of_mean) < least
    if measure.endswith("_share"):
        near = 0.5 * 10.0**-decimals.share
        return floor((value + near) * n + _SLACK) < rules.threshold
    return False


def _ways(low: float, high: float, n: int, ways: Callable[[int, int], int]) -> int:
    """Count the distributions of n answers whose sum lies in an interval."""
    return sum(ways(total, n) for total in range(ceil(low - _SLACK), floor(high + _SLACK) + 1))


@cache
def _of_score(difference: int, n: int) -> int:
    """Count the splits of n into three groups with this many more promoters than detractors."""
    return max((n - abs(difference)) // 2 + 1, 0)


@cache
def _of_mean(total: int, n: int) -> int:
    """Count the distributions of n answers 1-5 with this sum, up to those that miss 8 points.

    What is missing from the nearer end is parted into at most n parts of 1-4; it only grows.
    """
    missing = min(_BEST * n - total, total - _WORST * n, 2 * (_BEST - _WORST))
    return _partitions(missing, _BEST - _WORST, n)


@cache
def _partitions(total: int, largest: int, parts: int) -> int:
    if total == 0:
        return 1
    if total < 0 or largest == 0 or parts == 0:
        return 0
    fewer = _partitions(total, largest - 1, parts)
    return fewer + _partitions(total - largest, largest, parts - 1)
