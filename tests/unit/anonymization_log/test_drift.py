"""A delivery is told to differ where it does, and hardly ever where it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.anonymization_log.drift import Month, drift, expected
from aspa_resources.anonymization_log.review import leak_rate
from aspa_resources.anonymization_log.shares import MEASURES, Share

TESTS = Path(__file__).parents[2]
CASES = yaml.safe_load((TESTS / "data/anonymization_log/drift.yaml").read_text("utf-8"))
TEXTS = 1000


def month(persons: int, version: str = "1") -> Month:
    alike = {name: Share(10, TEXTS) for name in MEASURES}
    return Month({**alike, "PERSON": Share(persons, TEXTS)}, version)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_what_is_told_of_a_delivery(case):
    told = drift(
        month(case["now"]), [*map(month, case["history"])], [*map(month, case.get("others", []))]
    )
    persons = next(one for one in told if one.measure == "PERSON")
    assert (persons.result, persons.basis) == (case["result"], case["basis"])
    others = {one.result for one in told if one.measure != "PERSON"}
    assert others <= {"steady", "no history"}


def test_a_change_after_another_version_is_told_as_such():
    old = [month(80, "1") for _ in range(6)]
    told = drift(month(0, "2"), old, [])
    assert next((one.result, one.other_version) for one in told) == ("fewer", True)
    # Three months of the new version are a history of their own.
    settled = drift(month(20, "2"), [*old, *(month(20, "2") for _ in range(3))], [])
    assert next((one.result, one.other_version, one.months) for one in settled) == (
        "steady", False, 3,
    )  # fmt: skip


def test_clumped_counts_are_expected_to_differ_more():
    single, clumped = (
        expected([Share(300, 15_000, clump)] * 6, Share(300, 15_000, clump), "county")
        for clump in (1.0, 4.0)
    )
    assert clumped[0] < single[0] < 300 < single[1] < clumped[1]


def test_no_texts_are_no_history():
    assert expected([Share(0, 0)] * 5, Share(3, 100), "county") == (None, None)
    assert expected([Share(5, 100)] * 5, Share(0, 0), "county") == (None, None)


shares = st.integers(1, 20_000).flatmap(
    lambda texts: st.integers(0, texts).map(lambda count: Share(count, texts))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(shares, min_size=1, max_size=12), st.integers(1, 20_000))
def test_the_interval_is_always_one(history, texts):
    low, high = expected(history, Share(0, texts), "county")
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= texts


def test_steady_deliveries_are_left_in_peace_and_broken_ones_are_not(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(TESTS / "benchmarks"), *sys.path])
    import bench_drift

    # Nominal: one in a hundred. With 60 draws three or more come by chance once in forty times.
    assert bench_drift.alarm_rate(bench_drift.Setting(8, 1500, 0.15), times=60) <= 2 / 60
    assert bench_drift.power("PERSON", 0, bench_drift.Setting(6, 1500, 0.1), times=20) == 1
    assert bench_drift.power("PERSON", 2, bench_drift.Setting(12, 5000, 0.1), times=20) >= 0.8


@pytest.mark.parametrize(
    ("leaks", "reviewed", "low", "high"),
    # The first is the textbook's (n = 10, k = 0: 1 - 0.025^(1/10)); the others from R's binom.test.
    [(0, 10, 0.0, 0.3085), (1, 40, 0.000633, 0.131586), (5, 5, 0.4782, 1.0)],
)
def test_leak_rates_have_their_exact_interval(leaks, reviewed, low, high):
    rate = leak_rate(leaks, reviewed)
    assert rate is not None
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=5e-5)
    assert rate.low <= rate.rate <= rate.high


def test_nobody_looked_is_no_rate():
    assert leak_rate(0, 0) is None
