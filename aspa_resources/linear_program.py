"""Counts within bounds that keep their sums, pushed to one end after another.

Belongs here: the one way to the solver (HiGHS). Does not belong here: what is asked of it, and why
(`disclosure.intervals` for those who protect, `audit.intervals` for those who attack).

What is asked next differs little from what was asked before: another direction, a few bounds. So a
program goes on from where its last answer was, which is many times as fast as to begin anew.
"""

from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
_WHOLE: Final = 1
_DUAL_SIMPLEX: Final = 1
_PRIMAL_SIMPLEX: Final = 4


class LinearProgram:
    """Counts x with `matrix @ x == right` and `low <= x <= high`.

    Args:
        matrix: Sums x counts.
        right: What each sum is.
        low: The least of each count; may be infinite.
        high: The largest.
        steady: Only directions change between questions, no bounds; affects speed only.
    """

    def __init__(
        self,
        matrix: sparse.csr_array,
        right: Floats,
        low: Floats,
        high: Floats,
        *,
        steady: bool = False,
    ) -> None:
        self._size = matrix.shape[1]
        self._all = np.arange(self._size, dtype=np.int32)
        self._solver = _Quiet()
        # After a new direction the last answer still fits, after new bounds it still is an end.
        self._solver.setOptionValue(
            "simplex_strategy", _PRIMAL_SIMPLEX if steady else _DUAL_SIMPLEX
        )
        self._solver.passModel(_model(matrix, right, low, high))

    def bound(self, low: Floats, high: Floats) -> None:
        """Set the bounds anew."""
        self._solver.changeColsBounds(self._size, self._all, low, high)

    def least(self, cost: Floats) -> Floats | None:
        """Find the real x of the least `cost @ x`; None when there is none."""
        self._solver.changeColsCost(self._size, self._all, cost)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()  # the last answer was a bad place to go on from
            self._solver.run()
        return _found(self._solver)

    def least_whole(self, cost: Floats, seconds: float) -> Floats | None:
        """Find the whole x of the least `cost @ x`.

        Args:
            cost: The direction.
            seconds: How long to search; then the best x so far stands.

        Returns:
            The counts; None when there are none, or none were found in time.
        """
        search = _Quiet()
        search.passModel(self._solver.getLp())
        search.changeColsCost(self._size, self._all, cost)
        kinds = np.full(self._size, _WHOLE, dtype=np.uint8)
        search.changeColsIntegrality(self._size, self._all, kinds)
        search.setOptionValue("time_limit", seconds)
        search.setOptionValue("mip_rel_gap", 0.0)
        search.run()
        return _found(search)


class _Quiet(highspy.Highs):
    """A solver that prints nothing and uses one thread: whoever asks has threads of their own."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no type for it
        self.setOptionValue("output_flag", "off")
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 (the library's name)
        """Enable none: nothing calls back, and enabling them prints a banner."""


def _model(matrix: sparse.csr_array, right: Floats, low: Floats, high: Floats) -> highspy.HighsLp:
    columns = matrix.tocsc()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = columns.shape
    model.col_cost_ = np.zeros(columns.shape[1])
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_ = model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = columns.indptr.astype(np.int32)
    model.a_matrix_.index_ = columns.indices.astype(np.int32)
    model.a_matrix_.value_ = columns.data.astype(np.float64)
    return model


def _found(solver: highspy.Highs) -> Floats | None:
    fits = solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    return np.array(solver.getSolution().col_value) if fits else None
