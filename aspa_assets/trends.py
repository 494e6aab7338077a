"""The step that follows published figures over time: month by month, forecast, watched."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import MONTHS, MONTHS_READ, TREND_MONTHS, months_before
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources import trends
from aspa_resources.published_form import join_tables, part_tables
from aspa_resources.resources import RuleBookResource, StorageResource, WarehouseResource
from aspa_resources.rule_book.published import ALL
from aspa_resources.rule_book.trends import TREND
from aspa_resources.trends.series import CELL
from expectations.columns import names

GROUP: Final = "publication"
_FIGURE: Final = ("measure", "value", "n", "status")

_TRENDS: Final = asset_spec(
    "published_trends",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="Trend, forecast and alerts: made from what the months' published tables show, and "
    "from nothing else.",
    partitions=MONTHS,
    deps=[dg.AssetDep("published_tables", partition_mapping=TREND_MONTHS)],
)


@computes(_TRENDS)
def published_trends(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    warehouse: WarehouseResource,
) -> Iterator[Event]:
    """Read the month's published tables and those before it."""
    rules, store = rule_book.open(), storage.open()

    def compute(month: str, inputs: Inputs) -> Sequence[Candidate]:
        frames = {month: inputs.read("published_tables", month)}
        for earlier in months_before(month, MONTHS_READ - 1):
            frame = inputs.read_if_sealed("published_tables", earlier)
            if frame is not None:
                frames[earlier] = frame
        released = {period: part_tables(frame, rules) for period, frame in frames.items()}
        tables = trends.trend_tables(released, month, rules)
        frame = join_tables(tables, names("published_trends"))
        few = pl.col("n").is_between(1, rules.disclosure.threshold - 1)
        return [
            Candidate(
                "published_trends",
                frame,
                statistics={name: table.height for name, table in tables.items()},
                figures={
                    "figures_not_published": _not_published(tables[TREND], released),
                    "below_threshold": frame.filter(few).height,
                },
                parameters={"declared_tables": list(tables)},
                versions={"rules": rules.version},
                after=lambda: warehouse.open().sync(store, rules),
            )
        ]

    yield from seal_partitions(context, store, compute)


def _not_published(trend: pl.DataFrame, released: Mapping[str, Mapping[str, pl.DataFrame]]) -> int:
    """Count the trend's figures that no table of their own month shows."""
    shown = pl.concat(
        [
            table.select("county", *_FIGURE, pl.lit(period).alias("period"), *_cell(table))
            for period, tables in released.items()
            for table in tables.values()
        ]
    )
    return trend.join(
        shown, on=["county", "period", *CELL[1:], *_FIGURE], how="anti", nulls_equal=True
    ).height


def _cell(table: pl.DataFrame) -> list[pl.Expr]:
    """Return a table's series cell; a dimension it lacks is at its total."""
    return [pl.col(name) if name in table.columns else pl.lit(ALL).alias(name) for name in CELL[1:]]
