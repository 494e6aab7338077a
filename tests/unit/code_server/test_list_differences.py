"""Every change of a list is named once, and what takes codes away comes first."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.code_server.differences import TAKES_AWAY, differences
from aspa_resources.rule_book.code_sets import COLUMNS

TODAY = date(2025, 6, 1)
SCHEMA = {name: pl.Date if name in {"begin", "end"} else pl.String for name in COLUMNS}
Row = tuple[str, str, str | None, str | None, date | None, date | None]


def codes(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def row(code: str, name: str = "Nimi", end: date | None = None, **other: str) -> Row:
    return code, name, other.get("sv"), other.get("en"), date(2000, 1, 1), end


def changes(before: pl.DataFrame, after: pl.DataFrame) -> list[tuple[str, str]]:
    return differences(before, after, TODAY).select("change", "code").rows()


def test_each_change_has_its_name() -> None:
    before = codes(row("1"), row("2"), row("3"), row("4"), row("5"), row("6"))
    after = codes(
        row("2", end=date(2025, 5, 31)), row("3", "Uusi nimi"), row("4", end=date(2025, 6, 1)),
        row("5", end=date(2099, 12, 31)), row("6"), row("7"),
    )  # fmt: skip
    assert changes(before, after) == [
        ("vanished", "1"), ("ended", "2"), ("added", "7"), ("renamed", "3"),
        ("validity_changed", "4"),
    ]  # fmt: skip
    told = differences(before, after, TODAY).rows_by_key("change", named=True, unique=True)
    assert told["ended"]["before"] == "2000-01-01.."
    assert told["ended"]["after"] == "2000-01-01..2025-05-31"
    assert told["renamed"]["after"] == "Uusi nimi"


def test_a_name_that_the_list_does_not_give_is_no_new_name() -> None:
    assert changes(codes(row("1", sv="Namn", en="Name")), codes(row("1"))) == []
    assert changes(codes(row("1", sv="Namn")), codes(row("1", sv="Nytt"))) == [("renamed", "1")]


def test_a_code_with_several_periods_has_ended_with_the_last() -> None:
    again: Row = ("1", "Nimi", None, None, date(2020, 1, 1), None)
    one = row("1", end=date(2010, 12, 31))
    assert changes(codes(one), codes(one, again)) == [("validity_changed", "1")]
    assert changes(codes(one, again), codes(one)) == [("ended", "1")]
    assert changes(codes(one), codes(row("1", end=date(2011, 12, 31)))) == [
        ("validity_changed", "1")
    ]


some_rows = st.lists(
    st.builds(
        row,
        st.sampled_from("123"),
        st.sampled_from("AB"),
        st.sampled_from([None, date(2010, 1, 1), date(2030, 1, 1)]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: (one[0], one[5]),
).map(lambda rows: codes(*rows))


@given(some_rows, some_rows)
def test_lists_differ_exactly_where_something_is_told(
    before: pl.DataFrame, after: pl.DataFrame
) -> None:
    assert changes(before, before) == []
    forth, back = changes(before, after), changes(after, before)
    assert {code for _, code in forth} == {code for _, code in back}
    gone = {code for change, code in forth if change == "vanished"}
    assert gone == set(before["code"]) - set(after["code"])
    kinds = [change in TAKES_AWAY for change, _ in forth]
    assert kinds == sorted(kinds, reverse=True)
