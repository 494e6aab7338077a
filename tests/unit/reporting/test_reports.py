"""What the pages say of the figures, and of figures that are missing."""

from __future__ import annotations

import re

import polars as pl
import pytest

from aspa_resources.reporting import county_report, national_report
from aspa_resources.reporting.figures import PublishedTableError

TABLES = (
    "indicators_by_service_class",
    "indicators_by_contact_mode",
    "indicators_by_age_group",
    "themes_by_sentiment",
    "words",
    "trend",
    "coverage",
    "quality",
)
HEADLINE = re.compile(r'<p class="headline">(.*?)</p>')


def cell(**dimensions: str) -> pl.Expr:
    """The rows of one cell, whatever their measure."""
    return pl.all_horizontal(*(pl.col(name) == code for name, code in dimensions.items()))


def headlines(html: str) -> list[str]:
    return HEADLINE.findall(html)


def set_value(table: pl.DataFrame, where: pl.Expr, value: float) -> pl.DataFrame:
    return table.with_columns(value=pl.when(where).then(value).otherwise(pl.col("value")))


@pytest.mark.parametrize("missing", TABLES)
def test_a_missing_table_is_survived_and_told(tables, rules, missing):
    del tables[missing]
    for html in (
        county_report(tables, "10", "2025-03", rules, {}),
        national_report(tables, "2025-03", rules, {}),
    ):
        assert html.count("<section") == html.count("</section>") >= 27
        assert "None" not in html
        assert "nan" not in html.lower().split()


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_is_like_a_missing_one(tables, rules, table):
    emptied = county_report({**tables, table: tables[table].clear()}, "10", "2025-03", rules, {})
    del tables[table]
    assert emptied == county_report(tables, "10", "2025-03", rules, {})


def test_a_county_without_figures_says_so_in_each_language(tables, rules):
    html = county_report(tables, "02", "2025-03", rules, {})
    assert len(headlines(html)) == 3
    assert "ei ole julkaistuja lukuja" in headlines(html)[0]
    assert "<svg" not in html


def test_no_table_at_all_makes_a_page(rules):
    assert len(headlines(national_report({}, "2025-03", rules, {}))) == 3


def test_another_month_is_not_believed(tables, rules):
    assert "no figures have been published" in headlines(
        county_report(tables, "10", "2024-03", rules, {})
    )[2]


def test_a_table_that_is_none_is_refused(tables, rules):
    tables["words"] = tables["words"].drop("status")
    with pytest.raises(PublishedTableError, match="words lacks status"):
        county_report(tables, "10", "2025-03", rules, {})


def test_the_headline_compares_with_nation_and_last_month(tables, rules):
    name = "indicators_by_service_class"
    own = (pl.col("county") == "10") & cell(service_class="ALL", measure="nps")
    many = tables[name].with_columns(n=pl.col("n") * 100)
    html = county_report({**tables, name: set_value(many, own, 71)}, "10", "2025-03", rules, {})
    assert headlines(html)[2].startswith(
        "NPS is 71. It is 10 points higher than in the whole country."
    )


def test_a_small_difference_is_called_chance(tables, rules):
    name = "indicators_by_service_class"
    own = (pl.col("county") == "10") & cell(service_class="ALL", measure="nps")
    html = county_report(
        {**tables, name: set_value(tables[name], own, 63)}, "10", "2025-03", rules, {}
    )
    assert "The difference from the whole country is within chance." in headlines(html)[2]


def test_a_suppressed_score_is_told_in_the_headline(tables, rules):
    name = "indicators_by_service_class"
    own = (pl.col("county") == "10") & cell(service_class="ALL", measure="nps")
    tables[name] = tables[name].with_columns(
        status=pl.when(own).then(pl.lit("suppressed")).otherwise(pl.col("status"))
    )
    html = county_report(tables, "10", "2025-03", rules, {})
    assert "fewer than 10 responses" in headlines(html)[2]
    assert "61" not in headlines(html)[2]


def test_a_word_cannot_write_on_the_page(tables, rules):
    tables["words"] = tables["words"].with_columns(
        word=pl.col("word").replace("jono", "<script>jono")
    )
    html = county_report(tables, "10", "2025-03", rules, {})
    assert "<script>jono" not in html
    assert "&lt;script&gt;jono" in html


def test_a_code_no_list_knows_is_shown_as_it_is(tables, rules):
    name = "indicators_by_contact_mode"
    tables[name] = tables[name].with_columns(contact_mode=pl.col("contact_mode").replace("R52", "Q1"))
    assert re.search(r'<th scope="row">Q1</th>', county_report(tables, "10", "2025-03", rules, {}))


def test_tables_name_the_n_of_every_class(tables, rules):
    html = county_report(tables, "10", "2025-03", rules, {})
    row = re.search(r'<th scope="row">Oral health care</th>(.*?)</tr>', html)
    assert row
    assert re.findall(r">([^<>]+)</td>", row[1])[2] in {"61", "suppressed"}


def test_the_same_tables_make_the_same_page(tables, rules, pages):
    provenance = {"release": "2025-03-r1", "rules": "0123456789ab", "unheard_of": "v<9>"}
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=1) for name, table in tables.items()}
    assert national_report(shuffled, "2025-03", rules, provenance) == pages["nation"]
