"""What unclassified rows lack is named: the values that could have decided, the commonest first."""

import polars as pl
import pytest
from classified_rows import DAY, MAP, MONTH, frame
from classified_rows import rows as any_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.condition_checks import codes_of
from aspa_resources.service_classifier import UNCLASSIFIED, classify, missing_inputs

BOOK = RuleBook.load()


def lacking(*rows, cost_centres=None):
    return missing_inputs(frame(*rows), BOOK, DAY, cost_centres)


@pytest.mark.parametrize(
    ("row", "could", "could_not"),
    [
        ({"service_form": "T40"}, "age_group", "unit_type"),
        ({"profession": "2221"}, "unit_type", "age_group"),
        ({"specialty": "98"}, "contact_mode", "age_group"),
        ({"service_form": "T80", "age_group": "25-44"}, "specialty", "age_group"),
        ({}, "service_form", "age_group"),
    ],
)
def test_a_value_is_missing_where_it_could_have_decided(row, could, could_not):
    counts = lacking(row)
    assert counts[could] == 1
    assert could_not not in counts


def test_what_is_there_is_not_missing():
    assert not lacking({"service_form": "T58", "specialty": "98"}).keys() & {
        "service_form", "specialty",
    }  # fmt: skip


def test_a_cost_centre_is_missing_only_where_the_county_has_a_map():
    assert "cost_centre" not in lacking({})
    assert lacking({}, {"cost_centre": "41099"}, cost_centres=MAP)["cost_centre"] == 1


def test_the_commonest_comes_first_and_nothing_is_missing_of_no_rows():
    counts = lacking({"service_form": "T40"}, {"service_form": "T41"}, {"service_form": "T58"})
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert counts["age_group"] == 2
    assert lacking() == {}


@settings(max_examples=25, deadline=None)
@given(rows=any_rows(BOOK, most=3), data=st.data())
def test_exactly_the_missing_values_could_have_given_a_class(rows, data):
    undecided = classify(frame(*rows), MAP, MONTH, BOOK).filter(
        pl.col("service_class") == UNCLASSIFIED
    )
    if undecided.is_empty():
        return
    row = undecided.head(1)
    told = missing_inputs(row, BOOK, DAY, MAP)
    codes = codes_of(BOOK.contract, BOOK.code_sets)
    empty = [c for c in codes if c in row.columns and row[c][0] is None]
    column = data.draw(st.sampled_from(empty))
    filled = pl.concat([row.with_columns(pl.lit(code).alias(column)) for code in codes[column]])
    inputs = filled.select(pl.exclude("service_class", "service_class_rule"))
    classes = classify(inputs, MAP, MONTH, BOOK)["service_class"]
    assert (column in told) == (classes != UNCLASSIFIED).any()
