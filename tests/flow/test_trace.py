"""In a real run, figures of every published table lead to their files, and the month tells all."""

from __future__ import annotations

import json

import pytest
from home import Home

from aspa_resources.delivery.notes import fingerprint
from aspa_resources.figure_keys import FigureKey
from aspa_resources.home import AspaHome
from aspa_resources.ledger import Ledger
from aspa_resources.published_form import release_tables
from aspa_resources.rule_book import RuleBook
from aspa_resources.tracing import Trace, trace
from aspa_resources.warehouse import PUBLISHED

MONTH = "2025-03"
ROWS_OF_A_TABLE = 6


@pytest.fixture(scope="module")
def traces(demo_home: Home) -> list[Trace]:
    """Return the traces of rows from all over every published table."""
    rules, ledger = RuleBook.load(), Ledger(AspaHome(demo_home.root).ledger)
    storage = demo_home.storage
    told = []
    for asset in PUBLISHED:
        release = storage.manifest(asset, MONTH)
        for name, table in release_tables(storage, release, rules).items():
            for row in table[:: max(1, table.height // ROWS_OF_A_TABLE)].iter_rows(named=True):
                cell = {d: row[d] for d in rules.published_tables[name].dimensions}
                key = FigureKey(MONTH, name, row["county"], row["measure"], cell)
                told.append(trace(storage, ledger, rules, FigureKey.parse(str(key))))
                assert (told[-1].value, told[-1].n) == (row["value"], row["n"])
    return told


def test_figures_of_every_table_lead_to_files_of_the_ledger(
    demo_home: Home, traces: list[Trace]
) -> None:
    ledger = {drop.content_hash for drop in Ledger(AspaHome(demo_home.root).ledger).drops()}
    assert len(traces) > 60
    for told in traces:
        files = [delivery for one in told.counties for delivery in one.deliveries]
        assert told.problems == [], told.key
        assert {file.content_hash for file in files} <= ledger
        assert any(file.kind == "feedback" for file in files), told.key


def test_rows_delivered_are_those_published_of_the_deliveries(
    demo_home: Home, traces: list[Trace]
) -> None:
    quality = {t.key.split("/")[2]: t.value for t in traces if "/rows_delivered" in t.key}
    assert quality
    for told in traces:
        for one in told.counties:
            if one.month == MONTH and one.county in quality:
                assert one.rows.delivered == quality[one.county]
    assert demo_home.failing("trace", f"{MONTH}/quality/99/rows_delivered")


def test_the_month_has_its_page(demo_home: Home, traces: list[Trace]) -> None:
    (county,) = {one.county for one in traces[0].counties[:1]}
    page = demo_home.aspa("trace", "--county", county, "--month", MONTH).strip()
    told = (demo_home.root / "operator" / "what_happened" / county / f"{MONTH}.html").read_text()
    assert page.endswith(f"what_happened/{county}/{MONTH}.html")
    hashes = [
        delivery.content_hash
        for one in traces[0].counties
        if (one.county, one.month) == (county, MONTH)
        for delivery in one.deliveries
    ]
    assert all(fingerprint(content_hash) in told for content_hash in hashes)


def test_the_lineage_of_everything_is_written(demo_home: Home) -> None:
    out = demo_home.root / "events.jsonl"
    told = demo_home.json("lineage", str(out))
    jobs = {json.loads(line)["job"]["name"] for line in out.read_text().splitlines()}
    assert told["events"] > 100
    assert {"raw_delivery", "classified_feedback", "published_tables.checks"} <= jobs
