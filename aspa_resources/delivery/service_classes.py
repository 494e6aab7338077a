"""What a receipt tells of service classes: how the rows taken in get theirs, and what is lacking.

The same classifier decides as later in the lineage, so a county hears at once, not with the
figures, that its rows will be unclassified.

Belongs here: counting for one file. Does not belong here: deciding (`service_classifier`), wording
(`receipt_labels.yaml`).
"""

from typing import Final, TypedDict

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import (
    SOURCES,
    UNCLASSIFIED,
    classify,
    county_map,
    first_day,
    missing_inputs,
)

_SHOWN: Final = 5
_OWN_CLASS: Final = "delivered_service_class"


class Lacking(TypedDict):
    """A field that unclassified rows lack and that could have decided: its header, and rows."""

    field: str
    rows: int


class ToldClasses(TypedDict):
    """How rows get their service class: rows by source (SOURCES), what those without one lack.

    `version` is of the rules that decided.
    """

    by_source: dict[str, int]
    missing: list[Lacking]
    version: str


def told_classes(
    accepted: pl.DataFrame,
    delivered_map: pl.DataFrame | None,
    county: str,
    month: str,
    rules: RuleBook,
) -> ToldClasses:
    """Count how a file's rows get their service class.

    Args:
        accepted: The rows taken in, with unit_type.
        delivered_map: The county's cost-centre map; None where it has delivered none.
        county: The county's code.
        month: The month delivered.
        rules: The rule book.
    """
    cost_centres = county_map(delivered_map, county, rules)
    decided = classify(accepted, cost_centres, month, rules)
    counted = dict(decided["service_class_source"].value_counts().iter_rows())
    unclassified = decided.filter(pl.col("service_class") == UNCLASSIFIED)
    lacking = missing_inputs(unclassified, rules, first_day(month), cost_centres)
    # That the class itself would do goes without saying.
    named = [(name, rows) for name, rows in lacking.items() if name != _OWN_CLASS]
    column = rules.contract.feedback.column
    return {
        "by_source": {source: counted.get(source, 0) for source in SOURCES},
        "missing": [{"field": column(name).header, "rows": rows} for name, rows in named[:_SHOWN]],
        "version": rules.classification_version,
    }
