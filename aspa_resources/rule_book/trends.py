"""Which published figures are followed over time.

Belongs here: the checked form of `rules/trends.yaml`, and whether it fits the published tables.
Does not belong here: series, forecasts and alerts themselves (`aspa_resources.trends`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Name, Rule

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

FILE: Final = "trends.yaml"
TREND, FORECAST, ALERTS = "trend", "forecast", "alerts"
"""The published tables that are made from published tables."""

Measures = Annotated[tuple[Name, ...], Field(min_length=1)]
Months = Annotated[int, Field(ge=1)]


class Source(Rule):
    """A published table whose figures make series."""

    table: Name
    measures: Measures


class ForecastRules(Rule):
    """How far ahead, how surely, and from how much; the rule file explains every key."""

    months_ahead: Annotated[int, Field(ge=1, le=12)]
    chance: Annotated[float, Field(gt=0, lt=1)]
    least_months: Annotated[int, Field(ge=4)]
    measures: Annotated[tuple[Literal["responses", "nps", "share"], ...], Field(min_length=1)]


class AlertRules(Rule):
    """What is watched, against when, and how many false alerts are borne."""

    false_share: Annotated[float, Field(gt=0, lt=0.5)]
    against: Annotated[Mapping[Name, Months], Field(min_length=1)]
    measures: Measures


class TrendRules(Rule):
    """The whole file; the rule file explains every key."""

    months_shown: Annotated[int, Field(ge=2)]
    months_read: Annotated[int, Field(ge=2)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    forecast: ForecastRules
    alerts: AlertRules

    @property
    def measures(self) -> set[str]:
        """Every measure that makes a series."""
        return {measure for source in self.sources for measure in source.measures}


def check_trends(book: RuleBook) -> None:
    """Check that sources are published and that forecasts and alerts have series.

    Raises:
        RuleError: A table or measure is not there.
    """
    for place, source in enumerate(book.trends.sources, start=1):
        table = book.published_tables.get(source.table)
        if table is None:
            raise RuleError(
                FILE, f"source {place}, key table", f"{source.table} is not published",
                "Name a table of published_tables.yaml.",
            )  # fmt: skip
        _check_known(f"source {place}, key measures", source.measures, set(table.measures))
    known = book.trends.measures
    _check_known("forecast, key measures", book.trends.forecast.measures, known)
    _check_known("alerts, key measures", book.trends.alerts.measures, known)
    _check_known("sources", tuple(sorted(known)), set(book.published_tables[TREND].measures))
    if max(book.trends.alerts.against.values()) >= book.trends.months_read:
        raise RuleError(
            FILE, "alerts, key against", "it reaches back further than months_read",
            "Raise months_read or take the entry out.",
        )  # fmt: skip


def _check_known(where: str, named: tuple[str, ...], known: set[str]) -> None:
    if unknown := sorted(set(named) - known):
        raise RuleError(
            FILE, where, f"{', '.join(unknown)} is no measure there",
            f"Use {', '.join(sorted(known))}.",
        )  # fmt: skip
