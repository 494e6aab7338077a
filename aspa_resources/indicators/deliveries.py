"""Figures about the collection itself: coverage of the survey and quality of the deliveries.

Belongs here: counts that come from sampling counts and delivery statistics. Does not belong here:
anything about what was answered.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.indicators.tidy import Measure, mart_schema, roll_up
from aspa_resources.quality_index import county_figures, nation_figures, tallies
from aspa_resources.rule_book.published import NATION, crossings_of, dimensions_of

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

_COUNTS = ("rows_delivered", "rows_accepted", "rows_rejected", "quarantined", "unclassified")
_COMPLETENESS = ("cost_centre_completeness", "site_completeness")


def coverage_mart(
    classified: pl.DataFrame, sampling: pl.DataFrame, rules: "RuleBook"
) -> pl.DataFrame:
    """Compare the responses with the surveys sent and the service events.

    Args:
        classified: `classified_feedback` of all counties of the month.
        sampling: `sampling_counts` of those that deliver them.
        rules: The rule book.

    Returns:
        The mart with the measures service_events, surveys_sent, responses and response_rate
        (responses / surveys sent, n the responses). The rate is null where no survey is known to
        be sent, and for the nation when some county with responses has no sampling counts: it
        would otherwise tell that county's responses by subtraction.
    """
    tables = rules.published_tables.values()
    dimensions = dimensions_of(tables, "coverage_mart")
    crossings = crossings_of(tables, "coverage_mart")
    keys = ["month", "county", *dimensions]
    sent = [
        Measure(name, pl.col(name).sum(), pl.lit(0, pl.Int64))
        for name in ("service_events", "surveys_sent")
    ]
    collected = roll_up(sampling, dimensions, crossings, sent)
    responses = roll_up(
        classified, dimensions, crossings, [Measure("responses", pl.len(), pl.len())]
    )
    complete = set(classified["county"].unique()) <= set(sampling["county"].unique())
    surveys = collected.filter(measure="surveys_sent").select(*keys, surveys="value")
    comparable = (pl.col("surveys") > 0) & (pl.lit(complete) | (pl.col("county") != NATION))
    rate = (
        responses.join(surveys, on=keys, how="left")
        .with_columns(
            measure=pl.lit("response_rate"),
            value=pl.when(comparable).then(pl.col("n") / pl.col("surveys")).otherwise(None),
        )
        .select(responses.columns)
    )
    return pl.concat([collected, responses, rate]).sort(*keys, "measure")


def quality_mart(statistics: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Put the deliveries' statistics in tidy form, with the nation's.

    Args:
        statistics: For each county and month: month, county, rows_delivered, rows_accepted,
            rows_rejected, quarantined, unclassified (counts) and cost_centre_completeness,
            site_completeness (0 to 1, or absent).

    Returns:
        The mart, without dimensions. Completeness is weighted by the rows delivered.
    """
    schema: dict[str, pl.DataType] = {"month": pl.String(), "county": pl.String()}
    schema |= dict.fromkeys(_COUNTS, pl.Int64()) | dict.fromkeys(_COMPLETENESS, pl.Float64())
    rows = pl.from_dicts(statistics, schema=schema) if statistics else pl.DataFrame(schema=schema)
    delivered = pl.col("rows_delivered")
    measures = [Measure(name, pl.col(name).sum(), pl.col(name).sum()) for name in _COUNTS]
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
