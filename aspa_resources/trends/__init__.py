"""Published figures over time: month by month, forecast, and watched for changes.

Everything here is made from the published rows of the months' published tables. So nothing of it
can tell more than these do, and a figure hidden in its month is a gap.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.rule_book.trends import ALERTS, FORECAST, TREND
from aspa_resources.trends.alerts import alerts
from aspa_resources.trends.forecast import forecasts
from aspa_resources.trends.series import published_series, shown_trend

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

__all__ = ["alerts", "forecasts", "published_series", "shown_trend", "trend_tables"]


def trend_tables(
    released: Mapping[str, Mapping[str, pl.DataFrame]], month: str, rules: "RuleBook"
) -> dict[str, pl.DataFrame]:
    """Return the published tables that are made from published tables.

    Args:
        released: By month (`2025-03`), the month's published tables by name; the month itself and
            earlier ones, as many as there are.
        month: Whose tables these are.
        rules: The rule book.

    Returns:
        `trend`, `forecast` and `alerts`, in published form.
    """
    series = published_series(released, month, rules)
    return {
        TREND: shown_trend(series, month, rules),
        FORECAST: forecasts(series, month, rules),
        ALERTS: alerts(series, month, rules),
    }
