"""What integer counts can be when only some of them and their sums are known.

Belongs here: the intervals of unknown counts. Does not belong here: which counts a table tells
(that is `knowledge`), and what is too narrow (that is `auditor`).

The attacker does not know the true counts, so nothing here starts from them. First bounds are
carried along the sums until nothing changes (it settles most counts). What is left falls into
components without common sums. In each, points that fit all that is known are looked for that lie
far apart in many counts at once; a count with two such points far enough apart is settled. Every
other one is minimised and maximised by itself, by linear programming and, where the end found is
not a whole point, by branch and bound.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from aspa_resources.errors import AspaError
from aspa_resources.linear_program import LinearProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NEAR_WHOLE: Final = 1e-5
_ROUNDS: Final = 300
"""Common searches before counts are examined one by one; affects speed only."""
_IDLE: Final = 8
"""Searches in a row that settle nothing end the searching."""
_REACH: Final = 4
"""How many widths a count moves at most in one search."""
_NUDGE: Final = 0.01
"""How much counts that are settled already are pushed about, beside 1 for those that are not."""
_SEED: Final = 7
_SECONDS: Final = 20.0
"""For one branch and bound; then the best point so far stands, which errs towards too narrow."""


class ContradictionError(AspaError):
    """No counts fit everything that is known."""

    def __init__(self) -> None:
        """Say what is wrong without a figure."""
        super().__init__(
            "The published tables contradict each other: no counts fit all of them. "
            "Audit tables of one release, with the rules they were published by."
        )


@dataclass(frozen=True)
class Intervals:
    """What each count can be.

    Attributes:
        low: The least possible count of each cell. Where `wide`, a bound that nothing lies below.
        high: The largest. Where `wide`, a bound that nothing lies above.
        wide: Cells for which two possible counts as far apart as asked for were found.
    """

    low: Ints
    high: Ints
    wide: Bools


def ranges_by_sums(lines: sparse.csr_array, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Find between what each count lies, as far as bounds carried along the sums tell.

    Args:
        lines: Matrix lines x cells, of 1 and -1; every line times the counts is 0.
        low: What is known of each count from below.
        high: From above.

    Returns:
        The least and the largest count of each cell: bounds, which need not be reached.

    Raises:
        ContradictionError: No counts fit.
    """
    entries = lines.tocoo()
    row, cell, sign = entries.row, entries.col, entries.data.astype(np.int64)
    while True:
        least = np.where(sign > 0, low[cell], -high[cell])
        most = np.where(sign > 0, high[cell], -low[cell])
        below, above = np.zeros((2, lines.shape[0]), dtype=np.int64)
        np.add.at(below, row, least)
        np.add.at(above, row, most)
        # sign * count = -(the others' signed sum)
        upper, lower = -(below[row] - least), -(above[row] - most)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, cell, np.where(sign > 0, lower, -upper))
        np.minimum.at(new_high, cell, np.where(sign > 0, upper, -lower))
        if (new_low > new_high).any():
            raise ContradictionError
        if (new_low == low).all() and (new_high == high).all():
            return low, high
        low, high = new_low, new_high


def intervals(
    lines: sparse.csr_array, low: Ints, high: Ints, width: int | None = None
) -> Intervals:
    """Find what each count can be.

    Args:
        lines: Matrix lines x cells; every line times the counts is 0.
        low: What is known of each count from below.
        high: From above; equal to `low` where the count is known.
        width: How long an interval is long enough; None finds every interval exactly.

    Returns:
        The intervals, exact in whole numbers but where they are wide.

    Raises:
        ContradictionError: No counts fit.
    """
    low, high = ranges_by_sums(lines, low, high)
    wide = np.zeros(low.size, dtype=np.bool_)
    for cells in _components(lines, low, high):
        _Component(lines, cells, low, high).settle(wide, width)
    return Intervals(low, high, wide)


def _components(lines: sparse.csr_array, low: Ints, high: Ints) -> list[Ints]:
    """Return the unknown cells of each component, those alone left out: their bounds are exact."""
    unknown = np.flatnonzero(low < high)
    open_lines = lines[:, unknown]
    rows = open_lines.shape[0]
    graph = sparse.block_array([[None, open_lines], [open_lines.T, None]], format="csr")
    _, labels = sparse.csgraph.connected_components(graph, directed=False)
    of_cell = labels[rows:]
    order = np.argsort(of_cell, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(of_cell[order])) + 1)
    return [unknown[group] for group in groups if group.size > 1]


class _Component:
    """The unknown cells of one component; bounds found are written into the arrays given.

    Args:
        lines: All lines.
        cells: The component's unknown cells.
        low: Bounds of all cells, changed in place.
        high: Bounds of all cells, changed in place.
    """

    def __init__(self, lines: sparse.csr_array, cells: Ints, low: Ints, high: Ints) -> None:
        inside = lines[:, cells]
        rows = np.flatnonzero(np.diff(inside.indptr))
        known = np.where(low == high, low, 0)
        matrix = inside[rows]
        right = -(lines[rows] @ known).astype(float)
        self._is_total = (matrix.minimum(0).sum(axis=0)) < 0
        self._cells, self._low, self._high = cells, low, high
        self._program = LinearProgram(matrix, right, *self._bounds())
        self._least: Ints = high[cells].copy()
        self._most: Ints = low[cells].copy()

    def settle(self, wide: Bools, width: int | None) -> None:
        """Mark the cells that are wide; give all others their exact bounds."""
        if width is not None:
            self._search(width)
        for i, cell in enumerate(self._cells):
            if width is not None and self._most[i] - self._least[i] >= width:
                wide[cell] = True
                continue
            self._low[cell] = self._end(i, 1.0)
            if width is None or self._most[i] - self._least[i] < width:
                self._high[cell] = self._end(i, -1.0)
            wide[cell] = width is not None and self._most[i] - self._least[i] >= width

    def _search(self, width: int) -> None:
        """Look for possible counts that are far from those found, in many cells at once."""
        random = np.random.default_rng(_SEED)
        point = self._least_whole(np.zeros(self._cells.size))
        idle = 0
        for _ in range(_ROUNDS):
            possible = self._high[self._cells] - self._low[self._cells] >= width
            short = np.flatnonzero((self._most - self._least < width) & possible)
            if not short.size or idle == _IDLE:
                return
            cost = random.normal(scale=_NUDGE, size=self._cells.size)
            cost[short] = random.choice([-1.0, 1.0], short.size) * random.random(short.size)
            point = self._near(point, cost, _REACH * width)
            left = ((self._most - self._least < width) & possible).sum()
            idle = idle + 1 if left == short.size else 0

    def _end(self, i: int, sign: float) -> int:
        """Return the least (sign 1) or largest (-1) possible count of one cell."""
        cost = np.zeros(self._cells.size)
        cost[i] = sign
        self._program.bound(*self._bounds())
        return int(np.rint(self._least_whole(cost)[i]))

    def _near(self, point: Floats, cost: Floats, reach: int) -> Floats:
        """Return possible counts that cost less and lie near a point; itself if they are not whole.

        Many counts move a little where few could move far.
        """
        low, high = self._bounds()
        limit = np.where(self._is_total, np.inf, reach)
        self._program.bound(
            np.maximum(low, np.rint(point) - limit), np.minimum(high, np.rint(point) + limit)
        )
        found = self._program.least(cost)
        if found is None or not _is_whole(found):
            return point
        self._note(found)
        return found

    def _least_whole(self, cost: Floats) -> Floats:
        """Return and note the possible counts that cost least."""
        point = self._program.least(cost)
        if point is not None and not _is_whole(point):
            point = self._program.least_whole(cost, _SECONDS)
        if point is None:
            raise ContradictionError
        self._note(point)
        return point

    def _bounds(self) -> tuple[Floats, Floats]:
        return self._low[self._cells].astype(float), self._high[self._cells].astype(float)

    def _note(self, point: Floats) -> None:
        """Remember a point as possible if it is whole."""
        if _is_whole(point):
            found = np.rint(point).astype(np.int64)
            self._least = np.minimum(self._least, found)
            self._most = np.maximum(self._most, found)


def _is_whole(point: Floats) -> bool:
    return bool(np.abs(point - np.rint(point)).max(initial=0.0) < _NEAR_WHOLE)
