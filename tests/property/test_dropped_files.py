"""Whatever counties do in the landing zone, every drop leads to exactly one processing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated_drops import ACTS, COUNTIES, MONTHS, NAMES, Act, Simulation

acts = st.tuples(
    st.sampled_from(ACTS),
    st.sampled_from(COUNTIES),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(MONTHS),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(acts, min_size=10, max_size=40))
def test_nothing_is_missed_or_doubled(story: list[tuple[Act, str, str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(Path(folder))
        for act in story:
            simulation.act(*act)
        simulation.look()
        assert simulation.missed_and_doubled() == (0, 0)
