"""The contract of figures from elsewhere that stand beside the published ones.

Belongs here: the checked form of `rules/enrichment.yaml`, and whether it fits the other rules. Does
not belong here: reading the files (`aspa_resources.enrichment`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Name, Rule, Source, Wording

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

FILE: Final = "enrichment.yaml"
SOURCE: Final = "source"
"""The column that says whose figure a row holds."""

Key = Literal["county", "service_class", "year", "indicator"]


class EnrichmentColumn(Rule):
    """One column of figures; the rule file explains every key."""

    name: Name
    title: Wording
    unit: Wording
    type: Literal["number", "integer"]
    minimum: float
    maximum: float
    required: bool = True

    @model_validator(mode="after")
    def _range_is_one(self) -> Self:
        if self.minimum >= self.maximum:
            msg = f"column {self.name}: minimum is not less than maximum"
            raise ValueError(msg)
        return self


class EnrichmentTable(Rule):
    """One file; the rule file explains every key."""

    name: Name
    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.csv$")]
    provenance: Source
    titles: Wording
    keys: tuple[Key, ...]
    indicators: Mapping[Name, Wording] = {}
    columns: Annotated[tuple[EnrichmentColumn, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _keys_and_columns_fit(self) -> Self:
        if not {"county", "year"} <= set(self.keys):
            msg = f"{self.name}: the keys county and year are missing"
            raise ValueError(msg)
        if ("indicator" in self.keys) != bool(self.indicators):
            msg = f"{self.name}: a key indicator needs indicators, and no other table has them"
            raise ValueError(msg)
        if len(set(self.header)) < len(self.header):
            msg = f"{self.name}: two columns have the same name"
            raise ValueError(msg)
        return self

    @property
    def header(self) -> tuple[str, ...]:
        """The columns that its file has: keys, figures, source."""
        return (*self.keys, *(column.name for column in self.columns), SOURCE)


class EnrichmentRules(Rule):
    """All files.

    Attributes:
        version: Of the contract.
        joined_to: The published table that the figures are joined to.
        tables: One a file.
    """

    version: str
    joined_to: Name
    tables: tuple[EnrichmentTable, ...]

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for values in ([t.name for t in self.tables], [t.file for t in self.tables]):
            if len(set(values)) < len(values):
                msg = "two tables have the same name or file"
                raise ValueError(msg)
        return self

    @property
    def digest(self) -> str:
        """12 hexadecimal digits that change with the contract."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def check_enrichment(book: RuleBook) -> None:
    """Check that figures can be joined to what is published.

    Raises:
        RuleError: They cannot; names file, key and cure.
    """
    name = book.enrichment.joined_to
    table = book.published_tables.get(name)
    if table is None or table.dimensions != ("service_class",):
        raise RuleError(
            FILE, "key joined_to", f"{name} is no published table by service class alone",
            "Name a table of published_tables.yaml whose one dimension is service_class.",
        )  # fmt: skip
