"""What the columns and measures of the published tables mean.

Belongs here: the checked form of `rules/data_dictionary.yaml`, and whether it covers what is
published. Does not belong here: the files made of it (`aspa_resources.data_dictionary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pydantic import model_validator

from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Name, Rule

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

FILE: Final = "data_dictionary.yaml"


class ColumnEntry(Rule):
    """A column: its meaning, and which file of rules names its codes."""

    meaning: str
    codes: str = ""


class MeasureEntry(Rule):
    """A measure: its unit, and its meaning or the statement that it is the mean of."""

    unit: str
    meaning: str = ""
    statement: Name | None = None

    @model_validator(mode="after")
    def _has_one_meaning(self) -> MeasureEntry:
        if bool(self.meaning) == bool(self.statement):
            msg = "write either meaning or statement"
            raise ValueError(msg)
        return self


class DataDictionary(Rule):
    """The whole file."""

    columns: Mapping[Name, ColumnEntry]
    measures: Mapping[Name, MeasureEntry]


def check_dictionary(book: RuleBook) -> None:
    """Check that every published column and measure has its entry.

    Raises:
        RuleError: One has none, or names a statement that is not asked.
    """
    told = book.dictionary
    for table in book.published_tables.values():
        for kind, named, known in (
            ("columns", table.dimensions, told.columns),
            ("measures", table.measures, told.measures),
        ):
            if lacking := [name for name in named if name not in known]:
                raise RuleError(
                    FILE, kind, f"{', '.join(lacking)} of table {table.name} has no entry",
                    "Write what it means.",
                )  # fmt: skip
    for name, measure in told.measures.items():
        if measure.statement and measure.statement not in book.statements:
            raise RuleError(
                FILE, f"measure {name}", f"{measure.statement} is no statement that is asked",
                "Name one of questionnaires/.",
            )  # fmt: skip
