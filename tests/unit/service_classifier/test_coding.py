"""Values and rows that agree are numbered alike, however many columns there are."""

import polars as pl
import pytest
from classified_rows import INPUTS, MAP, MONTH
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import NO_MAP, classify
from aspa_resources.service_classifier.coding import Coded, alike, coded_columns

value = st.none() | st.sampled_from("abc")


@given(st.lists(value))
def test_a_coded_column_gives_back_its_values(values):
    coded = Coded.of(pl.Series(values, dtype=pl.String))
    assert coded.each(coded.values, pl.String).to_list() == values
    assert coded.values[-1] is None


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 50).flatmap(lambda n: st.lists(st.tuples(*[value] * n), max_size=8)))
def test_rows_are_in_one_group_where_they_agree_in_every_column(rows):
    """Fifty columns of four values have more combinations than a number has."""
    width = len(rows[0]) if rows else 1
    frame = pl.DataFrame(
        rows, schema={f"c{n}": pl.String for n in range(width)}, orient="row"
    )  # fmt: skip
    first, groups = alike(coded_columns(frame).values())
    assert len(groups) == len(rows)
    assert len(first) == len(set(rows))
    assert [rows[first[group]] for group in groups] == rows


@pytest.mark.parametrize("centres", [MAP, NO_MAP])
def test_columns_without_any_value_may_be_of_any_type(centres):
    untyped = pl.DataFrame({name: [None, None] for name in INPUTS})
    decided = classify(untyped, centres, MONTH, RuleBook.load())
    assert decided["service_class"].to_list() == ["unclassified"] * 2
