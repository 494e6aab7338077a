import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.indicators import indicator_mart, trend_mart
from aspa_resources.rule_book import RuleBook
from expectations.columns import STATEMENT_NAMES as STATEMENTS

BOOK = RuleBook.load()
DIMENSIONS = ("service_class", "contact_mode", "age_group")
SCHEMA = (
    dict.fromkeys(("month", "county", *DIMENSIONS), pl.String)
    | {"nps": pl.Int8}
    | dict.fromkeys(STATEMENTS, pl.Int8)
)

Row = Mapping[str, Any]


def responses(*rows: Row) -> pl.DataFrame:
    base = {"month": "2025-03", "county": "01", **dict.fromkeys(DIMENSIONS, "x")}
    return pl.DataFrame([base | row for row in rows], schema=SCHEMA)


def figure(
    mart: pl.DataFrame, measure: str, county: str = "FI", **cell: str
) -> tuple[float | None, int] | None:
    where = dict.fromkeys(DIMENSIONS, "ALL") | cell
    row = mart.filter(measure=measure, county=county, **where)
    return row.select("value", "n").row(0) if row.height else None


def test_nps_is_promoters_less_detractors_of_those_who_answered() -> None:
    scores = [10, 9, 8, 7, 6, 0, None]
    mart = indicator_mart(responses(*({"nps": s} for s in scores)), BOOK)
    assert figure(mart, "responses") == (7.0, 7)
    assert figure(mart, "nps") == (0.0, 6)
    for share in ("promoters_share", "passives_share", "detractors_share"):
        assert figure(mart, share) == (pytest.approx(1 / 3), 6)


def test_statement_mean_leaves_out_not_applicable_and_unanswered() -> None:
    mart = indicator_mart(responses(*({"s4_felt_safe": v} for v in (5, 2, 0, 0, None))), BOOK)
    assert figure(mart, "s4_felt_safe_mean") == (3.5, 2)


def test_figure_that_nobody_answered_is_null_with_n_zero() -> None:
    mart = indicator_mart(responses({"s1_got_help": 0}), BOOK)
    assert figure(mart, "nps") == (None, 0)
    assert figure(mart, "s1_got_help_mean") == (None, 0)


def test_missing_category_is_counted_as_unknown() -> None:
    mart = indicator_mart(responses({"contact_mode": None}, {}), BOOK)
    assert figure(mart, "responses", contact_mode="unknown") == (1.0, 1)
    assert figure(mart, "responses", contact_mode="x") == (1.0, 1)


def test_no_responses_give_an_empty_mart_of_the_right_columns() -> None:
    mart = indicator_mart(responses({}).clear(), BOOK)
    assert mart.columns == ["month", "county", *DIMENSIONS, "measure", "value", "n"]
    assert mart.is_empty()


row = st.fixed_dictionaries(
    {
        "county": st.sampled_from(["01", "02", "90"]),
        "service_class": st.sampled_from(["2536", "2612", "unclassified"]),
        "contact_mode": st.sampled_from(["R10", "R80", None]),
        "age_group": st.sampled_from(["0-6", "85+"]),
        "nps": st.one_of(st.none(), st.integers(0, 10)),
        "s1_got_help": st.one_of(st.none(), st.integers(0, 5)),
        "s7_was_useful": st.one_of(st.none(), st.integers(0, 5)),
    }
)


def _by_hand(rows: list[Row], measure: str) -> tuple[float | None, int]:
    if measure == "responses":
        return float(len(rows)), len(rows)
    if measure == "nps":
        scores = [r["nps"] for r in rows if r["nps"] is not None]
        points = sum((s > 8) - (s < 7) for s in scores)
        return (100 * points / len(scores) if scores else None), len(scores)
    answers = [r[measure.removesuffix("_mean")] for r in rows]
    answers = [a for a in answers if a]
    return (math.fsum(answers) / len(answers) if answers else None), len(answers)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(row, min_size=1, max_size=40))
def test_every_figure_is_that_of_its_own_rows(rows: list[Row]) -> None:
    mart = indicator_mart(responses(*rows), BOOK)
    cells = [{}] + [
        {dimension: category}
        for dimension in DIMENSIONS
        for category in {r[dimension] for r in rows}
    ]
    counties = ["FI", *{r["county"] for r in rows}]
    for county, cell in product(counties, cells):
        inside = [
            r
            for r in rows
            if county in {"FI", r["county"]} and all(r[k] == v for k, v in cell.items())
        ]
        labels = {k: v or "unknown" for k, v in cell.items()}
        for measure in ("responses", "nps", "s1_got_help_mean", "s7_was_useful_mean"):
            found = figure(mart, measure, county, **labels)
            if not inside:
                assert found is None
            else:
                value, n = _by_hand(inside, measure)
                assert found == (pytest.approx(value), n)


def test_crossings_come_from_the_declared_tables() -> None:
    table = BOOK.published_tables["indicators_by_age_group"]
    crossed = table.model_copy(
        update={"name": "crossed", "dimensions": ("service_class", "age_group")}
    )
    book = replace(BOOK, published_tables={"crossed": crossed})
    mart = indicator_mart(responses({}, {"age_group": "y"}), book)
    assert "contact_mode" not in mart.columns
    found = mart.filter(county="FI", measure="responses").select("service_class", "age_group", "n")
    assert set(found.iter_rows()) == {
        ("ALL", "ALL", 2),
        ("x", "ALL", 2),
        ("ALL", "x", 1),
        ("ALL", "y", 1),
        ("x", "x", 1),
        ("x", "y", 1),
    }


def test_trend_holds_the_newest_twelve_months_under_the_last_one() -> None:
    months = [f"2024-{m:02d}" for m in range(1, 13)] + ["2025-01"]
    marts = {m: indicator_mart(responses({"month": m}), BOOK) for m in months}
    trend = trend_mart(marts)
    assert trend["period"].unique().sort().to_list() == months[1:]
    assert trend["month"].unique().to_list() == ["2025-01"]
    assert trend.height == 12 * marts["2025-01"].height
