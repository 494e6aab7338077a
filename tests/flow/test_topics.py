"""Tending topics and text models with the installed command: nothing changes but by decision."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from home import Home

from aspa_resources.storage import NO_PARTITION

KEY = "08|2025-03"


@pytest.fixture
def home(tmp_path: Path, demo_home: Home) -> Home:
    copied = Home(tmp_path / "home")
    shutil.copytree(demo_home.root, copied.root, symlinks=True)
    return copied


def topics_given(home: Home) -> pl.DataFrame:
    return home.read("analyzed_feedback", KEY).select("response_id", "topic_id")


def forget(home: Home, topic: int) -> None:
    """Seal a topic model that lacks one topic, as though its texts had come later."""
    storage = home.storage
    sealed = storage.manifest("topic_model", NO_PARTITION)
    fewer = storage.read_version(sealed).filter(pl.col("topic_id") != topic)
    candidate = storage.write_candidate(
        "topic_model", NO_PARTITION, fewer, inputs={}, statistics={}, versions=sealed.versions
    )
    storage.seal(candidate, "topic_model", "1", [])


def test_a_refit_proposes_and_a_person_decides(home: Home) -> None:
    before = home.json("topics")
    assert before["accepted"]
    assert before["proposed"] == []
    home.aspa("topics", "accept", "0", code=1)  # nothing is proposed

    assert home.json("topics", "refit")["accepted"] == before["accepted"]
    forget(home, before["accepted"][0]["number"])
    given = topics_given(home)
    proposed = home.json("topics", "refit")["proposed"]
    assert proposed
    number = str(proposed[0]["number"])
    after = home.json("topics", "accept", number, "--name-fi", "Uusi aihe")
    (added,) = [topic for topic in after["accepted"] if topic["names"]]
    numbers = [topic["number"] for topic in before["accepted"]]
    assert added["names"] == {"fi": "Uusi aihe"}
    assert added["number"] == max(numbers) + 1
    assert {topic["number"] for topic in after["accepted"]} == {*numbers[1:], added["number"]}

    home.aspa("run", code=1)  # the demo's broken files are told of
    assert topics_given(home).equals(given)
    assert "aspa reanalyze" in home.aspa("status")
    stale = home.json("reanalyze", "--county", "08")
    assert stale["stale"] == len(stale["months"]) == 2
    home.aspa("reanalyze", "--county", "08", "--month", "2025-03", "--yes", code=1)
    assert home.json("reanalyze", "--county", "08")["stale"] == 1
    assert added["number"] in topics_given(home)["topic_id"]


def test_a_frozen_model_does_not_change_by_a_launch_alone(home: Home) -> None:
    version = home.storage.manifest("topic_model", NO_PARTITION).version
    home.aspa("topics", "reject", "99", code=1)
    assert home.storage.manifest("topic_model", NO_PARTITION).version == version
