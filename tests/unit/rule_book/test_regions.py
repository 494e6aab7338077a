"""The arithmetic of regions agrees with going through every combination."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.rule_book.conditions import holds_for
from aspa_resources.rule_book.regions import Space, covered, is_empty, without

CODES = {"specialty": ("10", "10A", "58", "98"), "urgency": ("5", "6"), "unit_type": ("a", "b")}
WORDS = {
    "specialty": ("10", "10*", "58", "10..97", "98"),
    "urgency": ("5", "6", "5..6"),
    "unit_type": ("a", "b"),
}
COMBINATIONS = [
    dict(zip(CODES, values, strict=True))
    for values in product(*((None, *codes) for codes in CODES.values()))
]


@st.composite
def conditions(draw):
    keys = draw(st.lists(st.sampled_from(list(CODES)), min_size=1, unique=True))
    return {
        ("not_" if draw(st.booleans()) else "") + key: tuple(
            draw(st.lists(st.sampled_from(WORDS[key]), min_size=1, max_size=3))
        )
        for key in keys
    }


def taken(stated):
    return {
        tuple(row.values())
        for row in COMBINATIONS
        if all(holds_for(stated, column, value) for column, value in row.items())
    }


def combinations(space, region):
    """The combinations of a region; columns that no condition names can have any value."""
    values = {
        column: [value for number, atom in enumerate(atoms) if bits >> number & 1 for value in atom]
        for (column, atoms), bits in zip(space.atoms.items(), region, strict=True)
    }
    return set(product(*(values.get(column, (None, *CODES[column])) for column in CODES)))


@settings(max_examples=200, deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=6))
def test_regions_have_the_combinations_that_conditions_take(stated):
    space = Space.of(stated, CODES)
    for one in stated:
        region = space.region(one)
        assert is_empty(region) == (not taken(one))
        assert combinations(space, region) == taken(one)


@settings(max_examples=300, deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=6))
def test_a_region_is_covered_where_no_combination_is_left(stated):
    space = Space.of(stated, CODES)
    *earlier, last = stated
    rest = taken(last).difference(*map(taken, earlier))
    assert covered(space.region(last), [space.region(one) for one in earlier]) == (not rest)


@settings(max_examples=200, deadline=None)
@given(conditions(), conditions())
def test_what_is_left_without_a_region_is_every_other_combination_once(one, other):
    space = Space.of([one, other], CODES)
    parts = [combinations(space, p) for p in without(space.region(one), space.region(other))]
    left = set().union(*parts)
    assert left == taken(one) - taken(other)
    assert sum(map(len, parts)) == len(left)


def test_codes_that_no_condition_tells_apart_are_one_atom():
    space = Space.of([{"specialty": ("10*",)}, {"not_urgency": ("6",)}], CODES)
    assert space.atoms == {
        "specialty": ((None, "58", "98"), ("10", "10A")),
        "urgency": ((None, "5"), ("6",)),
    }


@pytest.mark.parametrize("rules", [60, 400])
def test_many_rules_over_many_codes_are_looked_at_in_no_time(rules):
    """Combinations are never listed: there are 2 to the power of 60 of them here."""
    codes = {f"column_{n}": tuple(f"{code:03}" for code in range(rules)) for n in range(10)}
    stated = [
        {f"column_{n % 10}": (f"{n:03}",), f"column_{(n + 3) % 10}": (f"{n:03}",)}
        for n in range(rules)
    ]
    space = Space.of(stated, codes)
    regions = [space.region(one) for one in stated]
    assert not any(covered(region, regions[:n]) for n, region in enumerate(regions))
