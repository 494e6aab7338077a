"""Which counties a county is set beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from aspa_resources.rule_book import RuleBook, RuleError
from aspa_resources.rule_book.comparable import check_comparable_counties

RULES = RuleBook.load()


def with_instead(instead: Mapping[str, tuple[str, ...]]) -> RuleBook:
    changed = RULES.comparable_counties.model_copy(update={"instead": instead})
    return replace(RULES, comparable_counties=changed)


@pytest.mark.parametrize("county", RULES.counties)
def test_a_county_is_set_beside_the_others_of_its_cooperation_area(county):
    area = RULES.counties[county].cooperation_area_code
    peers = RULES.comparable_counties.of(county, RULES.counties)
    assert county not in peers
    assert {*peers, county} == {
        code for code, other in RULES.counties.items() if other.cooperation_area_code == area
    }


def test_the_nation_is_set_beside_none():
    assert RULES.comparable_counties.of("FI", RULES.counties) == ()


def test_counties_named_in_place_of_the_others_stand_in_official_order():
    rules = with_instead({"10": ("14", "02")})
    assert rules.comparable_counties.of("10", rules.counties) == ("02", "14")
    check_comparable_counties(rules)


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        ({"10": ("77",)}, "77 is no county"),
        ({"10": ("02", "10")}, "compared with itself"),
    ],
)
def test_a_list_that_names_no_county_or_itself_is_refused(instead, says):
    with pytest.raises(RuleError, match=says):
        check_comparable_counties(with_instead(instead))
