"""The checked form of the rule files that experts edit.

Belongs here: one frozen model a kind of rule, with the checks that need no other file. Does not
belong here: the delivery contract (`contract`), the service class table (`inference`), published
tables and disclosure (`published`), reading files (`files`), rules that must fit each other
(`consistency`).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
CountyCode = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z-]*$")]
Source = Annotated[str, StringConstraints(pattern=r"^[SPD]\b")]
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
        units: The type of a service unit, a code of the set unit_types, by its OID.
    """

    county: CountyCode
    supplier: str = ""
    suppliers: Mapping[Name, Supplier] = {}
    columns: Mapping[str, Name] = {}
    values: Mapping[Name, Mapping[str, str]] = {}
    time_forms: tuple[str, ...] = ()
    units: Mapping[str, Name] = {}
