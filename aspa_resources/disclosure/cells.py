"""Cells of the published tables and the sums that tie them together.

Belongs here: which cells there are, which sums an attacker knows between them. Does not belong
here: counts, thresholds, any decision to hide.

A cell is one group of people: month, county and a category or `ALL` in every dimension. Tables
that show the same cell share it here, so it has one fate. A cell without responses is a cell too:
leaving it out would tell that every hidden one has somebody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from aspa_resources.rule_book.published import ALL, COOPERATION_AREA, NATION

POPULATIONS = ("month", "period")
"""Columns whose values are different people: never summed, never completed across."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Nesting:
    """Two dimensions of one mart of which the categories of one add up to those of the other.

    Attributes:
        inner: The finer dimension (contact mode, or the county).
        outer: The coarser one (group of contact modes, co-operation area).
        groups: By category of the finer one, that of the coarser one which it is part of.
    """

    inner: str
    outer: str
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Cells:
    """Cells and their sums.

    Attributes:
        frame: One row a cell: the key columns.
        lines: Matrix lines x cells, 1 for each part of a sum and -1 for its total; every line times
            the cells' counts is 0.
        whole: For each cell the index of the cell that has `ALL` in the dimensions that are not
            summed (the texts of all themes for those of one theme); itself where there is none.
        nestings: Dimensions whose categories add up to those of another.
    """

    frame: pl.DataFrame
    lines: sparse.csr_array
    whole: Ints
    nestings: tuple[Nesting, ...]


def build_cells(
    mart: pl.DataFrame,
    crossings: Sequence[tuple[str, ...]],
    unsummed: Sequence[str],
    nestings: Iterable[Nesting] = (),
) -> Cells:
    """Lay out the cells of one mart.

    Args:
        mart: A tidy mart; its columns but measure, value and n are the keys.
        crossings: The crossings of dimensions that some table shows.
        unsummed: Dimensions whose categories do not add up to `ALL`.
        nestings: Dimensions whose categories add up to those of another.

    Returns:
        The cells of every crossing, complete over the counties and categories that the mart has in
        the same month, and their sums over counties, over every summed dimension and over what is
        nested.
    """
    nested = tuple(nestings)
    keys = [name for name in mart.columns if name not in {"measure", "value", "n"}]
    grids = [_grid(mart, keys, crossing) for crossing in crossings]
    frame = pl.concat(grids).unique(maintain_order=True)
    indexed = frame.with_row_index("cell")
    shown = [frozenset(crossing) for crossing in crossings]
    summed = sorted(frozenset().union(*shown) - set(unsummed))
    lines = [_sums(indexed, keys, "county", NATION)]
    lines += [_sums(indexed, keys, dimension, ALL) for dimension in summed]
    lines += [_nested_sums(indexed, keys, nesting) for nesting in nested]
    return Cells(
        frame=frame,
        lines=_matrix(pl.concat(lines), frame.height),
        whole=wholes(frame, unsummed),
        nestings=nested,
    )


def _grid(mart: pl.DataFrame, keys: list[str], crossing: tuple[str, ...]) -> pl.DataFrame:
    populations = [name for name in POPULATIONS if name in keys]
    dimensions = [name for name in keys if name not in {*populations, "county"}]
    inside = mart.filter(
        *(pl.col(name) != ALL for name in crossing),
        *(pl.col(name) == ALL for name in dimensions if name not in crossing),
    )
    if COOPERATION_AREA in crossing:
        inside = inside.filter(county=NATION)
    axes = [inside.select(*populations, name).unique() for name in ("county", *crossing)]
    grid = reduce(lambda left, right: left.join(right, on=populations), axes)
    totals = [pl.lit(ALL).alias(name) for name in dimensions if name not in crossing]
    return grid.with_columns(totals).select(keys).sort(keys)


def _sums(indexed: pl.DataFrame, keys: list[str], axis: str, total: str) -> pl.DataFrame:
    """Return rows (total, part, axis): the parts along one axis that have a total."""
    rest = [name for name in keys if name != axis]
    totals = indexed.filter(pl.col(axis) == total).select(*rest, total="cell")
    parts = indexed.filter(pl.col(axis) != total).select(*rest, part="cell")
    return parts.join(totals, on=rest).select("total", "part", axis=pl.lit(axis))


def _nested_sums(indexed: pl.DataFrame, keys: list[str], nesting: Nesting) -> pl.DataFrame:
    """Return rows (total, part, axis): the parts of each category of the coarser dimension."""
    inner, outer = nesting.inner, nesting.outer
    rest = [name for name in keys if name not in {inner, outer}]
    of_all = pl.col(inner) == (NATION if inner == "county" else ALL)
    one_at_all = indexed.filter(of_all != (pl.col(outer) == ALL))
    totals = one_at_all.filter(of_all).select(*rest, outer, total="cell")
    group = pl.col(inner).replace_strict(dict(nesting.groups), default=None, return_dtype=pl.String)
    parts = one_at_all.filter(~of_all).select(*rest, group.alias(outer), part="cell")
    axis = pl.lit(f"{inner} in {outer}")
    return parts.join(totals, on=[*rest, outer]).select("total", "part", axis=axis)


def _matrix(sums: pl.DataFrame, cells: int) -> sparse.csr_array:
    numbered = sums.with_columns(line=pl.struct("total", "axis").rank("dense") - 1)
    totals = numbered.unique(["line"])
    rows = np.concatenate([numbered["line"].to_numpy(), totals["line"].to_numpy()])
    columns = np.concatenate([numbered["part"].to_numpy(), totals["total"].to_numpy()])
    signs = np.concatenate([np.ones(numbered.height), -np.ones(totals.height)])
    return sparse.csr_array((signs, (rows, columns)), shape=(totals.height, cells))


def wholes(frame: pl.DataFrame, dimensions: Sequence[str]) -> Ints:
    """Return for each cell the index of the cell with `ALL` in these dimensions, else its own."""
    inside = [name for name in dimensions if name in frame.columns]
    own = np.arange(frame.height)
    if not inside:
        return own
    rest = [name for name in frame.columns if name not in inside]
    indexed = frame.with_columns(cell=pl.Series(own))
    at_all = indexed.filter(*(pl.col(name) == ALL for name in inside))
    joined = indexed.join(
        at_all.select(*rest, whole="cell"), on=rest, how="left", maintain_order="left"
    )
    return joined.select(pl.coalesce("whole", "cell"))["whole"].to_numpy()


def with_rests(lines: sparse.csr_array, parts: Ints, whole: Ints) -> sparse.csr_array:
    """Return lines with a further cell and a further line for what a whole has beside each part.

    Args:
        lines: Matrix lines x cells.
        parts: Cells that are within others without adding up to them.
        whole: The cell that each of them is within.
    """
    count, (rows, columns) = parts.size, lines.shape
    new = np.arange(count)
    beside = sparse.csr_array(
        (
            np.repeat([1, 1, -1], count),
            (np.tile(new, 3), np.concatenate([parts, columns + new, whole])),
        ),
        shape=(count, columns + count),
    )
    padded = sparse.csr_array((lines.data, lines.indices, lines.indptr), (rows, columns + count))
    return sparse.csr_array(sparse.vstack([padded, beside]))
