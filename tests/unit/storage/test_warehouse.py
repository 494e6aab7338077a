"""The warehouse stands on every sealed month, whoever sealed it and whatever was killed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from aspa_resources.published_form import join_tables
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.warehouse import NoWarehouseError, Warehouse
from aspa_resources.zones import ZoneKeys
from expectations.columns import names

RULES = RuleBook.load()


@dataclass
class Check:
    name: str = "rule"
    passed: bool = True
    blocking: bool = True
    unexpected_count: int = 0


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "storage", ZoneKeys(tmp_path / "keys"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.duckdb")


def seal(storage: Storage, month: str, nps: float) -> None:
    table = pl.DataFrame(
        {"month": [month], "county": ["FI"], "service_class": ["ALL"], "measure": ["nps"],
         "value": [nps], "n": [20], "status": ["published"]}
    )  # fmt: skip
    frame = join_tables({"indicators_by_service_class": table}, names("published_tables"))
    candidate = storage.write_candidate(
        "published_tables", month, frame, inputs={}, statistics={}, versions={}
    )
    storage.seal(candidate, "published_tables", "1", [Check()])


def values(warehouse: Warehouse) -> dict[str, float]:
    frame = warehouse.read("indicators_by_service_class")
    return dict(frame.select("month", "value").iter_rows())


def test_it_holds_every_sealed_month_at_its_newest_release(
    storage: Storage, warehouse: Warehouse
) -> None:
    seal(storage, "2025-02", 10)
    seal(storage, "2025-03", 20)
    warehouse.sync(storage, RULES)
    assert values(warehouse) == {"2025-02": 10, "2025-03": 20}
    seal(storage, "2025-02", 30)
    warehouse.sync(storage, RULES)
    assert values(warehouse) == {"2025-02": 30, "2025-03": 20}
    assert set(warehouse.tables()) == set(RULES.published_tables)


def test_it_is_left_alone_while_it_stands_on_the_seals(
    storage: Storage, warehouse: Warehouse, tmp_path: Path
) -> None:
    seal(storage, "2025-03", 20)
    warehouse.sync(storage, RULES)
    before = (tmp_path / "warehouse.duckdb").stat().st_ino
    warehouse.sync(storage, RULES)
    assert (tmp_path / "warehouse.duckdb").stat().st_ino == before


def test_it_shows_nothing_of_a_month_that_was_taken_out(
    storage: Storage, warehouse: Warehouse
) -> None:
    seal(storage, "2025-02", 10)
    seal(storage, "2025-03", 20)
    warehouse.sync(storage, RULES)
    storage.withdraw("published_tables", "2025-02")
    warehouse.sync(storage, RULES)
    assert values(warehouse) == {"2025-03": 20}
    storage.withdraw("published_tables", "2025-03")
    warehouse.sync(storage, RULES)
    with pytest.raises(NoWarehouseError, match="Nothing is published"):
        warehouse.tables()


def test_before_anything_is_published_it_says_so(storage: Storage, warehouse: Warehouse) -> None:
    warehouse.sync(storage, RULES)
    with pytest.raises(NoWarehouseError, match="aspa run"):
        warehouse.tables()
