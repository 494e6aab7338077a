"""The partitions of the lineage: county x month, and each of the two alone.

Belongs here: partition definitions, mappings between them, and their keys. Multi-partition keys
are sorted by dimension name, hence `county|month`.
"""

from __future__ import annotations

import warnings
from typing import Final

import dagster as dg

from aspa_resources.delivery.months import FIRST_MONTH
from aspa_resources.rule_book import RuleBook

# The mappings between the two dimensions are marked beta; the tests hold them to what we need.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

COUNTIES: Final = dg.StaticPartitionsDefinition(sorted(RuleBook.load().counties))
# The running month is open too: deliveries come while it lasts.
MONTHS: Final = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=1)
COUNTY_MONTHS: Final = dg.MultiPartitionsDefinition({"county": COUNTIES, "month": MONTHS})

OF_THE_MONTH: Final = dg.MultiToSingleDimensionPartitionMapping("month")
OF_THE_COUNTY: Final = dg.MultiToSingleDimensionPartitionMapping("county")
MONTHS_BEFORE: Final = 11  # with the month itself a year
LAST_TWELVE_MONTHS: Final = dg.TimeWindowPartitionMapping(
    start_offset=-MONTHS_BEFORE, allow_nonexistent_upstream_partitions=True
)
# A year is held against its earlier quarters, which end three, six and nine months before it.
QUARTERS_BEFORE: Final = dg.TimeWindowPartitionMapping(
    start_offset=-9, end_offset=-3, allow_nonexistent_upstream_partitions=True
)
MONTHS_READ: Final = RuleBook.load().trends.months_read
TREND_MONTHS: Final = dg.TimeWindowPartitionMapping(
    start_offset=1 - MONTHS_READ, allow_nonexistent_upstream_partitions=True
)
EVERYTHING: Final = dg.AllPartitionMapping()


def county_month(county: str, month: str) -> str:
    """Return the key of a county's month."""
    return f"{county}|{month}"


def split(partition: str) -> tuple[str, str]:
    """Return county and month of a `county|month` key."""
    county, month = partition.split("|")
    return county, month


def months_before(month: str, count: int = MONTHS_BEFORE) -> list[str]:
    """Return so many months before a month, nearest first, as `YYYY-MM`."""
    year, number = (int(part) for part in month.split("-"))
    numbers = [year * 12 + number - 1 - back for back in range(1, count + 1)]
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in numbers]
