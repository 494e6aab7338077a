"""Programs that go on from their last answer find what a program begun anew finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from aspa_resources.linear_program import LinearProgram

SECONDS = 20.0
QUESTIONS = 6


@st.composite
def programs(draw):
    """Parts that sum up in rows and columns, with a count of each that fits, and bounds."""
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    cells = rows * columns
    counts = np.array(draw(st.lists(st.integers(0, 20), min_size=cells, max_size=cells)))
    sums = [[i == cell // columns for cell in range(cells)] for i in range(rows)]
    sums += [[j == cell % columns for cell in range(cells)] for j in range(columns)]
    matrix = sparse.csr_array(np.array(sums, dtype=np.int64))
    slack = np.array(draw(st.lists(st.integers(0, 9), min_size=2 * cells, max_size=2 * cells)))
    low = np.maximum(counts - slack[:cells], 0).astype(float)
    return matrix, (matrix @ counts).astype(float), low, counts + slack[cells:].astype(float)


directions = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=16, max_size=16)


@settings(deadline=None)
@given(programs(), st.lists(directions, min_size=2, max_size=QUESTIONS), st.booleans())
def test_every_answer_is_what_a_program_begun_anew_finds(program, asked, steady):
    matrix, right, low, high = program
    one = LinearProgram(matrix, right, low, high, steady=steady)
    for i, direction in enumerate(asked):
        cost = np.array(direction[: low.size])
        bounds = (low, high) if steady else (low, high + i % 2)
        if not steady:
            one.bound(*bounds)
        found = one.least(cost)
        anew = optimize.linprog(cost, A_eq=matrix, b_eq=right, bounds=np.column_stack(bounds))
        assert found is not None
        assert np.allclose(matrix @ found, right)
        assert (found >= bounds[0] - 1e-6).all()
        assert (found <= bounds[1] + 1e-6).all()
        assert np.isclose(cost @ found, anew.fun)


@settings(deadline=None)
@given(programs(), directions)
def test_whole_counts_are_the_best_whole_ones(program, direction):
    matrix, right, low, high = program
    cost = np.array(direction[: low.size])
    found = LinearProgram(matrix, right, low, high).least_whole(cost, SECONDS)
    anew = optimize.milp(
        cost,
        integrality=np.ones_like(cost),
        bounds=optimize.Bounds(low, high),
        constraints=optimize.LinearConstraint(matrix, right, right),
    )
    assert found is not None
    assert np.allclose(found, np.rint(found))
    assert np.isclose(cost @ found, anew.fun)


def test_where_nothing_fits_nothing_is_found():
    one = sparse.csr_array(np.array([[1.0, 1.0]]))
    program = LinearProgram(one, np.array([5.0]), np.zeros(2), np.ones(2))
    assert program.least(np.ones(2)) is None
    assert program.least_whole(np.ones(2), SECONDS) is None
    program.bound(np.zeros(2), np.full(2, 4.0))
    assert program.least(np.array([1.0, 0.0])).tolist() == [1.0, 4.0]


def test_half_counts_are_made_whole():
    odd = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]))
    program = LinearProgram(odd, np.full(3, 1.0), np.zeros(3), np.ones(3))
    assert program.least(np.ones(3)).tolist() == [0.5, 0.5, 0.5]
    assert program.least_whole(np.ones(3), SECONDS) is None
