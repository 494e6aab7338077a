"""The second pass: it sees what is left behind, lets clean text through, and knows itself awake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.anonymizer import ENTITY_TYPES, Verifier
from aspa_resources.anonymizer.verification.checks import CHECKS
from aspa_resources.anonymizer.verification.planted import missed_by, planted_leaks
from aspa_resources.anonymizer.verification.word_lists import Filter, packed

VERIFIER = Verifier()
CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "data/verification/left_behind.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["why"]))
def test_what_is_left_behind_is_found_and_nothing_else(case: dict[str, str]) -> None:
    found = {f.entity_type for f in VERIFIER.verify([case["text"]])[0]}
    if case["entity"] == "none":
        assert found == set()
    else:
        assert case["entity"] in found


def test_every_check_has_a_case_that_it_alone_decides() -> None:
    lists = VERIFIER._model.lists
    for entity, name, check in CHECKS:
        assert entity in ENTITY_TYPES
        assert any(check(case["text"], lists) for case in CASES if case["entity"] == entity), name
        assert not any(check(c["text"], lists) for c in CASES if c["entity"] == "none"), name


def test_findings_never_hold_the_surface() -> None:
    assert "Virtaselle" not in repr(VERIFIER.verify(["Kiitos hoitaja Virtaselle!"]))


def test_planted_leaks_are_seen_and_a_deaf_verifier_misses_them() -> None:
    assert missed_by(VERIFIER) == 0
    assert 0 < missed_by(Verifier(log_odds=float("inf"))) < len(planted_leaks())


@given(words=st.sets(st.text(min_size=1, max_size=12), max_size=50))
def test_a_filter_forgets_no_word(words: set[str]) -> None:
    kept = Filter(packed(words, 12))
    assert all(word in kept for word in words)


def test_a_filter_seldom_says_yes_to_others() -> None:
    kept = Filter(packed((f"sana{n}" for n in range(1_000)), 14))
    others = [f"toinen{n}" in kept for n in range(1_000)]
    assert np.mean(others) < 0.05


@given(text=st.text(max_size=60))
def test_any_text_can_be_looked_over(text: str) -> None:
    findings = VERIFIER.verify([text, text])
    assert findings[0] == findings[1]
    assert all(f.entity_type in ENTITY_TYPES and 0 <= f.score <= 1 for f in findings[0])
