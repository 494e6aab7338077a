"""How one row gets its class, rule by rule.

Belongs here: the rules tried and the values they looked at. Does not belong here: wording beyond
the rules' own sentences (the desk and the pages word it).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier.inputs import (
    COST_CENTRE,
    GIVEN,
    MAPPED,
    condition_columns,
    first_day,
)
from aspa_resources.service_classifier.table import UNCLASSIFIED, Table

_LOOKED_AT: Final = {
    "cost_centre_map": (COST_CENTRE, MAPPED),
    "delivered_class": (GIVEN["delivered_class"],),
}
_WHY_NOT_FI: Final = "Mikään sääntö ei täsmää: palveluluokkaa ei arvata."
_WHY_NOT_EN: Final = "No rule matches: the service class is not guessed."


@dataclass(frozen=True)
class Step:
    """One rule tried on one row.

    Attributes:
        rule_id: The rule's id, or `unclassified` at the end of the table.
        matched: Whether it decided.
        why_fi: What the rule says, in Finnish.
        why_en: The same in English.
        service_class: The class it gave; None where it did not match.
        looked_at: The row's values that the rule looks at, by column; None where one is missing.
            `cost_centre_class` is what the county's map says of the row's cost centre.
        failed: Of these the columns whose value kept it from matching.
    """

    rule_id: str
    matched: bool
    why_fi: str
    why_en: str
    service_class: str | None
    looked_at: Mapping[str, str | None]
    failed: tuple[str, ...]


def explain(
    row: Mapping[str, str | None], cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> list[Step]:
    """Tell, rule by rule, how one row gets its class.

    Args:
        row: The row's values by column; a missing column counts as a missing value.
        cost_centres: As in `classify`.
        month: As in `classify`.
        rules: The rule book.

    Returns:
        The rules tried in order, the one that decided last.
    """
    return next(explain_rows([row], cost_centres, month, rules))


def explain_rows(
    rows: Iterable[Mapping[str, str | None]],
    cost_centres: pl.DataFrame,
    month: str,
    rules: RuleBook,
) -> Iterator[list[Step]]:
    """Give `explain` of each of many rows; the table is compiled once."""
    table = Table(rules, first_day(month), cost_centres)
    for row in rows:
        yield list(_steps(row, table))


def _steps(row: Mapping[str, str | None], table: Table) -> Iterator[Step]:
    inputs = table.inputs.of_row(row)
    for rule in table.rules:
        service_class = table.class_by(rule, inputs)
        columns = _LOOKED_AT[rule.pass_through] if rule.pass_through else condition_columns((rule,))
        yield Step(
            rule.id,
            matched=service_class is not None,
            why_fi=rule.why_fi,
            why_en=rule.why_en,
            service_class=service_class,
            looked_at={column: inputs.get(column, row.get(column)) for column in columns},
            failed=tuple(c for c in columns if not table.leaves(rule, c, inputs.get(c))),
        )
        if service_class is not None:
            return
    yield Step(
        UNCLASSIFIED,
        matched=True,
        why_fi=_WHY_NOT_FI,
        why_en=_WHY_NOT_EN,
        service_class=UNCLASSIFIED,
        looked_at={},
        failed=(),
    )
