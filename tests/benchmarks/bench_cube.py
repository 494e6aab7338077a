"""Protecting and auditing the counts of a year: counties x classes x months.

Run: `PYTHONPATH=tests/support python tests/benchmarks/bench_cube.py [responses] [--together]`. As
the platform publishes them, months have no common totals and are protected by themselves. With
`--together` the year's totals over the months join them, a harder task that nothing published asks.
"""

import sys
import time

import numpy as np
import polars as pl
from cubes import counted, cube

from aspa_resources.audit.intervals import intervals
from aspa_resources.disclosure.complementary import hide_complementary
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL

COUNTIES, CLASSES, MONTHS = 23, 60, 12
MOST = 10_000_000


def main() -> None:
    together = "--together" in sys.argv
    responses = int(next((a for a in sys.argv[1:] if a.isdigit()), "400000"))
    year = cube(
        np.random.default_rng(1), responses, county=COUNTIES, service_class=CLASSES, period=MONTHS
    )
    parts = [year] if together else year.filter(pl.col("period") != ALL).partition_by("period")
    figures = np.zeros(6)
    for part in parts:
        figures += _measured(part if together else part.drop("period"))
    cells, primary, hidden, narrow, protected, audited = figures
    sys.stdout.write(
        f"{cells:.0f} cells, {primary:.0f} below the threshold, {hidden:.0f} hidden, {narrow:.0f} "
        f"too narrow; protected in {protected:.1f} s, audited in {audited:.1f} s\n"
    )


def _measured(mart: pl.DataFrame) -> np.ndarray:
    rules = RuleBook.load().disclosure
    cells, counts = counted(mart)
    started = time.perf_counter()
    hidden = hide_complementary(
        cells.lines,
        counts,
        hidden=counts < rules.threshold,
        free=np.ones(counts.size, dtype=np.bool_),
        sensitive=counts > 0,
        most=np.full(counts.size, np.inf),
        rules=rules.complementary,
    )
    protected = time.perf_counter()
    width = rules.complementary.width
    low, high = np.where(hidden, 0, counts), np.where(hidden, MOST, counts)
    found = intervals(cells.lines, low, high, width)
    done = time.perf_counter()
    narrow = hidden & ~found.wide & (found.high - found.low < width) & (found.high > 0)
    few = (counts < rules.threshold).sum()
    return np.array(
        [counts.size, few, hidden.sum(), narrow.sum(), protected - started, done - protected]
    )


if __name__ == "__main__":
    main()
