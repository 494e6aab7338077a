"""Classified rows say by what they were decided, and the manifest says what kept others from it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from classified_rows import MAP, Row

from aspa_assets.classification import classified_feedback
from aspa_resources.resources import RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Manifest, Storage
from expectations.columns import COLUMNS, names

KEY = "10|2025-03"
SHIPPED = Path(__file__).parents[3] / "rules"


class Step:
    """A storage with verified rows, and the step that classifies them."""

    def __init__(self, root: Path) -> None:
        self.resource = StorageResource(home=str(root))
        self.storage: Storage = self.resource.open()

    def verified(self, rows: Sequence[Row]) -> None:
        schema = {c.name: getattr(pl, c.type) for c in COLUMNS["anonymized_feedback"]}
        ids = [f"{n:032x}" for n in range(len(rows))]
        frame = pl.DataFrame(
            [{"response_id": i, **row} for i, row in zip(ids, rows, strict=True)], schema=schema
        )
        anonymous = self.seal("anonymized_feedback", KEY, frame)
        passed = frame.select("response_id", passed=pl.lit(value=True))
        self.seal("verification_run", KEY, passed, {f"anonymized_feedback@{KEY}": anonymous})

    def seal(
        self, asset: str, partition: str, frame: pl.DataFrame, inputs: dict[str, str] | None = None
    ) -> str:
        candidate = self.storage.write_candidate(
            asset, partition, frame, inputs=inputs or {}, statistics={}, versions={}
        )
        return self.storage.seal(candidate, asset, "1", []).version

    def run(self) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [classified_feedback],
            partition_key=KEY,
            resources={"storage": self.resource, "rule_book": RuleBookResource()},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )

    def classify(self) -> Manifest:
        assert self.run().success
        return self.storage.manifest("classified_feedback", KEY)


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


ROWS: list[Row] = [
    {"cost_centre": "41001", "specialty": "70"},
    {"cost_centre": "41009", "delivered_service_class": "2602"},
    {"cost_centre": "41003", "service_form": "T60", "age_group": "25-44"},
    {"specialty": "10A"},
    {"service_form": "T40"},
    {"service_form": "T41", "cost_centre": "41009"},
    {},
]


def test_the_manifest_counts_how_classes_came_about(step: Step) -> None:
    step.verified(ROWS)
    step.seal("cost_centre_map", "10", MAP)
    statistics = step.classify().statistics
    assert statistics["unclassified"] == 3
    assert statistics["by_source"] == {
        "cost_centre_map": 1, "delivered": 1, "inferred": 2, "none": 3,
    }  # fmt: skip
    assert statistics["by_rule"] == {
        "01-cost-centre-map": 1, "02-delivered-class": 1, "11-oral-health": 1,
        "09-somatic-specialised-care": 1, "unclassified": 3,
    }  # fmt: skip
    assert statistics["cost_centres"] == {
        "rows_with": 4, "rows_known": 1, "entries": 3, "entries_expired": 1, "classes_ended": 1,
    }  # fmt: skip
    missing = statistics["missing_inputs"]
    assert next(iter(missing)) == "delivered_service_class"
    assert (missing["age_group"], missing["cost_centre"], missing["service_form"]) == (2, 2, 1)


def test_every_row_says_by_what_it_was_decided(step: Step) -> None:
    step.verified(ROWS)
    step.seal("cost_centre_map", "10", MAP)
    manifest = step.classify()
    frame = step.storage.read("classified_feedback", KEY)
    assert frame.columns == names("classified_feedback")
    assert frame["inputs_fingerprint"].str.contains("^[0-9a-f]{12}$").all()
    assert dict(zip(frame["response_id"], frame["service_specialty"], strict=True))[
        f"{3:032x}"
    ] == "10A"  # fmt: skip
    book = RuleBook.load()
    assert manifest.versions["service_classes"] == book.classification_version
    assert manifest.versions["rules"] == book.version


def test_the_rule_books_map_serves_a_county_that_delivers_none(
    step: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "rules")
    text = "cost_centre,name,service_class,valid_from,valid_to\n41009,,2561,,\n"
    (folder / "aura" / "cost_centres" / "10.csv").write_text(text, "utf-8")
    monkeypatch.setenv("ASPA_RULES", str(folder))
    step.verified(ROWS)
    statistics = step.classify().statistics
    assert statistics["by_source"]["cost_centre_map"] == 2
    assert statistics["cost_centres"]["rows_known"] == 2
    step.seal("cost_centre_map", "10", MAP)
    assert step.classify().statistics["cost_centres"]["rows_known"] == 1


def test_operators_see_what_the_rules_leave_undecided(step: Step) -> None:
    step.verified(ROWS)
    events = step.run().asset_materializations_for_node("classified_feedback")
    shown = events[0].metadata["undecided"].value
    assert "| service_form T40, T41, T42 | age_group missing |" in str(shown)
