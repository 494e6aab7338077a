"""Every published figure leads to the files it stands on, and what does not agree is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from traced_home import (
    DELIVERED,
    MARK,
    MONTH,
    QUARANTINED,
    REJECTED,
    TracedHome,
    hash_of,
    published,
)

from aspa_resources.figure_keys import FigureKey
from aspa_resources.published_form import join_tables, release_tables
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.tracing import Trace, UnknownFigureError, lines, trace
from aspa_resources.tracing.steps import shown_texts, total
from expectations.columns import names

NPS = f"{MONTH}/indicators_by_service_class/10/nps"
THEMES = f"{MONTH}/themes_by_sentiment/10/responses"


def traced(made: TracedHome, rules: RuleBook, key: str = NPS, release: str | None = None) -> Trace:
    return trace(made.storage, made.ledger, rules, FigureKey.parse(key), release)


def published_keys(made: TracedHome, rules: RuleBook) -> Iterator[FigureKey]:
    for asset in ("published_tables", "published_trends"):
        release = made.storage.manifest(asset, MONTH)
        for table, frame in release_tables(made.storage, release, rules).items():
            for row in frame.iter_rows(named=True):
                cell = {d: row[d] for d in rules.published_tables[table].dimensions}
                yield FigureKey(MONTH, table, row["county"], row["measure"], cell)


def test_every_published_figure_leads_to_the_ledgers_files(
    made: TracedHome, rules: RuleBook
) -> None:
    ledger = {drop.county: drop.content_hash for drop in Stock.of(made.ledger).drops}
    keys = [*published_keys(made, rules)]
    assert len(keys) > 10
    for key in keys:
        told = trace(made.storage, made.ledger, rules, key)
        counties = [key.county] if key.county != "FI" else [*DELIVERED]
        assert told.problems == []
        assert [one.county for one in told.counties] == counties
        assert [one.rows.delivered for one in told.counties] == [DELIVERED[c] for c in counties]
        hashes = [delivery.content_hash for one in told.counties for delivery in one.deliveries]
        assert hashes == [ledger[county] for county in counties]


def test_rows_are_told_step_by_step(made: TracedHome, rules: RuleBook) -> None:
    (county,) = traced(made, rules, THEMES).counties
    accepted = DELIVERED["10"] - REJECTED
    assert county.rows.accepted == county.rows.anonymized == accepted
    assert county.rows.classified == accepted - QUARANTINED
    assert county.rows.with_text == 15
    assert county.deliveries[0].standing == "in_force"


def test_each_step_tells_its_versions_checks_and_rows(made: TracedHome, rules: RuleBook) -> None:
    steps = {step.asset: step for step in traced(made, rules).steps}
    classified = steps["classified_feedback"]
    assert classified.rows_in == {"anonymized_feedback": 28, "verification_run": 28}
    assert classified.rows == 27
    assert classified.versions == {"rules": "r1"}
    assert [check["passed"] for check in classified.checks] == [True, False]
    assert {step.content for step in steps.values()} == {"intact"}
    assert "theme_mart" not in steps  # the score is no theme's


def test_another_countys_rows_are_not_behind_a_countys_figure(
    made: TracedHome, rules: RuleBook
) -> None:
    partitions = {step.partition for step in traced(made, rules).steps}
    assert partitions == {MONTH, f"10|{MONTH}"}


def test_a_quarters_figure_stands_on_the_marts_of_its_months(
    made: TracedHome, rules: RuleBook
) -> None:
    score = published(50.0)["indicators_by_service_class"].with_columns(period=pl.lit("2025-Q1"))
    frame = join_tables({"indicators_by_period": score}, names("published_periods"))
    inputs = [f"published_tables@{MONTH}", f"indicator_mart@{MONTH}"]
    made.seal_frame("published_periods", MONTH, frame, inputs)
    told = traced(made, rules, f"{MONTH}/indicators_by_period/10/nps?period=2025-Q1")
    assert [one.county for one in told.counties] == ["10"]
    assert {"published_tables", "indicator_mart"} <= {step.asset for step in told.steps}
    assert told.problems == []


def test_a_suppressed_figure_stays_hidden(made: TracedHome, rules: RuleBook) -> None:
    told = traced(made, rules, f"{NPS}?service_class=2545")
    assert (told.value, told.n, told.status) == (None, None, "suppressed")
    assert "suppressed" in lines(told)[1]


def test_few_texts_are_not_told_nor_any_sum_of_them(tmp_path: Path, rules: RuleBook) -> None:
    made = TracedHome(tmp_path / "home", texts={"08": 30, "10": 4}).made()
    told = traced(made, rules, THEMES)
    steps = {step.asset: step for step in told.steps}
    assert told.counties[0].rows.with_text is None
    assert steps["analyzed_feedback"].rows is None
    assert steps["theme_mart"].rows_in["analyzed_feedback"] is None
    assert any("hidden rows" in line for line in lines(told))


@given(texts=st.integers(0, 200), verified=st.integers(0, 200), threshold=st.integers(2, 20))
def test_a_told_count_leaves_nobody_in_a_small_group(
    texts: int, verified: int, threshold: int
) -> None:
    told = shown_texts(texts, max(texts, verified), threshold)
    rest = max(texts, verified) - texts
    small = any(0 < group < threshold for group in (texts, rest))
    assert told == (None if small else texts)


def test_a_sum_with_a_hidden_part_is_hidden() -> None:
    assert total([3, 4]) == 7
    assert total([3, None]) is None


def test_a_former_release_is_traced_by_its_version(made: TracedHome, rules: RuleBook) -> None:
    first = made.storage.manifest("published_tables", MONTH).version
    made.publish(value=61.0)
    assert traced(made, rules).value == 61.0
    former = traced(made, rules, release=first)
    assert former.value == 50.0
    assert former.release["in_force"] is False
    assert former.release["earlier_releases"] == 0
    assert traced(made, rules).release["earlier_releases"] == 1


def test_a_held_release_is_traced_to_the_one_it_repeats(made: TracedHome, rules: RuleBook) -> None:
    first = made.storage.manifest("published_tables", MONTH).version
    mart = made.storage.manifest("indicator_mart", MONTH).version
    made.publish(held=True)
    for key in (NPS, f"{MONTH}/trend/10/nps?period={MONTH}"):
        told = traced(made, rules, key)
        marts = {step.version for step in told.steps if step.asset == "indicator_mart"}
        assert marts == {mart}
        assert told.problems == []
    assert traced(made, rules).release["figures_of"] == first


def test_a_changed_file_is_a_problem(made: TracedHome, rules: RuleBook) -> None:
    mart = made.storage.manifest("indicator_mart", MONTH)
    path = made.file_of(mart)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    told = traced(made, rules)
    assert [mart.version in problem for problem in told.problems] == [True]
    assert any("CHANGED SINCE ITS SEAL" in line for line in lines(told))


def test_a_missing_file_is_a_problem_and_a_purged_one_is_none(
    made: TracedHome, rules: RuleBook
) -> None:
    key = f"10|{MONTH}"
    made.storage.purge("raw_delivery", key)
    told = traced(made, rules)
    raw = next(step for step in told.steps if step.asset == "raw_delivery")
    assert (raw.content, told.problems) == ("purged", [])
    made.file_of(made.storage.manifest("validated_feedback", key)).unlink()
    assert "is gone" in traced(made, rules).problems[0]


def test_what_was_replaced_is_told_as_such(made: TracedHome, rules: RuleBook) -> None:
    key = f"10|{MONTH}"
    made.process("10")  # computed anew, and not yet published
    made.storage.purge_former("validated_feedback", key)
    step = next(s for s in traced(made, rules).steps if s.asset == "validated_feedback")
    assert (step.content, step.current) == ("removed", False)


def test_a_hash_that_the_ledger_does_not_know_is_a_problem(
    made: TracedHome, rules: RuleBook
) -> None:
    made.home.ledger.unlink()
    assert hash_of("10") in traced(made, rules).problems[0]


def test_rows_that_do_not_add_up_are_a_problem(made: TracedHome, rules: RuleBook) -> None:
    key = f"10|{MONTH}"
    gate = [f"anonymized_feedback@{key}", f"verification_run@{key}"]
    made.seal("classified_feedback", key, 20, gate, unclassified=0)
    made.publish()
    assert "do not add up" in traced(made, rules).problems[0]


def test_a_manifest_that_is_gone_is_a_problem(made: TracedHome, rules: RuleBook) -> None:
    (path,) = (made.home.storage / "national" / "classified_feedback" / "10").rglob("current.json")
    path.unlink()
    assert "whose manifest is gone" in traced(made, rules).problems[0]


@pytest.mark.parametrize(
    ("key", "cure"),
    [
        (f"{MONTH}/indicators_by_service_clas/10/nps", "indicators_by_service_class"),
        (f"{MONTH}/indicators_by_service_class/10/npz", "Write nps"),
        (f"{MONTH}/indicators_by_service_class/10/nps?theme=fees", "service_class"),
        (f"{MONTH}/indicators_by_service_class/10/nps?service_class=2554", "2545"),
        (f"{MONTH}/indicators_by_service_class/11/nps", "10"),
        ("2025-04/indicators_by_service_class/10/nps", MONTH),
    ],
)
def test_an_unknown_figure_names_the_cure(
    made: TracedHome, rules: RuleBook, key: str, cure: str
) -> None:
    with pytest.raises(UnknownFigureError, match=cure):
        traced(made, rules, key)


def test_an_unknown_release_names_those_there_are(made: TracedHome, rules: RuleBook) -> None:
    there = made.storage.manifest("published_tables", MONTH).version
    with pytest.raises(UnknownFigureError, match=there):
        traced(made, rules, release="20250101")


def test_nothing_of_a_text_or_a_files_name_is_told(made: TracedHome, rules: RuleBook) -> None:
    for key in published_keys(made, rules):
        told = trace(made.storage, made.ledger, rules, key)
        assert MARK not in json.dumps(told.as_dict()) + "\n".join(lines(told))


def test_lines_draw_one_tree(made: TracedHome, rules: RuleBook) -> None:
    drawn = lines(traced(made, rules, f"{MONTH}/indicators_by_service_class/FI/nps"))
    assert "└─ indicator_mart  2025-03: 5 rows, national zone" in drawn
    assert any("classified_feedback  2 partitions: 64 rows" in line for line in drawn)
    assert drawn[-1].startswith("Every kept file")
    assert pl.Series(drawn).str.contains(hash_of("08")).sum() == 1
