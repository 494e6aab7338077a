"""What other rules would do to classes, counted from -> to."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.reclassification import MOVES, Comparison, Told, added_up, moves
from aspa_resources.rule_book import RuleBook

CLASSES = st.sampled_from(["2536", "2545", "unclassified"])
RULES = st.sampled_from(["a", "b"])
ROWS = st.lists(st.tuples(CLASSES, RULES, CLASSES, RULES), max_size=40)


def frame(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"service_class": pl.String, "service_class_rule": pl.String}, orient="row"
    )


def compared(*rows: tuple[str, str, str, str]) -> Comparison:
    moved = moves(frame([row[:2] for row in rows]), frame([row[2:] for row in rows]))
    return Comparison("08", "2025-03", "2025.1+a", "2026.1+b", len(rows), moved)


@given(ROWS)
def test_every_changed_row_is_in_one_move_and_no_other_is(
    rows: list[tuple[str, str, str, str]],
) -> None:
    one = compared(*rows)
    assert one.moves.schema == MOVES
    assert one.moves["rows"].sum() == sum(row[:2] != row[2:] for row in rows)
    assert one.rows_moved == sum(row[0] != row[2] for row in rows)
    assert one.moves["rows"].to_list() == sorted(one.moves["rows"], reverse=True)


@given(ROWS, ROWS)
def test_batches_add_up(
    first: list[tuple[str, str, str, str]], second: list[tuple[str, str, str, str]]
) -> None:
    parts = [compared(*first).moves, compared(*second).moves]
    assert added_up(parts).equals(compared(*first, *second).moves)


def test_frames_of_other_rows_are_not_compared() -> None:
    with pytest.raises(ValueError, match="differ in rows"):
        moves(frame([("2536", "a")]), frame([]))


def test_people_are_told_the_moves_by_name_and_each_month() -> None:
    one = compared(
        ("2536", "a", "2545", "b"), ("2536", "a", "2536", "b"), ("2536", "a", "2536", "a")
    )
    told = Told.of([one, one], RuleBook.load())
    assert told.as_lines() == [
        "      2 rows  2536 Primary care reception services -> 2545 Oral health care",
        *["      1 of 3 rows  county 08, 2025-03: stands on 2025.1+a, compared with 2026.1+b"] * 2,
    ]
    assert told.as_dict()["rows_moved"] == 2
    assert told.as_dict()["moves"] == [{"from_class": "2536", "to_class": "2545", "rows": 2}]


def test_where_nothing_moves_that_is_said() -> None:
    same = compared(("2536", "a", "2536", "a"))
    assert Told.of([same], RuleBook.load()).as_lines()[0] == "No row would have another class."
    assert Told.of([], RuleBook.load()).as_lines() == ["No month has been classified yet."]
