"""Series, forecasts and alerts over published tables made up here: known truths, known noise."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
import pytest

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL
from aspa_resources.trends import alerts, forecasts, published_series, shown_trend, trend_tables
from aspa_resources.trends.series import CELL, months_back

BOOK = RuleBook.load()
LAST = "2025-12"
N = 400

Row = dict[str, object]


def indicators(month: str, county: str, shares: tuple[float, float], n: int = N) -> list[Row]:
    """Return a month's published score of a county, by its shares of promoters and detractors."""
    promoters, detractors = shares
    figures = {
        "responses": float(n),
        "nps": round(100 * (promoters - detractors), 1),
        "promoters_share": round(promoters, 3),
        "detractors_share": round(detractors, 3),
    }
    cell = {"month": month, "county": county, "service_class": ALL}
    return [
        {**cell, "measure": name, "value": value, "n": n, "status": "published"}
        for name, value in figures.items()
    ]


def drawn(random: np.random.Generator, truth: tuple[float, float], n: int) -> tuple[float, float]:
    promoters, _, detractors = random.multinomial(n, [truth[0], 1 - sum(truth), truth[1]]) / n
    return float(promoters), float(detractors)


def released(rows: Iterable[Row]) -> dict[str, dict[str, pl.DataFrame]]:
    schema = {"month": pl.String, "county": pl.String, "service_class": pl.String}
    schema |= {"measure": pl.String, "value": pl.Float64, "n": pl.Int64, "status": pl.String}
    frame = pl.DataFrame(list(rows), schema=schema)
    return {
        str(month): {"indicators_by_service_class": part}
        for (month,), part in frame.group_by("month")
    }


def months(count: int) -> list[str]:
    return [months_back(LAST, back) for back in reversed(range(count))]


def test_a_hidden_month_is_a_gap_and_no_figure_is_made_up() -> None:
    rows = [row for month in months(4) for row in indicators(month, "10", (0.6, 0.2))]
    hidden = [
        {**row, "value": None, "n": None, "status": "suppressed"}
        if row["month"] == "2025-11"
        else row
        for row in rows
    ]
    trend = shown_trend(published_series(released(hidden), LAST, BOOK), LAST, BOOK)
    score = trend.filter(measure="nps").sort("period")
    assert score["period"].to_list() == months(4)
    assert score["value"].to_list() == [40.0, 40.0, None, 40.0]
    assert score["status"].to_list() == ["published", "published", "suppressed", "published"]


def test_the_trend_shows_the_last_months_alone() -> None:
    rows = [row for month in months(20) for row in indicators(month, "10", (0.6, 0.2))]
    trend = shown_trend(published_series(released(rows), LAST, BOOK), LAST, BOOK)
    assert sorted(trend["period"].unique()) == months(BOOK.trends.months_shown)


def test_later_months_tell_nothing_of_earlier_ones() -> None:
    rows = [row for month in months(8) for row in indicators(month, "10", (0.6, 0.2))]
    tables = released(rows)
    early = months_back(LAST, 2)
    before = trend_tables({m: t for m, t in tables.items() if m <= early}, early, BOOK)
    after = trend_tables(tables, early, BOOK)
    assert all(before[name].equals(after[name]) for name in before)


def test_themes_and_sentiments_are_series_of_shares() -> None:
    row = {"month": LAST, "county": "10", "service_class": "2536", "measure": "share", "n": 60}
    frame = pl.DataFrame(
        [
            {**row, "theme": "access", "value": 0.4, "status": "published"},
            {**row, "theme": ALL, "value": 1.0, "status": "published"},
        ]
    )
    series = published_series({LAST: {"themes_by_service_class": frame}}, LAST, BOOK)
    (told,) = series.select(*CELL, "value").to_dicts()
    assert told == {
        "county": "10",
        "service_class": "2536",
        "theme": "access",
        "sentiment": ALL,
        "value": 0.4,
    }


@pytest.mark.parametrize("count", [1, 5])
def test_a_short_series_has_no_forecast(count: int) -> None:
    rows = [row for month in months(count) for row in indicators(month, "10", (0.6, 0.2))]
    assert forecasts(published_series(released(rows), LAST, BOOK), LAST, BOOK).is_empty()


def test_a_series_that_has_ended_has_no_forecast() -> None:
    rows = [row for month in months(9)[:-1] for row in indicators(month, "10", (0.6, 0.2))]
    assert forecasts(published_series(released(rows), LAST, BOOK), LAST, BOOK).is_empty()


def test_a_forecast_is_about_the_level_and_grows_less_sure() -> None:
    random = np.random.default_rng(1)
    rows = [
        row for month in months(12) for row in indicators(month, "10", drawn(random, (0.6, 0.2), N))
    ]
    found = forecasts(published_series(released(rows), LAST, BOOK), LAST, BOOK)
    score = found.filter(indicator="nps").pivot("measure", index="period", values="value")
    score = score.sort("period")
    assert score["period"].to_list() == ["2026-01", "2026-02", "2026-03"]
    assert (score["expected"] - 40).abs().max() < 6  # type: ignore[operator]  # a number
    width = (score["high"] - score["low"]).to_list()
    assert width == sorted(width)
    assert (score["low"] < score["expected"]).all()
    assert (score["expected"] < score["high"]).all()


def test_intervals_hold_as_often_as_they_say() -> None:
    """Twelve months that stand, drift and drift widely; the next month is drawn with the others."""
    random = np.random.default_rng(2)
    rows: list[Row] = []
    truth: dict[str, float] = {}
    for number in range(300):
        county, promoters = f"{number}", 0.55
        for month in [*months(12), months_back(LAST, -1)]:
            shares = drawn(random, (promoters, 0.2), 150)
            if month <= LAST:
                rows += indicators(month, county, shares, 150)
            else:
                truth[county] = 100 * (shares[0] - shares[1])
            step = random.normal(0, (0.0, 0.02, 0.06)[number % 3])
            promoters = float(np.clip(promoters + step, 0.2, 0.75))
    found = forecasts(published_series(released(rows), LAST, BOOK), LAST, BOOK)
    first = found.filter(indicator="nps", period=months_back(LAST, -1))
    ends = first.pivot("measure", index="county", values="value")
    held = [
        low <= truth[county] <= high
        for county, low, high in ends.select("county", "low", "high").iter_rows()
    ]
    assert len(held) == len(truth)
    assert 0.75 <= np.mean(held) <= 0.87  # 80 % are promised; 300 draws miss by up to 6 points


def change(
    truth: tuple[float, float], then: tuple[float, float], seed: int, areas: int
) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rows = [
        row
        for area in range(areas)
        for month, shares in ((months_back(LAST, 1), then), (LAST, truth))
        for row in indicators(month, f"{area}", drawn(random, shares, N))
    ]
    return alerts(published_series(released(rows), LAST, BOOK), LAST, BOOK)


def test_nothing_changed_is_seldom_told_as_a_change() -> None:
    with_false_ones = [
        change((0.6, 0.2), (0.6, 0.2), seed, areas=40).height > 0 for seed in range(60)
    ]
    # Where nothing changed every alert is false, and some month has one at the rules' rate.
    assert np.mean(with_false_ones) <= BOOK.trends.alerts.false_share + 0.07


def test_a_plain_change_is_told_with_its_size() -> None:
    told = change((0.45, 0.3), (0.6, 0.2), seed=3, areas=20)
    changes = told.filter(indicator="nps", measure="change", against="previous_month")
    assert changes.height >= 18
    assert (changes["value"] < 0).all()
    ends = told.filter(indicator="nps").pivot("measure", index="county", values="value")
    assert ends.filter(pl.col("change_low") <= -25, pl.col("change_high") >= -25).height >= 16


def test_few_hidden_shares_make_an_alert_less_sure_not_more() -> None:
    shown = [
        row
        for month, shares in ((months_back(LAST, 1), (0.6, 0.2)), (LAST, (0.52, 0.24)))
        for row in indicators(month, "10", shares)
    ]
    hidden = [
        {**row, "value": None, "n": None, "status": "suppressed"}
        if row["measure"] == "detractors_share"
        else row
        for row in shown
    ]
    told, unsure = (
        alerts(published_series(released(rows), LAST, BOOK), LAST, BOOK).height
        for rows in (shown, hidden)
    )
    assert unsure <= told
