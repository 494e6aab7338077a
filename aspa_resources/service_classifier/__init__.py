"""The Aura service class of every response, by the ordered rule table of `rules/aura`.

Belongs here: applying the table, to whole frames at once and to one row with its explanation. Does
not belong here: the rules themselves (data), the dimensions built on a class (`indicators`).

The first rule that matches decides; a row that none matches is `unclassified`, never guessed. A
condition on a value that a row lacks does not match, its negation does.
"""

from aspa_resources.service_classifier.cost_centres import (
    NO_MAP,
    MapMeasured,
    county_map,
    measure_map,
)
from aspa_resources.service_classifier.frames import SOURCES, classes_by, classify
from aspa_resources.service_classifier.inputs import first_day
from aspa_resources.service_classifier.missing import missing_inputs
from aspa_resources.service_classifier.steps import Step, explain, explain_rows
from aspa_resources.service_classifier.table import UNCLASSIFIED

__all__ = [
    "NO_MAP",
    "SOURCES",
    "UNCLASSIFIED",
    "MapMeasured",
    "Step",
    "classes_by",
    "classify",
    "county_map",
    "explain",
    "explain_rows",
    "first_day",
    "measure_map",
    "missing_inputs",
]
