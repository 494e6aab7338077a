"""What the table looks at: the values of a service event, and the class its cost centre stands for.

Belongs here: which values those are on a day, and the fingerprint by which rows with the same ones
are known. Does not belong here: deciding by them (`table`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import polars as pl

from aspa_resources.rule_book import InferenceRule, RuleBook
from aspa_resources.rule_book.conditions import column_of
from aspa_resources.service_classifier.coding import Coded, alike
from aspa_resources.service_classifier.cost_centres import classes_on

COST_CENTRE: Final = "cost_centre"
MAPPED: Final = "cost_centre_class"
"""The class that the county's map gives the row's cost centre."""
GIVEN: Final = {"cost_centre_map": MAPPED, "delivered_class": "delivered_service_class"}
"""Where each kind of rule that passes a class through finds it."""

_DIGITS: Final = 12


def first_day(month: str) -> date:
    """Return the first day of a month given as `2025-03`: a month is classified by it."""
    return date.fromisoformat(f"{month}-01")


@dataclass(frozen=True)
class Inputs:
    """What is known on a day beside the rows themselves.

    Attributes:
        columns: The values that decide, by name, in the order of the fingerprint.
        mapped: The class of every cost centre.
        classes: The classes that are valid.
    """

    columns: tuple[str, ...]
    mapped: Mapping[str, str]
    classes: frozenset[str]

    @classmethod
    def on(cls, day: date, cost_centres: pl.DataFrame, rules: RuleBook) -> Self:
        """Return the inputs of a day."""
        return cls(
            columns=tuple(sorted({*condition_columns(rules.inference_rules), *GIVEN.values()})),
            mapped=classes_on(cost_centres, day),
            classes=frozenset(rules.code_sets["service_classes"].valid_on(day)["code"]),
        )

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows' inputs, a String column each."""
        mapped = (
            pl.col(COST_CENTRE)
            .cast(pl.String)
            .replace_strict(dict(self.mapped), default=None, return_dtype=pl.String)
        )
        return frame.with_columns(mapped.alias(MAPPED)).select(pl.col(self.columns).cast(pl.String))

    def of_row(self, row: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return one row's inputs; a missing column counts as a missing value."""
        known = {**row, MAPPED: self.mapped.get(row.get(COST_CENTRE) or "")}
        return {name: known.get(name) for name in self.columns}

    def passed(self, rule: InferenceRule) -> dict[str, str]:
        """Return which class a rule that passes classes through makes of each it can be given.

        A valid class stays, an ended one becomes the one that took its work over; others say
        nothing.
        """
        carried = {ended: new for ended, new in rule.carried_forward.items() if new in self.classes}
        return carried | {code: code for code in self.classes}


def condition_columns(rules: tuple[InferenceRule, ...]) -> list[str]:
    """Return the columns that conditions name, in the order of the rules."""
    return list(dict.fromkeys(column_of(key) for rule in rules for key in rule.conditions))


def fingerprint(inputs: Mapping[str, str | None]) -> str:
    """Return 12 hexadecimal digits of the SHA-256 over the values present, each with its name.

    A value that is missing adds nothing: rows without it keep their fingerprint when rules begin to
    look at one more column.
    """
    written = ";".join(f"{name}={value}" for name, value in inputs.items() if value is not None)
    return _digest(written)


def fingerprints(inputs: pl.DataFrame, coded: Mapping[str, Coded]) -> pl.Series:
    """Return `fingerprint` of every row.

    Args:
        inputs: The rows' inputs.
        coded: The same, coded.
    """
    rows, groups = alike(coded.values())
    named = [pl.format(f"{name}={{}}", pl.col(name)) for name in inputs.columns]
    written = inputs[rows].select(pl.concat_str(named, separator=";", ignore_nulls=True))
    digests = [_digest(one) for one in written.to_series()]
    return pl.Series(digests, dtype=pl.String).gather(pl.Series(groups))


def _digest(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]
