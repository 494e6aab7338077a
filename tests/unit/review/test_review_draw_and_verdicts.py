"""What is drawn for a person, and how what people say adds up."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.review import (
    NO_VERDICTS,
    Verdict,
    counted,
    draw,
    leaks,
    merged,
    text_hash,
    without,
)
from aspa_resources.review.verdicts import Said
from aspa_resources.rule_book.review import ReviewRules

RULES = ReviewRules(share=0.02, at_least=20, at_most=200)
DAY = date(2025, 4, 1)


def said(text: str, verdict: Said, *types: str) -> Verdict:
    return Verdict(text_hash(text), verdict, types, DAY)


@pytest.mark.parametrize(
    ("texts", "drawn"), [(0, 0), (7, 7), (20, 20), (900, 20), (1_001, 21), (50_000, 200)]
)
def test_a_share_is_drawn_within_its_bounds(texts: int, drawn: int) -> None:
    assert draw((f"text {n}" for n in range(texts)), RULES).height == drawn


def test_equal_texts_are_shown_once_and_blank_ones_never() -> None:
    queue = draw(["same", "same", "other", "", "  \n"], RULES)
    assert sorted(queue["text"]) == ["other", "same"]
    assert queue["item"].to_list() == [1, 2]
    assert queue["text_hash"].to_list() == [text_hash(text) for text in queue["text"]]


def test_two_draws_of_many_texts_are_not_the_same() -> None:
    texts = [f"text {n}" for n in range(1_000)]
    assert draw(texts, RULES)["text"].to_list() != draw(texts, RULES)["text"].to_list()


def test_the_newer_verdict_holds_but_a_leak_stays_a_leak() -> None:
    first = merged(NO_VERDICTS, [said("a", "clean"), said("b", "leak", "PERSON")])
    second = merged(first, [said("a", "too_much"), said("b", "clean")])
    assert dict(second.select("text_hash", "verdict").iter_rows()) == {
        text_hash("a"): "too_much",
        text_hash("b"): "leak",
    }
    third = merged(second, [said("b", "leak", "EMAIL")])
    assert leaks(third) == {text_hash("b"): ("EMAIL", "PERSON")}


def test_a_verdict_taken_back_is_gone() -> None:
    verdicts = merged(NO_VERDICTS, [said("a", "leak", "IP"), said("b", "clean")])
    assert without(verdicts, [text_hash("a")])["text_hash"].to_list() == [text_hash("b")]


def test_rates_count_only_what_was_drawn() -> None:
    queue = draw(["a", "b", "c"], RULES)
    verdicts = merged(
        NO_VERDICTS, [said("a", "leak", "PERSON"), said("b", "clean"), said("gone", "leak", "IP")]
    )
    assert counted(verdicts, queue) == {
        "reviewed": 2,
        "leaks": 1,
        "too_much": 0,
        "waiting": 1,
        "entity_types": {"PERSON": 1},
    }


_VERDICTS = st.lists(
    st.builds(
        lambda text, types: said(text, "leak" if types else "clean", *types),
        st.sampled_from("abcd"),
        st.lists(st.sampled_from(["PERSON", "EMAIL"]), unique=True),
    )
)


@given(first=_VERDICTS, second=_VERDICTS)
def test_whoever_seals_first_no_leak_is_lost(first: list[Verdict], second: list[Verdict]) -> None:
    one_way = merged(merged(NO_VERDICTS, first), second)
    other_way = merged(merged(NO_VERDICTS, second), first)
    leaking = {v.text_hash for v in [*first, *second] if v.verdict == "leak"}
    assert set(leaks(one_way)) == set(leaks(other_way)) == leaking
    assert one_way["text_hash"].n_unique() == one_way.height
    assert one_way.schema == NO_VERDICTS.schema == pl.Schema(other_way.schema)
