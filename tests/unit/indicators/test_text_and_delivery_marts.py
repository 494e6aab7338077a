import polars as pl
import pytest

from aspa_resources.indicators import coverage_mart, quality_mart, theme_mart, word_mart
from aspa_resources.rule_book import RuleBook

BOOK = RuleBook.load()
OF_SERVICES = ("service_class", "contact_mode_group", "profession_group")


def classified(*counties: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "response_id": [f"{i:032x}" for i in range(len(counties))],
            "month": ["2025-03"] * len(counties),
            "county": list(counties),
            "age_group": ["0-6"] * len(counties),
            "service_form": ["T26"] * len(counties),
            "specialty": pl.Series([None] * len(counties), dtype=pl.String),
            **{name: ["x"] * len(counties) for name in OF_SERVICES},
        }
    )


def analyzed(*rows: tuple[int, str, list[str], list[str]]) -> pl.DataFrame:
    schema = {
        "response_id": pl.String,
        "sentiment": pl.String,
        "themes": pl.List(pl.String),
        "words": pl.List(pl.String),
    }
    return pl.DataFrame(
        [
            {"response_id": f"{i:032x}", "sentiment": s, "themes": themes, "words": words}
            for i, s, themes, words in rows
        ],
        schema=schema,
    )


TEXTS = analyzed(
    (0, "positive", ["access", "fees"], ["kiitos"]),
    (1, "negative", ["access"], ["jono", "kiitos"]),
    (2, "negative", ["fees"], []),
)


def figures(
    mart: pl.DataFrame, measure: str, *keys: str
) -> dict[tuple[str, ...], tuple[float | None, int]]:
    totals = [pl.col(name) == "ALL" for name in OF_SERVICES if name in mart.columns]
    rows = mart.filter(pl.col("measure") == measure, *totals).select(*keys, "value", "n")
    return {tuple(row[:-2]): row[-2:] for row in rows.iter_rows()}


def test_themes_count_a_response_once_in_each_of_its_themes() -> None:
    mart = theme_mart(classified("01", "01", "02", "02"), TEXTS, BOOK)
    counts = figures(mart, "responses", "county", "theme", "sentiment")
    assert counts[("FI", "ALL", "ALL")] == (3.0, 3)
    assert counts[("FI", "access", "ALL")] == (2.0, 2)
    assert counts[("FI", "fees", "ALL")] == (2.0, 2)
    assert counts[("FI", "ALL", "negative")] == (2.0, 2)
    assert counts[("01", "access", "negative")] == (1.0, 1)


def test_theme_share_is_of_all_responses_with_a_text() -> None:
    mart = theme_mart(classified("01", "01", "02", "02"), TEXTS, BOOK)
    shares = figures(mart, "share", "county", "theme", "sentiment")
    assert shares[("FI", "access", "negative")] == (pytest.approx(1 / 3), 3)
    assert shares[("01", "fees", "ALL")] == (0.5, 2)
    assert shares[("02", "ALL", "ALL")] == (1.0, 1)


def test_words_count_distinct_responses() -> None:
    mart = word_mart(classified("01", "01", "02"), TEXTS, BOOK)
    counts = figures(mart, "responses", "county", "theme", "sentiment", "word")
    assert {cell: found for cell, found in counts.items() if cell[1:3] == ("ALL", "ALL")} == {
        ("01", "ALL", "ALL", "jono"): (1.0, 1),
        ("01", "ALL", "ALL", "kiitos"): (2.0, 2),
        ("FI", "ALL", "ALL", "jono"): (1.0, 1),
        ("FI", "ALL", "ALL", "kiitos"): (2.0, 2),
    }
    assert counts[("FI", "access", "ALL", "kiitos")] == (2.0, 2)
    assert counts[("FI", "ALL", "negative", "kiitos")] == (1.0, 1)
    assert counts[("01", "fees", "positive", "kiitos")] == (1.0, 1)


def test_no_texts_give_empty_marts() -> None:
    assert theme_mart(classified("01"), analyzed(), BOOK).is_empty()
    assert word_mart(classified("01"), analyzed(), BOOK).is_empty()


def sampling(*rows: tuple[str, str, int, int], service_form: str = "T26") -> pl.DataFrame:
    schema = {"month": pl.String, "county": pl.String, "age_group": pl.String}
    schema |= dict.fromkeys(("service_events", "surveys_sent"), pl.Int64)
    counts = pl.DataFrame([("2025-03", *row) for row in rows], schema=schema, orient="row")
    return counts.with_columns(service_form=pl.lit(service_form), specialty=pl.lit(None, pl.String))


def test_coverage_compares_responses_with_surveys() -> None:
    mart = coverage_mart(
        classified("01", "01"), sampling(("01", "0-6", 30, 8), ("01", "85+", 5, 4)), BOOK
    )
    keys = ("county", "age_group")
    assert figures(mart, "service_events", *keys)[("FI", "ALL")] == (35.0, 35)
    assert figures(mart, "response_rate", *keys)[("01", "0-6")] == (0.25, 2)
    assert figures(mart, "response_rate", *keys)[("FI", "ALL")] == (pytest.approx(2 / 12), 2)


def test_national_rate_is_withheld_when_a_county_has_no_sampling_counts() -> None:
    mart = coverage_mart(classified("01", "02"), sampling(("01", "0-6", 30, 8)), BOOK)
    rates = figures(mart, "response_rate", "county", "age_group")
    assert rates[("01", "0-6")] == (0.125, 1)
    assert rates[("FI", "ALL")] == (None, 2)
    assert rates[("02", "ALL")] == (None, 1)


def statistics(
    county: str, delivered: int, accepted: int, cost_centre: float | None
) -> dict[str, object]:
    return {
        "month": "2025-03",
        "county": county,
        "rows_delivered": delivered,
        "rows_accepted": accepted,
        "rows_rejected": delivered - accepted,
        "quarantined": 0,
        "unclassified": 1,
        "cost_centre_completeness": cost_centre,
    }


def test_quality_adds_counts_and_weights_completeness_by_rows() -> None:
    mart = quality_mart([statistics("01", 30, 29, 1.0), statistics("02", 10, 10, 0.5)])
    assert figures(mart, "rows_accepted", "county")[("FI",)] == (39.0, 39)
    assert figures(mart, "rows_rejected", "county")[("FI",)] == (1.0, 40)
    assert figures(mart, "cost_centre_completeness", "county")[("FI",)] == (0.875, 40)
    assert figures(mart, "site_completeness", "county")[("FI",)] == (None, 0)


def test_unknown_completeness_weighs_nothing() -> None:
    mart = quality_mart([statistics("01", 30, 29, None), statistics("02", 10, 10, 0.5)])
    assert figures(mart, "cost_centre_completeness", "county")[("FI",)] == (0.5, 10)


def test_no_statistics_give_an_empty_mart() -> None:
    assert quality_mart([]).is_empty()
