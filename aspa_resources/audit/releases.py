"""What the changes between two releases of one month tell.

Belongs here: subtracting an earlier release's tables from the present ones, as anybody who kept
them can, and counting the changes of too few responses that follow. Does not belong here: what one
release tells by itself (`auditor`), or any of the protector's reasoning.

A change is known where both releases show the figure, or where one of them does not list the cell
though it lists others like it: nobody is there. Changes add up as counts do. What follows from sums
is found by elimination: a change is determined where its unit vector lies in the row space of the
sums over what is unknown.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy import linalg, sparse

from aspa_resources.audit.intervals import Bools, Floats
from aspa_resources.audit.knowledge import PUBLISHED, Grouping, Tables, keys_of, sums_of
from aspa_resources.rule_book.published import ALL, PublishedTable

_NEAR: Final = 1e-6


def betrayed_changes(
    tables: Tables,
    before: Tables,
    declared: Sequence[PublishedTable],
    groupings: Iterable[Grouping],
    threshold: int,
) -> int:
    """Count the changes of too few responses that two releases betray.

    Args:
        tables: The present release: frames in published form by table name, of one month.
        before: An earlier release of it.
        declared: The declarations of one mart's tables.
        groupings: Dimensions of the mart of which one lies within the other.
        threshold: The fewest responses that a change may tell of.

    Returns:
        How many cells and sums tell such a change.
    """
    grouped = list(groupings)
    shared = [t for t in declared if t.name in tables and t.name in before]
    measures = dict.fromkeys(m for t in shared for m in t.measures if m != "share")
    return sum(_of_measure(tables, before, shared, m, grouped, threshold) for m in measures)


def _of_measure(  # noqa: PLR0917 (the public function's own, and the measure)
    tables: Tables,
    before: Tables,
    declared: Sequence[PublishedTable],
    measure: str,
    groupings: Sequence[Grouping],
    threshold: int,
) -> int:
    cells = _changes(_listed(tables, declared, measure), _listed(before, declared, measure))
    changed = cells["changed"].to_numpy()
    if not changed.any():
        return 0
    by, known = cells["by"].to_numpy(), cells["known"].to_numpy()
    told = int((known & changed & (np.abs(by) < threshold)).sum())
    shown = set(keys_of(declared))
    fitting = [g for g in groupings if {g.part, g.whole} <= shown]
    sums = sums_of(cells.select(keys_of(declared)), declared, fitting)
    if sums.is_empty():
        return told
    return told + _left_over(cells, sums, threshold) + _determined(sums, known, by, threshold)


def _listed(tables: Tables, declared: Sequence[PublishedTable], measure: str) -> pl.DataFrame:
    """Return a measure's rows over all tables: keys, n, value, shown; every cell once.

    For a share of the score, n is the count that the share and its n tell.
    """
    keys = keys_of(declared)
    frames = [
        tables[table.name]
        .filter(pl.col("measure") == measure)
        .with_columns(pl.lit(ALL).alias(k) for k in keys if k not in tables[table.name].columns)
        .select(*keys, "value", "n", shown=pl.col("status") == PUBLISHED)
        for table in declared
    ]
    rows = pl.concat(frames).unique(keys, keep="first").sort(keys)
    count = (pl.col("value") * pl.col("n")).round().cast(pl.Int64)
    return rows.with_columns(count=count if measure.endswith("_share") else pl.col("n"))


def _changes(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """Return keys, by (0 where not known), known and changed (the figures differ)."""
    keys = [name for name in now.columns if name not in {"value", "n", "shown", "count"}]
    both = now.join(then, on=keys, how="full", coalesce=True, suffix="_then").sort(keys)
    known = _known("shown", keys) & _known("shown_then", keys)
    by = pl.col("count").fill_null(0) - pl.col("count_then").fill_null(0)
    other_value = (pl.col("value") != pl.col("value_then")).fill_null(value=False)
    return both.select(
        *keys,
        known=known,
        by=pl.when(known).then(by).otherwise(0),
        changed=known & ((by != 0) | other_value),
    )


def _known(side: str, keys: Sequence[str]) -> pl.Expr:
    """Tell whether one release tells the count: it shows it, or lists only others of its kind."""
    crossing = [(pl.col(key) == ALL) for key in keys if key != "county"]
    lists_others = pl.col(side).is_not_null().any()
    lists_others = lists_others.over(crossing) if crossing else lists_others
    return pl.col(side).fill_null(lists_others)


def _left_over(cells: pl.DataFrame, sums: pl.DataFrame, threshold: int) -> int:
    """Count the sums whose unknown parts, all that is unknown in them, changed by too few."""
    of = cells.with_row_index("cell").select(pl.col("cell").cast(pl.Int64), "known", "by")
    parts = sums.join(of, left_on="part", right_on="cell")
    totals = sums.unique("line").join(of, left_on="total", right_on="cell")
    left = (
        parts.group_by("line")
        .agg(told=pl.col("by").sum(), unknown=(~pl.col("known")).sum())
        .join(totals.filter("known").select("line", of_total="by"), on="line")
        .filter(pl.col("unknown") > 0)
    )
    return left.filter(
        (pl.col("of_total") - pl.col("told")).abs().is_between(1, threshold - 1)
    ).height


def _determined(sums: pl.DataFrame, known: Bools, by: np.ndarray, threshold: int) -> int:
    """Count the unknown changes that elimination gives away and that are of too few."""
    lines = sums["line"].n_unique()
    totals = sums.unique("line")
    row = np.concatenate([sums["line"], totals["line"]])
    column = np.concatenate([sums["part"], totals["total"]])
    sign = np.repeat([1.0, -1.0], [sums.height, totals.height])
    matrix = sparse.csr_array((sign, (row, column)), shape=(lines, known.size))
    unknown = np.flatnonzero(~known)
    right = -(matrix[:, np.flatnonzero(known)] @ by[known].astype(float))
    found = 0
    for cells, rows in _components(matrix[:, unknown]):
        if right[rows].any():
            basis = _row_space(matrix[rows][:, unknown[cells]].toarray())
            sure = (basis**2).sum(axis=1) > 1 - _NEAR
            if sure.any():
                change = linalg.lstsq(matrix[rows][:, unknown[cells]].toarray(), right[rows])[0]
                size = np.abs(np.rint(change[sure]))
                found += int(((size > 0) & (size < threshold)).sum())
    return found


def _components(matrix: sparse.csr_array) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Give the columns and rows of each component."""
    rows = matrix.shape[0]
    graph = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    count, labels = sparse.csgraph.connected_components(graph, directed=False)
    for label in range(count):
        cells = np.flatnonzero(labels[rows:] == label)
        if cells.size:
            yield cells, np.flatnonzero(labels[:rows] == label)


def _row_space(matrix: Floats) -> Floats:
    """Return an orthonormal basis of the row space, a column each."""
    basis, triangle, _ = linalg.qr(matrix.T, mode="economic", pivoting=True)
    rank = int((np.abs(np.diag(triangle)) > _NEAR).sum())
    return np.asarray(basis[:, :rank])
