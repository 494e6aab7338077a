"""The checked form of the rule files that experts edit.

Belongs here: one frozen model a kind of rule, with the checks that need no other file. Does not
belong here: the delivery contract (`contract`), published tables and disclosure (`published`),
reading files (`files`), rules that must fit each other (`consistency`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
CountyCode = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z-]*$")]
Source = Annotated[str, StringConstraints(pattern=r"^[SPD]\b")]
UnitType = Literal["primary_care", "hospital", "adult_psychiatry"]
Conditions = Mapping[Name, Annotated[tuple[str, ...], Field(min_length=1)]]
"""AND over keys, OR inside; a trailing * makes a prefix, a key with `not_` matches none."""


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

    @property
    def every(self) -> tuple[str, str, str]:
        """The wording in every language."""
        return self.fi, self.sv, self.en


class Thresholds(Rule):
    """What a whole delivery must reach; shares from 0 to 1.

    Attributes:
        rejected_share_at_most: The greatest share of rows that may be rejected.
        completeness_at_least: The least share of rows with a value in each column that the
            contract measures the completeness of.
    """

    rejected_share_at_most: float = Field(ge=0, le=1)
    completeness_at_least: float = Field(ge=0, le=1)


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
    """One statement that a questionnaire may ask."""

    code: Name
    text: Wording
    source: Source


class Scale(Rule):
    """How statements are answered; `not_applicable` is in no mean and no n."""

    minimum: int
    maximum: int
    not_applicable: int


class Statements(Rule):
    """Every statement, in the order shown."""

    version: str
    scale: Scale
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Questionnaire(Rule):
    """One questionnaire; `rules/questionnaires/adult_18.yaml` explains every key."""

    id: Name
    name: Wording
    versions: Annotated[tuple[str, ...], Field(min_length=1)]
    ages: Annotated[tuple[str, ...], Field(min_length=1)]
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    asks: Annotated[tuple[Name, ...], Field(min_length=1)]
    source: Source


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
        conditions: The file's `when`.
        carried_forward: Ended classes and the class that took over, for rules that pass through.
        source: Who says so.
        valid_from: First day it holds.
        valid_to: Last day it holds; None: still does.
        why_fi: Why, in one Finnish sentence.
        why_en: Why, in one English sentence.
    """

    id: RuleId
    service_class: str | None = None
    pass_through: Literal["cost_centre_map", "delivered_class"] | None = None
    conditions: Conditions = Field(default={}, alias="when")
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


class Supplier(Rule):
    """How the files of one of a county's several suppliers are told from the others'.

    Attributes:
        headers: Headers that a file of this supplier has, all of them; case, accents and
            punctuation do not matter.
        file_name: What its name is like, `*` for any characters and `?` for one.
    """

    headers: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    file_name: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if not self.headers and self.file_name is None:
            msg = "a supplier is told by its headers, its file_name or both; neither is given"
            raise ValueError(msg)
        return self


class CountyProfile(Thresholds):
    """How one county's files differ from the contract; what it does not say, the contract does.

    Attributes:
        county: The county's code.
        supplier: Whose export it is, for people.
        suppliers: By name, the suppliers whose files of one month add up; empty: a month has one
            file, and a newer one replaces it.
        columns: The county's own headers and the column each means.
        values: By column, the county's own wordings and the code each means.
        time_forms: Forms of times tried before the contract's.
        units: What is known of a service unit, by its OID.
    """

    county: CountyCode
    supplier: str = ""
    suppliers: Mapping[Name, Supplier] = {}
    columns: Mapping[str, Name] = {}
    values: Mapping[Name, Mapping[str, str]] = {}
    time_forms: tuple[str, ...] = ()
    units: Mapping[str, UnitType] = {}
