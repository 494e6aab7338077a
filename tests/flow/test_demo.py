"""The whole way once: from dropped files to published tables and pages, as a user runs it."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import polars as pl
from home import Home

THRESHOLD = 10


def truth_rows(home: Home) -> dict[tuple[str, str], list[dict[str, object]]]:
    """Return what the demo knows of each delivery's rows, by county and file name."""
    folder = home.root / "demo_truth"
    return {
        (path.parent.name, path.name.removesuffix(".jsonl")): [
            json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()
        ]
        for path in sorted(folder.rglob("*.jsonl"))
    }


def test_every_county_and_month_comes_to_its_report(demo_home: Home) -> None:
    months = demo_home.json("status")["months"]
    assert {(m["county"], m["month"]) for m in months} == {
        (county, month) for county in ("08", "10", "18") for month in ("2025-02", "2025-03")
    }
    for month in months:
        assert month["station"] == "reported", month
        assert Path(month["report"]).stat().st_size > 10_000
        assert len(month["receipts"]) == len(month["files"])
        assert all(Path(page).exists() for page in month["receipts"])
        assert month["rows_delivered"] == month["rows_accepted"] + month["rows_rejected"] == 150


def test_the_receipt_tells_every_planted_fault_and_no_other(demo_home: Home) -> None:
    told = {(m["county"], m["files"][0]): m for m in demo_home.json("status")["months"]}
    for key, rows in truth_rows(demo_home).items():
        page = Path(told[key]["receipts"][0])
        receipt = json.loads(page.with_suffix(".json").read_text("utf-8"))
        found = {
            (f["row"], f["column"], f["code"]) for f in receipt["faults"] if f["row"] is not None
        }
        planted = {(row["row"], f["field"], f["why"]) for row in rows for f in row["faults"]}
        assert found == planted
        rejected = {f["row"] for f in receipt["faults"] if f["level"] == "row"}
        assert len(rejected) == receipt["rows_rejected"] == told[key]["rows_rejected"]


def test_broken_files_are_named_with_a_cure_and_lie_where_they_were(demo_home: Home) -> None:
    refused = demo_home.json("status")["refused_files"]
    broken = {p.name.removesuffix(".json") for p in (demo_home.root / "demo_truth").rglob("*.json")}
    assert {file["file"] for file in refused} == broken
    for file in refused:
        assert file["what"]
        assert file["cure"]
        assert (demo_home.root / "landing" / file["county"] / file["file"]).exists()
        assert Path(file["receipt"]).exists()


def test_a_second_run_has_nothing_to_do_and_says_the_input_is_bad(demo_home: Home) -> None:
    before = sorted((demo_home.root / "storage").rglob("current.json"))
    stamps = [p.stat().st_mtime_ns for p in before]
    demo_home.aspa("run", code=1)  # the broken files still lie there
    assert [p.stat().st_mtime_ns for p in before] == stamps


def test_nothing_published_rests_on_fewer_responses_than_allowed(demo_home: Home) -> None:
    frame = demo_home.read("published_tables", "2025-03")
    shown = frame.filter(pl.col("measure").is_in(["responses", "nps"]) & pl.col("n").is_not_null())
    assert shown.height > 0
    assert shown.filter((pl.col("n") > 0) & (pl.col("n") < THRESHOLD)).height == 0
    hidden = frame.filter(pl.col("status") == "suppressed")
    assert hidden.height > 0
    assert hidden["value"].null_count() == hidden["n"].null_count() == hidden.height


def test_published_counts_are_the_counts_of_the_accepted_rows(demo_home: Home) -> None:
    month = "2025-03"
    frame = demo_home.read("published_tables", month)
    totals = frame.filter(
        (pl.col("table") == "indicators_by_service_class")
        & (pl.col("service_class") == "ALL")
        & (pl.col("measure") == "responses")
    )
    by_county: dict[str, float] = dict(totals.select("county", "value").iter_rows())
    expected: dict[str, int] = defaultdict(int)
    for told in demo_home.json("status")["months"]:
        if told["month"] == month:
            kept = told["rows_accepted"] - told["quarantined"]
            expected[told["county"]] += kept
            expected["FI"] += kept
    assert {c: v for c, v in by_county.items() if v is not None}.items() <= expected.items()
    assert by_county["FI"] == expected["FI"]


def test_the_classified_rows_name_the_rule_that_decided(demo_home: Home) -> None:
    frame = demo_home.read("classified_feedback", "10|2025-03")
    assert frame["service_class_rule"].null_count() == 0
    decided = frame.filter(pl.col("service_class") != "unclassified")
    assert decided.height > 0.8 * frame.height
    by_map = demo_home.storage.sealed("cost_centre_map", "10")
    assert by_map is not None
    assert by_map.rows > 0


def test_export_writes_every_declared_table_in_both_forms(demo_home: Home, tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        demo_home.aspa("export", str(tmp_path), "--format", file_format)
    with (tmp_path / "indicators_by_service_class.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["month", "county", "service_class", "measure", "value", "n", "status"]
    assert {row["month"] for row in rows} == {"2025-02", "2025-03"}
    frame = pl.read_parquet(tmp_path / "indicators_by_service_class.parquet")
    assert frame.height == len(rows)


def test_thl_gets_the_files_its_manifest_names(demo_home: Home) -> None:
    folder = demo_home.root / "thl" / "2025-03"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {f["file_name"] for f in manifest["files"]} == {
        p.name for p in folder.iterdir() if p.suffix not in {".sig", ".pem"}
    } - {"manifest.json"}
    assert manifest["versions"]["rules"]
    assert (demo_home.root / "thl" / "receipts" / "2025-03" / "0001.json").exists()


def test_the_audit_log_holds_and_goes_with_the_delivery(demo_home: Home) -> None:
    told = demo_home.json("audit", "--log")
    manifest = json.loads((demo_home.root / "thl" / "2025-03" / "manifest.json").read_text("utf-8"))
    assert told["faults"] == []
    assert told["entries"] >= manifest["audit_log"]["entries"] > 0
