"""What counties delivered is gone after its time, once its month is published, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from landing_folder import Landing, feedback

from aspa_assets.retention import (
    DAYS,
    RESTRICTED,
    RetentionError,
    purge_outlived,
    retention_days,
)
from aspa_resources.storage import PurgedError, Storage
from aspa_resources.zones import ZoneKeys

KEY, MONTH = "10|2025-03", "2025-03"
PAST = datetime.now(UTC) + timedelta(days=DAYS + 1)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path)
    landing.drop("a.csv", feedback("first"))
    landing.look()
    landing.drop("a.csv", feedback("corrected"))
    landing.look()
    return landing


@pytest.fixture
def storage(landing: Landing) -> Storage:
    storage = Storage(landing.root / "storage", ZoneKeys(landing.root / "keys"))
    for asset in (*RESTRICTED, "anonymized_feedback", "county_report"):
        frame = pl.DataFrame({"a": [1]})
        candidate = storage.write_candidate(
            asset, KEY, frame, inputs={}, statistics={"content_hashes": []}, versions={}
        )
        storage.seal(candidate, asset, "1", [])
    return storage


def test_nothing_is_purged_before_its_time_or_before_it_is_published(
    landing: Landing, storage: Storage
) -> None:
    assert purge_outlived(landing.zone, storage, DAYS, datetime.now(UTC)) == []
    storage.withdraw("county_report", KEY)
    assert purge_outlived(landing.zone, storage, DAYS, PAST) == []
    assert storage.read("raw_delivery", KEY).height == 1


def test_past_its_time_only_counts_and_hashes_are_left(landing: Landing, storage: Storage) -> None:
    assert purge_outlived(landing.zone, storage, DAYS, PAST) == [KEY]
    left = list((landing.root / "storage" / "restricted").rglob("*.parquet"))
    assert left == []
    assert not list((landing.root / "landing" / "10").iterdir())
    assert [drop.content_hash for drop in landing.zone.stock().months["10", MONTH]]
    assert storage.manifest("raw_delivery", KEY).rows == 1
    assert storage.read("anonymized_feedback", KEY).height == 1
    for asset in RESTRICTED:
        with pytest.raises(PurgedError, match="deliver the month again"):
            storage.read(asset, KEY)


def test_what_is_dropped_again_afterwards_does_not_stay(landing: Landing, storage: Storage) -> None:
    purge_outlived(landing.zone, storage, DAYS, PAST)
    landing.look()
    path = landing.drop("a.csv", feedback("corrected"))
    assert landing.told() == [("dropped_again", "a.csv")]
    assert purge_outlived(landing.zone, storage, DAYS, PAST) == []
    assert not path.exists()
    assert not any(landing.zone.keeps(drop) for drop in landing.zone.stock().drops)


@pytest.mark.parametrize("wrong", ["0", "-1", "ninety", "", "1.5"])
def test_a_wrong_retention_time_is_told(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("ASPA_RETENTION_DAYS", wrong)
    with pytest.raises(RetentionError, match="ASPA_RETENTION_DAYS"):
        retention_days()


def test_the_retention_time_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASPA_RETENTION_DAYS", raising=False)
    assert retention_days() == DAYS
    monkeypatch.setenv("ASPA_RETENTION_DAYS", "7")
    assert retention_days() == 7
