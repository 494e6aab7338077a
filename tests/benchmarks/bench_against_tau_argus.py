"""How many more cells we hide than Tau-Argus at its best, and whether its audit agrees with ours.

Run: `PYTHONPATH=tests/support python tests/benchmarks/bench_against_tau_argus.py`. Tables of counts
by county and class with all margins, of sizes that Tau-Argus solves. It protects counts below the
threshold alone; we keep every hidden count uncertain.
"""

import sys
import time

import numpy as np
from cubes import counted, cube
from tau_argus import MOST, audited, hidden_at_best

from aspa_resources.audit.intervals import intervals
from aspa_resources.disclosure.complementary import hide_complementary
from aspa_resources.rule_book import RuleBook

SIZES = [
    (4, 6, 500),
    (8, 10, 2000),
    (8, 10, 6000),
    (12, 15, 5000),
    (23, 20, 15000),
    (23, 40, 40000),
]
TABLES = 5
SECONDS = 60


def main() -> None:
    rules = RuleBook.load().disclosure
    total = np.zeros(5)
    for counties, classes, responses in SIZES:
        found = np.zeros(5)
        took = np.zeros(2)
        for seed in range(TABLES):
            rng = np.random.default_rng([seed, counties, classes])
            mart = cube(rng, responses, county=counties, service_class=classes)
            cells, counts = counted(mart)
            primary = counts < rules.threshold
            started = time.perf_counter()
            ours = hide_complementary(
                cells.lines,
                counts,
                hidden=primary,
                free=np.ones(counts.size, dtype=np.bool_),
                sensitive=counts > 0,
                most=np.full(counts.size, np.inf),
                rules=rules.complementary,
            )
            between = time.perf_counter()
            best = hidden_at_best(cells.lines, counts, primary, rules.complementary.width, SECONDS)
            took += between - started, time.perf_counter() - between
            theirs = audited(cells.lines, counts, ours)
            own = intervals(cells.lines, np.where(ours, 0, counts), np.where(ours, MOST, counts))
            agree = sum(
                abs(own.low[cell] - low) < 1e-4 and abs(own.high[cell] - high) < 1e-4
                for cell, (low, high) in theirs.items()
            )
            found += primary.sum(), ours.sum(), best.sum(), agree, len(theirs)
        total += found
        sys.stdout.write(
            _line(f"{counties} x {classes}", found) + f", {took[0]:.2f} s : {took[1]:.2f} s\n"
        )
    sys.stdout.write(_line("all", total) + "\n")


def _line(name: str, found: np.ndarray) -> str:
    primary, ours, best, agree, audits = found
    return (
        f"{name:9} primary {primary:.0f}, hidden {ours:.0f} : {best:.0f} = {ours / best:.3f}, "
        f"audits agree on {agree:.0f} of {audits:.0f} cells"
    )


if __name__ == "__main__":
    main()
