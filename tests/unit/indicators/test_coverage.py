"""Coverage by service class, and how well those who responded represent whom was served."""

import polars as pl
import pytest

from aspa_resources.indicators import coverage_mart
from aspa_resources.rule_book import RuleBook

BOOK = RuleBook.load()
MONTH = "2025-03"
PODIATRY, EMERGENCY, SOMATIC = "2536", "2607", "2612"


def responses(*groups: tuple[str, str | None, str | None, str, int]) -> pl.DataFrame:
    """Return rows of (class, service form, specialty, age group) as often as told."""
    names = ("service_class", "service_form", "specialty", "age_group")
    rows = [group[:4] for group in groups for _ in range(group[4])]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(month=pl.lit(MONTH), county=pl.lit("10"))


def sampling(*groups: tuple[str | None, str | None, str, int, int]) -> pl.DataFrame:
    names = ("service_form", "specialty", "age_group")
    schema = dict.fromkeys(names, pl.String) | dict.fromkeys(
        ("service_events", "surveys_sent"), pl.Int64
    )
    frame = pl.DataFrame(groups, schema=schema, orient="row")
    return frame.with_columns(month=pl.lit(MONTH), county=pl.lit("10"))


def told(mart: pl.DataFrame, measure: str, **cell: str) -> float | None:
    return mart.filter(county="10", measure=measure, **cell)["value"].item()


def test_surveys_have_the_class_that_their_form_and_specialty_give() -> None:
    mart = coverage_mart(
        responses((PODIATRY, "T55", None, "65-74", 20), (SOMATIC, None, "20", "65-74", 10)),
        sampling(("T55", None, "65-74", 90, 50), (None, "20", "65-74", 80, 40)),
        BOOK,
    )
    cell = {"service_class": PODIATRY, "age_group": "ALL"}
    assert told(mart, "surveys_sent", **cell) == 50
    assert told(mart, "response_rate", **cell) == 0.4
    assert told(mart, "response_rate", service_class=SOMATIC, age_group="ALL") == 0.25


def test_a_class_that_hangs_on_other_facts_has_no_rate() -> None:
    # Emergency is told by the urgency: the surveys of these responses count to their specialty.
    mart = coverage_mart(
        responses((EMERGENCY, None, "20", "65-74", 10), (SOMATIC, None, "20", "65-74", 10)),
        sampling((None, "20", "65-74", 80, 40)),
        BOOK,
    )
    for service_class in (EMERGENCY, SOMATIC):
        cell = {"service_class": service_class, "age_group": "ALL"}
        assert told(mart, "response_rate", **cell) is None
    assert told(mart, "response_rate", service_class="ALL", age_group="ALL") == 0.5


@pytest.mark.parametrize(
    ("young", "old", "likeness"), [(150, 150, 1.0), (300, 0, 0.5), (210, 90, 0.8)]
)
def test_representativeness_is_the_share_at_the_right_age(
    young: int, old: int, likeness: float
) -> None:
    rows = [(PODIATRY, "T55", None, age, n) for age, n in (("25-44", young), ("75-84", old))]
    mart = coverage_mart(
        responses(*rows),
        sampling(("T55", None, "25-44", 900, 500), ("T55", None, "75-84", 900, 500)),
        BOOK,
    )
    totals = {"service_class": "ALL", "age_group": "ALL"}
    assert told(mart, "representativeness", **totals) == pytest.approx(likeness)
    assert mart.filter(measure="representativeness")["n"].to_list() == [300, 300]


def test_of_few_responses_no_representativeness_is_told() -> None:
    mart = coverage_mart(
        responses((PODIATRY, "T55", None, "25-44", 30)),
        sampling(("T55", None, "25-44", 90, 50)),
        BOOK,
    )
    assert told(mart, "representativeness", service_class="ALL", age_group="ALL") is None
