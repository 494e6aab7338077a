"""The auditor's intervals against trying out every possible table."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from aspa_resources.audit.intervals import ContradictionError, intervals

ROWS, COLUMNS = 2, 3
MOST = 6


def table_lines(rows: int, columns: int) -> sparse.csr_array:
    """Sums of a two-way table with margins: parts 1, total -1; cells row by row, totals last."""
    index = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    dense = np.zeros((rows + columns + 2, index.size))
    for line, along in enumerate([*index, *index.T]):
        dense[line, along[:-1]] = 1
        dense[line, along[-1]] = -1
    return sparse.csr_array(dense)


def with_margins(inner: np.ndarray) -> np.ndarray:
    wide = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)]).ravel().astype(np.int64)


ALL_TABLES = np.array(
    [
        with_margins(np.array(cells).reshape(ROWS, COLUMNS))
        for cells in product(range(MOST + 1), repeat=ROWS * COLUMNS)
    ]
)
IS_INNER = with_margins(np.ones((ROWS, COLUMNS))) == 1


@settings(max_examples=60, deadline=None)
@given(
    inner=st.lists(st.integers(0, MOST), min_size=6, max_size=6),
    hidden=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_every_interval_is_that_of_all_possible_tables(
    inner: list[int], hidden: list[bool]
) -> None:
    lines = table_lines(ROWS, COLUMNS)
    counts = with_margins(np.array(inner).reshape(ROWS, COLUMNS))
    unknown = np.array(hidden)
    low = np.where(unknown, 0, counts)
    high = np.where(unknown, np.where(IS_INNER, MOST, 1000), counts)
    fitting = ALL_TABLES[(ALL_TABLES[:, ~unknown] == counts[~unknown]).all(axis=1)]
    found = intervals(lines, low, high)
    assert found.low.tolist() == fitting.min(axis=0).tolist()
    assert found.high.tolist() == fitting.max(axis=0).tolist()
    width = 3
    judged = intervals(lines, low, high, width)
    is_wide = judged.wide | (judged.high - judged.low >= width)
    assert is_wide.tolist() == ((found.high - found.low) >= width).tolist()


@given(st.integers(0, 5), st.integers(1, 40), st.integers(1, 40))
def test_one_hidden_sibling_is_worked_out(row: int, count: int, others: int) -> None:
    lines = table_lines(6, 1)
    inner = np.full((6, 1), others)
    inner[row] = count
    counts = with_margins(inner)
    unknown = np.zeros(counts.size, dtype=bool)
    unknown[[2 * row, 2 * row + 1]] = True
    found = intervals(lines, np.where(unknown, 0, counts), np.where(unknown, 999, counts), 10)
    assert found.low[2 * row] == found.high[2 * row] == count


def test_whole_numbers_are_used_where_fractions_reach_farther() -> None:
    # a + b = 1, b + c = 1, a + c + d = 1: fractions allow b = 1/2 where d = 0.
    lines = sparse.csr_array(
        np.array(
            [
                [1, 1, 0, 0, -1, 0, 0],
                [0, 1, 1, 0, 0, -1, 0],
                [1, 0, 1, 1, 0, 0, -1],
            ]
        )
    )
    low = np.array([0, 0, 0, 0, 1, 1, 1])
    high = np.array([9, 9, 9, 1, 1, 1, 1])
    found = intervals(lines, low, high)
    assert (found.low[:4].tolist(), found.high[:4].tolist()) == ([0, 1, 0, 1], [0, 1, 0, 1])


def test_counts_that_cannot_be_are_told() -> None:
    with pytest.raises(ContradictionError):
        intervals(table_lines(1, 2), *(2 * [np.array([1, 2, 4, 1, 2, 4])]))
