"""Steps that count: one mart a subject, a month at a time, exact and never shown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import (
    LAST_TWELVE_MONTHS,
    MONTHS,
    OF_THE_MONTH,
    months_before,
    split,
)
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources import indicators
from aspa_resources.resources import RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NotSealedError

GROUP: Final = "marts"

_OF_THE_DELIVERY: Final = (
    "rows_delivered",
    "rows_accepted",
    "rows_rejected",
    "cost_centre_completeness",
    "site_completeness",
)

ComputeMart = Callable[[str, Inputs, RuleBook], pl.DataFrame]


def _mart(
    name: str, description: str, deps: Sequence[str | dg.AssetDep], compute: ComputeMart
) -> dg.AssetsDefinition:
    """Return the asset of one mart, a month a partition, from all counties' partitions."""

    def months(
        context: dg.AssetExecutionContext, storage: StorageResource, rule_book: RuleBookResource
    ) -> Iterator[Event]:
        rules = rule_book.open()

        def of_month(month: str, inputs: Inputs) -> Sequence[Candidate]:
            frame = compute(month, inputs, rules)
            return [
                Candidate(
                    name,
                    frame,
                    figures={"months_astray": frame.filter(pl.col("month") != month).height},
                    versions={"rules": rules.version},
                )
            ]

        yield from seal_partitions(context, storage.open(), of_month)

    spec = asset_spec(
        name,
        group=GROUP,
        kinds={"polars", "parquet"},
        description=description,
        partitions=MONTHS,
        deps=[
            d if isinstance(d, dg.AssetDep) else dg.AssetDep(d, partition_mapping=OF_THE_MONTH)
            for d in deps
        ],
    )
    return computes(spec)(months)


def _indicators(month: str, inputs: Inputs, rules: RuleBook) -> pl.DataFrame:
    return indicators.indicator_mart(_month(inputs, "classified_feedback", month), rules)


def _themes(month: str, inputs: Inputs, rules: RuleBook) -> pl.DataFrame:
    return indicators.theme_mart(
        _month(inputs, "classified_feedback", month),
        _month(inputs, "analyzed_feedback", month),
        rules,
    )


def _words(month: str, inputs: Inputs, rules: RuleBook) -> pl.DataFrame:
    return indicators.word_mart(
        _month(inputs, "classified_feedback", month),
        _month(inputs, "analyzed_feedback", month),
        rules,
    )


def _trend(month: str, inputs: Inputs, _: RuleBook) -> pl.DataFrame:
    marts = {month: inputs.read("indicator_mart", month)}
    for earlier in months_before(month):
        frame = inputs.read_if_sealed("indicator_mart", earlier)
        if frame is not None:
            marts[earlier] = frame
    return indicators.trend_mart(marts)


def _coverage(month: str, inputs: Inputs, rules: RuleBook) -> pl.DataFrame:
    return indicators.coverage_mart(
        _month(inputs, "classified_feedback", month),
        _month(inputs, "sampling_counts", month),
        rules,
    )


def _quality(month: str, inputs: Inputs, rules: RuleBook) -> pl.DataFrame:
    statistics: list[dict[str, Any]] = []
    classified = inputs.read_month("classified_feedback", month)
    for partition in classified:
        county = split(partition)[0]
        # As the anonymous rows knew it: a delivery refused since then is not in the figures.
        delivery = inputs.manifest("anonymized_feedback", partition).statistics["delivery"]
        statistics.append(
            {
                "month": month,
                "county": county,
                **{name: delivery[name] for name in _OF_THE_DELIVERY},
                "quarantined": inputs.manifest("verification_run", partition).statistics[
                    "quarantined"
                ],
                "unclassified": inputs.manifest("classified_feedback", partition).statistics[
                    "unclassified"
                ],
            }
        )
    marts = [indicators.quality_mart(statistics)]
    if classified:
        rows = pl.concat(classified.values())
        marts.append(indicators.quality_index_mart(rows, month, rules))
    return pl.concat(marts)


indicator_mart = _mart(
    "indicator_mart",
    "Responses, NPS with its three shares, and the mean of every statement with its own n.",
    ["classified_feedback"],
    _indicators,
)
theme_mart = _mart(
    "theme_mart",
    "Responses with a text, by theme and sentiment.",
    ["classified_feedback", "analyzed_feedback"],
    _themes,
)
word_mart = _mart(
    "word_mart",
    "Words in the same written form, counted by distinct responses.",
    ["classified_feedback", "analyzed_feedback"],
    _words,
)
trend_mart = _mart(
    "trend_mart",
    "The indicators of up to twelve months, one under another.",
    [dg.AssetDep("indicator_mart", partition_mapping=LAST_TWELVE_MONTHS)],
    _trend,
)
coverage_mart = _mart(
    "coverage_mart",
    "Responses against surveys sent and service events.",
    ["classified_feedback", "sampling_counts"],
    _coverage,
)
quality_mart = _mart(
    "quality_mart",
    "Rows delivered, accepted, rejected, quarantined and unclassified, completeness, and the "
    "quality index of each delivery.",
    ["anonymized_feedback", "verification_run", "classified_feedback"],
    _quality,
)


def _month(inputs: Inputs, asset: str, month: str) -> pl.DataFrame:
    """Return every county's rows of a month; raises NotSealedError where no county has any."""
    frames = list(inputs.read_month(asset, month).values())
    if not frames:
        raise NotSealedError(
            f"No county has a sealed {asset} of {month} yet. "
            "Process a delivery of that month first."
        )
    return pl.concat(frames)
