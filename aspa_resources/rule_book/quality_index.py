"""What the quality index of a delivery is made of.

Belongs here: the checked form of `rules/quality_index.yaml`, and whether it fits the other rules.
Does not belong here: computing the index (`aspa_resources.quality_index`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import Field, model_validator

from aspa_resources.rule_book.conditions import column_of
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Conditions, Name, Rule, Source, Wording

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

FILE: Final = "quality_index.yaml"
INDEX: Final = "quality_index"
"""The measure, and the published table, of the index."""
DECIDED: Final = ("service_class", "service_class_source")
"""Columns that classification adds and an item may look at."""

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]


class Item(Rule):
    """One thing a component is measured by; the rule file explains every key."""

    id: Name
    weight: Weight
    name: Wording
    recorded: tuple[Name, ...] = ()
    of: Name | None = None
    marks: Mapping[str, Share] = {}
    asked_of: Conditions = Field(default={})

    @model_validator(mode="after")
    def _measured_in_one_way(self) -> Self:
        if bool(self.recorded) == bool(self.marks) or bool(self.marks) != (self.of is not None):
            msg = f"item {self.id}: give either recorded, or of with marks"
            raise ValueError(msg)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""
        looked_at = (*self.recorded, *filter(None, [self.of]))
        return (*looked_at, *(column_of(key) for key in self.asked_of))


class Component(Rule):
    """One of the risks that the index is made of."""

    id: Name
    weight: Weight
    source: Source
    name: Wording
    meaning: Wording
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class QualityIndexRules(Rule):
    """The whole index.

    Attributes:
        version: Of the rules.
        source: Who says what of it.
        vague_counts: What a vague code counts, where a specific one counts 1.
        vague: By column, patterns of codes that say little.
        steps: The steps that shares may be told in, finest first.
        components: What the index is the weighted mean of.
    """

    version: str
    source: Source
    vague_counts: Share
    vague: Mapping[Name, tuple[str, ...]] = {}
    steps: Annotated[tuple[Annotated[float, Field(gt=0, le=0.5)], ...], Field(min_length=1)]
    components: Annotated[tuple[Component, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order_and_named_once(self) -> Self:
        if list(self.steps) != sorted(set(self.steps)):
            msg = "the steps do not rise"
            raise ValueError(msg)
        if any(abs(round(1 / step) * step - 1) > 1e-9 for step in self.steps):  # noqa: PLR2004 (float noise)
            msg = "a step does not divide 1, so that a perfect figure could not be told"
            raise ValueError(msg)
        if len(set(self.measures)) < len(self.measures):
            msg = "two figures have the same id"
            raise ValueError(msg)
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all components."""
        return tuple(item for component in self.components for item in component.items)

    @property
    def measures(self) -> tuple[str, ...]:
        """The index, then each component with its items."""
        parts = ((c.id, *(item.id for item in c.items)) for c in self.components)
        return (INDEX, *(measure for part in parts for measure in part))


def check_quality_index(book: RuleBook) -> None:
    """Check that the index fits the columns, the code sets and what is published.

    Raises:
        RuleError: It does not; names file, key and cure.
    """
    rules = book.quality_index
    coded = {c.name for c in book.contract.columns if c.code_set and c.survives_anonymisation}
    for item in rules.items:
        where = f"item {item.id}"
        _check_known(f"{where}, recorded", item.recorded, coded)
        _check_known(f"{where}, of or asked_of", item.columns, coded | {*DECIDED})
    _check_known("key vague", [*rules.vague], coded)
    table = book.published_tables.get(INDEX)
    if table is not None and (unknown := sorted(set(table.measures) - set(rules.measures))):
        raise RuleError(
            "published_tables.yaml", f"table {INDEX}, key measures",
            f"{', '.join(unknown)} is no figure of the index",
            f"Name figures of {FILE}: {', '.join(rules.measures)}.",
        )  # fmt: skip


def _check_known(where: str, used: Sequence[str], known: set[str]) -> None:
    if unknown := sorted(set(used) - known):
        raise RuleError(
            FILE, where, f"{', '.join(unknown)} is no coded column of classified rows",
            f"Use some of {', '.join(sorted(known))}.",
        )  # fmt: skip
