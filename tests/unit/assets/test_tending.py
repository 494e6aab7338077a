"""What is told of topics: bands, shares and words of enough texts, and nothing of fewer."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from aspa_assets.tending import STEPS, Topic, told
from aspa_assets.topics import NOT_FOUND, PROPOSALS, TOPICS
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.text_models.topic_matching import PROPOSAL_SCHEMA, decided
from aspa_resources.text_models.topics import SCHEMA
from aspa_resources.zones import ZoneKeys

ROW = {
    "topic_id": 0, "accepted": True, "name_fi": None, "name_sv": None, "name_en": "Parking",
    "size": 137, "language_texts": [110, 18, 9], "words": ["pysäköinti", "parkering", "halli"],
    "word_texts": [60, 10, 9], "centroid": [1.0, 0.0, 0.0], "origin": [0.0, 0.0, 0.0],
}  # fmt: skip
QUEUE = {**ROW, "topic_id": 1, "size": 10, "name_en": None, "centroid": [0.0, 1.0, 0.0]}
FOUND = {
    **{name: value for name, value in QUEUE.items() if name not in ("topic_id", "accepted")},
    "proposal_id": 4, "nearest_topic": 0, "similarity": 0.1, "centroid": [0.0, 0.0, 1.0],
}  # fmt: skip


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    monkeypatch.setenv("ASPA_HOME", str(tmp_path))
    return Storage(tmp_path / "storage", ZoneKeys(tmp_path / "keys"))


def seal(storage: Storage, asset: str, frame: pl.DataFrame, lost: list[int] | None = None) -> None:
    candidate = storage.write_candidate(
        asset, NO_PARTITION, frame, inputs={}, statistics={NOT_FOUND: lost or []}, versions={}
    )
    storage.seal(candidate, asset, "1", [])


def topics(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def test_without_a_model_that_is_said(storage: Storage) -> None:
    assert storage.sealed(TOPICS, NO_PARTITION) is None
    assert told().as_lines() == [
        "There is no topic model yet: it is fitted once there are texts enough."
    ]


def test_only_what_enough_texts_hold_is_told_and_sizes_in_steps(storage: Storage) -> None:
    seal(storage, TOPICS, topics(ROW))
    assert told().accepted == [
        Topic(0, {"en": "Parking"}, 100, {"fi": 80, "sv": 10}, ["pysäköinti", "parkering"])
    ]
    (line,) = told().as_lines()[1:]
    assert "100+ texts" in line
    assert "137" not in line
    assert "halli" not in line
    assert STEPS[:5] == [10, 20, 50, 100, 200]


def test_a_topic_that_the_last_refit_did_not_find_is_told_as_such(storage: Storage) -> None:
    seal(storage, TOPICS, topics(ROW, QUEUE))
    seal(storage, PROPOSALS, pl.DataFrame(schema=PROPOSAL_SCHEMA), lost=[1])
    assert [topic.found_again for topic in told().accepted] == [True, False]
    assert told().as_lines()[-1].endswith("(not found by the last refit)")


@pytest.mark.parametrize("accepted", [True, False])
def test_what_is_decided_is_proposed_no_more(storage: Storage, *, accepted: bool) -> None:
    proposed = pl.DataFrame([FOUND], schema=PROPOSAL_SCHEMA)
    seal(storage, TOPICS, topics(ROW, QUEUE))
    seal(storage, PROPOSALS, proposed)
    assert [topic.number for topic in told().proposed] == [4]
    seal(storage, TOPICS, decided(topics(ROW, QUEUE), proposed, [4], {}, accepted=accepted))
    assert told().proposed == []
    assert len(told().accepted if accepted else told().rejected) == (3 if accepted else 1)
