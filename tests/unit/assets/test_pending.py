"""What is left to do follows from the manifests alone."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from aspa_assets.pending import (
    pending_analyses,
    pending_county_reports,
    pending_months,
    pending_verifications,
    topic_model_missing,
)
from aspa_assets.topics import FEWEST_TEXTS, VECTORS
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.warehouse import PUBLISHED
from aspa_resources.zones import ZoneKeys
from expectations.marts import MARTS, SHOWN

RULES = RuleBook.load()
KEY, MONTH = "10|2025-03", "2025-03"
MODEL = "0" * 64


@dataclass
class Check:
    passed: bool
    name: str = "rule"
    blocking: bool = True
    unexpected_count: int = 0


class Store:
    """A storage in which versions are sealed by hand."""

    def __init__(self, root: Path) -> None:
        self.storage = Storage(root / "storage", ZoneKeys(root / "keys"))

    def seal(self, asset: str, key: str, *inputs: tuple[str, str], good: bool = True) -> None:
        versions = {f"{a}@{k}": self.storage.manifest(a, k).version for a, k in inputs}
        candidate = self.storage.write_candidate(
            asset, key, pl.DataFrame({"a": [1]}), inputs=versions,
            statistics={"texts_passed": FEWEST_TEXTS},
            versions={"rules": RULES.version, VECTORS: MODEL},
        )  # fmt: skip
        self.storage.seal(candidate, asset, "1", [Check(passed=good)])

    def verify(self, key: str = KEY) -> None:
        anonymized, verified = ("anonymized_feedback", key), ("verification_run", key)
        self.seal("verification_run", key, anonymized)
        self.seal("anonymization_log", key, anonymized, verified)
        self.seal("classified_feedback", key, anonymized, verified)

    def analyze(self, key: str = KEY) -> None:
        inputs = [("anonymized_feedback", key), ("verification_run", key)]
        if self.storage.sealed("topic_model", NO_PARTITION):
            inputs.append(("topic_model", NO_PARTITION))
        self.seal("analyzed_feedback", key, *inputs)

    def publish(self, month: str = MONTH, *earlier: str) -> None:
        for mart in (m for m in MARTS if m != "trend_mart"):
            counties = [
                (asset, key)
                for asset in (
                    "classified_feedback",
                    "analyzed_feedback",
                    "sampling_counts",
                    "verification_run",
                )
                for key in self.storage.sealed_partitions(asset)
                if key.endswith(month)
            ]
            self.seal(mart, month, *counties)
        months = [("indicator_mart", m) for m in (month, *earlier)]
        self.seal("trend_mart", month, *months)
        self.seal("published_tables", month, *[(mart, month) for mart in SHOWN])
        released = [("published_tables", m) for m in (month, *earlier)]
        self.seal("published_trends", month, *released)
        behind = [*released, *months]
        self.seal("published_periods", month, *behind)
        shown = [(asset, month) for asset in PUBLISHED]
        self.seal("national_report", month, *shown)
        self.seal("thl_delivery", month, *shown)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.seal("anonymized_feedback", KEY)
    return store


def test_each_stage_makes_the_next_one_due(store: Store) -> None:
    assert pending_verifications(store.storage) == [KEY]
    store.verify()
    assert pending_verifications(store.storage) == []
    assert pending_analyses(store.storage) == [KEY]
    store.analyze()
    assert pending_analyses(store.storage) == []
    assert pending_months(store.storage, RULES) == [MONTH]
    store.publish()
    assert pending_months(store.storage, RULES) == []
    assert pending_county_reports(store.storage) == [KEY]
    store.seal("county_report", KEY, *[(asset, MONTH) for asset in PUBLISHED])
    assert pending_county_reports(store.storage) == []


def test_a_new_version_makes_everything_after_it_due_again(store: Store) -> None:
    store.verify()
    store.seal("anonymized_feedback", KEY)
    assert pending_verifications(store.storage) == [KEY]


def test_a_new_cost_centre_map_makes_its_county_due(store: Store) -> None:
    store.verify()
    store.seal("cost_centre_map", "18")
    assert pending_verifications(store.storage) == []
    store.seal("cost_centre_map", "10")
    assert pending_verifications(store.storage) == [KEY]


def test_verdicts_of_reviewers_make_the_verification_due_and_so_does_taking_them_out(
    store: Store,
) -> None:
    store.verify()
    store.seal("review_verdicts", KEY)
    assert pending_verifications(store.storage) == [KEY]
    store.seal("verification_run", KEY, ("anonymized_feedback", KEY), ("review_verdicts", KEY))
    verified = store.storage.manifest("verification_run", KEY).inputs
    assert f"review_verdicts@{KEY}" in verified
    store.storage.withdraw("review_verdicts", KEY)
    assert pending_verifications(store.storage) == [KEY]


def test_the_first_topic_model_is_due_once_there_are_texts_and_a_refit_never(store: Store) -> None:
    assert not topic_model_missing(store.storage, MODEL)
    store.verify()
    assert topic_model_missing(store.storage, MODEL)
    store.seal("topic_model", NO_PARTITION, ("verification_run", KEY))
    store.verify()
    assert not topic_model_missing(store.storage, MODEL)


def test_a_refused_topic_model_is_not_tried_again_until_there_is_more_to_fit(store: Store) -> None:
    store.verify()
    store.seal("topic_model", NO_PARTITION, ("verification_run", KEY), good=False)
    assert not topic_model_missing(store.storage, MODEL)
    store.verify()
    assert topic_model_missing(store.storage, MODEL)


def test_the_first_topic_model_makes_analyses_due_and_a_changed_one_none(store: Store) -> None:
    store.verify()
    store.analyze()
    store.seal("topic_model", NO_PARTITION)
    assert pending_analyses(store.storage) == [KEY]
    store.analyze()
    store.seal("topic_model", NO_PARTITION)
    assert pending_analyses(store.storage) == []


def test_topics_are_moved_to_other_vectors_once_other_models_are_in_force(store: Store) -> None:
    store.verify()
    store.seal("topic_model", NO_PARTITION, ("verification_run", KEY))
    assert topic_model_missing(store.storage, "1" * 64)


def test_a_month_that_comes_late_makes_the_trend_of_the_later_month_due(store: Store) -> None:
    store.verify()
    store.analyze()
    store.publish()
    late = "10|2025-02"
    store.seal("anonymized_feedback", late)
    store.verify(late)
    store.analyze(late)
    assert pending_months(store.storage, RULES) == ["2025-02"]
    store.publish("2025-02")
    assert pending_months(store.storage, RULES) == [MONTH]
    store.publish(MONTH, "2025-02")
    assert pending_months(store.storage, RULES) == []


def test_a_changed_rule_makes_every_published_month_due(store: Store) -> None:
    store.verify()
    store.analyze()
    store.publish()
    other = dataclasses.replace(RULES, version="other")
    assert pending_months(store.storage, other) == [MONTH]


def test_a_refused_candidate_is_not_tried_again_until_its_input_changes(store: Store) -> None:
    store.seal("verification_run", KEY, ("anonymized_feedback", KEY), good=False)
    assert pending_verifications(store.storage) == []
    store.seal("anonymized_feedback", KEY)
    assert pending_verifications(store.storage) == [KEY]
