"""The chapter on quality tells the index and what it is made of, in three languages."""

from __future__ import annotations

import polars as pl
import pytest

from aspa_resources.reporting import county_report, national_report
from aspa_resources.rule_book import RuleBook

MONTH = "2025-03"
FIGURES = {
    "quality_index": 72.4,
    "recording_practice": 0.9,
    "own_classifications": 0.6,
    "production_mode": 0.62,
}


def index_table(rules: RuleBook, *, shown: bool = True) -> pl.DataFrame:
    rows = [
        (MONTH, county, measure, FIGURES.get(measure, 0.5) if shown else 55.5, 1044, status)
        for county in ("10", "08", "FI")
        for measure in rules.quality_index.measures
        for status in ["published" if shown else "suppressed"]
    ]
    names = ("month", "county", "measure", "value", "n", "status")
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture
def with_index(published: dict[str, pl.DataFrame], rules: RuleBook) -> dict[str, pl.DataFrame]:
    return {**published, "quality_index": index_table(rules)}


def test_a_county_is_told_its_index_with_the_strongest_and_the_weakest_part(
    with_index: dict[str, pl.DataFrame], rules: RuleBook
) -> None:
    page = county_report(with_index, "10", MONTH, rules, {})
    assert (
        "The quality index is 72 on a scale of 0–100. Strongest part: Recording practice. "
        "Weakest part: The county's own classifications."
    ).replace("'", "&#39;") in page
    assert "Laatuindeksi on 72 asteikolla 0–100." in page
    assert "Kvalitetsindexet är 72 på skalan 0–100." in page


def test_every_component_and_item_is_shown_by_its_name(
    with_index: dict[str, pl.DataFrame], rules: RuleBook
) -> None:
    page = county_report(with_index, "10", MONTH, rules, {}).replace("&#39;", "'")
    for component in rules.quality_index.components:
        assert all(wording in page for wording in component.name.every)
        assert all(wording in page for wording in component.meaning.every)
        assert all(w in page for item in component.items for w in item.name.every)


def test_the_nation_is_shown_the_index_of_each_county(
    with_index: dict[str, pl.DataFrame], rules: RuleBook
) -> None:
    page = national_report(with_index, MONTH, rules, {})
    assert "The index is shown for 2 counties." in page


def test_a_hidden_index_says_so_and_shows_no_figure(
    published: dict[str, pl.DataFrame], rules: RuleBook
) -> None:
    hidden = {**published, "quality_index": index_table(rules, shown=False)}
    page = county_report(hidden, "10", MONTH, rules, {})
    assert "The quality index cannot be shown" in page
    assert "55.5" not in page
    assert "56 on a scale" not in page


def test_months_published_before_there_was_an_index_say_that_there_is_none(
    published: dict[str, pl.DataFrame], rules: RuleBook
) -> None:
    assert "The quality index cannot be shown" in county_report(published, "10", MONTH, rules, {})
