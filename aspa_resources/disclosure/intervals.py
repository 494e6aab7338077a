"""What an attacker can narrow hidden counts to with the published sums.

Belongs here: the linear programs over hidden cells, and the cheapest way to widen an interval. Does
not belong here: the choice of what needs protecting.

The attacker knows every shown count, every sum, that no count is negative and, where a group is
part of a shown whole, that it is not larger. Points found by one program serve all cells: each is a
set of counts that fits everything published, so that the range of the points found is a
range the attacker cannot narrow. Only cells whose range is still short get programs of their own.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from aspa_resources.disclosure.cells import Bools, Ints

Floats = NDArray[np.float64]
_EPSILON = 1e-6
_REACH = 4
"""How far, in widths, a count is let move from its own value: more would only slow the search."""


@dataclass
class System:
    """Counts, their sums, and the ranges already known to be open to an attacker's doubt.

    Attributes:
        lines: Matrix lines x cells, as in `Cells`.
        counts: The exact counts.
        most: For each cell the largest count the attacker deems possible (infinite if unbounded).
        width: The least range every hidden count needs.
        low: The least count found possible so far.
        high: The largest count found possible so far.
    """

    lines: sparse.csr_array
    counts: Ints
    most: Floats
    width: int
    low: Floats = field(init=False)
    high: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.low = self.counts.astype(float)
        self.high = self.low.copy()

    def probe(self, hidden: Ints, direction: Floats) -> Floats | None:
        """Push the hidden counts as far as possible in one direction.

        Args:
            hidden: Indices of hidden cells that form whole components.
            direction: A weight for each of them.

        Returns:
            Possible counts of these cells at the end of the direction, noted in `low` and
            `high`; None when the solver finds none.
        """
        exact = self.counts[hidden].astype(float)
        reach = float(_REACH * self.width)
        bounds = np.column_stack(
            [np.maximum(exact - reach, 0.0), np.minimum(exact + reach, self.most[hidden])]
        )
        matrix = _without_empty_lines(self.lines[:, hidden])
        result = optimize.linprog(
            -direction, A_eq=matrix, b_eq=matrix @ exact, bounds=bounds, method="highs-ds"
        )
        if result.x is None:
            return None
        point = np.clip(result.x, bounds[:, 0], bounds[:, 1])
        self.low[hidden] = np.minimum(self.low[hidden], point)
        self.high[hidden] = np.maximum(self.high[hidden], point)
        return np.asarray(point)

    def is_short(self, cells: Ints) -> Bools:
        """Tell which cells' known range is shorter than the width."""
        return np.asarray(self.high[cells] - self.low[cells] < self.width - _EPSILON)

    def cheapest_widening(
        self, cell: int, point: Floats, *, upwards: bool, prices: Floats, among: Ints
    ) -> Ints:
        """Find the cells to hide so that one count becomes uncertain enough.

        Args:
            cell: The hidden cell whose range is short.
            point: Possible counts of all cells, this one's at the end of its range.
            upwards: Whether that end is the upper one.
            prices: For each cell the price of letting it move by one, 0 where it is hidden.
            among: Indices of the component's cells.

        Returns:
            Indices of the cells that move in the cheapest change of the counts that adds what the
            cell's range lacks; empty when there is no such change.
        """
        lacks = self.width - (self.high[cell] - self.low[cell])
        rise, fall = self.most[among] - point[among], point[among].copy()
        target = int(np.flatnonzero(among == cell)[0])
        bounds = np.column_stack([np.zeros(2 * among.size), np.concatenate([rise, fall])])
        moved, kept = (target, among.size + target) if upwards else (among.size + target, target)
        if bounds[moved, 1] < lacks - _EPSILON:
            return np.empty(0, dtype=np.int64)
        bounds[moved] = lacks
        bounds[kept] = 0.0
        matrix = _without_empty_lines(self.lines[:, among])
        result = optimize.linprog(
            np.concatenate([prices[among], prices[among]]),
            A_eq=sparse.hstack([matrix, -matrix], format="csr"),
            b_eq=np.zeros(matrix.shape[0]),
            bounds=bounds,
            method="highs",
        )
        if result.x is None:
            return np.empty(0, dtype=np.int64)
        moves = result.x[: among.size] + result.x[among.size :]
        return np.asarray(among[moves > _EPSILON])


def largest_by_sums(lines: sparse.csr_array, counts: Ints, hidden: Bools) -> Floats:
    """Return the largest possible count of each cell as far as bounds carried along sums tell.

    Args:
        lines: Matrix lines x cells, as in `Cells`.
        counts: The exact counts; those of hidden cells are not looked at.
        hidden: Cells whose count an attacker does not know.

    Returns:
        One number a cell, infinite where no sum bounds it.
    """
    entries = lines.tocoo()
    row, cell, sign = entries.row, entries.col, entries.data
    low, high = np.where(hidden, 0.0, counts), np.where(hidden, np.inf, counts)
    while True:
        ends = np.where(sign > 0, low[cell], -high[cell])
        unbounded = np.bincount(row, np.isinf(ends), lines.shape[0])
        least = np.bincount(row, np.where(np.isinf(ends), 0.0, ends), lines.shape[0])
        others_unbounded = unbounded[row] - np.isinf(ends)
        # sign * count = -(the others' signed sum)
        most = np.where(
            others_unbounded > 0, np.inf, -(least[row] - np.where(np.isinf(ends), 0.0, ends))
        )
        new_low, new_high = low.copy(), high.copy()
        np.minimum.at(new_high, cell[sign > 0], most[sign > 0])
        np.maximum.at(new_low, cell[sign < 0], -most[sign < 0])
        if (new_low == low).all() and (new_high == high).all():
            return high
        low, high = new_low, new_high


def _without_empty_lines(matrix: sparse.csr_array) -> sparse.csr_array:
    return matrix[np.diff(matrix.indptr) > 0]
