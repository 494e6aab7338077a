"""The service class of every row of a frame.

Belongs here: the columns that classification adds. Does not belong here: which rules match
(`table`), the steps of a single row (`steps`).
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier.coding import Coded, coded_columns
from aspa_resources.service_classifier.cost_centres import NO_MAP
from aspa_resources.service_classifier.inputs import (
    COST_CENTRE,
    GIVEN,
    condition_columns,
    fingerprints,
    first_day,
)
from aspa_resources.service_classifier.table import UNCLASSIFIED, Table
from aspa_resources.service_groups import contact_mode_group, profession_group

INFERRED: Final = "inferred"
NONE: Final = "none"
SOURCES: Final = ("cost_centre_map", "delivered", INFERRED, NONE)
"""Where a class can come from: the county's map, the delivered row, a rule over codes, nowhere."""
_ALWAYS: Final = (
    COST_CENTRE,
    GIVEN["delivered_class"],
    "profession",
    "contact_mode",
    "specialty",
)
"""Columns that are looked at whatever the rules' conditions are."""
_SOURCE_OF: Final = {"cost_centre_map": "cost_centre_map", "delivered_class": "delivered"}


def classify(
    frame: pl.DataFrame, cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> pl.DataFrame:
    """Give every row its service class.

    Args:
        frame: Rows of one county with the columns that rules look at, all String.
        cost_centres: The county's map (`county_map`); empty when it has none. Of several entries of
            a cost centre the one valid on the month's first day counts, the newest of these.
        month: The month, as `2025-03`.
        rules: The rule book.

    Returns:
        The rows in their order, with service_class (four digits or `unclassified`),
        service_class_rule (the id of the rule that decided, or `unclassified`),
        service_class_source (one of SOURCES), service_specialty (the specialty where the class is
        one that it is carried for, else null), inputs_fingerprint (12 hexadecimal digits, equal
        where the inputs of the decision are), profession_group and contact_mode_group.
    """
    day = first_day(month)
    table = Table(rules, day, cost_centres)
    inputs = table.inputs.of(frame)
    coded = coded_columns(inputs)
    number = table.deciding(coded)
    specialised = pl.col("service_class").is_in(rules.inference.specialty_carried_for)
    return frame.with_columns(
        _classes(table, inputs, number).alias("service_class"),
        _each(number, [rule.id for rule in table.rules], UNCLASSIFIED).alias("service_class_rule"),
        _each(
            number,
            [_SOURCE_OF.get(rule.pass_through or "", INFERRED) for rule in table.rules],
            NONE,
        ).alias("service_class_source"),
        fingerprints(inputs, coded).alias("inputs_fingerprint"),
        _by_value(frame["profession"], profession_group(rules, day)),
        _by_value(frame["contact_mode"], contact_mode_group(rules, day)),
    ).with_columns(service_specialty=pl.when(specialised).then("specialty"))


def classes_by(frame: pl.DataFrame, facts: Sequence[str], rules: RuleBook) -> pl.Series:
    """Return the class that a few facts alone give each row: no map, no delivered class.

    Args:
        frame: Rows of one month, of any counties, with the column month and these facts.
        facts: Names of columns, all String.
        rules: The rule book.

    Returns:
        service_class, as `classify` gives it.
    """
    if frame.is_empty():
        return pl.Series("service_class", [], pl.String)
    looked_at = {*condition_columns(rules.inference_rules), *_ALWAYS}
    blank = [pl.lit(None, pl.String).alias(name) for name in sorted(looked_at - set(facts))]
    known = frame.select(*facts, *blank)
    return classify(known, NO_MAP, frame["month"][0], rules)["service_class"]


def _classes(table: Table, inputs: pl.DataFrame, number: pl.Series) -> pl.Series:
    """Return the class that the deciding rule gives each row."""
    fixed = _each(number, [rule.service_class for rule in table.rules], UNCLASSIFIED)
    passed = [
        pl.when(pl.col("_rule") == place).then(
            pl.col(GIVEN[rule.pass_through]).replace_strict(
                dict(table.passed[rule.id]), default=None, return_dtype=pl.String
            )
        )
        for place, rule in enumerate(table.rules)
        if rule.pass_through
    ]
    known = inputs.with_columns(number.alias("_rule"), fixed.alias("_class"))
    return known.select(pl.coalesce("_class", *passed)).to_series()


def _by_value(column: pl.Series, group: pl.Expr) -> pl.Series:
    """Return what an expression over one column gives each row, worked out once for each value."""
    coded = Coded.of(column.cast(pl.String))
    values = pl.DataFrame({column.name: coded.values}, schema={column.name: pl.String})
    return values.select(group).to_series().gather(coded.numbers)


def _each(number: pl.Series, of_rules: list[str | None], undecided: str) -> pl.Series:
    """Return what is said of each row's deciding rule."""
    return pl.Series([*of_rules, undecided], dtype=pl.String).gather(number)
