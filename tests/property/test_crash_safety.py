"""A process killed at any of its writes leaves the former content or the new; the next finishes."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from killed_runs import Outcome, Runner

FEWEST_WRITES = 100  # fewer would mean that the hooks see too little
KILLS_BY_TIME = 10  # for what C libraries write, which no hook sees


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with closing(Runner("crash_story")) as runner:
        yield runner


@pytest.fixture(scope="module")
def yesterday(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("yesterday")
    runner.run("yesterday", home)
    return home


@pytest.fixture(scope="module")
def unkilled(runner: Runner, yesterday: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    home = tmp_path_factory.mktemp("unkilled")
    shutil.copytree(yesterday, home, dirs_exist_ok=True)
    return runner.run("today", home)


def test_whatever_write_it_is_killed_at_the_next_run_ends_as_if_it_had_not_been(
    runner: Runner, yesterday: Path, unkilled: Outcome, tmp_path: Path
) -> None:
    def broken(runner: Runner, writes: Iterable[int]) -> list[int]:
        return [write for write in writes if not ends_well(runner, write)]

    def ends_well(runner: Runner, write: int) -> bool:
        home = tmp_path / str(write)
        shutil.copytree(yesterday, home)
        assert runner.run("today", home, kill_at=write).killed
        # Here every reader finds each place whole, or this fails.
        finished = runner.run("look_then_finish", home)
        shutil.rmtree(home)
        return bool(finished.told["told"] == unkilled.told)

    assert unkilled.writes > FEWEST_WRITES
    with ThreadPoolExecutor(2) as pool, closing(Runner("crash_story")) as other:
        halves = [range(first, unkilled.writes + 1, 2) for first in (1, 2)]
        assert list(pool.map(broken, (runner, other), halves)) == [[], []]


def test_whenever_it_is_killed_the_next_run_ends_as_if_it_had_not_been(
    runner: Runner, yesterday: Path, unkilled: Outcome, tmp_path: Path
) -> None:
    moments = random.Random(3)
    killed = 0
    for attempt in range(KILLS_BY_TIME):
        home = tmp_path / str(attempt)
        shutil.copytree(yesterday, home)
        moment = moments.uniform(0.01, 0.25)
        killed += runner.run("today", home, kill_after=moment).killed
        finished = runner.run("look_then_finish", home)
        assert finished.told["told"] == unkilled.told, f"killed after {moment} seconds"
    assert killed > 0
