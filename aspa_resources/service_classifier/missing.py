"""Which values, had they been recorded, could have decided rows that no rule decides.

Belongs here: counting them. Does not belong here: telling a county (receipts and reports).
"""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier.coding import Coded, coded_columns
from aspa_resources.service_classifier.cost_centres import NO_MAP
from aspa_resources.service_classifier.inputs import COST_CENTRE, GIVEN, MAPPED, condition_columns
from aspa_resources.service_classifier.table import Table


def missing_inputs(
    unclassified: pl.DataFrame,
    rules: RuleBook,
    day: date,
    cost_centres: pl.DataFrame | None = None,
) -> dict[str, int]:
    """Count the values that unclassified rows lack and that could have decided them.

    A value is missing where the column is empty and some rule that looks at it is kept from
    matching by nothing else: with the right code there the row would have its class.

    Args:
        unclassified: Rows without a class, with the columns that rules look at.
        rules: The rule book.
        day: The first day of the rows' month.
        cost_centres: The county's map; without one a cost centre could not have decided.

    Returns:
        Rows by column, the commonest first, of equal ones the one that rules look at first.
    """
    known = NO_MAP if cost_centres is None else cost_centres
    table = Table(rules, day, known)
    inputs = coded_columns(table.inputs.of(unclassified))
    looked_at = [
        column
        for column in (*GIVEN.values(), *condition_columns(table.rules))
        if any(table.needs(rule, column) for rule in table.rules)
    ]
    counts = {
        _named(column): _lacking(column, unclassified, inputs, table)
        for column in looked_at
        if column != MAPPED or table.inputs.mapped
    }
    return {
        column: rows for column, rows in sorted(counts.items(), key=lambda entry: -entry[1]) if rows
    }


def _lacking(column: str, rows: pl.DataFrame, inputs: Mapping[str, Coded], table: Table) -> int:
    """Count the rows without a value in the column that some value of it could have decided."""
    others = {name: coded for name, coded in inputs.items() if name != column}
    could = [
        (table.standing(others, start) & table.bits_asking(column, start)) != 0
        for start in table.words
    ]
    return int((reduce(or_, could) & rows[_named(column)].is_null()).sum())


def _named(column: str) -> str:
    """Return the column of the row that an input stands for."""
    return COST_CENTRE if column == MAPPED else column
