"""The figures are those that a person gets with pen and paper."""

from __future__ import annotations

import polars as pl
import pytest

from aspa_resources.residual_risk.measure import (
    AFTER,
    RiskFigure,
    bare_and_few,
    broken_promises,
    class_sizes,
    guess_gain,
    scenario_figures,
)
from aspa_resources.rule_book.residual_risk import ResidualRiskRules

WORDING = {"fi": "x", "sv": "x", "en": "x"}
RULES = ResidualRiskRules.model_validate(
    {
        "groupings": {},
        "scenarios": [
            {
                "id": "somebody",
                "name": WORDING,
                "knows": WORDING,
                "quasi_identifiers": ["gender"],
                "least_k": 3,
                "enforced": True,
                "steps": [{"column": "gender", "to": "removed"}],
            }
        ],
        "sensitive": ["nps", "service_form"],
        "limits": {"table_loss_at_most": 0.1, "guess_gain_at_most": 0.1},
    }
)
(SOMEBODY,) = RULES.scenarios


def rows(*of: tuple[str | None, int | None, str | None]) -> pl.DataFrame:
    kinds = {"gender": pl.String, "nps": pl.Int8, "service_form": pl.String}
    return pl.DataFrame(of, schema=kinds, orient="row")


# Four women, of whom three recommend; one man; two unknown.
SEVEN = rows(
    ("female", 10, "T11"),
    ("female", 9, "T11"),
    ("female", 10, "T60"),
    ("female", 2, "T60"),
    ("male", 7, "T60"),
    (None, 10, None),
    (None, None, "T11"),
)


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str], float]:
    told = scenario_figures(SEVEN, SOMEBODY, RULES, AFTER)
    return {(figure.measure, figure.category): figure.value for figure in told}


def test_rows_alike_are_counted_those_without_a_value_among_themselves() -> None:
    assert class_sizes(SEVEN, SOMEBODY).to_list() == [4, 4, 4, 4, 1, 2, 2]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("classes", 3),  # 4 x 1/4 + 1 x 1/1 + 2 x 1/2
        ("unique_rows", 1),
        ("unique_share", 1 / 7),
        ("rows_below_k", 3),
        ("least_k", 1),
        ("largest_risk", 1),
        ("mean_risk", 3 / 7),
    ],
)
def test_what_picks_a_row_out(
    figures: dict[tuple[str, str], float], measure: str, value: float
) -> None:
    assert figures[measure, "ALL"] == pytest.approx(value)


def test_every_row_is_in_one_bin(figures: dict[tuple[str, str], float]) -> None:
    bins = {size: value for (measure, size), value in figures.items() if measure == "rows_of_size"}
    assert bins == {"1": 1, "2": 2, "3-4": 4, "5-9": 0, "10-19": 0, "20-49": 0, "50+": 0}


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        # Of six with a score four promote. Women: 3 promoters, 1 detractor; man: passive;
        # unknown: one promoter.
        ("margin_rate", 4 / 6),
        ("guess_rate", (3 + 1 + 1) / 6),
        # Two other promoters tell each of the three, a passive is alone and nobody else is,
        # and the unknown one is told by the commonest of all.
        ("general_rate", (3 + 0 + 1) / 6),
        ("homogeneous_rows", 2),
        ("least_values", 1),
        # The man is passive for sure, one in six is: (5/6 + 4/6 + 1/6) / 2.
        ("largest_distance", 5 / 6),
    ],
)
def test_what_company_tells_of_the_recommendation(
    figures: dict[tuple[str, str], float], measure: str, value: float
) -> None:
    assert figures[measure, "nps"] == pytest.approx(value)


def test_a_tie_tells_half(figures: dict[tuple[str, str], float]) -> None:
    # Women: T11 and T60 twice each, so the others of each say the other; man and unknown alone.
    assert figures["guess_rate", "service_form"] == pytest.approx((2 + 1 + 1) / 6)
    assert figures["general_rate", "service_form"] == pytest.approx((0 + 1 + 1) / 6)


def test_a_gain_is_what_neither_the_others_nor_everybody_tells() -> None:
    told = scenario_figures(SEVEN, SOMEBODY, RULES, AFTER)
    assert guess_gain(told, RULES) == pytest.approx(4 / 6 - 3 / 6)
    assert guess_gain([RiskFigure("somebody", AFTER, "classes", "ALL", 1.0)], RULES) == 0


def test_an_attribute_nobody_has_tells_nothing() -> None:
    told = scenario_figures(rows(("female", None, "T11")), SOMEBODY, RULES, AFTER)
    assert not any(figure.category == "nps" for figure in told)


def test_a_promise_is_broken_by_whoever_could_still_lose_something() -> None:
    assert broken_promises(SEVEN, RULES) == 1
    assert bare_and_few(SEVEN, RULES) == 2
