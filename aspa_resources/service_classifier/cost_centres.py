"""The county's own map from cost centres to service classes, on a day.

Belongs here: which map a county has, what it says on a day, how complete it is. Does not belong
here: reading a delivered map (`delivery`) or the rule book's (`rule_book.cost_centres`).
"""

from datetime import date
from typing import Final, TypedDict

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.cost_centres import COLUMNS

NO_MAP: Final = pl.DataFrame(schema=COLUMNS)
"""A map without entries."""


class MapMeasured(TypedDict):
    """How far a county's map reaches in a month.

    rows_with: rows with a cost centre; rows_known: of these, rows whose cost centre the map gives a
    class on the month's first day; entries: entries of the map; entries_expired: entries that ended
    before that day; classes_ended: entries in force whose class is not valid on it.
    """

    rows_with: int
    rows_known: int
    entries: int
    entries_expired: int
    classes_ended: int


def county_map(delivered: pl.DataFrame | None, county: str, rules: RuleBook) -> pl.DataFrame:
    """Return a county's map: the delivered one, else the rule book's, else one without entries.

    Args:
        delivered: `cost_centre_map` of the county; None where it has delivered none.
        county: The county's code.
        rules: The rule book.

    Returns:
        cost_centre, service_class (String), valid_from, valid_to (Date, null = open).
    """
    if delivered is not None:
        return delivered
    return rules.cost_centres.get(county, NO_MAP)


def classes_on(cost_centres: pl.DataFrame, day: date) -> dict[str, str]:
    """Return the class of every cost centre on a day; a later row of the map wins a tie."""
    held = cost_centres.filter(_in_force(day), pl.col("service_class").is_not_null()).sort(
        "valid_from", nulls_last=False, maintain_order=True
    )
    return dict(held.select("cost_centre", "service_class").iter_rows())


def measure_map(
    frame: pl.DataFrame, cost_centres: pl.DataFrame, day: date, rules: RuleBook
) -> MapMeasured:
    """Measure how far a county's map reaches in a month's rows.

    Args:
        frame: The rows, with cost_centre.
        cost_centres: The county's map.
        day: The month's first day.
        rules: The rule book.
    """
    valid = rules.code_sets["service_classes"].valid_on(day)["code"]
    given = frame["cost_centre"].drop_nulls()
    return MapMeasured(
        rows_with=given.len(),
        rows_known=int(given.is_in(list(classes_on(cost_centres, day))).sum()),
        entries=cost_centres.height,
        entries_expired=cost_centres.filter(pl.col("valid_to") < day).height,
        classes_ended=cost_centres.filter(
            _in_force(day), ~pl.col("service_class").is_in(valid.implode())
        ).height,
    )


def _in_force(day: date) -> pl.Expr:
    begins, ends = pl.col("valid_from"), pl.col("valid_to")
    return (begins.is_null() | (begins <= day)) & (ends.is_null() | (ends >= day))
