"""Figures about the collection itself: coverage of the survey and quality of the deliveries.

Belongs here: counts that come from sampling counts and delivery statistics. Does not belong here:
anything about what was answered.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from aspa_resources.indicators.tidy import Measure, mart_schema, roll_up
from aspa_resources.quality_index import county_figures, nation_figures, step_for, tallies
from aspa_resources.rule_book.published import (
    ALL,
    NATION,
    UNKNOWN,
    crossings_of,
    dimensions_of,
)
from aspa_resources.service_classifier import classes_by

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

_TIDY = frozenset({"month", "county", "measure", "value", "n"})
_SAMPLING_FACTS = ("service_form", "specialty", "age_group")
_SAME_EVENTS = 0.95
"""Share of responses that must have the same class by the facts of sampling counts alone."""
_COUNTS = ("rows_delivered", "rows_accepted", "rows_rejected", "quarantined", "unclassified")
_COMPLETENESS = ("cost_centre_completeness", "site_completeness")


def coverage_mart(
    classified: pl.DataFrame, sampling: pl.DataFrame, rules: "RuleBook"
) -> pl.DataFrame:
    """Compare the responses with the surveys sent and the service events.

    The service class of surveys and events follows from service form, specialty and age, all that
    sampling counts tell. The response rate of a class that hangs on other facts too is null: its
    responses and its surveys are not of the same events.

    Args:
        classified: `classified_feedback` of all counties of the month.
        sampling: `sampling_counts` of those that deliver them.
        rules: The rule book.

    Returns:
        The mart with the measures service_events, surveys_sent (n the same), responses,
        response_rate (responses / surveys sent, n the responses) and representativeness (totals
        alone; n the responses of known age). A rate is null where no survey is known to be sent,
        and for the nation when some county with responses has no sampling counts: it would
        otherwise tell that county's responses by subtraction.
    """
    tables = rules.published_tables.values()
    dimensions = dimensions_of(tables, "coverage_mart")
    crossings = crossings_of(tables, "coverage_mart")
    keys = ["month", "county", *dimensions]
    sent = [
        Measure(name, pl.col(name).sum(), pl.col(name).sum())
        for name in ("service_events", "surveys_sent")
    ]
    complete = set(classified["county"].unique()) <= set(sampling["county"].unique())
    if "service_class" in dimensions:
        sampling = sampling.with_columns(classes_by(sampling, _SAMPLING_FACTS, rules))
    collected = roll_up(sampling, dimensions, crossings, sent)
    responses = roll_up(
        classified, dimensions, crossings, [Measure("responses", pl.len(), pl.len())]
    )
    surveys = collected.filter(measure="surveys_sent").select(*keys, surveys="value")
    comparable = (pl.col("surveys") > 0) & (pl.lit(complete) | (pl.col("county") != NATION))
    if "service_class" in dimensions:
        classes = [ALL, *_comparable_classes(classified, rules)]
        comparable &= pl.col("service_class").is_in(classes)
    rate = (
        responses.join(surveys, on=keys, how="left")
        .with_columns(
            measure=pl.lit("response_rate"),
            value=pl.when(comparable).then(pl.col("n") / pl.col("surveys")).otherwise(None),
        )
        .select(responses.columns)
    )
    likeness = _representativeness(responses, collected, rules, complete=complete)
    return pl.concat([collected, responses, rate, likeness]).sort(*keys, "measure")


def _comparable_classes(classified: pl.DataFrame, rules: "RuleBook") -> list[str]:
    """Return the classes that the facts of sampling counts tell as well as all facts do."""
    told = classified.select(
        "service_class", by_sampling=classes_by(classified, _SAMPLING_FACTS, rules)
    )
    same = told.filter(pl.col("service_class") == pl.col("by_sampling"))["service_class"]
    found = same.value_counts(name="same")
    for column in told.columns:
        of_class = told[column].rename("service_class").value_counts(name=f"of_{column}")
        found = found.join(of_class, on="service_class")
    largest = pl.max_horizontal(cs.starts_with("of_"))
    return found.filter(pl.col("same") >= _SAME_EVENTS * largest)["service_class"].to_list()


def _representativeness(
    responses: pl.DataFrame, collected: pl.DataFrame, rules: "RuleBook", *, complete: bool
) -> pl.DataFrame:
    """Compare the ages of those who responded with the ages of whom events were of.

    1 less the index of dissimilarity (Duncan and Duncan 1955): the share of the responses that are
    at the right age, when the ages are to be distributed as the service events'. Moving one
    response changes it by 1 / n at most, so it is told in steps that leave the counts uncertain.
    """
    others = [n for n in responses.columns if n not in {*_TIDY, "age_group"}]
    ages = [*(pl.col(name) == ALL for name in others), ~pl.col("age_group").is_in([ALL, UNKNOWN])]
    events = collected.filter(*ages, measure="service_events").select("county", "age_group", e="n")
    both = (
        responses.filter(*ages)
        .select("month", "county", "age_group", r="n")
        .join(events, on=["county", "age_group"], how="full", coalesce=True)
        .filter(pl.lit(complete) | (pl.col("county") != NATION))
    )
    shares = [pl.col(name).fill_null(0) / pl.col(name).sum() for name in ("r", "e")]
    told = both.group_by("county").agg(
        pl.col("month").drop_nulls().first(),
        value=1 - (shares[0] - shares[1]).abs().sum() / 2,
        n=pl.col("r").sum(),
        events=pl.col("e").sum(),
    )
    width, steps = rules.disclosure.complementary.width, rules.quality_index.steps
    step = pl.col("n").map_elements(
        lambda n: step_for(n, steps, width), return_dtype=pl.Float64, skip_nulls=True
    )
    return (
        told.filter(pl.col("n") > 0, pl.col("events") > 0)
        .with_columns(
            *(pl.lit(ALL).alias(name) for name in (*others, "age_group")),
            measure=pl.lit("representativeness"),
            value=(pl.col("value") / step).round() * step,
            n=pl.col("n").cast(pl.Int64),
        )
        .select(responses.columns)
    )


def quality_mart(statistics: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Put the deliveries' statistics in tidy form, with the nation's.

    Args:
        statistics: For each county and month: month, county, rows_delivered, rows_accepted,
            rows_rejected, quarantined, unclassified (counts) and cost_centre_completeness,
            site_completeness (0 to 1, or absent).

    Returns:
        The mart, without dimensions. Completeness is weighted by the rows delivered; n of rejected
        and quarantined rows are the rows delivered, which they are counted among.
    """
    schema: dict[str, pl.DataType] = {"month": pl.String(), "county": pl.String()}
    schema |= dict.fromkeys(_COUNTS, pl.Int64()) | dict.fromkeys(_COMPLETENESS, pl.Float64())
    rows = pl.from_dicts(statistics, schema=schema) if statistics else pl.DataFrame(schema=schema)
    delivered = pl.col("rows_delivered")
    of = {"rows_rejected": "rows_delivered", "quarantined": "rows_delivered"}
    measures = [
        Measure(name, pl.col(name).sum(), pl.col(of.get(name, name)).sum()) for name in _COUNTS
    ]
    for name in _COMPLETENESS:
        weight = delivered.filter(pl.col(name).is_not_null()).sum()
        share = pl.when(weight > 0).then((pl.col(name) * delivered).sum() / weight)
        measures.append(Measure(name, share, weight))
    return roll_up(rows, (), [()], measures)


def quality_index_mart(classified: pl.DataFrame, month: str, rules: "RuleBook") -> pl.DataFrame:
    """Tell the quality index of every county's month and the nation's, with what they are made of.

    Unlike those of other marts these figures are rounded already: how coarsely hangs on rows whose
    number is not published.

    Args:
        classified: `classified_feedback` of all counties of the month.
        month: The month, as `2025-03`.
        rules: The rule book.

    Returns:
        The mart, without dimensions; n the responses of the county or the nation. A value is null
        where it would stand on too few of them.
    """
    width = rules.disclosure.complementary.width
    found = tallies(classified, month, rules)
    rows = dict(classified.group_by("county").len().iter_rows())
    told = [
        (county, rows[county], county_figures(tally, rules.quality_index, width))
        for county, tally in found.items()
    ]
    if told:
        nation = nation_figures(found.values(), rules.quality_index, width)
        told.append((NATION, classified.height, nation))
    return pl.DataFrame(
        [
            (month, county, measure, figures[measure], n)
            for county, n, figures in told
            for measure in rules.quality_index.measures
        ],
        schema=mart_schema(()),
        orient="row",
    )
