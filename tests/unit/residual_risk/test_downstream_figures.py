"""What rows lose changes no class and no total: only rare ages are missing in the tables by age."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from aspa_resources.indicators import indicator_mart
from aspa_resources.residual_risk.generalise import generalise, with_members, without_groups
from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import classify
from expectations.columns import COLUMNS, empty_frame

RULES = RuleBook.load()
RISK = RULES.disclosure.residual_risk
AGES = RULES.code_sets["age_groups"].codes["code"].to_list()
# What each brings a class by the age alone: home care, adolescent psychiatry, day activity.
BY_AGE = [{"service_form": "T40"}, {"specialty": "74"}, {"service_form": "T80"}]


def rows() -> pl.DataFrame:
    """Return a month in which every age is rare with some service, and some genders are."""
    kinds = {c.name: getattr(pl, c.type) for c in COLUMNS["anonymized_feedback"]}
    return pl.DataFrame(
        [
            {
                "response_id": f"{len(AGES) * service + age:032x}",
                "county": "10",
                "month": "2025-03",
                "weekday_class": "weekday",
                "age_group": AGES[age],
                "gender": ["female", "male", "other"][(age + service) % 3],
                "language": "fi",
                "respondent_role": "customer",
                "contact_mode": "R10",
                "nps": (7 * age + service) % 11,
                **BY_AGE[service % 3],
            }
            for service in range(4)
            for age in range(len(AGES))
        ],
        schema=kinds,
    )


def classified(anonymous: pl.DataFrame) -> pl.DataFrame:
    """Classify as the step does."""
    frame = classify(
        with_members(anonymous.drop("text"), RISK),
        empty_frame("cost_centre_map"),
        "2025-03",
        RULES,
    )
    return frame.with_columns(
        without_groups(anonymous.select(RISK.generalised), RISK).get_columns()
    )


@pytest.fixture(scope="module")
def marts() -> tuple[pl.DataFrame, pl.DataFrame]:
    before = rows()
    after = generalise(before, RISK).rows
    assert after["age_group"].is_in(list(RISK.groupings["age_bands"])).sum() > 0
    return (
        indicator_mart(classified(before), RULES),
        indicator_mart(classified(after), RULES),
    )


def test_classes_are_those_of_the_exact_age() -> None:
    before = rows()
    after = generalise(before, RISK).rows.filter(pl.col("age_group").is_not_null())
    told = before.select("response_id").join(classified(after), on="response_id")
    exact = classified(before).join(after, on="response_id", how="semi")
    assert told["service_class"].to_list() == exact["service_class"].to_list()


def test_every_figure_without_what_was_taken_is_as_before(
    marts: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    taken = {rule.column for scenario in RISK.scenarios for rule in scenario.steps}
    totals = [pl.col(name) == "ALL" for name in sorted(taken & set(marts[0].columns))]
    before, after = (mart.filter(totals) for mart in marts)
    assert_frame_equal(before, after)


def test_the_ages_add_up_with_those_that_are_not_given(
    marts: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    responses = (
        marts[1]
        .filter(county="10", measure="responses")
        .filter(pl.col("service_class") == "ALL", pl.col("contact_mode") == "ALL")
    )
    by_age = dict(responses.select("age_group", "value").iter_rows())
    total = by_age.pop("ALL")
    assert total == rows().height == sum(by_age.values())
    assert set(by_age) <= {*AGES, "unknown"}
    assert by_age["unknown"] > 0
