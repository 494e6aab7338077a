"""From rows to figures in tidy form, for every crossing and both county levels.

Belongs here: grouping and reshaping, the same for all marts. Does not belong here: any formula.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from aspa_resources.rule_book.published import ALL, COOPERATION_AREA, NATION, UNKNOWN


@dataclass(frozen=True)
class Measure:
    """One measure as aggregations over the rows of a group.

    Attributes:
        name: The measure's published name.
        value: Its value; null where it has none.
        n: The number of responses the value is computed from.
    """

    name: str
    value: pl.Expr
    n: pl.Expr


def mart_schema(dimensions: Iterable[str]) -> pl.Schema:
    """Return the schema of a tidy mart with these dimension columns."""
    keys = ["month", "county", *dimensions, "measure"]
    return pl.Schema({**dict.fromkeys(keys, pl.String()), "value": pl.Float64(), "n": pl.Int64()})


def _known(dimensions: Iterable[str]) -> list[pl.Expr]:
    """Return the dimension columns with `unknown` in place of null."""
    return [pl.col(name).fill_null(UNKNOWN) for name in dimensions]


def roll_up(
    rows: pl.DataFrame,
    dimensions: Sequence[str],
    crossings: Sequence[tuple[str, ...]],
    measures: Sequence[Measure],
    prepare: Callable[[pl.LazyFrame, tuple[str, ...]], pl.LazyFrame] = lambda frame, _: frame,
) -> pl.DataFrame:
    """Compute measures for every crossing, by county and for the nation, each from the rows.

    Args:
        rows: One row a response with month, county and the columns the measures read.
        dimensions: The mart's dimension columns.
        crossings: Subsets of them; a dimension outside a crossing is `ALL`. Those with the
            co-operation area, which counties lie within, are computed for the nation alone.
        measures: What to compute.
        prepare: Turns the rows into those of one crossing (unfolds a list of categories).

    Returns:
        A tidy mart, sorted.
    """
    counties, nation = rows.lazy(), rows.lazy().with_columns(county=pl.lit(NATION))
    aggregations = [m.value.cast(pl.Float64).alias(f"value:{m.name}") for m in measures]
    aggregations += [m.n.cast(pl.Int64).alias(f"n:{m.name}") for m in measures]
    parts = []
    for crossing in crossings:
        totals = [pl.lit(ALL).alias(name) for name in dimensions if name not in crossing]
        for level in (nation,) if COOPERATION_AREA in crossing else (counties, nation):
            prepared = prepare(level, crossing).with_columns(_known(crossing))
            keys = ["month", "county", *crossing]
            grouped = prepared.group_by(keys).agg(aggregations)
            parts.append(grouped.with_columns(pl.col(keys).cast(pl.String), *totals))
    return _stack(pl.concat(pl.collect_all(parts), how="diagonal"), dimensions, measures)


def _stack(
    wide: pl.DataFrame, dimensions: Sequence[str], measures: Sequence[Measure]
) -> pl.DataFrame:
    """Turn the columns `value:<measure>` and `n:<measure>` into rows of a tidy mart, sorted."""
    keys = ["month", "county", *dimensions]
    rows = [
        wide.select(
            *keys,
            measure=pl.lit(m.name),
            value=pl.col(f"value:{m.name}"),
            n=pl.col(f"n:{m.name}"),
        )
        for m in measures
    ]
    if wide.is_empty():
        return mart_schema(dimensions).to_frame()
    # By place in the alphabet: numbers sort several times faster than text.
    order = [pl.col(key).cast(pl.Enum(wide[key].unique().sort())) for key in keys]
    return pl.concat(rows).sort(*order, maintain_order=True)
