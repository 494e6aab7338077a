"""What a page holds of its figures for the dialog: each once, and the same bytes every time."""

from __future__ import annotations

import json

from aspa_resources.figure_keys import FigureKey
from aspa_resources.reporting.figure_details import FigureDetails
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.wording import LANGUAGES, wording

CELL = (("service_class", "2235"), ("theme", "access"))


def details(rules, *dimensions):
    """Return what a page of one table's shares tells, placed in this order."""
    found = FigureDetails([Names(rules, wording(one, 10)) for one in LANGUAGES])
    for of in dimensions:
        key = FigureKey("2025-03", "themes_by_service_class", "10", "share", dict(of))
        found.place(Figure(0.2, 120, "published", key))
    return found.json()


def test_the_order_in_which_a_cell_names_its_dimensions_changes_no_byte(rules):
    assert details(rules, CELL) == details(rules, reversed(CELL))


def test_a_figure_that_is_shown_twice_is_told_once(rules):
    told = json.loads(details(rules, CELL, CELL[:1], CELL))
    assert told["tables"] == ["2025-03/themes_by_service_class/10"]
    assert told["figures"] == [
        [0, "share?service_class=2235&theme=access", 120],
        [0, "share?service_class=2235", 120],
    ]
    assert told["words"]["en"]["categories"]["theme"]["access"]
