"""Ten thousand simulated drops: how many were missed, how many doubled, how long a look takes.

Run: python tests/benchmarks/bench_drops.py [drops] [files]

First counties drop, overwrite, copy, rename and delete files at random until there were so many
drops (`tests/support/simulated_drops.py` holds what must come of it). Then a landing zone with many
files in which nothing is new is looked at, beside a plain pass that hashes the same files.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from landing_folder import Landing, feedback
from simulated_drops import ACTS, COUNTIES, MONTHS, NAMES, Simulation

DROPS: Final = 10_000
FILES: Final = 3_000
FILE_SIZE: Final = 200_000  # bytes
DROPS_OF_ONE: Final = 100  # in one landing zone; then another one begins


def simulate(drops: int) -> None:
    """Drop until there were so many, in one landing zone after another, and count."""
    dice = random.Random(1)
    dropped = looks = missed = doubled = 0
    while dropped < drops:
        with tempfile.TemporaryDirectory() as folder:
            simulation = Simulation(Path(folder))
            while simulation.drops < DROPS_OF_ONE:
                simulation.act(
                    dice.choice(ACTS),
                    dice.choice(COUNTIES),
                    *dice.choices(NAMES, k=2),
                    dice.choice(MONTHS),
                )
            simulation.look()
            of_one = simulation.missed_and_doubled()
            missed, doubled = missed + of_one[0], doubled + of_one[1]
            dropped, looks = dropped + simulation.drops, looks + simulation.looks
        sys.stdout.write(f"\r{dropped} drops, {looks} looks")
        sys.stdout.flush()
    sys.stdout.write(f": {missed} missed, {doubled} doubled\n")


def look_at_many(files: int) -> None:
    """Compare a look at files that are all known with hashing them."""
    with tempfile.TemporaryDirectory() as folder:
        landing = Landing(Path(folder))
        for number in range(files):
            content = feedback(f"{number} ".ljust(FILE_SIZE, "x"), supplier=f"s{number}")
            landing.drop(f"{number}.csv", content)
        began = time.perf_counter()
        landing.look()
        first = time.perf_counter() - began
        began = time.perf_counter()
        assert landing.look() == []
        again = time.perf_counter() - began
        began = time.perf_counter()
        for path in (landing.root / "landing").rglob("*.csv"):
            hashlib.sha256(path.read_bytes()).hexdigest()
        plain = time.perf_counter() - began
    sys.stdout.write(
        f"{files} files of {FILE_SIZE // 1000} kB: first look {first:.1f} s, a look with nothing "
        f"new {again:.2f} s, {again / plain:.1f} x hashing them\n"
    )


if __name__ == "__main__":
    asked = [int(argument) for argument in sys.argv[1:]]
    simulate(asked[0] if asked else DROPS)
    look_at_many(asked[1] if len(asked) > 1 else FILES)
