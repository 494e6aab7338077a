"""Ages in years on age groups: a group counts to a range as a whole, by one stated convention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.rule_book import RuleBook, RuleError
from aspa_resources.rule_book.ages import AgeGroups
from aspa_resources.rule_book.conditions import Bounds, bounds_of

BOOK = RuleBook.load()
CODES = tuple(BOOK.code_sets["age_groups"].codes["code"])


def within(stated, boundary=None):
    return AgeGroups(CODES, boundary or {}).within(bounds_of(stated))


@pytest.mark.parametrize(
    ("stated", "boundary", "groups"),
    [
        ("65..", {}, ("65-74", "75-84", "85+")),
        ("..64", {}, ("0-6", "7-12", "13-17", "18-24", "25-44", "45-64")),
        ("25..64", {}, ("25-44", "45-64")),
        ("23..", {23: {"18-24": "under"}}, ("25-44", "45-64", "65-74", "75-84", "85+")),
        ("23..64", {23: {"18-24": "over"}}, ("18-24", "25-44", "45-64")),
        ("..22", {23: {"18-24": "under"}}, ("0-6", "7-12", "13-17", "18-24")),
        ("..22", {23: {"18-24": "over"}}, ("0-6", "7-12", "13-17")),
        ("20..22", {20: {"18-24": "over"}, 23: {"18-24": "under"}}, ("18-24",)),
        ("100..", {100: {"85+": "over"}}, ("85+",)),
    ],
)
def test_a_range_of_years_fits_whole_groups(stated, boundary, groups):
    assert within(stated, boundary) == groups


@pytest.mark.parametrize(
    ("stated", "unplaced"),
    [
        ("65..", []),
        ("23..", [(23, "18-24")]),
        ("..22", [(23, "18-24")]),
        ("20..69", [(20, "18-24"), (70, "65-74")]),
        ("..89", [(90, "85+")]),
    ],
)
def test_a_group_that_a_boundary_cuts_needs_a_side(stated, unplaced):
    assert AgeGroups(CODES, {}).unplaced(bounds_of(stated)) == unplaced
    sides = {first: {code: "under"} for first, code in unplaced}
    assert AgeGroups(CODES, sides).unplaced(bounds_of(stated)) == []


@given(st.integers(1, 120), st.sampled_from(["under", "over"]))
def test_under_and_over_a_boundary_are_every_group_once(first_above, side):
    groups = AgeGroups(CODES, {first_above: dict.fromkeys(CODES, side)})
    cut = groups.cut_by(first_above)
    settled = AgeGroups(CODES, {first_above: dict.fromkeys(cut, side)})
    under = settled.within(Bounds(0, first_above - 1))
    over = settled.within(Bounds(first_above, 10**9))
    assert sorted(under + over) == sorted(CODES)
    assert set(cut) <= set(under if side == "under" else over)


def test_the_table_states_ages_and_its_rules_name_groups():
    rules = {rule.id: rule.conditions for rule in BOOK.inference_rules}
    assert rules["11-home-care-65-and-over"]["age_group"] == ("65-74", "75-84", "85+")
    assert "18-24" not in rules["05-adolescent-aged-23-and-over"]["age_group"]
    assert not any("age" in conditions for conditions in rules.values())


def test_a_group_that_is_no_range_of_years_is_named():
    with pytest.raises(RuleError, match=r"code_sets/age_groups\.csv, code old"):
        AgeGroups(("0-64", "old"), {})
