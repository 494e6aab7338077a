import math
import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart, trend_mart
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import dimensions_of
from expectations.columns import STATEMENT_NAMES as STATEMENTS

BOOK = RuleBook.load()
RULES = Path(__file__).parents[3] / "rules"
DIMENSIONS = tuple(dimensions_of(BOOK.published_tables.values(), "indicator_mart"))
CARRIED_FOR = BOOK.inference.specialty_carried_for
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
        "mode_of_production": st.sampled_from(["own", "other_county", None]),
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
        for dimension in ("service_class", "contact_mode", "age_group", "mode_of_production")
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


def test_trend_takes_in_months_of_fewer_and_of_more_dimensions() -> None:
    now = indicator_mart(responses({"month": "2025-03"}), BOOK)
    former = indicator_mart(responses({"month": "2025-02"}), BOOK)
    fewer = former.filter(profession_group="ALL").drop("profession_group")
    allocated = pl.when(pl.col("service_class") == "ALL").then(pl.lit("ALL"))
    more = former.with_columns(sote_class=allocated.otherwise(pl.lit("families")))
    for earlier in (fewer, more):
        trend = trend_mart({"2025-02": earlier, "2025-03": now})
        assert trend.columns == ["month", "county", "period", *DIMENSIONS, "measure", "value", "n"]
        found = trend.filter(period="2025-02", county="FI", measure="responses")
        assert found.filter(pl.all_horizontal(pl.col(d) == "ALL" for d in DIMENSIONS)).height == 1
        assert trend.filter(period="2025-03").height == now.height
    assert trend.filter(period="2025-02", service_class="x").is_empty()


def test_specialised_care_alone_is_crossed_with_its_main_specialty() -> None:
    psychiatry, somatic = CARRIED_FOR[0], CARRIED_FOR[-1]
    mart = indicator_mart(
        responses(
            {"service_class": psychiatry, "service_specialty": "70F"},
            {"service_class": psychiatry, "service_specialty": "70"},
            {"service_class": somatic, "service_specialty": None},
            {"service_class": "2536", "service_specialty": None},
        ),
        BOOK,
    )
    crossed = mart.filter(pl.col("service_specialty") != "ALL", county="FI", measure="responses")
    assert set(crossed.select("service_class", "service_specialty", "n").iter_rows()) == {
        (psychiatry, "70", 2),
        (somatic, "unknown", 1),
    }


def _shown(*, shown: bool, tmp_path: Path) -> RuleBook:
    shutil.copytree(RULES, tmp_path / "rules")
    file = tmp_path / "rules/aura/sote_allocation.yaml"
    switched = file.read_text("utf-8").replace(
        "shown_in_reports: false\nclasses", f"shown_in_reports: {str(shown).lower()}\nclasses"
    )
    file.write_text(switched, "utf-8")
    return RuleBook.load(tmp_path / "rules")


def test_sote_classes_are_nowhere_unless_switched_on(tmp_path: Path) -> None:
    off = _shown(shown=False, tmp_path=tmp_path)
    assert "sote" not in " ".join(off.published_tables)
    assert "sote_class" not in indicator_mart(responses({}), off).columns


def test_sote_classes_are_counted_and_published_once_switched_on(tmp_path: Path) -> None:
    on = _shown(shown=True, tmp_path=tmp_path)
    rows = [
        *[{"service_class": "2282", "age_group": "85+"}] * 30,
        *[{"service_class": "2282", "age_group": "25-44"}] * 40,
        *[{"service_class": "unclassified"}] * 20,
    ]
    mart = indicator_mart(responses(*rows), on)
    table = protect({"indicator_mart": mart}, on)["indicators_by_sote_class"]
    counts = table.filter(county="FI", measure="responses", service_class="ALL")
    assert dict(counts.select("sote_class", "n").iter_rows()) == {
        "ALL": 90,
        "older_people": 30,
        "disability": 40,
        "unallocated": 20,
    }
