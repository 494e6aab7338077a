"""What is published and how it is protected: the models of two rule files.

Belongs here: the checked form of `rules/published_tables.yaml` and `rules/disclosure.yaml`.
Does not belong here: reading the files (the loader's) and applying them (`indicators`,
`disclosure`).
"""

from collections.abc import Iterable
from itertools import chain, combinations
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from aspa_resources.rule_book.residual_risk import ResidualRiskRules

ALL = "ALL"
"""The code of a dimension's total."""
NATION = "FI"
"""The code of the counties' total."""
UNKNOWN = "unknown"
"""The category of rows that lack a value, so that categories add up to their total."""
SOTE_CLASS = "sote_class"
"""The dimension that is published only where the SOTE allocation is switched on."""
COOPERATION_AREA = "cooperation_area"
"""The dimension that counties themselves lie within: crossings with it are of the nation alone."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
PUBLISHED = "published_tables"
"""In place of a mart: the table is made from what other tables show."""
MartName = Literal[
    "indicator_mart",
    "theme_mart",
    "word_mart",
    "coverage_mart",
    "quality_mart",
    "period_mart",
    "published_tables",
]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Titles(_Rule):
    """A title in the three languages of the reports."""

    fi: str
    sv: str
    en: str


class SameCell(_Rule):
    """Where a measure that repeats another table's count has its fate decided.

    Attributes:
        mart: The mart that holds the count.
        measure: The measure that holds it there.
        cell: Categories of that mart's dimensions; a dimension that both tables have is taken
            from the row, any other is `ALL`.
    """

    mart: MartName
    measure: Name = "responses"
    cell: dict[Name, str] = {}


class PublishedTable(_Rule):
    """One table that readers may see.

    Attributes:
        name: The table's name, unique.
        mart: The mart its exact figures come from; `published_tables` for a table that is made
            from other tables of this and earlier months, `period_mart` for one of quarters and
            years.
        dimensions: The dimension columns beside month and county, in column order.
        crossings: The crossings of the dimensions shown, any other dimension at ALL. None: every
            one, that is all dimensions and each of their totals.
        measures: The measures shown, in the order shown.
        unsummed: Dimensions whose categories do not add up to their total, since a response may
            belong to several (themes, words).
        open_measures: Measures that tell nothing about a respondent and are always shown.
        same_as: Measures whose rows are hidden exactly where another count is.
        list_hidden: Whether a hidden row is shown as such. False where the category itself comes
            from the texts (words): there a hidden row is left out.
        titles: The table's title.
        description: What it holds, for the data dictionary.
    """

    name: Name
    mart: MartName
    dimensions: tuple[Name, ...] = ()
    crossings: tuple[tuple[Name, ...], ...] | None = None
    measures: Annotated[tuple[Name, ...], Field(min_length=1)]
    unsummed: tuple[Name, ...] = ()
    open_measures: tuple[Name, ...] = ()
    same_as: dict[Name, SameCell] = {}
    list_hidden: bool = True
    titles: Titles
    description: str

    @model_validator(mode="after")
    def _parts_are_declared(self) -> Self:
        for field, named, declared in (
            ("crossings", chain.from_iterable(self.crossings or ()), self.dimensions),
            ("unsummed", self.unsummed, self.dimensions),
            ("open_measures", self.open_measures, self.measures),
            ("same_as", self.same_as, self.measures),
        ):
            if unknown := sorted(set(named) - set(declared)):
                msg = f"{self.name}: {field} names {', '.join(unknown)}, which the table lacks"
                raise ValueError(msg)
        return self


class WordRules(_Rule):
    """When a word of the texts may be shown.

    Attributes:
        least_feedbacks: The fewest distinct feedbacks with the word, nationally and in a county.
    """

    least_feedbacks: int = Field(ge=2)


class ComplementaryRules(_Rule):
    """How hidden figures are kept from being worked out.

    Attributes:
        width: The least length, in responses, of the interval an attacker can narrow a hidden
            count to with every published sum.
        probes: Random directions tried before a hidden count is examined alone; affects speed only.
        seed: The seed of those directions, so that the same figures always hide the same cells.
    """

    width: int = Field(ge=2)
    probes: int = Field(ge=0)
    seed: int = Field(ge=0)


class Decimals(_Rule):
    """Decimals of published values."""

    nps: int = Field(ge=0)
    mean: int = Field(ge=0)
    share: int = Field(ge=0)


class DisclosureRules(_Rule):
    """What may be shown: thresholds and the settings of the protection.

    Attributes:
        threshold: A figure computed from fewer responses is hidden.
        least_distributions: A score or mean is hidden when fewer distributions of answers than
            this fit it: it would tell what everybody answered.
        words: When a word may be shown.
        complementary: How hidden figures are kept from being worked out.
        decimals: How values are rounded when published.
        residual_risk: How the risk that is left in anonymous rows is measured and bounded.
    """

    threshold: int = Field(ge=2)
    least_distributions: int = Field(ge=1)
    words: WordRules
    complementary: ComplementaryRules
    decimals: Decimals
    residual_risk: ResidualRiskRules


def crossings_of(tables: Iterable[PublishedTable], mart: str) -> list[tuple[str, ...]]:
    """Return every crossing of dimensions that the tables of one mart need.

    Args:
        tables: The declared tables.
        mart: The mart's name.

    Returns:
        The crossings of all its tables, each once, fewest dimensions first.
    """
    needed = chain.from_iterable(table_crossings(t) for t in tables if t.mart == mart)
    return sorted(dict.fromkeys(needed), key=len)


def table_crossings(table: PublishedTable) -> list[tuple[str, ...]]:
    """Return the crossings one table shows: those declared, else every subset of its dimensions."""
    if table.crossings is not None:
        return list(table.crossings)
    sizes = range(len(table.dimensions) + 1)
    return list(chain.from_iterable(combinations(table.dimensions, size) for size in sizes))


def dimensions_of(tables: Iterable[PublishedTable], mart: str) -> list[str]:
    """Return the dimension columns of one mart: those of its tables, in the order declared."""
    return list(dict.fromkeys(chain.from_iterable(t.dimensions for t in tables if t.mart == mart)))
