"""Quarters and years are shown when all their months are, and follow the months' new releases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from aspa_assets.periods import published_periods
from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart
from aspa_resources.periods import periods_ending
from aspa_resources.published_form import join_tables, part_tables
from aspa_resources.resources import RuleBookResource, StorageResource, WarehouseResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Manifest, Storage
from expectations.columns import COLUMNS, names

RULES = RuleBook.load()
PODIATRY, APPOINTMENT = "2536", "2538"
OFTEN = {PODIATRY: 6, APPOINTMENT: 40}


def responses(month: str, by_class: Mapping[str, int]) -> pl.DataFrame:
    """Return classified rows of two counties; scores from all three groups."""
    schema = {c.name: getattr(pl, c.type) for c in COLUMNS["classified_feedback"]}
    rows = [
        {"county": county, "service_class": code, "month": month, "nps": (0, 8, 10)[i % 3]}
        for county in ("05", "06")
        for code, count in by_class.items()
        for i in range(count)
    ]
    return pl.DataFrame(rows, schema=schema)


class Step:
    """A storage with published months, and the step that shows several of them together."""

    def __init__(self, root: Path) -> None:
        self.resources = {
            "storage": StorageResource(home=str(root)),
            "rule_book": RuleBookResource(),
            "warehouse": WarehouseResource(home=str(root)),
        }
        self.storage: Storage = self.resources["storage"].open()

    def publish(self, month: str, by_class: Mapping[str, int] = OFTEN) -> None:
        mart = indicator_mart(responses(month, by_class), RULES)
        self.seal("indicator_mart", month, mart)
        tables = protect({"indicator_mart": mart}, RULES)
        self.seal("published_tables", month, join_tables(tables, names("published_tables")))

    def seal(self, asset: str, partition: str, frame: pl.DataFrame) -> None:
        candidate = self.storage.write_candidate(
            asset, partition, frame, inputs={}, statistics={}, versions={}
        )
        self.storage.seal(candidate, asset, "1", [])

    def run(self, month: str) -> Manifest:
        done = dg.materialize(
            [published_periods],
            partition_key=month,
            resources=self.resources,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        assert done.success
        return self.storage.manifest("published_periods", month)

    def counts(self, month: str, period: str) -> dict[tuple[str, str], int | None]:
        frame = self.storage.read("published_periods", month)
        shown = part_tables(frame, RULES)["indicators_by_period"]
        rows = shown.filter(period=period, measure="responses")
        return {(c, s): n for c, s, n in rows.select("county", "service_class", "n").iter_rows()}


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


def test_the_calendar() -> None:
    assert periods_ending("2025-05") == []
    assert [p.name for p in periods_ending("2025-06")] == ["2025-Q2"]
    quarter, year = periods_ending("2025-12")
    assert quarter.months == ("2025-10", "2025-11", "2025-12")
    assert (year.name, year.months[0], len(year.months)) == ("2025", "2025-01", 12)
    assert [q.name for q in year.quarters] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]


def test_a_quarter_waits_for_all_its_months(step: Step) -> None:
    step.publish("2025-03")
    step.publish("2025-01")
    assert step.run("2025-03").statistics["periods"] == []
    step.publish("2025-02")
    assert step.run("2025-03").statistics["periods"] == ["2025-Q1"]
    counts = step.counts("2025-03", "2025-Q1")
    assert counts["05", APPOINTMENT] == 120
    assert counts["05", PODIATRY] == 18  # six a month show nowhere else
    assert counts["FI", "ALL"] == 276


def test_a_month_between_quarters_shows_no_period(step: Step) -> None:
    step.publish("2025-02")
    manifest = step.run("2025-02")
    assert (manifest.rows, manifest.statistics["periods"]) == (0, [])


def test_a_year_adds_up_its_quarters(step: Step) -> None:
    for number in range(1, 13):
        month = f"2025-{number:02d}"
        step.publish(month, {PODIATRY: 2, APPOINTMENT: 40})
        step.run(month)
    assert step.storage.manifest("published_periods", "2025-12").statistics["periods"] == [
        "2025-Q4",
        "2025",
    ]
    assert step.counts("2025-12", "2025-Q4")["05", PODIATRY] is None
    year = step.counts("2025-12", "2025")
    assert (year["05", PODIATRY], year["05", APPOINTMENT]) == (24, 480)


def test_a_figure_that_only_the_quarter_shows_is_never_shown_otherwise(step: Step) -> None:
    for month in ("2025-01", "2025-02", "2025-03"):
        step.publish(month)
    step.run("2025-03")
    assert step.counts("2025-03", "2025-Q1")["05", PODIATRY] == 18
    step.publish("2025-02", OFTEN | {PODIATRY: 8})
    step.run("2025-03")
    assert step.counts("2025-03", "2025-Q1")["05", PODIATRY] is None


def test_nothing_is_added_up_from_a_figure_that_its_month_does_not_show(step: Step) -> None:
    for month in ("2025-01", "2025-02", "2025-03"):
        step.publish(month)
    # The release of February is held: its tables stay while its mart has moved on.
    mart = indicator_mart(responses("2025-02", OFTEN | {APPOINTMENT: 41}), RULES)
    step.seal("indicator_mart", "2025-02", mart)
    step.run("2025-03")
    counts = step.counts("2025-03", "2025-Q1")
    assert counts["05", APPOINTMENT] is None
    assert counts["05", "ALL"] is None
    assert counts["05", PODIATRY] is None
