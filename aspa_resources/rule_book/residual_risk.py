"""What somebody may know of a respondent, and what is given up so that it tells little.

Belongs here: the checked form of the section `residual_risk` of `rules/disclosure.yaml`, and
whether it fits the other rules. Does not belong here: reading the file (the loader's), measuring
and generalising (`aspa_resources.residual_risk`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import Field, model_validator

from aspa_resources.rule_book.conditions import column_of, fits
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Name, Rule, Wording

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

FILE: Final = "disclosure.yaml"
REMOVED: Final = "removed"
"""The step that leaves no value at all."""
OURS: Final = ("weekday_class", "unit_type")
"""Columns of anonymous rows that no delivery brings in this form."""

Grouping = Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]
"""Codes by the coarser value that takes their place."""


class Step(Rule):
    """One thing given up: a column's value becomes coarser.

    Attributes:
        column: Whose value.
        to: The grouping whose coarser value takes its place, or `removed`.
    """

    column: Name
    to: Name


class Scenario(Rule):
    """What somebody may know of a respondent when they look for the answer.

    Attributes:
        id: Its name in figures.
        name: Who that is, for people.
        knows: What they know, in a sentence.
        quasi_identifiers: The columns they know.
        least_k: The fewest rows that must agree in all of them.
        enforced: Whether rows are generalised until that holds; else as far as the steps go.
        steps: What rare rows lose, one after another; none: the scenario is only measured.
    """

    id: Name
    name: Wording
    knows: Wording
    quasi_identifiers: Annotated[tuple[Name, ...], Field(min_length=1)]
    least_k: int = Field(ge=2)
    enforced: bool = False
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _steps_are_its_own(self) -> Self:
        stepped = {step.column for step in self.steps}
        if unknown := sorted(stepped - set(self.quasi_identifiers)):
            msg = f"{self.id}: a step names {', '.join(unknown)}, no quasi-identifier of it"
            raise ValueError(msg)
        removed = {step.column for step in self.steps if step.to == REMOVED}
        if self.enforced and (kept := sorted(set(self.quasi_identifiers) - removed)):
            msg = f"{self.id}: it is enforced, yet no step removes {', '.join(kept)}"
            raise ValueError(msg)
        return self


class RiskLimits(Rule):
    """Above these an operator is warned; shares from 0 to 1.

    Attributes:
        table_loss_at_most: Rows that lost a value by which a published table counts them.
        guess_gain_at_most: Rows in which a guess from the quasi-identifiers of an enforced
            scenario tells a sensitive attribute, beyond those that the commonest value tells.
    """

    table_loss_at_most: float = Field(ge=0, le=1)
    guess_gain_at_most: float = Field(ge=0, le=1)


class ResidualRiskRules(Rule):
    """How the risk that is left in anonymous rows is measured and bounded.

    Attributes:
        groupings: Coarser values by the name of the grouping.
        scenarios: Who may know what.
        sensitive: Columns that somebody might want to learn; `nps` in its three groups.
        limits: When an operator is warned.
    """

    groupings: Mapping[Name, Grouping]
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    sensitive: tuple[Name, ...]
    limits: RiskLimits

    @model_validator(mode="after")
    def _steps_fit_the_groupings(self) -> Self:
        groupings: dict[str, set[str]] = {}
        for step in (step for scenario in self.scenarios for step in scenario.steps):
            if step.to not in {REMOVED, *self.groupings}:
                msg = f"a step makes {step.column} {step.to}: neither {REMOVED} nor a grouping"
                raise ValueError(msg)
            groupings.setdefault(step.column, set()).add(step.to)
        if several := sorted(c for c, names in groupings.items() if len(names - {REMOVED}) > 1):
            msg = f"{', '.join(several)} is grouped in two ways, so coarse values could be mixed"
            raise ValueError(msg)
        ids = [scenario.id for scenario in self.scenarios]
        if len(set(ids)) < len(ids):
            msg = "two scenarios have the same id"
            raise ValueError(msg)
        return self

    @property
    def version(self) -> str:
        """12 hexadecimal digits that change with whatever decides rows or figures, not wording."""
        worded = {"scenarios": {"__all__": {"name", "knows"}}}
        decides = json.dumps(self.model_dump(mode="json", exclude=worded), sort_keys=True)
        return hashlib.sha256(decides.encode()).hexdigest()[:12]

    @property
    def columns(self) -> list[str]:
        """Every quasi-identifier of a scenario with steps, each once."""
        stepped = (s.quasi_identifiers for s in self.scenarios if s.steps)
        return list(dict.fromkeys(column for columns in stepped for column in columns))

    @property
    def generalised(self) -> list[str]:
        """Every column that some step makes coarser."""
        return list(dict.fromkeys(st.column for sc in self.scenarios for st in sc.steps))

    def grouping_of(self, column: str) -> Mapping[str, tuple[str, ...]]:
        """Return the one grouping of a column; empty where it has none."""
        names = (st.to for sc in self.scenarios for st in sc.steps if st.column == column)
        return next((self.groupings[name] for name in names if name != REMOVED), {})


def check_residual_risk(book: "RuleBook") -> None:
    """Check that the section fits the columns, code sets and service class rules.

    Raises:
        RuleError: It does not; names file, key and cure.
    """
    rules = book.disclosure.residual_risk
    surviving = {c.name for c in book.contract.columns if c.survives_anonymisation}
    known = (surviving | set(OURS)) - {"text", *book.statements}
    for scenario in rules.scenarios:
        where = f"residual_risk, scenario {scenario.id}"
        _check_known(f"{where}, quasi_identifiers", scenario.quasi_identifiers, known - {"nps"})
    _check_known("residual_risk, sensitive", rules.sensitive, known)
    for column in rules.generalised:
        _check_grouping(column, rules.grouping_of(column), book)


def _check_grouping(column: str, grouping: Mapping[str, tuple[str, ...]], book: "RuleBook") -> None:
    """Each code has one coarser value, and no service class hangs on what grouping loses."""
    where = f"residual_risk, the grouping of {column}"
    grouped = [code for codes in grouping.values() for code in codes]
    codes = _codes(column, book)
    if grouping and (sorted(grouped) != sorted(codes) or set(grouping) & codes):
        raise RuleError(
            FILE, where, "it does not give every code one coarser value that is no code itself",
            f"Name each of {', '.join(sorted(codes)) or 'no codes: remove the column'} once.",
        )  # fmt: skip
    for rule in book.inference_rules:
        for values in (rule.conditions.get(k) for k in (column, f"not_{column}")):
            named = {code for code in codes if fits(code, values or ())}
            if any(named & set(group) not in (set(), set(group)) for group in grouping.values()):
                raise RuleError(
                    FILE, where, f"it puts together codes that rule {rule.id} tells apart",
                    "Let no group reach over a boundary of aura/inference_rules.yaml.",
                )  # fmt: skip
    if not grouping and column in _decisive(book):
        raise RuleError(
            FILE, f"residual_risk, steps of {column}", "the service class hangs on it",
            "Group it before it is removed, or leave it as it is.",
        )  # fmt: skip


def _decisive(book: "RuleBook") -> set[str]:
    """Return the columns that decide a service class."""
    conditions = {column_of(k) for rule in book.inference_rules for k in rule.conditions}
    return {*conditions, "cost_centre", "delivered_service_class"}


def _codes(column: str, book: "RuleBook") -> set[str]:
    code_sets = {c.name: c.code_set for c in book.contract.columns}
    code_set = code_sets.get(column)
    return set(book.code_sets[code_set].codes["code"]) if code_set else set()


def _check_known(where: str, used: Iterable[str], known: set[str]) -> None:
    if unknown := sorted(set(used) - known):
        raise RuleError(
            FILE, where, f"{', '.join(unknown)} is no coded column of anonymous rows",
            f"Use some of {', '.join(sorted(known))}.",
        )  # fmt: skip
