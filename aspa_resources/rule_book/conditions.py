"""The `when` of a rule: what the words of a condition mean.

A key names a column; with `not_` before it none of its values may fit. A value is a code, a prefix
(`58*`) or a range of numbers (`10..97`, `65..`, `..22`) that the leading number of a code lies in.

Belongs here: reading a condition, for rows and for single values. Does not belong here: what
follows from it, ages in years (`inference_checks` turns them into age groups).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from aspa_resources.rule_book.models import Conditions

NEGATION = "not_"
PREFIX = "*"
_RANGE = re.compile(r"([0-9]*)\.\.([0-9]*)")
_LEADING_NUMBER = r"^([0-9]{1,9})"
_LARGEST = 10**9


class Bounds(NamedTuple):
    """A range of whole numbers, both ends belonging to it."""

    low: int
    high: int


def column_of(key: str) -> str:
    """Return the column that a key of a condition is about."""
    return key.removeprefix(NEGATION)


def bounds_of(stated: str) -> Bounds | None:
    """Return the bounds of a value that states a range, None for any other value."""
    found = _RANGE.fullmatch(stated)
    if found is None or not any(found.groups()):
        return None
    low, high = found.groups()
    return Bounds(int(low or 0), int(high or _LARGEST))


def fits(value: str | None, stated: Iterable[str]) -> bool:
    """Tell whether a value is one of those stated; a missing value never is."""
    return value is not None and any(_fits(value, one) for one in stated)


def holds_for(conditions: Conditions, column: str, value: str | None) -> bool:
    """Tell whether what conditions say of a column holds for a value of it."""
    return all(
        fits(value, stated) != key.startswith(NEGATION)
        for key, stated in conditions.items()
        if column_of(key) == column
    )


def holds(conditions: Conditions) -> pl.Expr:
    """Tell for every row whether all keys of the conditions match it.

    A condition on a value that a row lacks does not match, its negation does; no condition at all
    matches every row.
    """
    return pl.all_horizontal(
        pl.lit(value=True),
        *(
            ~_any_of(column_of(key), stated) if key.startswith(NEGATION) else _any_of(key, stated)
            for key, stated in conditions.items()
        ),
    )


def _fits(value: str, stated: str) -> bool:
    if stated.endswith(PREFIX):
        return value.startswith(stated.removesuffix(PREFIX))
    bounds = bounds_of(stated)
    if bounds is None:
        return value == stated
    leading = re.match(_LEADING_NUMBER, value)
    return leading is not None and bounds.low <= int(leading[1]) <= bounds.high


def _any_of(column: str, stated: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(_tests(pl.col(column), stated)).fill_null(value=False)


def _tests(value: pl.Expr, stated: tuple[str, ...]) -> Iterator[pl.Expr]:
    """Give one test for all codes, and one for each prefix and range."""
    ranges = {one: bounds_of(one) for one in stated}
    codes = [one for one in stated if ranges[one] is None and not one.endswith(PREFIX)]
    if codes:
        yield value.is_in(codes)
    for one, bounds in ranges.items():
        if one.endswith(PREFIX):
            yield value.str.starts_with(one.removesuffix(PREFIX))
        elif bounds is not None:
            leading = value.str.extract(_LEADING_NUMBER).cast(pl.Int64)
            yield leading.is_between(bounds.low, bounds.high)
