"""Only a sealed version is current, nothing is readable without its key, nothing half written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from aspa_resources.storage import Manifest, NotSealedError, Storage, StorageDamagedError
from aspa_resources.zones import MissingKeyError, Zone, ZoneKeys

MARK = "MERKITTYTEKSTI"
ASSET, PARTITION = "validated_feedback", "10|2025-03"


@dataclass
class Check:
    passed: bool
    blocking: bool = True
    name: str = "rule"
    unexpected_count: int = 0


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "storage", ZoneKeys(tmp_path / "keys"))


def candidate(storage: Storage, value: str) -> Manifest:
    frame = pl.DataFrame({"text": [value], "list": [["a", "b"]], "n": [1]})
    return storage.write_candidate(
        ASSET, PARTITION, frame, inputs={}, statistics={"rows": 1}, versions={"rules": "abc"}
    )


def put(storage: Storage, value: str, *checks: Check) -> None:
    storage.seal(candidate(storage, value), ASSET, "1", checks or (Check(passed=True),))


def test_a_sealed_frame_comes_back_as_it_was(storage: Storage) -> None:
    put(storage, MARK)
    frame = storage.read(ASSET, PARTITION)
    assert frame.to_dicts() == [{"text": MARK, "list": ["a", "b"], "n": 1}]


def test_nothing_of_the_content_is_legible_on_disk(storage: Storage, tmp_path: Path) -> None:
    put(storage, MARK)
    stored = [p for p in (tmp_path / "storage").rglob("*") if p.is_file()]
    assert any(p.suffix == ".parquet" for p in stored)
    assert not any(MARK.encode() in p.read_bytes() for p in stored)


def test_a_refused_candidate_never_becomes_current(storage: Storage, tmp_path: Path) -> None:
    put(storage, "first")
    put(storage, "second", Check(passed=False, name="some_rows"))
    assert storage.read(ASSET, PARTITION)["text"].to_list() == ["first"]
    assert len(list((tmp_path / "storage").rglob("aside/*.parquet"))) == 1
    attempt = storage.attempt(ASSET, PARTITION)
    assert attempt is not None
    assert not attempt.sealed
    assert attempt.failed_checks == ["some_rows"]


def test_a_warning_does_not_keep_a_version_from_its_seal(storage: Storage) -> None:
    put(storage, "first", Check(passed=False, blocking=False))
    assert storage.read(ASSET, PARTITION).height == 1


def test_an_unsealed_partition_is_refused_with_the_failed_check_and_the_cure(
    storage: Storage,
) -> None:
    put(storage, "x", Check(passed=False, name="rejected_share"))
    with pytest.raises(NotSealedError, match=r"rejected_share.*Mend the input"):
        storage.read(ASSET, PARTITION)


def test_a_partition_never_computed_says_what_to_materialise(storage: Storage) -> None:
    with pytest.raises(NotSealedError, match="Materialise validated_feedback first"):
        storage.read(ASSET, "18|2025-03")


def test_another_key_reads_nothing(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, MARK)
    monkeypatch.setenv("ASPA_KEY_RESTRICTED", "0" * 32)
    stranger = Storage(tmp_path / "storage", ZoneKeys(tmp_path / "other"))
    with pytest.raises(StorageDamagedError, match="cannot be decrypted"):
        stranger.read(ASSET, PARTITION)


def test_a_process_with_other_zones_keys_is_told_so(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, MARK)
    monkeypatch.setenv("ASPA_KEY_NATIONAL", "1" * 32)
    with pytest.raises(MissingKeyError, match="ASPA_KEY_RESTRICTED"):
        storage.read(ASSET, PARTITION)


def test_a_changed_file_is_not_served(storage: Storage, tmp_path: Path) -> None:
    put(storage, MARK)
    (path,) = (tmp_path / "storage").rglob("*.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageDamagedError, match="changed after it was sealed"):
        storage.read(ASSET, PARTITION)


def test_versions_behind_a_version_are_found_through_its_inputs(storage: Storage) -> None:
    put(storage, "x")
    manifest = storage.manifest(ASSET, PARTITION)
    made = storage.write_candidate(
        "anonymized_feedback", PARTITION, pl.DataFrame({"a": [1]}),
        inputs={f"{ASSET}@{PARTITION}": manifest.version}, statistics={},
        versions={"anonymizer": "7"},
    )  # fmt: skip
    sealed = storage.seal(made, "s", "1", [Check(passed=True)])
    assert storage.versions_behind(sealed) == {"anonymizer": ["7"], "rules": ["abc"]}


def test_sealed_partitions_are_named_as_dagster_names_them(storage: Storage) -> None:
    put(storage, "x")
    assert storage.sealed_partitions(ASSET) == [PARTITION]


def test_a_demo_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = ZoneKeys(tmp_path).key(Zone.NATIONAL)
    assert ZoneKeys(tmp_path).key(Zone.NATIONAL) == first
    assert first != ZoneKeys(tmp_path).key(Zone.RESTRICTED)
    assert (tmp_path / "national.key").stat().st_mode & 0o077 == 0


def test_a_malformed_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASPA_KEY_NATIONAL", "short")
    with pytest.raises(MissingKeyError, match="32 ASCII characters"):
        ZoneKeys(tmp_path).key(Zone.NATIONAL)


def test_a_withdrawn_partition_is_as_never_computed_and_says_why(
    storage: Storage, tmp_path: Path
) -> None:
    put(storage, "first")
    put(storage, "second", Check(passed=False))
    put(storage, "third")
    put(storage, "fourth", Check(passed=False))
    history = storage.manifest(ASSET, PARTITION).version
    storage.withdraw(ASSET, PARTITION)
    storage.withdraw(ASSET, PARTITION)
    with pytest.raises(NotSealedError, match="was taken out"):
        storage.read(ASSET, PARTITION)
    assert storage.attempt(ASSET, PARTITION) is None
    assert storage.sealed_partitions(ASSET) == []
    assert not [*(tmp_path / "storage").rglob("*.parquet")]
    assert [*(tmp_path / "storage").rglob(f"{history}.json")]
    put(storage, "anew")
    assert storage.read(ASSET, PARTITION)["text"].to_list() == ["anew"]


def test_withdrawing_what_was_never_computed_does_nothing(storage: Storage) -> None:
    storage.withdraw(ASSET, PARTITION)
    with pytest.raises(NotSealedError, match="no version"):
        storage.read(ASSET, PARTITION)


def test_a_version_that_was_read_before_it_was_withdrawn_says_so(storage: Storage) -> None:
    put(storage, "first")
    manifest = storage.manifest(ASSET, PARTITION)
    storage.withdraw(ASSET, PARTITION)
    with pytest.raises(NotSealedError, match="replaced or taken out"):
        storage.read_version(manifest)


def test_a_lost_file_is_damage(storage: Storage, tmp_path: Path) -> None:
    put(storage, "first")
    (path,) = (tmp_path / "storage").rglob("*.parquet")
    path.unlink()
    with pytest.raises(StorageDamagedError, match="is missing"):
        storage.read(ASSET, PARTITION)


def test_only_the_current_versions_content_outlives_a_purge(
    storage: Storage, tmp_path: Path
) -> None:
    put(storage, "first")
    put(storage, "second", Check(passed=False))
    put(storage, "third")
    assert storage.purge_former(ASSET, PARTITION) == 2
    assert storage.purge_former(ASSET, PARTITION) == 0
    assert storage.read(ASSET, PARTITION)["text"].to_list() == ["third"]
    assert len([*(tmp_path / "storage").rglob("*.parquet")]) == 1


def test_a_sweep_takes_unnamed_content_and_no_candidate_that_waits_for_its_seal(
    storage: Storage, tmp_path: Path
) -> None:
    put(storage, "first")
    (current,) = (tmp_path / "storage").rglob("*.parquet")
    orphan = current.with_name("20250101T000000000000-00000000.parquet")
    orphan.write_bytes(current.read_bytes())
    waiting = candidate(storage, "second")
    Storage(tmp_path / "storage", ZoneKeys(tmp_path / "keys")).sweep()
    assert not orphan.exists()
    assert storage.read(ASSET, PARTITION)["text"].to_list() == ["first"]
    storage.seal(waiting, ASSET, "1", [Check(passed=True)])
    assert storage.read(ASSET, PARTITION)["text"].to_list() == ["second"]


def test_a_candidate_is_not_sealed_once_its_input_was_taken_out(storage: Storage) -> None:
    put(storage, "first")
    inputs = {f"{ASSET}@{PARTITION}": storage.manifest(ASSET, PARTITION).version}
    made = storage.write_candidate(
        "anonymized_feedback", PARTITION, pl.DataFrame({"a": [1]}), inputs=inputs, statistics={},
        versions={},
    )  # fmt: skip
    storage.withdraw(ASSET, PARTITION)
    put(storage, "delivered again")
    with pytest.raises(NotSealedError, match="taken out meanwhile"):
        storage.seal(made, "suite", "1", [Check(passed=True)])
    assert storage.attempt("anonymized_feedback", PARTITION) is None


def test_the_latest_attempt_counts_whether_it_was_sealed_or_not(storage: Storage) -> None:
    for number, passed in enumerate([True, False, False, True, True, False]):
        put(storage, str(number), Check(passed=passed))
        attempt = storage.attempt(ASSET, PARTITION)
        assert attempt is not None
        assert attempt.sealed == passed
        assert passed == (storage.read(ASSET, PARTITION)["text"].item() == str(number))


def test_of_many_that_seal_at_once_the_last_one_stands_whole(tmp_path: Path) -> None:
    def seal_often(name: str) -> None:
        mine = Storage(tmp_path / "storage", ZoneKeys(tmp_path / "keys"))
        for _ in range(10):
            put(mine, name)
            assert mine.read(ASSET, PARTITION)["text"].item() in {"a", "b", "c"}
            mine.purge_former(ASSET, PARTITION)
            mine.sweep()

    with ThreadPoolExecutor(3) as pool:
        assert [*pool.map(seal_often, "abc")] == [None] * 3
    assert len([*(tmp_path / "storage").rglob("*.parquet")]) == 1
    assert not [*(tmp_path / "storage").rglob(".*")]


def test_what_was_published_is_kept_when_it_is_replaced_or_taken_out(storage: Storage) -> None:
    asset, month = "published_tables", "2025-03"

    def publish(n: int, *, passed: bool = True) -> None:
        version = storage.write_candidate(
            asset, month, pl.DataFrame({"n": [n]}), inputs={}, statistics={}, versions={}
        )
        storage.seal(version, asset, "1", [Check(passed=passed)])

    publish(100)
    publish(7, passed=False)
    publish(103)
    assert storage.purge_former(asset, month) == 0
    storage.withdraw(asset, month)
    storage.sweep()
    assert storage.sealed(asset, month) is None
    publish(113)
    kept = [storage.read_version(release)["n"].item() for release in storage.releases(asset, month)]
    assert kept == [100, 103, 113]
