"""The checked form of the service class table, `rules/aura/inference_rules.yaml`.

Belongs here: one frozen model for a rule and one for the table. Does not belong here: checks that
need code sets or other rules (`inference_checks`), applying the table (`service_classifier`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from aspa_resources.rule_book.models import Conditions, Name, Rule, RuleId, Source

FILE = "aura/inference_rules.yaml"
AGE = "age"
"""A condition's key that is no column: years, resolved on the age groups when the table is read."""

ClassCode = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
PassThrough = Literal["cost_centre_map", "delivered_class"]
Side = Literal["under", "over"]


class InferenceRule(Rule):
    """One row of the ordered, first-match table that decides a service class.

    Attributes:
        id: The rule's id, written on every row that it decided. A rule that changes on a day stands
            once for each period, under the same id.
        service_class: The class it gives, unless it passes one through.
        pass_through: Where the class is taken from as it stands.
        conditions: The file's `when`, with ages in years turned into age groups.
        carried_forward: Ended classes and the class that took over, for rules that pass through.
        source: Who says so.
        valid_from: First day it holds.
        valid_to: Last day it holds; None: still does.
        why_fi: Why, in one Finnish sentence.
        why_en: Why, in one English sentence.
    """

    id: RuleId
    service_class: ClassCode | None = None
    pass_through: PassThrough | None = None
    conditions: Conditions = Field(default={}, alias="when")
    carried_forward: Mapping[ClassCode, ClassCode] = {}
    source: Source
    valid_from: date
    valid_to: date | None = None
    why_fi: str = Field(min_length=1)
    why_en: str = Field(min_length=1)

    @property
    def last_day(self) -> date:
        """The last day it holds; the calendar's last where it still does."""
        return self.valid_to or date.max

    def holds_on(self, day: date) -> bool:
        """Tell whether the rule is in force on a day."""
        return self.valid_from <= day <= self.last_day

    @model_validator(mode="after")
    def _decides_in_one_way(self) -> Self:
        if (self.service_class is None) == (self.pass_through is None):
            msg = f"rule {self.id}: give either service_class or pass_through"
            raise ValueError(msg)
        if (self.service_class is not None) != bool(self.conditions):
            msg = f"rule {self.id}: a rule with a service_class has a when, no other does"
            raise ValueError(msg)
        if self.carried_forward and self.pass_through is None:
            msg = f"rule {self.id}: only a rule that passes a class through carries classes forward"
            raise ValueError(msg)
        return self


class InferenceRules(Rule):
    """The whole table; `rules/aura/inference_rules.yaml` explains every key.

    Attributes:
        version: The version that the rule makers gave it.
        specialty_carried_for: Classes too shallow to tell specialties apart: the specialty is
            carried beside them.
        age_boundary: By the first age above a boundary, the age groups that it cuts and the side
            each counts to as a whole.
        checked_to: The last day that the rule makers vouch for: codes and classes that end by then
            have ended.
        still_recorded: By column, codes that ended and may be named all the same.
        rules: The rules in order.
    """

    version: str = Field(min_length=1)
    specialty_carried_for: tuple[ClassCode, ...]
    age_boundary: Mapping[int, Mapping[str, Side]] = {}
    checked_to: date
    still_recorded: Mapping[Name, tuple[str, ...]] = {}
    rules: Annotated[tuple[InferenceRule, ...], Field(min_length=1)]

    def in_force(self, day: date) -> tuple[InferenceRule, ...]:
        """Return the rules that hold on a day, in order."""
        return tuple(rule for rule in self.rules if rule.holds_on(day))
