"""What a group opens: exactly what it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.serving.places import place_of
from aspa_resources.serving.readers import Claims, Reader

COUNTIES = ("08", "10", "21")
OURS = ("aspa-county-08", "aspa-county-10", "aspa-county-21", "aspa-national", "aspa-operator")


def reader(*groups: str) -> Reader | None:
    return Reader.of(Claims("somebody", groups), COUNTIES)


@pytest.mark.parametrize(
    ("groups", "opened"),
    [
        (["aspa-county-10"], {"reports/10", "receipts/10", "reports/FI"}),
        (["aspa-county-10", "aspa-county-08", "staff"],
         {"reports/10", "receipts/10", "reports/08", "receipts/08", "reports/FI"}),
        (["aspa-operator"], {"operator/x", "reports/FI"}),
        (["aspa-national"],
         {"reports/10", "receipts/10", "reports/08", "receipts/08", "reports/FI", "thl/x"}),
    ],
)  # fmt: skip
def test_a_group_opens_what_it_names(groups, opened):
    somebody = reader(*groups)
    asked = {f"{kind}/{area}" for kind in ("reports", "receipts") for area in ("08", "10", "99")}
    asked |= {"reports/FI", "operator/x", "thl/x"}
    may = {path for path in asked if somebody.may_read(place_of(f"{path}/a.html"))}
    assert may == opened


@pytest.mark.parametrize(
    "group",
    ["", "aspa", "aspa-county-", "aspa-county-99", "aspa-county-1", "aspa-county-010",
     "ASPA-COUNTY-10", "aspa-county-10 ", "aspa-county-10\x00", "aspa-county-FI", "aspa-county-*",
     "aspa-county-１０", "Aspa-National", "aspa-national-", "xaspa-operator", "10", "national"],
)  # fmt: skip
def test_what_is_no_group_of_ours_opens_nothing(group):
    assert reader(group) is None


@given(st.lists(st.text(max_size=20) | st.sampled_from(OURS), max_size=5))
def test_nothing_else_adds_to_what_our_groups_open(groups):
    assert reader(*groups) == reader(*(group for group in groups if group in OURS))
