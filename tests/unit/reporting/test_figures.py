"""Looking figures up, and the arithmetic that published figures allow."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.reporting.figures import (
    Figure,
    Nps,
    PublishedTableError,
    PublishedView,
    beyond_chance,
    points_between,
)

STATUSES = ("published", "suppressed", "somehow", None)


def score(promoters: int, passives: int, detractors: int, *, shares: bool = True) -> Nps:
    n = promoters + passives + detractors
    figure = Figure(100 * (promoters - detractors) / n, n, "published")
    if not shares:
        return Nps(figure)
    parts = (promoters / n, passives / n, detractors / n)
    return Nps(figure, *(Figure(part, n, "published") for part in parts))


counts = st.tuples(*[st.integers(0, 500)] * 3).filter(any)


def test_margin_is_that_of_the_textbook():
    answers = [100] * 60 + [0] * 25 + [-100] * 15
    mean = sum(answers) / 100
    variance = sum((a - mean) ** 2 for a in answers) / 100
    assert score(60, 25, 15).margin == pytest.approx(1.96 * math.sqrt(variance / 100))


@given(counts)
def test_hidden_shares_never_make_a_score_look_surer(groups):
    known, unknown = score(*groups).margin, score(*groups, shares=False).margin
    assert known is not None
    assert unknown is not None
    assert unknown >= known - 1e-9


@given(counts, counts)
def test_comparison_is_symmetric(one, other):
    a, b = score(*one), score(*other)
    assert beyond_chance(a, b) == beyond_chance(b, a)
    assert points_between(a, b) == -(points_between(b, a) or 0)


def test_what_is_not_shown_is_compared_with_nothing():
    hidden = Nps(Figure(status="suppressed"))
    assert hidden.margin is None
    assert hidden.rounded is None
    assert beyond_chance(score(9, 0, 1), hidden) is None
    assert points_between(hidden, score(9, 0, 1)) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["10", "08", "FI"]),
            st.sampled_from(["ALL", "a", "b"]),
            st.sampled_from(STATUSES),
            st.none() | st.floats(-100, 100),
        ),
        unique_by=lambda row: row[:2],
    )
)
def test_only_published_values_leave_the_view(rows):
    table = pl.DataFrame(
        [
            ("2025-03", county, code, "nps", value, 10, status)
            for county, code, status, value in rows
        ],
        schema={"month": pl.String, "county": pl.String, "group": pl.String, "measure": pl.String}
        | {"value": pl.Float64, "n": pl.Int64, "status": pl.String},
        orient="row",
    )
    view = PublishedView({"t": table}, "2025-03", {"10", "FI"})
    for county, code, status, value in rows:
        dimensions = {} if code == "ALL" else {"group": code}
        figure = view.figure("t", "nps", county, **dimensions)
        shown = county != "08" and status == "published" and value is not None
        assert figure.published == shown
        assert (figure.value, figure.n) == ((value, 10) if shown else (None, None))
    assert not view.holds("08")


def test_other_months_and_areas_are_not_seen(published):
    assert not PublishedView(published, "2025-02", {"10"}).holds("10")
    assert not PublishedView(published, "2025-03", {"10"}).holds("08")


def test_a_table_without_a_status_is_refused(published):
    with pytest.raises(PublishedTableError, match="quality lacks status"):
        PublishedView({"quality": published["quality"].drop("status")}, "2025-03", {"10"})


@pytest.mark.parametrize(("value", "shown"), [(12.5, 13), (12.4, 12), (-0.5, 0), (-1.6, -2)])
def test_scores_are_shown_in_whole_points(value, shown):
    assert Nps(Figure(value, 10, "published")).rounded == shown
