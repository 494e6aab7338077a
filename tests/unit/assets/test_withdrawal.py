"""What stands on a retracted delivery is taken out of every layer, and only that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from landing_folder import Landing, feedback

from aspa_assets.retraction import NoSuchDeliveryError, reinstate, retract
from aspa_assets.withdrawal import (
    OF_COUNTY,
    OF_MONTH,
    OF_NATION,
    purge_former_versions,
    withdraw_retracted,
    withdraw_unfounded,
)
from aspa_resources.home import AspaHome
from aspa_resources.storage import NotSealedError, Storage
from aspa_resources.zones import ZoneKeys

KEY, OTHER, MONTH = "10|2025-03", "18|2025-03", "2025-03"


@dataclass
class Check:
    passed: bool = True
    name: str = "rule"
    blocking: bool = True
    unexpected_count: int = 0


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path)
    for county in ("10", "18"):
        landing.drop("a.csv", feedback(f"text of {county}"), county)
    landing.look()
    return landing


@pytest.fixture
def storage(landing: Landing) -> Storage:
    """Return a storage in which both counties' month went the whole way."""
    storage = Storage(landing.root / "storage", ZoneKeys(landing.root / "keys"))
    months = landing.zone.stock().months
    for key in (KEY, OTHER):
        hashes = [drop.content_hash for drop in months[key[:2], MONTH]]
        for asset in ("raw_delivery", *OF_COUNTY, *OF_NATION):
            seal(storage, asset, key, hashes)
    for asset in OF_MONTH:
        seal(storage, asset, MONTH, [])
    return storage


def seal(storage: Storage, asset: str, key: str, hashes: list[str]) -> None:
    statistics = {"content_hashes": hashes}
    candidate = storage.write_candidate(
        asset, key, pl.DataFrame({"a": [1]}), inputs={}, statistics=statistics, versions={}
    )
    storage.seal(candidate, asset, "1", [Check()])


def sealed(storage: Storage, key: str) -> set[str]:
    assets = ("raw_delivery", *OF_COUNTY, *OF_NATION, *OF_MONTH)
    return {asset for asset in assets if storage.sealed(asset, key)}


def page(home: AspaHome, county: str) -> Path:
    path = home.reports / county / f"{MONTH}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("page", encoding="utf-8")
    return path


def test_nothing_is_withdrawn_while_nothing_is_retracted(
    landing: Landing, storage: Storage
) -> None:
    assert withdraw_retracted(landing.zone, storage) == []
    assert withdraw_unfounded(storage, AspaHome(landing.root)) == []


def test_a_retracted_month_leaves_every_layer_and_the_others_stay(
    landing: Landing, storage: Storage
) -> None:
    home = AspaHome(landing.root)
    pages = [page(home, county) for county in ("10", "18", "FI")]
    retract(landing.zone, "10", MONTH, None)
    assert withdraw_retracted(landing.zone, storage) == [KEY]
    assert withdraw_unfounded(storage, home) == [KEY]
    assert sealed(storage, KEY) == set()
    assert sealed(storage, OTHER) == {"raw_delivery", *OF_COUNTY, *OF_NATION}
    assert sealed(storage, MONTH) == {*OF_MONTH}
    assert [path.exists() for path in pages] == [False, True, True]
    with pytest.raises(NotSealedError, match="taken out"):
        storage.read("validated_feedback", KEY)


def test_a_month_without_any_county_left_is_published_no_more(
    landing: Landing, storage: Storage
) -> None:
    home = AspaHome(landing.root)
    national = page(home, "FI")
    (home.thl / MONTH).mkdir(parents=True)
    for county in ("10", "18"):
        retract(landing.zone, county, MONTH, None)
    withdraw_retracted(landing.zone, storage)
    assert withdraw_unfounded(storage, home) == [KEY, OTHER, MONTH]
    assert sealed(storage, MONTH) == set()
    assert not national.exists()
    assert not (home.thl / MONTH).exists()


def test_no_byte_of_a_retracted_delivery_is_kept(landing: Landing, storage: Storage) -> None:
    (drop,) = retract(landing.zone, "10", MONTH, None)
    withdraw_retracted(landing.zone, storage)
    withdraw_unfounded(storage, AspaHome(landing.root))
    left = [p for p in landing.root.rglob("*.parquet") if "10" in p.relative_to(landing.root).parts]
    assert left == []
    assert not (landing.root / "landing" / "10" / "a.csv").exists()
    assert not landing.zone.keeps(drop)


def test_a_month_goes_with_every_version_of_it(landing: Landing, storage: Storage) -> None:
    landing.drop("a.csv", feedback("newer"))
    landing.look()
    assert [d.number for d in retract(landing.zone, "10", MONTH, None)] == [1, 3]
    withdraw_retracted(landing.zone, storage)
    assert not any(landing.zone.keeps(d) for d in landing.zone.stock().drops if d.county == "10")


def test_a_replaced_file_tells_what_took_its_place_also_once_that_is_gone(
    landing: Landing,
) -> None:
    landing.drop("b.csv", feedback("newer"))
    landing.look()
    retract(landing.zone, "10", None, "b.csv")
    stock = landing.zone.stock()
    assert stock.relation(stock.by_number[1]) == ("replaced", stock.by_number[3])


def test_a_file_that_took_the_name_meanwhile_is_not_removed(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("newer"))
    retract(landing.zone, "10", MONTH, None)
    assert path.read_bytes() == feedback("newer")


@pytest.mark.parametrize("by", ["name", "number", "hash"])
def test_one_file_is_named_by_name_number_or_hash(landing: Landing, by: str) -> None:
    drop = landing.drop_named("a.csv")
    named = {"name": "a.csv", "number": str(drop.number), "hash": drop.content_hash[:8]}[by]
    assert [d.number for d in retract(landing.zone, drop.county, None, named)] == [drop.number]


def test_what_names_nothing_in_force_is_told(landing: Landing) -> None:
    with pytest.raises(NoSuchDeliveryError, match="--history"):
        retract(landing.zone, "10", "2025-04", None)
    retract(landing.zone, "10", MONTH, None)
    with pytest.raises(NoSuchDeliveryError, match="taken out before"):
        retract(landing.zone, "10", MONTH, None)


def test_a_retraction_that_was_cut_short_is_finished_by_the_next_run(
    landing: Landing, storage: Storage
) -> None:
    drop = landing.zone.stock().months["10", MONTH][0]
    landing.zone.ledger.retract(drop)
    withdraw_retracted(landing.zone, storage)
    assert not landing.zone.keeps(drop)


def test_a_refused_file_can_be_taken_out_too(landing: Landing, storage: Storage) -> None:
    landing.drop("rekisteri.csv", b"")
    landing.look()
    (drop,) = retract(landing.zone, "10", None, "rekisteri.csv")
    withdraw_retracted(landing.zone, storage)
    assert not landing.zone.keeps(drop)
    landing.drop("rekisteri.csv", b"")
    assert landing.told() == [("dropped_again", "rekisteri.csv")]
    assert not landing.zone.keeps(drop)


def test_a_name_that_means_several_files_takes_none(landing: Landing) -> None:
    landing.drop("a.csv", feedback("another month", "2025-04"))
    landing.look()
    with pytest.raises(NoSuchDeliveryError, match="1, 3"):
        retract(landing.zone, "10", None, "a.csv")
    assert [d.number for d in retract(landing.zone, "10", "2025-04", "a.csv")] == [3]


def test_former_versions_go_with_what_they_held(landing: Landing, storage: Storage) -> None:
    landing.drop("a.csv", feedback("corrected"))
    landing.look()
    for asset, key in (("raw_delivery", KEY), ("classified_feedback", KEY), ("trend_mart", MONTH)):
        seal(storage, asset, key, ["of the corrected file"])
    retract(landing.zone, "10", None, "1")
    assert withdraw_retracted(landing.zone, storage) == []
    purge_former_versions(landing.zone.stock(), storage)
    for asset, key in (("raw_delivery", KEY), ("classified_feedback", KEY), ("trend_mart", MONTH)):
        folder = landing.root / "storage"
        (left,) = folder.glob(f"*/{asset}/{key.replace('|', '/')}/*.parquet")
        assert left.stem == storage.manifest(asset, key).version


def test_a_retracted_file_comes_back_only_by_decision_and_with_its_bytes(
    landing: Landing, storage: Storage
) -> None:
    retract(landing.zone, "10", MONTH, None)
    withdraw_retracted(landing.zone, storage)
    with pytest.raises(NoSuchDeliveryError, match="Drop the file again"):
        reinstate(landing.zone, "10", MONTH, None)
    landing.look()
    landing.drop("a.csv", feedback("text of 10"))
    assert landing.told() == [("dropped_again", "a.csv")]
    assert landing.in_force() == []
    reinstate(landing.zone, "10", MONTH, None)
    assert landing.in_force() == ["a.csv"]
    assert landing.zone.fetch(landing.zone.stock().by_number[1]) == feedback("text of 10")


def test_counts_of_two_months_with_the_same_bytes_keep_them_for_each_other(
    landing: Landing,
) -> None:
    for month in ("2025-01", "2025-02"):
        landing.drop(f"{month}.csv", b"sampling_counts - -\n1")
    landing.look()
    retract(landing.zone, "10", "2025-01", None)
    (other,) = landing.zone.stock().months["10", "2025-02"]
    assert landing.zone.fetch(other) == b"sampling_counts - -\n1"
