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
from scipy import sparse

from aspa_resources.disclosure.cells import Bools, Floats, Ints
from aspa_resources.linear_program import LinearProgram

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
    _pushed: "_Pushed | None" = field(init=False, default=None)

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
        if self._pushed is None or not np.array_equal(self._pushed.cells, hidden):
            self._pushed = _Pushed(self, hidden)
        point = self._pushed.push(direction)
        if point is None:
            return None
        self.low[hidden] = np.minimum(self.low[hidden], point)
        self.high[hidden] = np.maximum(self.high[hidden], point)
        return point

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
            cell's range lacks, or else as much as can be added at this end; empty when nothing can.
        """
        lacks = self.width - (self.high[cell] - self.low[cell])
        rise, fall = self.most[among] - point[among], point[among].copy()
        target = int(np.flatnonzero(among == cell)[0])
        bounds = np.column_stack([np.zeros(2 * among.size), np.concatenate([rise, fall])])
        moved, kept = (target, among.size + target) if upwards else (among.size + target, target)
        bounds[moved, 1] = min(bounds[moved, 1], lacks)
        bounds[kept] = 0.0
        matrix = _without_empty_lines(self.lines[:, among])
        balance = sparse.hstack([matrix, -matrix], format="csr")
        farthest = _least_cost(-np.eye(1, 2 * among.size, moved)[0], balance, bounds)
        if farthest is None or farthest[moved] <= _EPSILON:
            return np.empty(0, dtype=np.int64)
        bounds[moved, 0] = farthest[moved] - _EPSILON
        cheapest = _least_cost(np.concatenate([prices[among], prices[among]]), balance, bounds)
        found = farthest if cheapest is None else cheapest
        moves = found[: among.size] + found[among.size :]
        return np.asarray(among[moves > _EPSILON])


class _Pushed:
    """Hidden counts that are pushed about together, one direction after another.

    Args:
        system: The counts and their sums.
        cells: Indices of the hidden cells.
    """

    def __init__(self, system: System, cells: Ints) -> None:
        self.cells = cells
        exact, reach = system.counts[cells].astype(float), float(_REACH * system.width)
        self._low = np.maximum(exact - reach, 0.0)
        self._high = np.minimum(exact + reach, system.most[cells])
        matrix = _without_empty_lines(system.lines[:, cells])
        self._program = LinearProgram(matrix, matrix @ exact, self._low, self._high, steady=True)

    def push(self, direction: Floats) -> Floats | None:
        """Return the counts at the end of a direction; None when the solver finds none."""
        point = self._program.least(-direction)
        return None if point is None else np.clip(point, self._low, self._high)


def _least_cost(costs: Floats, balance: sparse.csr_array, bounds: Floats) -> Floats | None:
    """Return the cheapest moves that leave every sum as it is; None when the solver finds none."""
    return LinearProgram(balance, np.zeros(balance.shape[0]), *bounds.T).least(costs)


def ranges_by_sums(
    lines: sparse.csr_array, counts: Ints, hidden: Bools, most: Floats
) -> tuple[Floats, Floats]:
    """Return what each count can be as far as bounds carried along sums tell.

    Args:
        lines: Matrix lines x cells, as in `Cells`.
        counts: The exact counts; those of hidden cells are not looked at.
        hidden: Cells whose count an attacker does not know.
        most: The largest count an attacker deems possible in each cell.

    Returns:
        The least and the largest count of each cell, infinite where no sum bounds it.
    """
    entries = lines.tocoo()
    row, cell, sign = entries.row, entries.col, entries.data
    low, high = np.where(hidden, 0.0, counts), np.where(hidden, most, counts)
    while True:
        below = _others(row, np.where(sign > 0, low[cell], -high[cell]), lines.shape[0])
        above = _others(row, np.where(sign > 0, high[cell], -low[cell]), lines.shape[0])
        # sign * count = -(the others' signed sum)
        new_low, new_high = low.copy(), high.copy()
        np.minimum.at(new_high, cell, np.where(sign > 0, -below, above))
        np.maximum.at(new_low, cell, np.where(sign > 0, -above, below))
        if (new_low == low).all() and (new_high == high).all():
            return low, high
        low, high = new_low, new_high


def _others(row: Ints, ends: Floats, rows: int) -> Floats:
    """Return for each entry the sum of all others in its row; infinite where one of them is."""
    unbounded = np.isinf(ends)
    finite = np.where(unbounded, 0.0, ends)
    sums = np.bincount(row, finite, rows)[row] - finite
    infinite = np.bincount(row, unbounded, rows)[row] - unbounded > 0
    signs = np.sign(ends[unbounded][0]) if unbounded.any() else 1.0
    return np.where(infinite, signs * np.inf, sums)


def _without_empty_lines(matrix: sparse.csr_array) -> sparse.csr_array:
    return matrix[np.diff(matrix.indptr) > 0]
