"""Figures of the free texts: themes by sentiment, and words.

Belongs here: counts of responses with a text. Does not belong here: how a text gets its theme.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.indicators.tidy import Measure, roll_up
from aspa_resources.rule_book.published import crossings_of, dimensions_of

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

_LISTS = {"theme": "themes", "word": "words"}
"""Dimensions that a response has several categories of, and their columns."""
OF_THE_TEXT = ("theme", "sentiment")
"""Dimensions that a share is a share within: its whole has them at ALL."""


def theme_mart(classified: pl.DataFrame, analyzed: pl.DataFrame, rules: "RuleBook") -> pl.DataFrame:
    """Count the responses with a text by theme and sentiment.

    Args:
        classified: `classified_feedback` of all counties of the month.
        analyzed: `analyzed_feedback` of the same.
        rules: The rule book.

    Returns:
        The mart with the measures `responses` (n the same) and `share` (of all responses with a
        text in the county; n that whole).
    """
    tables = rules.published_tables.values()
    dimensions = dimensions_of(tables, "theme_mart")
    crossings = crossings_of(tables, "theme_mart")
    whole_crossings = [tuple(d for d in c if d not in OF_THE_TEXT) for c in crossings]
    whole_keys = ["month", "county", *(d for d in dimensions if d not in OF_THE_TEXT)]

    rows = _responses_with_text(classified, analyzed)
    counts = _counts(rows, dimensions, crossings)
    wholes = _counts(rows, dimensions, list(dict.fromkeys(whole_crossings)))
    shares = counts.join(wholes.select(*whole_keys, whole="n"), on=whole_keys).with_columns(
        measure=pl.lit("share"), value=pl.col("n") / pl.col("whole"), n=pl.col("whole")
    )
    keys = ["month", "county", *dimensions, "measure"]
    return pl.concat([counts, shares.select(counts.columns)]).sort(keys)


def word_mart(classified: pl.DataFrame, analyzed: pl.DataFrame, rules: "RuleBook") -> pl.DataFrame:
    """Count the distinct responses each word occurs in.

    Args:
        classified: `classified_feedback` of all counties of the month.
        analyzed: `analyzed_feedback` of the same.
        rules: The rule book.

    Returns:
        The mart with the measure `responses`.
    """
    tables = rules.published_tables.values()
    dimensions = dimensions_of(tables, "word_mart")
    rows = _responses_with_text(classified, analyzed)
    return _counts(rows, dimensions, crossings_of(tables, "word_mart"))


def _responses_with_text(classified: pl.DataFrame, analyzed: pl.DataFrame) -> pl.DataFrame:
    texts = analyzed.select(
        "response_id", "sentiment", pl.col("themes").list.unique(), pl.col("words").list.unique()
    )
    joined = classified.join(texts, on="response_id", how="inner")
    # Categories are counted several times over: as numbers they group faster than as text.
    return joined.with_columns(
        pl.col("county", "sentiment").cast(pl.Categorical),
        pl.col(*_LISTS.values()).cast(pl.List(pl.Categorical)),
    )


def _counts(
    rows: pl.DataFrame, dimensions: Sequence[str], crossings: Sequence[tuple[str, ...]]
) -> pl.DataFrame:
    responses = Measure("responses", pl.len(), pl.len())
    return roll_up(rows, dimensions, crossings, [responses], prepare=_unfolded)


def _unfolded(rows: pl.LazyFrame, crossing: tuple[str, ...]) -> pl.LazyFrame:
    for dimension, column in _LISTS.items():
        if dimension in crossing:
            rows = rows.explode(column, empty_as_null=False).rename({column: dimension})
    return rows
