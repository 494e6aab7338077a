"""The checked form of the delivery contract: columns, rules between them, kinds of file.

Belongs here: the models of `rules/delivery/contract.yaml`, which explains every key. Does not
belong here: applying them (`aspa_resources.delivery`).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from aspa_resources.rule_book.models import (
    Conditions,
    Name,
    Rule,
    RuleId,
    Source,
    Thresholds,
    Wording,
)


class Column(Rule):
    """One column of a delivered table; `rules/delivery/contract.yaml` explains every key."""

    name: Name
    header: str = Field(min_length=1)
    synonyms: tuple[str, ...] = ()
    type: Literal["identifier", "code", "integer", "time", "day", "text"]
    code_set: Name | None = None
    pattern: str | None = None
    values: Mapping[str, str | int | None] = {}
    minimum: int | None = None
    maximum: int | None = None
    required: Literal["required", "conditional", "expected", "optional"]
    unless: tuple[Name, ...] = ()
    on_invalid: Literal["reject", "blank"]
    fault_code: Name | None = None
    missing_code: Name | None = None
    warn_on: Mapping[str, Name] = {}
    survives_anonymisation: bool = False

    @property
    def title(self) -> str:
        """What people call it."""
        return self.synonyms[0] if self.synonyms else self.header

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        if (self.type == "code") != (self.code_set is not None):
            msg = f"column {self.name}: a column of type code names a code_set, no other does"
            raise ValueError(msg)
        if (self.required == "conditional") != bool(self.unless):
            msg = f"column {self.name}: a conditional column says unless what, no other does"
            raise ValueError(msg)
        if self.warn_on and self.type != "code":
            msg = f"column {self.name}: warn_on names codes; rules between columns stand in rules"
            raise ValueError(msg)
        if self.missing_code and self.required == "optional":
            msg = f"column {self.name}: an optional column is not told when it is empty"
            raise ValueError(msg)
        return self


class CrossFieldRule(Rule):
    """What every rule between the columns of a row has; `rules/delivery/contract.yaml` explains.

    Attributes:
        id: Its name.
        level: row: a row that breaks it is not taken in; field: it is, and the county is told.
        fault: The message told.
        source: S the source report, P a public source, D our own.
    """

    id: RuleId
    level: Literal["row", "field"]
    fault: Name
    source: Source


class InOrder(CrossFieldRule):
    """Times that follow one another; a row is told at each that is before the one it follows."""

    form: Literal["in_order"]
    columns: Annotated[tuple[Name, ...], Field(min_length=2)]

    @property
    def named(self) -> tuple[Name, ...]:
        """The columns it looks at."""
        return self.columns


class NeedsOneOf(CrossFieldRule):
    """Rows that need a value in at least one of some columns."""

    form: Literal["needs_one_of"]
    when: Conditions
    one_of: Annotated[tuple[Name, ...], Field(min_length=1)]
    told_at: Name

    @property
    def named(self) -> tuple[Name, ...]:
        """The columns it looks at, beside those of its conditions."""
        return (*self.one_of, self.told_at)


class OfQuestionnaire(CrossFieldRule):
    """What is asked of a row's questionnaire: is it known, does it fit, did it ask."""

    form: Literal["questionnaire"]
    asks: Literal["known", "fits", "asked"]

    @property
    def named(self) -> tuple[Name, ...]:
        """The columns it looks at, beside the statements."""
        return ("questionnaire_version", "age_group", "respondent_role")


AnyCrossFieldRule = Annotated[InOrder | NeedsOneOf | OfQuestionnaire, Field(discriminator="form")]


class Table(Rule):
    """One kind of delivered file.

    Attributes:
        recognised_by: A header line is of this kind when it has at least one of these columns.
        columns: The columns in contract order.
        rules: What must hold between the columns of a row.
    """

    recognised_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]
    rules: tuple[AnyCrossFieldRule, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [column.name for column in self.columns]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            msg = f"column {', '.join(twice)} stands twice"
            raise ValueError(msg)
        used = {"recognised_by": self.recognised_by}
        used |= {f"column {column.name}": column.unless for column in self.columns}
        used |= {f"rule {rule.id}": rule.named for rule in self.rules}
        for where, named in used.items():
            if unknown := sorted(set(named) - set(names)):
                msg = f"{where} names {', '.join(unknown)}, which is no column"
                raise ValueError(msg)
        return self

    def column(self, name: str) -> Column:
        """Return the column of a name (KeyError when the table has none)."""
        return {column.name: column for column in self.columns}[name]


class FeedbackType(Rule):
    """What a feedback type means."""

    meaning: Wording
    source: Source


class DeliveryContract(Rule):
    """What a county may send.

    Attributes:
        version: The contract's version.
        source: Who says so.
        thresholds: What a whole delivery must reach.
        completeness_of: The columns whose completeness is held against the threshold.
        feedback_types: What each code of the feedback types means.
        missing_values: Spellings of "no value".
        time_forms: Forms of times, tried in this order.
        feedback: The feedback rows.
        sampling_counts: Sampling counts beside them.
        cost_centre_map: The county's own map from cost centre to service class.
    """

    version: str
    source: str
    thresholds: Thresholds
    completeness_of: tuple[Name, ...]
    feedback_types: Mapping[Name, FeedbackType]
    missing_values: tuple[str, ...]
    time_forms: tuple[str, ...]
    feedback: Table
    sampling_counts: Table
    cost_centre_map: Table

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the feedback file, in contract order."""
        return self.feedback.columns

    @property
    def tables(self) -> Mapping[str, Table]:
        """The kinds of file by name."""
        return {
            "feedback": self.feedback,
            "sampling_counts": self.sampling_counts,
            "cost_centre_map": self.cost_centre_map,
        }

    def asking(self, questions: Mapping[Name, Wording]) -> Self:
        """Return the contract in which a question's text is a header of its column too."""
        columns = tuple(
            column.model_copy(
                update={"synonyms": tuple(dict.fromkeys((*column.synonyms, *worded.every)))}
            )
            if (worded := questions.get(column.name))
            else column
            for column in self.columns
        )
        feedback = self.feedback.model_copy(update={"columns": columns})
        return self.model_copy(update={"feedback": feedback})
