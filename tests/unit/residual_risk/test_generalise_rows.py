"""Rare rows lose as little as they must, and nobody is left alone by it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from aspa_resources.residual_risk.generalise import (
    Generalised,
    generalise,
    with_members,
    without_groups,
)
from aspa_resources.residual_risk.measure import bare_and_few, broken_promises, class_sizes
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.residual_risk import ResidualRiskRules

SHIPPED = RuleBook.load().disclosure.residual_risk
(ACQUAINTANCE,) = (scenario for scenario in SHIPPED.scenarios if scenario.enforced)
VALUES = {
    "age_group": ["0-6", "18-24", "45-64", "85+", None],
    "gender": ["female", "male", "other", None],
    "language": ["fi", "sv", None],
    "respondent_role": ["customer", "relative", None],
    "contact_mode": ["R10", "R52"],
    "visitor_group": ["1", "2"],
    "weekday_class": ["weekday", "weekend"],
}
COMMON = {
    "age_group": "45-64",
    "gender": "female",
    "language": "fi",
    "respondent_role": "customer",
    "contact_mode": "R10",
    "visitor_group": "1",
    "weekday_class": "weekday",
}


def frame(*groups: tuple[int, dict[str, str | None]]) -> pl.DataFrame:
    """Return so many rows of each kind, each with a number of its own."""
    rows = [COMMON | differing for count, differing in groups for _ in range(count)]
    return pl.DataFrame(rows, schema=dict.fromkeys(COMMON, pl.String)).with_row_index("number")


def known(result: Generalised) -> list[tuple[str | None, ...]]:
    rows = result.rows.select(ACQUAINTANCE.quasi_identifiers).unique().sort(pl.all())
    return rows.rows()


rows_of = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    min_size=1,
    max_size=60,
).map(lambda rows: pl.DataFrame(rows, schema=dict.fromkeys(VALUES, pl.String)))


@settings(max_examples=40, deadline=None)
@given(rows=rows_of, seed=st.integers(0, 99))
def test_what_is_promised_holds_for_any_rows_in_any_order(rows: pl.DataFrame, seed: int) -> None:
    numbered = rows.with_row_index("number")
    result = generalise(numbered, SHIPPED)
    assert broken_promises(result.rows, SHIPPED) == 0
    # Only a month that is smaller than the promise is left with too few.
    assert (bare_and_few(result.rows, SHIPPED) > 0) <= (rows.height < ACQUAINTANCE.least_k)
    assert result.rows["number"].to_list() == numbered["number"].to_list()
    untouched = [name for name in numbered.columns if name not in SHIPPED.generalised]
    assert_frame_equal(result.rows.select(untouched), numbered.select(untouched))
    again = generalise(result.rows, SHIPPED)
    assert_frame_equal(again.rows, result.rows)
    assert again.count == 0
    shuffled = generalise(numbered.sample(fraction=1, shuffle=True, seed=seed), SHIPPED)
    assert_frame_equal(shuffled.rows.sort("number"), result.rows)


@settings(max_examples=25, deadline=None)
@given(rows=rows_of)
def test_a_value_is_kept_made_coarser_or_removed_never_another(rows: pl.DataFrame) -> None:
    after = generalise(rows, SHIPPED).rows
    for name in SHIPPED.generalised:
        coarse = {
            code: group for group, codes in SHIPPED.grouping_of(name).items() for code in codes
        }
        for was, now in zip(rows[name], after[name], strict=True):
            assert now in {was, coarse.get(was), None}


def test_rows_with_company_keep_everything() -> None:
    rows = frame((5, {}), (7, {"gender": "male"}))
    result = generalise(rows, SHIPPED)
    assert_frame_equal(result.rows, rows)
    assert result.count == 0
    assert set(result.by_column.values()) == {0}


def test_a_rare_row_loses_no_more_than_it_needs() -> None:
    swedes = (3, {"language": "sv"})
    result = generalise(frame((9, {}), swedes, (2, {"language": "en"})), SHIPPED)
    assert known(result) == [
        ("45-64", "female", None, "customer"),
        ("45-64", "female", "fi", "customer"),
    ]
    assert result.count == 5
    assert result.by_column["language"] == 5
    assert result.by_column["gender"] == 0


def test_the_age_becomes_coarse_before_it_goes() -> None:
    young = [(2, {"age_group": age}) for age in ("0-6", "7-12", "13-17")]
    result = generalise(frame((20, {}), *young), SHIPPED)
    assert ("0-24", None, None, None) in known(result)
    assert result.by_column["age_group"] == 6


def test_a_single_rare_row_is_not_betrayed_by_being_the_only_one_that_lost() -> None:
    """Whoever subtracts the common rows finds a group, not a person."""
    result = generalise(
        frame((30, {}), (6, {"gender": "male"}), (1, {"age_group": "85+"})), SHIPPED
    )
    bare = result.rows.filter(pl.all_horizontal(pl.col(ACQUAINTANCE.quasi_identifiers).is_null()))
    assert bare.height == 7  # the smallest group joined it, whole
    assert set(bare["number"]) >= {36}
    assert result.rows.filter(pl.col("gender") == "female").height == 30


def test_what_one_scenario_takes_is_looked_at_by_the_other() -> None:
    text = SHIPPED.model_dump(mode="json")
    text["scenarios"][1]["enforced"] = True
    text["scenarios"][1]["steps"] = [
        {"column": name, "to": "removed"}
        for name in text["scenarios"][1]["quasi_identifiers"]
        if name != "age_group"
    ] + [{"column": "age_group", "to": "age_bands"}, {"column": "age_group", "to": "removed"}]
    both = ResidualRiskRules.model_validate(text)
    rows = frame((6, {}), (4, {"contact_mode": "R52"}), (3, {"visitor_group": "2"}))
    after = generalise(rows, both).rows
    assert broken_promises(after, both) == 0
    assert all(class_sizes(after, one).min() >= one.least_k for one in both.scenarios[:2])


def test_a_month_smaller_than_the_promise_keeps_nothing() -> None:
    result = generalise(frame((2, {}), (1, {"gender": "male"})), SHIPPED)
    assert known(result) == [(None, None, None, None)]
    assert bare_and_few(result.rows, SHIPPED) == 3


def test_without_a_step_nothing_is_lost() -> None:
    text = SHIPPED.model_dump(mode="json")
    text["scenarios"] = [{**text["scenarios"][2], "steps": []}]
    rows = frame((1, {}), (1, {"gender": "male"}))
    result = generalise(rows, ResidualRiskRules.model_validate(text))
    assert_frame_equal(result.rows, rows)


@pytest.mark.parametrize(("coarse", "members"), SHIPPED.groupings["age_bands"].items())
def test_a_coarse_age_stands_for_a_member_where_classes_are_inferred_and_for_none_in_tables(
    coarse: str, members: tuple[str, ...]
) -> None:
    rows = pl.DataFrame({name: ["x"] for name in SHIPPED.generalised}).with_columns(
        age_group=pl.lit(coarse)
    )
    assert with_members(rows, SHIPPED)["age_group"].item() in members
    assert without_groups(rows, SHIPPED)["age_group"].item() is None
    exact = rows.with_columns(age_group=pl.lit(members[-1]))
    assert_frame_equal(without_groups(exact, SHIPPED), exact)
