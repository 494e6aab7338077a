"""Small published tables: two counties and the nation, two months of trend, some of it hidden."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from aspa_resources.reporting import county_report, national_report
from aspa_resources.rule_book import RuleBook

MONTH = "2025-03"
STATEMENTS = (
    "s1_got_help", "s2_cared_for", "s3_decisions_together", "s4_felt_safe", "s5_knows_next_steps",
    "s6_information_clear", "s7_was_useful",
)  # fmt: skip

HIDDEN_VALUE = 98765.0
HIDDEN_N = 7654
PROVENANCE = {"release": "2025-03-r1", "rules": "0123456789ab", "unheard_of": "v<9>"}

Row = tuple[Mapping[str, str], str, str, float | None, int | None]


def table(dimensions: Sequence[str], rows: Sequence[Row], month: str = MONTH) -> pl.DataFrame:
    """Return a published table; a row is (categories, county, measure, value, n), None = hidden.

    A hidden row carries a value and an n all the same, as a fault elsewhere might leave them.
    """
    records = [
        {
            "month": month,
            "county": county,
            **{dimension: categories.get(dimension, "ALL") for dimension in dimensions},
            "measure": measure,
            "value": HIDDEN_VALUE if value is None else value,
            "n": HIDDEN_N if value is None else n,
            "status": "suppressed" if value is None else "published",
        }
        for categories, county, measure, value, n in rows
    ]
    text = dict.fromkeys(("month", "county", *dimensions, "measure", "status"), pl.String)
    schema = {
        name: {"value": pl.Float64, "n": pl.Int64}.get(name) or text[name]
        for name in ("month", "county", *dimensions, "measure", "value", "n", "status")
    }
    return pl.DataFrame(records, schema=schema)


def indicators(county: str, of: Mapping[str, str], nps: float | None, n: int | None) -> list[Row]:
    """Return the indicator rows of one cell: p - d = nps, with a fifth of passives."""
    shares = {
        "promoters_share": None if nps is None else (0.8 + nps / 100) / 2,
        "passives_share": None if nps is None else 0.2,
        "detractors_share": None if nps is None else (0.8 - nps / 100) / 2,
    }
    means = {f"{code}_mean": None if nps is None else 3.9 for code in STATEMENTS}
    figures = {"responses": None if n is None else float(n), "nps": nps, **shares, **means}
    return [(of, county, measure, value, n) for measure, value in figures.items()]


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return RuleBook.load()


@pytest.fixture
def published() -> dict[str, pl.DataFrame]:
    areas = (("10", 62.0, 144), ("08", 40.0, 900), ("FI", 43.2, 1044))
    by_class = [
        row
        for county, nps, n in areas
        for row in [
            *indicators(county, {}, nps, n),
            *indicators(county, {"service_class": "2235"}, nps + 3, n - 40),
            *indicators(county, {"service_class": "unclassified"}, None, None),
        ]
    ]
    by_mode = [
        row
        for county, nps, n in areas
        for mode in ("R10", "unknown")
        for row in indicators(county, {"contact_mode": mode}, nps, n // 2)
    ]
    by_age = [
        row
        for county, nps, n in areas
        for age in ("85+", "7-12", "0-6")
        for row in indicators(county, {"age_group": age}, nps, n // 3)
    ]
    themes: list[Row] = [
        ({"theme": "encounter", "sentiment": "positive"}, "10", "responses", 31.0, 31),
        ({"theme": "encounter"}, "10", "responses", 43.0, 43),
        ({"theme": "encounter", "sentiment": "negative"}, "10", "responses", None, None),
        ({"theme": "access", "sentiment": "negative"}, "10", "responses", 21.0, 21),
        ({"theme": "access", "sentiment": "positive"}, "10", "responses", None, None),
        ({"theme": "general", "sentiment": "positive"}, "10", "responses", 77.0, 77),
    ]
    trend: list[Row] = [
        ({"period": period}, county, "nps", value, 140)
        for county, *values in (("10", 40.0, 62.0), ("FI", 43.0, 43.2))
        for period, value in zip(("2025-02", MONTH), values, strict=True)
    ]
    coverage: list[Row] = [
        ({}, "10", "surveys_sent", 720.0, 0),
        ({}, "10", "responses", 144.0, 144),
        ({}, "10", "response_rate", 0.2, 144),
        ({"age_group": "7-12"}, "10", "response_rate", 0.25, 48),
        ({"age_group": "0-6"}, "10", "response_rate", None, None),
    ]
    quality: list[Row] = [
        ({}, "10", "rows_delivered", 150.0, 150),
        ({}, "10", "rows_accepted", 144.0, 144),
        ({}, "10", "unclassified", None, None),
    ]
    words: list[Row] = [
        ({"word": "kiitos"}, "10", "responses", 32.0, 32),
        ({"word": "<hoitaja>"}, "10", "responses", 12.0, 12),
    ]
    for rows in (themes, coverage, quality, words):
        rows += [(of, "FI", measure, value, n) for of, _, measure, value, n in rows]
    of_alert = {"indicator": "nps", "against": "previous_month"}
    alerts: list[Row] = [
        (of_alert, "10", measure, value, 144)
        for measure, value in (("change", 22.0), ("change_low", 8.0), ("change_high", 36.0))
    ]
    alerts += [
        ({**of_alert, "indicator": "share", "sentiment": "negative"}, "10", measure, value, 90)
        for measure, value in (("change", -0.2), ("change_low", -0.3), ("change_high", -0.1))
    ]
    forecast: list[Row] = [
        ({"indicator": "nps", "period": period}, county, measure, value, 144)
        for county in ("10", "FI")
        for period in ("2025-04", "2025-05", "2025-06")
        for measure, value in (("expected", 58.0), ("low", 49.0), ("high", 67.0))
    ]
    return {
        "alerts": table(["service_class", "theme", "sentiment", "indicator", "against"], alerts),
        "forecast": table(["period", "service_class", "theme", "sentiment", "indicator"], forecast),
        "indicators_by_service_class": table(["service_class"], by_class),
        "indicators_by_contact_mode": table(["contact_mode"], by_mode),
        "indicators_by_age_group": table(["age_group"], by_age),
        "themes_by_sentiment": table(["theme", "sentiment"], themes),
        "words": table(["theme", "sentiment", "word"], words),
        "trend": table(["period", "service_class"], trend),
        "coverage": table(["age_group"], coverage),
        "quality": table([], quality),
    }


@pytest.fixture
def pages(published: dict[str, pl.DataFrame], rules: RuleBook) -> dict[str, str]:
    return {
        "county": county_report(published, "10", MONTH, rules, PROVENANCE),
        "nation": national_report(published, MONTH, rules, PROVENANCE),
    }


@pytest.fixture(scope="session")
def hidden_writings() -> tuple[str, ...]:
    """Every way in which the pages could write the value or the n of a suppressed row."""
    return ("98765", "98 765", "98\u00a0765", "98,765", "9876500", "7654", "7\u00a0654", "7,654")


@pytest.fixture
def browser(tmp_path) -> Iterator[WebDriver]:
    """A headless Chromium that keeps what pages log; a test is skipped where there is none."""
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not (driver and chromium):
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(service=Service(driver), options=options)
    yield opened
    opened.quit()
