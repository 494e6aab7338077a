"""The `when` of a rule as an expression over rows.

Belongs here: what the words of a condition mean. Does not belong here: what follows from it.
"""

import polars as pl

from aspa_resources.rule_book.models import Conditions

NEGATION = "not_"
PREFIX = "*"


def holds(conditions: Conditions) -> pl.Expr:
    """Tell for every row whether all keys of the conditions match it.

    A condition on a value that a row lacks does not match, its negation does; no condition at all
    matches every row.
    """
    return pl.all_horizontal(
        pl.lit(value=True),
        *(
            ~_any_of(key.removeprefix(NEGATION), values)
            if key.startswith(NEGATION)
            else _any_of(key, values)
            for key, values in conditions.items()
        ),
    )


def _any_of(column: str, values: tuple[str, ...]) -> pl.Expr:
    exact = [value for value in values if not value.endswith(PREFIX)]
    prefixes = [value.removesuffix(PREFIX) for value in values if value.endswith(PREFIX)]
    tests = [pl.col(column).is_in(exact)] if exact else []
    tests += [pl.col(column).str.starts_with(prefix) for prefix in prefixes]
    return pl.any_horizontal(tests).fill_null(value=False)
