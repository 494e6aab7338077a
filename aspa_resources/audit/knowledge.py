"""What published tables tell of counts: which are known, within what, and which sums tie them.

Belongs here: reading tables in published form with their declarations, as anybody could. Does not
belong here: what follows from it (`intervals`) and whether it is too much (`auditor`).

One kind of count is read at a time, for every kind has its own sums: how many responded, how many
answered a question, how many are promoters. Cells that several tables show are one cell. It is
assumed that readers know the declarations and the groupings, that an unlisted category has nobody,
and that they do not know why a cell is hidden: it may be small, or protect another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from aspa_resources.audit.intervals import Bools, Ints
from aspa_resources.audit.points import near_of, scale_of
from aspa_resources.indicators.texts import OF_THE_TEXT
from aspa_resources.rule_book.published import ALL, NATION, Decimals, PublishedTable

PUBLISHED: Final = "published"
COUNT: Final = "responses"
_FIGURES: Final = ("measure", "value", "n", "status")
_SLACK: Final = 1e-9

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Grouping:
    """Two dimensions of one mart of which each category of one is part of one of the other.

    Attributes:
        part: The finer dimension (contact mode, or the county).
        whole: The coarser one (group of contact modes, co-operation area).
        groups: By category of the finer one, that of the coarser one.
    """

    part: str
    whole: str
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Knowledge:
    """What is known of one kind of count.

    Attributes:
        cells: One row a cell: county and every dimension, `ALL` where a table lacks it. The last
            rows are no cells of a table (`listed` is False): a whole less one of its parts.
        lines: Matrix lines x cells, parts 1 and total -1; every line times the counts is 0.
        low: The least each count can be by itself.
        high: The largest.
        hidden: Cells that a table lists as suppressed.
    """

    cells: pl.DataFrame
    lines: sparse.csr_array
    low: Ints
    high: Ints
    hidden: Bools


def learn(
    tables: Tables,
    declared: Sequence[PublishedTable],
    measure: str,
    decimals: Decimals,
    groupings: Iterable[Grouping] = (),
    *,
    bounds: pl.DataFrame | None = None,
    points: bool = False,
) -> Knowledge | None:
    """Read one kind of count from the tables of one mart and one month.

    Args:
        tables: Frames in published form by table name.
        declared: The declarations of the mart's tables.
        measure: `responses`, a share (how many it is a share of is known, so it tells a count), or
            a score or mean (n, how many answered; with `points` what they answered).
        decimals: How values are rounded.
        groupings: Dimensions of the mart of which one lies within the other.
        bounds: What other kinds of counts tell of this one: county, dimensions, least, most (null
            where nothing is told). A dimension that only one side has counts at `ALL`, or for
            each of its categories.

    Returns:
        What is known; None where no table shows the measure.
    """
    keys = keys_of(declared)
    cells = _told_cells(tables, declared, measure, decimals, points=points)
    if cells is None:
        return None
    if bounds is not None:
        cells = _bounded(cells, keys, bounds)
    unsummed = {name for table in declared for name in table.unsummed}
    within = _wholes(_numbered(cells), keys, unsummed)
    return _tied(cells, keys, sums_of(cells, declared, groupings), within)


def keys_of(declared: Sequence[PublishedTable]) -> list[str]:
    """Return county and every dimension of some tables."""
    return ["county", *dict.fromkeys(d for table in declared for d in table.dimensions)]


def _told_cells(
    tables: Tables,
    declared: Sequence[PublishedTable],
    measure: str,
    decimals: Decimals,
    *,
    points: bool,
) -> pl.DataFrame | None:
    """Return what the tables tell of each cell by itself: keys, low, high, hidden; sorted.

    low and high are null where nothing is told. None where no table shows the measure.
    """
    facts = [
        fact
        for table in declared
        if table.name in tables
        for fact in _facts(tables[table.name], table, measure, decimals, points=points)
    ]
    if not facts:
        return None
    keys = keys_of(declared)
    told = pl.concat(facts, how="diagonal_relaxed")
    absent = [pl.lit(None, pl.String).alias(name) for name in keys if name not in told.columns]
    return (
        told.with_columns(absent)
        .with_columns(pl.col(keys).fill_null(ALL))
        .group_by(keys)
        .agg(pl.col("low").max(), pl.col("high").min(), pl.col("hidden").any())
        .sort(keys)
    )


def sums_of(
    cells: pl.DataFrame, declared: Sequence[PublishedTable], groupings: Iterable[Grouping]
) -> pl.DataFrame:
    """Return the parts of every sum between cells: line, total and part (rows of `cells`)."""
    keys, indexed = keys_of(declared), _numbered(cells)
    unsummed = {name for table in declared for name in table.unsummed}
    parts = [_parts(indexed, keys, axis, _total(axis)) for axis in keys if axis not in unsummed]
    parts += [_grouped_parts(indexed, keys, grouping) for grouping in groupings]
    sums = pl.concat(parts)
    return sums.with_columns(line=pl.struct("total", "axis").rank("dense").cast(pl.Int64) - 1)


def _total(axis: str) -> str:
    return NATION if axis == "county" else ALL


def _numbered(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))


def least_by_answers(
    tables: Tables, declared: Sequence[PublishedTable], dimensions: Sequence[str]
) -> pl.DataFrame:
    """Return how many responded at least, by how many are shown to have answered or written.

    Args:
        tables: Frames in published form by table name.
        declared: The declarations to look at.
        dimensions: The dimensions of how many responded.

    Returns:
        county, dimensions, least.
    """
    shown = [
        tables[table.name]
        .filter(pl.col("status") == PUBLISHED, *_at_all(table, dimensions))
        .select("county", pl.col(set(table.dimensions) & set(dimensions)), least="n")
        for table in declared
        if table.name in tables
    ]
    keys = ["county", *dimensions]
    named = pl.concat(shown, how="diagonal_relaxed").with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in _absent(shown, keys))
    )
    return named.with_columns(pl.col(keys).fill_null(ALL)).group_by(keys).agg(pl.col("least").max())


def _at_all(table: PublishedTable, dimensions: Sequence[str]) -> list[pl.Expr]:
    return [pl.col(name) == ALL for name in table.dimensions if name not in dimensions]


def _absent(frames: Iterable[pl.DataFrame], keys: Sequence[str]) -> list[str]:
    there = {name for frame in frames for name in frame.columns}
    return [name for name in keys if name not in there]


def _bounded(cells: pl.DataFrame, keys: list[str], bounds: pl.DataFrame) -> pl.DataFrame:
    told = [name for name in bounds.columns if name not in {"least", "most", "told"}]
    on = [name for name in told if name in keys]
    fitting = bounds.filter(*(pl.col(name) == ALL for name in told if name not in on))
    both = cells.join(
        fitting.select(*on, "least", "most"), on=on, how="left", maintain_order="left"
    )
    return both.with_columns(
        low=pl.max_horizontal("low", "least"), high=pl.min_horizontal("high", "most")
    ).select(cells.columns)


def _facts(
    frame: pl.DataFrame,
    table: PublishedTable,
    measure: str,
    decimals: Decimals,
    *,
    points: bool = False,
) -> list[pl.DataFrame]:
    """Return rows (county, dimensions, low, high, hidden) that one table tells."""
    if measure not in table.measures:
        return []
    rows = frame.filter(pl.col("measure") == measure)
    keys = [name for name in rows.columns if name not in {*_FIGURES, "month"}]
    shown = pl.col("status") == PUBLISHED
    n = pl.col("n").cast(pl.Int64)
    low, high = _told(measure, decimals, points=points)
    facts = [
        rows.select(
            *keys, low=pl.when(shown).then(low), high=pl.when(shown).then(high), hidden=~shown
        )
    ]
    if measure == COUNT and "share" in table.measures:
        # A share may be hidden for the whole that it tells, where the count itself is shown.
        facts += [
            fact.with_columns(hidden=pl.lit(value=False))
            for fact in _facts(frame, table, "share", decimals)
        ]
        of = [name for name in keys if name not in OF_THE_TEXT]
        shares = frame.filter(pl.col("measure") == "share", shown)
        facts.append(shares.select(*of, low=n, high=n, hidden=pl.lit(value=False)).unique())
    return facts


def _told(measure: str, decimals: Decimals, *, points: bool) -> tuple[pl.Expr, pl.Expr]:
    """Return the least and the largest count that a figure shown tells, rounding included."""
    n, value = pl.col("n").cast(pl.Int64), pl.col("value")
    scale = scale_of(measure) if points else None
    if scale is not None:
        return scale.missed(near_of(measure, decimals))
    if measure == "share" or measure.endswith("_share"):
        near = 0.5 * 10.0**-decimals.share + _SLACK
        low, high = ((value - near) * n).ceil(), ((value + near) * n).floor()
        return low.clip(lower_bound=0).cast(pl.Int64), pl.min_horizontal(high.cast(pl.Int64), n)
    return n, n


def _tied(
    cells: pl.DataFrame, keys: list[str], sums: pl.DataFrame, within: pl.DataFrame
) -> Knowledge:
    """Tie the cells together, and give each unknown one bounds that exclude nothing."""
    count, rests = cells.height, within.height
    first = sums["line"].n_unique()
    totals = sums.unique("line")
    new_lines, new_cells = first + np.arange(rests), count + np.arange(rests)
    row = np.concatenate([sums["line"], totals["line"], *(3 * [new_lines])])
    column = np.concatenate(
        [sums["part"], totals["total"], within["part"], new_cells, within["whole"]]
    )
    sign = np.repeat([1, -1, 1, 1, -1], [sums.height, totals.height, rests, rests, rests])
    cap = max(1_000_000, 100 * int(cells["high"].fill_null(0).max() or 0))  # type: ignore[arg-type]  # an Int64 column
    return Knowledge(
        cells=cells.select(keys),
        lines=sparse.csr_array((sign, (row, column)), shape=(first + rests, count + rests)),
        low=np.concatenate([cells["low"].fill_null(0), np.zeros(rests)]).astype(np.int64),
        high=np.concatenate([cells["high"].fill_null(cap), np.full(rests, cap)]).astype(np.int64),
        hidden=np.concatenate([cells["hidden"], np.zeros(rests, dtype=np.bool_)]),
    )


def _parts(indexed: pl.DataFrame, keys: list[str], axis: str, total: str) -> pl.DataFrame:
    rest = [name for name in keys if name != axis]
    totals = indexed.filter(pl.col(axis) == total).select(*rest, total="cell")
    return (
        indexed.filter(pl.col(axis) != total)
        .join(totals, on=rest)
        .select("total", part="cell", axis=pl.lit(axis))
    )


def _grouped_parts(indexed: pl.DataFrame, keys: list[str], grouping: Grouping) -> pl.DataFrame:
    """Return the parts of each group, where the finer categories themselves are listed."""
    rest = [name for name in keys if name not in {grouping.part, grouping.whole}]
    group = pl.col(grouping.part).replace_strict(
        dict(grouping.groups), default=None, return_dtype=pl.String
    )
    all_parts = pl.col(grouping.part) == _total(grouping.part)
    fine = indexed.filter(~all_parts, pl.col(grouping.whole) == ALL)
    coarse = indexed.filter(all_parts, pl.col(grouping.whole) != ALL)
    return (
        fine.with_columns(group.alias(grouping.whole))
        .join(coarse.select(*rest, grouping.whole, total="cell"), on=[*rest, grouping.whole])
        .select("total", part="cell", axis=pl.lit(grouping.whole))
    )


def _wholes(indexed: pl.DataFrame, keys: list[str], unsummed: set[str]) -> pl.DataFrame:
    """Return (part, whole) for the cells that are within another without adding up to it."""
    inside = [name for name in keys if name in unsummed]
    if not inside:
        return pl.DataFrame(schema={"part": pl.Int64, "whole": pl.Int64})
    rest = [name for name in keys if name not in unsummed]
    at_all = indexed.filter(*(pl.col(name) == ALL for name in inside))
    return (
        indexed.filter(pl.any_horizontal(pl.col(name) != ALL for name in inside))
        .join(at_all.select(*rest, whole="cell"), on=rest)
        .select("whole", part="cell")
        .select("part", "whole")
    )
