"""The auditor and Tau-Argus must find the same intervals, whatever is hidden."""

import numpy as np
from cubes import counted, cube
from hypothesis import given, settings
from hypothesis import strategies as st
from tau_argus import MOST, audited

from aspa_resources.audit.intervals import intervals
from aspa_resources.disclosure.complementary import hide_complementary
from aspa_resources.rule_book import RuleBook

RULES = RuleBook.load().disclosure


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    counties=st.integers(2, 8),
    classes=st.integers(2, 8),
    responses=st.integers(50, 3000),
    protected=st.booleans(),
)
def test_the_auditor_and_tau_argus_agree(
    *, seed: int, counties: int, classes: int, responses: int, protected: bool
) -> None:
    rng = np.random.default_rng(seed)
    cells, counts = counted(cube(rng, responses, county=counties, service_class=classes))
    if protected:
        hidden = hide_complementary(
            cells.lines,
            counts,
            hidden=counts < RULES.threshold,
            free=np.ones(counts.size, dtype=np.bool_),
            sensitive=counts > 0,
            most=np.full(counts.size, np.inf),
            rules=RULES.complementary,
        )
    else:
        hidden = rng.random(counts.size) < rng.uniform(0.1, 0.9)
    ours = intervals(cells.lines, np.where(hidden, 0, counts), np.where(hidden, MOST, counts))
    theirs = audited(cells.lines, counts, hidden)
    assert theirs.keys() == set(np.flatnonzero(hidden).tolist())
    for cell, (low, high) in theirs.items():
        assert abs(ours.low[cell] - low) < 1e-4
        assert abs(ours.high[cell] - high) < 1e-4
    if protected:
        width = RULES.complementary.width
        assert all(high - low > width - 1e-4 for low, high in theirs.values() if high > 1e-4)
