"""Quarters and years: which months they are made of, and what they are called.

Belongs here: the calendar of periods longer than a month. Does not belong here: figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MONTHS_OF_QUARTER: Final = 3
_MONTHS_OF_YEAR: Final = 12


@dataclass(frozen=True)
class Period:
    """Several months shown together.

    Attributes:
        name: `2025-Q1` or `2025`.
        months: Its months as `YYYY-MM`, in order.
        quarters: Its quarters, where it is a year.
    """

    name: str
    months: tuple[str, ...]
    quarters: tuple[Period, ...] = ()

    @property
    def last_month(self) -> str:
        """The month that the period ends with, under which it is published."""
        return self.months[-1]


def periods_ending(month: str) -> list[Period]:
    """Return the quarter and the year that end with a month given as `YYYY-MM`, if any does."""
    year, number = (int(part) for part in month.split("-"))
    ended = []
    if number % _MONTHS_OF_QUARTER == 0:
        ended.append(_quarter(year, number // _MONTHS_OF_QUARTER))
    if number == _MONTHS_OF_YEAR:
        quarters = tuple(_quarter(year, q) for q in range(1, 5))
        ended.append(Period(f"{year:04d}", tuple(m for q in quarters for m in q.months), quarters))
    return ended


def _quarter(year: int, number: int) -> Period:
    first = _MONTHS_OF_QUARTER * (number - 1) + 1
    months = tuple(f"{year:04d}-{m:02d}" for m in range(first, first + _MONTHS_OF_QUARTER))
    return Period(f"{year:04d}-Q{number}", months)
