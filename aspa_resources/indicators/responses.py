"""Figures of the answers: response counts, the recommendation score and the statements' means.

Belongs here: the questionnaire's formulas. Does not belong here: grouping (that is `tidy`).

The recommendation score (NPS) is the percentage of answers 9-10 less that of 0-6. A statement's
mean is over the answers 1-5; 0 means "does not concern me" and is in neither the mean nor its n.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.indicators.tidy import Measure, mart_schema, roll_up
from aspa_resources.rule_book.published import (
    ALL,
    COOPERATION_AREA,
    SOTE_CLASS,
    crossings_of,
    dimensions_of,
)
from aspa_resources.service_classifier import first_day
from aspa_resources.service_groups import counties_by_cooperation_area, sote_class

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

TREND_MONTHS = 12
SPECIALTY = "service_specialty"
_MAIN_SPECIALTY_DIGITS = 2
PROMOTERS_FROM = 9
DETRACTORS_TO = 6
_NOT_DIMENSIONS = frozenset({"month", "county", "period", "measure", "value", "n"})


def _nps_measures() -> list[Measure]:
    score = pl.col("nps")
    n = score.count()
    promoters = (score >= PROMOTERS_FROM).sum().cast(pl.Int64)
    detractors = (score <= DETRACTORS_TO).sum().cast(pl.Int64)
    values = {
        "nps": 100.0 * (promoters - detractors) / n,
        "promoters_share": promoters / n,
        "passives_share": (n - promoters - detractors) / n,
        "detractors_share": detractors / n,
    }
    return [
        Measure(name, pl.when(n > 0).then(value).otherwise(None), n)
        for name, value in values.items()
    ]


def _statement_measure(statement: str) -> Measure:
    answers = pl.col(statement).filter(pl.col(statement) > 0)
    return Measure(f"{statement}_mean", answers.mean(), answers.count())


def indicator_mart(classified: pl.DataFrame, rules: "RuleBook") -> pl.DataFrame:
    """Compute the indicators of one month.

    Args:
        classified: `classified_feedback` of all counties of the month.
        rules: The rule book; its published tables on this mart say which crossings are needed.

    Returns:
        The mart. Responses without a category are in the category `unknown`, those without a
        service class in `unclassified`. The specialty is the main one, the first two digits: few
        subspecialties have enough responses. Crossings with it hold the classes alone that it is
        carried for: by rule no other class has one.
    """
    tables = rules.published_tables.values()
    dimensions = dimensions_of(tables, "indicator_mart")
    measures = [
        Measure("responses", pl.len(), pl.len()),
        *_nps_measures(),
        *(_statement_measure(statement) for statement in rules.statements),
    ]
    crossings = crossings_of(tables, "indicator_mart")
    if SPECIALTY in dimensions:
        main = pl.col(SPECIALTY).str.head(_MAIN_SPECIALTY_DIGITS)
        classified = classified.with_columns(main)
    if COOPERATION_AREA in dimensions:
        area = pl.col("county").replace_strict(counties_by_cooperation_area(rules), default=None)
        classified = classified.with_columns(area.alias(COOPERATION_AREA))
    if SOTE_CLASS in dimensions:
        classified = _with_sote_class(classified, rules)
    carried_for = pl.col("service_class").is_in(rules.inference.specialty_carried_for)

    def of_crossing(rows: pl.LazyFrame, crossing: tuple[str, ...]) -> pl.LazyFrame:
        return rows.filter(carried_for) if SPECIALTY in crossing else rows

    return roll_up(classified, dimensions, crossings, measures, of_crossing)


def _with_sote_class(classified: pl.DataFrame, rules: "RuleBook") -> pl.DataFrame:
    """Allocate the rows of one month to SOTE classes; none while the rules do not show them."""
    if classified.is_empty():
        return classified.with_columns(pl.lit(None, pl.String).alias(SOTE_CLASS))
    allocated = sote_class(rules, first_day(classified["month"][0]))
    return classified if allocated is None else classified.with_columns(allocated)


def trend_mart(indicator_marts: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Put up to twelve months' indicators under one another.

    The newest mart says which dimensions there are: an earlier one may have been computed when
    fewer or more were published. What readers see of it is made from published tables instead
    (`aspa_resources.trends`).

    Args:
        indicator_marts: Indicator marts by month (`2025-03`).

    Returns:
        The marts of the newest twelve months, their month in the column `period` and the newest one
        as `month`. Empty, with no dimension, when there is no mart.
    """
    months = sorted(indicator_marts)[-TREND_MONTHS:]
    if not months:
        return mart_schema(["period"]).to_frame()
    newest = indicator_marts[months[-1]].columns
    dimensions = [name for name in newest if name not in _NOT_DIMENSIONS]
    parts = [
        _in_dimensions(indicator_marts[month], dimensions).with_columns(
            month=pl.lit(months[-1]), period=pl.lit(month)
        )
        for month in months
    ]
    columns = mart_schema(["period", *dimensions]).names()
    return pl.concat(part.select(columns) for part in parts)


def _in_dimensions(mart: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """Return a mart in these dimensions: `ALL` in those it lacks, no cell of any other."""
    others = [n for n in mart.columns if n not in {*dimensions, *_NOT_DIMENSIONS}]
    totals = [pl.lit(ALL).alias(name) for name in dimensions if name not in mart.columns]
    return mart.filter(pl.lit(value=True), *(pl.col(n) == ALL for n in others)).with_columns(totals)
