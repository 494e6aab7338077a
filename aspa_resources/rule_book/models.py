"""The checked form of the rule files that experts edit, but for published tables and disclosure.

Belongs here: one frozen model a kind of rule, with the checks that need no other file. Does not
belong here: reading files (`files`), rules that must fit each other (`consistency`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
CountyCode = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
UnitType = Literal["primary_care", "hospital", "adult_psychiatry"]


class Rule(BaseModel):
    """What every model of a rule file has in common: frozen, and no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Rule):
    """One thing said in the three languages of the platform."""

    fi: str
    sv: str
    en: str

    def of(self, language: Language) -> str:
        """Return the wording in a language."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]


class Column(Rule):
    """One column of a delivered table; `rules/delivery/contract.yaml` explains every key."""

    name: Name
    header: str = Field(min_length=1)
    synonyms: tuple[str, ...] = ()
    type: Literal["identifier", "code", "integer", "time", "text"]
    code_set: Name | None = None
    pattern: str | None = None
    values: Mapping[str, str | int | None] = {}
    minimum: int | None = None
    maximum: int | None = None
    required: Literal["required", "conditional", "expected", "optional"]
    unless: tuple[Name, ...] = ()
    on_invalid: Literal["reject", "blank"]
    fault_code: Name | None = None
    warn_on: Mapping[str, Name] = {}
    survives_anonymisation: bool = False

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        if (self.type == "code") != (self.code_set is not None):
            msg = f"column {self.name}: a column of type code names a code_set, no other does"
            raise ValueError(msg)
        if (self.required == "conditional") != bool(self.unless):
            msg = f"column {self.name}: a conditional column says unless what, no other does"
            raise ValueError(msg)
        return self


class Table(Rule):
    """One kind of delivered file.

    Attributes:
        recognised_by: A header line is of this kind when it has at least one of these columns.
        columns: The columns in contract order.
    """

    recognised_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [column.name for column in self.columns]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            msg = f"column {', '.join(twice)} stands twice"
            raise ValueError(msg)
        used = [*self.recognised_by, *(name for column in self.columns for name in column.unless)]
        if unknown := sorted(set(used) - set(names)):
            msg = f"recognised_by or unless names {', '.join(unknown)}, which is no column"
            raise ValueError(msg)
        return self

    def column(self, name: str) -> Column:
        """Return the column of a name (KeyError when the table has none)."""
        return {column.name: column for column in self.columns}[name]


class Thresholds(Rule):
    """What a whole delivery must reach; shares from 0 to 1.

    Attributes:
        rejected_share_at_most: The greatest share of rows that may be rejected.
        completeness_at_least: The least share of rows with a cost centre, and with a site.
    """

    rejected_share_at_most: float = Field(ge=0, le=1)
    completeness_at_least: float = Field(ge=0, le=1)


class DeliveryContract(Rule):
    """What a county may send."""

    version: str
    source: str
    thresholds: Thresholds
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


class Message(Rule):
    """What is wrong, and the cure. Placeholders: {file}, {row}, {field}."""

    what: str
    cure: str


class FaultMessages(Rule):
    """One fault's message in every language."""

    fi: Message
    sv: Message
    en: Message

    def of(self, language: Language) -> Message:
        """Return the message in a language."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]


class Messages(Rule):
    """Everything a receipt may say."""

    version: str
    levels: Mapping[Literal["file", "row", "field"], Wording]
    consequences: Mapping[Literal["file", "row", "field"], Wording]
    messages: Mapping[Name, FaultMessages]


class Statement(Rule):
    """One base statement of the questionnaire."""

    code: Name
    text: Wording


class Scale(Rule):
    """How statements are answered; `not_applicable` is in no mean and no n."""

    minimum: int
    maximum: int
    not_applicable: int


class Questionnaire(Rule):
    """One questionnaire and the versions of it that this file describes."""

    id: Name
    name: Wording
    versions: tuple[str, ...]
    source: str
    scale: Scale
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Theme(Rule):
    """What a feedback text may be about."""

    id: Name
    name: Wording
    definition: Wording


class Themes(Rule):
    """The themes in the order they are shown."""

    version: str
    source: str
    themes: Annotated[tuple[Theme, ...], Field(min_length=1)]


class InferenceRule(Rule):
    """One row of the ordered, first-match table that decides a service class.

    Attributes:
        id: The rule's id, written on every row that it decided.
        service_class: The class it gives, unless it passes one through.
        pass_through: Where the class is taken from as it stands.
        conditions: The file's `when`: AND over keys, OR inside; a trailing `*` makes a prefix; a
            key that begins with `not_` must match none of its values.
        carried_forward: Ended classes and the class that took over, for rules that pass through.
        source: Who says so.
        valid_from: First day it holds.
        valid_to: Last day it holds; None: still does.
        why_fi: Why, in one Finnish sentence.
        why_en: Why, in one English sentence.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z-]*$")]
    service_class: str | None = None
    pass_through: Literal["cost_centre_map", "delivered_class"] | None = None
    conditions: Mapping[Name, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default={}, alias="when"
    )
    carried_forward: Mapping[str, str] = {}
    source: str
    valid_from: date
    valid_to: date | None = None
    why_fi: str = Field(min_length=1)
    why_en: str = Field(min_length=1)

    @model_validator(mode="after")
    def _decides_in_one_way(self) -> Self:
        if (self.service_class is None) == (self.pass_through is None):
            msg = f"rule {self.id}: give either service_class or pass_through"
            raise ValueError(msg)
        if (self.service_class is not None) != bool(self.conditions):
            msg = f"rule {self.id}: a rule with a service_class has a when, no other does"
            raise ValueError(msg)
        return self


class InferenceRules(Rule):
    """The whole table in order."""

    version: str
    rules: Annotated[tuple[InferenceRule, ...], Field(min_length=1)]


class ProfessionGroup(Rule):
    """A reporting group over profession codes; the longest prefix that fits decides."""

    id: Name
    name_fi: str
    name_sv: str
    name_en: str
    prefixes: Annotated[tuple[str, ...], Field(min_length=1)]


class ProfessionGroups(Rule):
    """The groups; every one is labelled with the source where it is shown."""

    version: str
    source: str
    groups: tuple[ProfessionGroup, ...]


class CountyProfile(Thresholds):
    """How one county's files differ from the contract; what it does not say, the contract does.

    Attributes:
        county: The county's code.
        supplier: Whose export it is, for people.
        columns: The county's own headers and the column each means.
        values: By column, the county's own wordings and the code each means.
        time_forms: Forms of times tried before the contract's.
        units: What is known of a service unit, by its OID.
    """

    county: CountyCode
    supplier: str = ""
    columns: Mapping[str, Name] = {}
    values: Mapping[Name, Mapping[str, str]] = {}
    time_forms: tuple[str, ...] = ()
    units: Mapping[str, UnitType] = {}
