"""The step that shows several months together: quarters and years, once their months are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import dagster as dg
import polars as pl

from aspa_assets.partitions import LAST_TWELVE_MONTHS, MONTHS, QUARTERS_BEFORE
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.periods import Period, periods_ending
from aspa_resources.published_form import (
    below_threshold,
    join_tables,
    part_tables,
    release_tables,
)
from aspa_resources.resources import RuleBookResource, StorageResource, WarehouseResource
from aspa_resources.rule_book import RuleBook
from expectations.columns import empty_frame, names

GROUP: Final = "publication"
Tables = Mapping[str, pl.DataFrame]

_PERIODS: Final = asset_spec(
    "published_periods",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="The quarter and the year that end with the month, after disclosure control "
    "against all their months; no rows while one of these is not published.",
    partitions=MONTHS,
    deps=[
        dg.AssetDep("published_tables", partition_mapping=LAST_TWELVE_MONTHS),
        dg.AssetDep("indicator_mart", partition_mapping=LAST_TWELVE_MONTHS),
        dg.AssetDep("published_periods", partition_mapping=QUARTERS_BEFORE),
    ],
)


@computes(_PERIODS)
def published_periods(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    warehouse: WarehouseResource,
) -> Iterator[Event]:
    """Protect every period that ends with the month beside its months' published tables."""
    from aspa_resources.disclosure import protect_period

    rules, store = rule_book.open(), storage.open()

    def compute(month: str, inputs: Inputs) -> Sequence[Candidate]:
        releases = store.releases("published_periods", month)
        earlier = [release_tables(store, release, rules) for release in releases]
        periods = periods_ending(month)
        behind = _Behind.of(month, periods, inputs)
        shown: dict[str, Tables] = {}
        for period in periods:
            parts = behind.parts(period, shown, rules)
            if parts is not None:
                marts = behind.marts
                shown[period.name] = protect_period(period, marts, parts, rules, earlier)
        frame = _joined(shown)
        hidden = frame.filter(pl.col("status") == "suppressed")
        with_figure = pl.col("value").is_not_null() | pl.col("n").is_not_null()
        return [
            Candidate(
                "published_periods",
                frame,
                statistics={"periods": list(shown), "suppressed": hidden.height},
                figures={
                    "suppressed_with_figure": hidden.filter(with_figure).height,
                    "published_below_threshold": below_threshold(frame, rules).height,
                    **_attacked(frame, behind, shown, rules),
                },
                parameters={"declared_tables": list(rules.published_tables)},
                versions={"rules": rules.version},
                after=lambda: warehouse.open().sync(store, rules),
            )
        ]

    yield from seal_partitions(context, store, compute)


@dataclass(frozen=True)
class _Behind:
    """What is sealed of the periods that end with a month.

    Attributes:
        marts: The exact indicator marts by month.
        months: The months' published tables, joined.
        quarters: By name the year's earlier quarters, joined with what else their month has.
    """

    marts: Tables
    months: Tables
    quarters: Tables

    @classmethod
    def of(cls, month: str, periods: Sequence[Period], inputs: Inputs) -> Self:
        months = dict.fromkeys([month, *(m for period in periods for m in period.months)])
        ended = [q for period in periods for q in period.quarters if q.last_month != month]

        def sealed(asset: str, months: Iterable[str]) -> dict[str, pl.DataFrame]:
            frames = {m: inputs.read_if_sealed(asset, m) for m in months}
            return {m: frame for m, frame in frames.items() if frame is not None}

        inputs.read("published_tables", month)  # a month that shows nothing ends no period

        quarters = sealed("published_periods", [q.last_month for q in ended])
        return cls(
            sealed("indicator_mart", months),
            sealed("published_tables", months),
            {q.name: quarters[q.last_month] for q in ended if q.last_month in quarters},
        )

    def parts(
        self, period: Period, shown: Mapping[str, Tables], rules: RuleBook
    ) -> dict[str, Tables] | None:
        """Return the published tables of every part; None where one is not published."""
        if not set(period.months) <= self.marts.keys() & self.months.keys():
            return None
        found: dict[str, Tables] = {
            month: part_tables(self.months[month], rules) for month in period.months
        }
        for quarter in period.quarters:
            if quarter.name in shown:
                found[quarter.name] = dict(shown[quarter.name])
            elif quarter.name in self.quarters:
                found[quarter.name] = part_tables(self.quarters[quarter.name], rules)
            else:
                return None
        return found


def _joined(shown: Mapping[str, Tables]) -> pl.DataFrame:
    """Return the tables of all periods as one frame."""
    columns = names("published_periods")
    frames = [join_tables(tables, columns) for tables in shown.values()]
    return pl.concat(frames) if frames else empty_frame("published_periods")


def _attacked(
    frame: pl.DataFrame, behind: _Behind, shown: Mapping[str, Tables], rules: RuleBook
) -> dict[str, int]:
    """Return what the auditor works out of the periods beside their months, in counts."""
    from aspa_resources.audit import audit_periods

    known = [*behind.months.values(), *behind.quarters.values(), frame]
    tables = part_tables(pl.concat(known, how="diagonal"), rules)
    found = audit_periods(tables, rules, only=shown).values()
    return {
        "derivable_counts": sum(one.derivable for one in found),
        "too_narrow_counts": sum(one.narrow for one in found),
        "telling_figures": sum(one.told for one in found),
    }
