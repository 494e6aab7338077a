from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from aspa_resources.disclosure import protect
from aspa_resources.indicators import coverage_mart, indicator_mart, quality_mart, theme_mart
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import dimensions_of
from aspa_resources.service_groups import contact_modes_by_group
from expectations.columns import STATEMENT_NAMES as STATEMENTS

BOOK = RuleBook.load()
CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "data/disclosure/primary.yaml").read_text("utf-8")
)
DIMENSIONS = tuple(dimensions_of(BOOK.published_tables.values(), "indicator_mart"))
FACTS = ("service_form", "specialty")
SCHEMA = dict.fromkeys(("month", "county", *DIMENSIONS, *FACTS), pl.String) | dict.fromkeys(
    ("nps", *STATEMENTS), pl.Int8
)

Groups = Mapping[tuple[str, str], int]


def responses(groups: Groups, **answers: int) -> pl.DataFrame:
    """Rows by {(county, service class): count}; everybody answers alike."""
    rows = [
        {"month": "2025-03", "county": county, "service_class": service_class}
        | {"contact_mode": "R10", "age_group": "0-6"}
        | answers
        for (county, service_class), count in groups.items()
        for _ in range(count)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def by_class(groups: Groups) -> dict[tuple[str, str], int | None]:
    marts = {"indicator_mart": indicator_mart(responses(groups), BOOK)}
    table = protect(marts, BOOK)["indicators_by_service_class"].filter(measure="responses")
    return {(c, s): n for c, s, n in table.select("county", "service_class", "n").iter_rows()}


@pytest.mark.parametrize("case", CASES["scores"], ids=lambda case: case["name"])
def test_score_alone(case: dict[str, Any]) -> None:
    scores = {"promoters": 10, "passives": 7, "detractors": 0}
    frames = [
        responses({("01", "x"): case[group]}, nps=score)
        for group, score in scores.items()
        if case[group]
    ]
    rows = pl.concat([*frames, responses({("01", "x"): 20})])
    table = protect({"indicator_mart": indicator_mart(rows, BOOK)}, BOOK)[
        "indicators_by_service_class"
    ].filter(county="FI", service_class="ALL")
    statuses = dict(table.select("measure", "status").iter_rows())
    words = {"published": "shown", "suppressed": "hidden"}
    assert words[statuses["responses"]] == "shown"
    assert words[statuses["nps"]] == case["nps"]
    assert {words[statuses[f"{group}_share"]] for group in scores} == {case["shares"]}


@pytest.mark.parametrize("case", CASES["means"], ids=lambda case: case["name"])
def test_mean_alone(case: dict[str, Any]) -> None:
    rows = pl.concat(
        [
            responses({("01", "x"): 20}),
            *(responses({("01", "x"): 1}, s3_decisions_together=a) for a in case["answers"]),
        ]
    )
    table = protect({"indicator_mart": indicator_mart(rows, BOOK)}, BOOK)[
        "indicators_by_service_class"
    ].filter(county="FI", service_class="ALL", measure="s3_decisions_together_mean")
    expected = "published" if case["mean"] == "shown" else "suppressed"
    assert table["status"].to_list() == [expected]


def test_where_everybody_answers_a_telling_score_takes_a_sibling_and_no_total() -> None:
    answers = {"promoters": 10, "passives": 7, "detractors": 0}
    mixed = {
        ("01", "x"): {"promoters": 18},  # all alike: the score tells every answer
        ("01", "y"): {"promoters": 20, "passives": 15, "detractors": 12},
        ("01", "z"): {"promoters": 60, "passives": 30, "detractors": 30},
    }
    rows = pl.concat(
        responses({place: count}, nps=answers[group])
        for place, groups in mixed.items()
        for group, count in groups.items()
    )
    found = protect({"indicator_mart": indicator_mart(rows, BOOK)}, BOOK)
    table = found["indicators_by_service_class"].filter(county="01")
    shown = table.filter(status="published").group_by("service_class").agg("measure")
    measures = {kind: set(measures) for kind, measures in shown.iter_rows()}
    assert "responses" in measures["x"] & measures["y"]
    assert "nps" in measures["ALL"] & measures["z"]
    assert "nps" not in measures["x"] | measures["y"]


def test_nothing_is_hidden_without_need() -> None:
    groups = {(c, s): 20 for c in ("01", "02", "03") for s in ("a", "b", "c")}
    shown = by_class(groups)
    assert None not in shown.values()
    assert shown[("FI", "ALL")] == 180


def test_one_small_cell_takes_a_rectangle_with_it() -> None:
    groups = {(c, s): 20 for c in ("01", "02", "03") for s in ("a", "b", "c")}
    shown = by_class(groups | {("02", "b"): 4})
    hidden = [cell for cell, n in shown.items() if n is None]
    assert ("02", "b") in hidden
    assert len(hidden) == 4
    assert set(Counter(county for county, _ in hidden).values()) == {2}
    assert set(Counter(service_class for _, service_class in hidden).values()) == {2}


def test_cell_without_responses_is_listed_as_hidden_as_any_small_one() -> None:
    shown = by_class({("01", "a"): 30, ("01", "b"): 30, ("02", "a"): 30})
    assert shown[("02", "b")] is None


def test_nation_of_one_county_shares_the_fate_of_the_county() -> None:
    shown = by_class({("01", "a"): 30, ("01", "b"): 4, ("01", "c"): 15})
    for service_class in ("a", "b", "c", "ALL"):
        assert shown[("01", service_class)] == shown[("FI", service_class)]
    assert shown[("01", "ALL")] == 49
    assert shown[("01", "c")] is None


def test_fewer_responses_than_the_threshold_in_all_show_nothing() -> None:
    assert set(by_class({("01", "a"): 5, ("02", "a"): 4}).values()) == {None}


def test_same_figures_hide_the_same_cells_whatever_the_order_of_rows() -> None:
    rows = responses({(f"0{i}", s): 3 * i + 4 for i in range(1, 6) for s in "abcd"}, nps=9)
    tables = [
        protect({"indicator_mart": indicator_mart(r, BOOK)}, BOOK)["indicators_by_service_class"]
        for r in (rows, rows.reverse())
    ]
    assert tables[0].equals(tables[1])


def test_statistics_that_tell_a_hidden_county_total_are_hidden() -> None:
    rows = responses({("01", "unclassified"): 6, ("02", "a"): 40, ("03", "unclassified"): 50})
    statistics = [
        {
            "month": "2025-03",
            "county": county,
            "rows_delivered": n + 1,
            "rows_accepted": n,
            "rows_rejected": 1,
            "quarantined": 0,
            "unclassified": unclassified,
            "cost_centre_completeness": 0.5,
        }
        for county, n, unclassified in (("01", 6, 6), ("02", 40, 0), ("03", 50, 50))
    ]
    marts = {"indicator_mart": indicator_mart(rows, BOOK), "quality_mart": quality_mart(statistics)}
    published = protect(marts, BOOK)
    quality = published["quality"]
    totals = published["indicators_by_service_class"].filter(measure="responses")
    for county in ("01", "02", "03", "FI"):
        statuses = dict(quality.filter(county=county).select("measure", "status").iter_rows())
        total = totals.filter(county=county, service_class="ALL")["status"].item()
        unclassified = totals.filter(county=county, service_class="unclassified")["status"].item()
        assert {statuses["rows_delivered"], statuses["rows_accepted"]} == {total}
        assert statuses["unclassified"] == unclassified
        assert statuses["rows_rejected"] == statuses["quarantined"] == "published"
    assert totals.filter(county="01", service_class="ALL")["status"].item() == "suppressed"


def test_coverage_hides_the_rate_with_the_responses_and_never_the_surveys() -> None:
    rows = responses({("01", "a"): 6, ("02", "a"): 40, ("03", "a"): 50})
    sampling = pl.DataFrame(
        {
            "month": ["2025-03"] * 4,
            "county": ["01", "02", "03", "04"],
            "age_group": ["0-6"] * 4,
            "service_form": ["T26"] * 4,
            "specialty": pl.Series([None] * 4, dtype=pl.String),
            "service_events": [90] * 4,
            "surveys_sent": [60] * 4,
        }
    )
    marts = {
        "indicator_mart": indicator_mart(rows, BOOK),
        "coverage_mart": coverage_mart(rows, sampling, BOOK),
    }
    coverage = protect(marts, BOOK)["coverage"].filter(age_group="0-6")
    statuses = {
        (county, measure): status
        for county, measure, status in coverage.select("county", "measure", "status").iter_rows()
    }
    for county in ("01", "02", "03", "04", "FI"):
        assert statuses[(county, "surveys_sent")] == "published"
        assert statuses[(county, "response_rate")] == statuses[(county, "responses")]
    assert statuses[("01", "responses")] == statuses[("04", "responses")] == "suppressed"
    assert statuses[("FI", "responses")] == "published"


def test_repeated_counts_are_hidden_when_nothing_decides_on_them() -> None:
    rows = responses({("01", "a"): 60})
    sampling = pl.DataFrame(
        {
            "month": ["2025-03"],
            "county": ["01"],
            "age_group": ["0-6"],
            "service_form": ["T26"],
            "specialty": pl.Series([None], dtype=pl.String),
            "service_events": [90],
            "surveys_sent": [70],
        }
    )
    published = protect({"coverage_mart": coverage_mart(rows, sampling, BOOK)}, BOOK)["coverage"]
    shown = published.filter(status="published")["measure"].unique().sort().to_list()
    assert shown == ["service_events", "surveys_sent"]


def test_theme_that_nearly_everybody_has_is_hidden() -> None:
    rows = responses({("01", "a"): 60, ("02", "a"): 60}).with_row_index("response_id")
    ids = rows.select(pl.col("response_id").cast(pl.String))
    texts = ids.with_columns(
        sentiment=pl.lit("positive"),
        themes=pl.when(pl.int_range(pl.len()) < 5)
        .then(pl.lit(["fees"]))
        .otherwise(pl.lit(["access"])),
        words=pl.lit([], dtype=pl.List(pl.String)),
    )
    classified = rows.with_columns(ids["response_id"])
    marts = {"theme_mart": theme_mart(classified, texts, BOOK)}
    table = protect(marts, BOOK)["themes_by_sentiment"].filter(sentiment="ALL")
    nation = dict(
        table.filter(county="FI", measure="responses").select("theme", "status").iter_rows()
    )
    assert nation == {"ALL": "published", "access": "suppressed", "fees": "suppressed"}
    shares = dict(table.filter(county="FI", measure="share").select("theme", "status").iter_rows())
    assert shares["access"] == "suppressed"


def test_contact_mode_alone_in_its_group_is_hidden_with_it() -> None:
    # R20 and R41 are the group at_home: 12 and 5. Were the group and R20 shown, R41 would be told.
    counts = {"R10": 60, "R80": 50, "R20": 12, "R41": 5, "R52": 40, "R56": 30}
    groups = contact_modes_by_group(BOOK, date(2025, 3, 1))
    rows = [
        {"month": "2025-03", "county": "01", "contact_mode": mode, "contact_mode_group": group}
        for mode, count in counts.items()
        for group in [groups[mode]]
        for _ in range(count)
    ]
    mart = indicator_mart(pl.DataFrame(rows, schema=SCHEMA), BOOK)
    published = protect({"indicator_mart": mart}, BOOK)
    modes = _counts(published, "contact_mode")
    of_groups = _counts(published, "contact_mode_group")
    assert modes["R41"] is None
    for group, total in of_groups.items():
        parts = [modes[mode] for mode in counts if groups[mode] == group]
        hidden = [part for part in parts if part is None]
        assert total is None or len(hidden) != 1, group


def _counts(published: Mapping[str, pl.DataFrame], dimension: str) -> dict[str, int | None]:
    table = published[f"indicators_by_{dimension}"].filter(measure="responses", county="FI")
    return dict(table.select(dimension, "n").iter_rows())
