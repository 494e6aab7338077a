"""What an expectation and a suite are, as plain data, and short ways to write the common ones.

Belongs here: the records and their constructors. Not here: running them (runner), or what a
given step must fulfil (the module of that step). Great Expectations is not imported here, so
that the code location can name every check without loading it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold of a step's frame or of the figures measured beside it.

    Attributes:
        name: name of the asset check.
        type: Great Expectations' snake-case name of the expectation.
        kwargs: its arguments; `{"$PARAMETER": name}` stands for a value given at run time.
        description: what an operator reads.
        blocking: whether a version that breaks it stays unsealed.
        on: `rows` for the frame, `figures` for the one-row frame of measured figures.
    """

    name: str
    type: str
    kwargs: dict[str, Any]
    description: str
    blocking: bool = True
    on: Literal["rows", "figures"] = "rows"


@dataclass(frozen=True)
class Suite:
    """All expectations of one step.

    Attributes:
        step: name of the asset.
        version: raised whenever an expectation changes; the seal carries it.
    """

    step: str
    version: str
    expectations: tuple[Expectation, ...] = field(default_factory=tuple)


def parameter(name: str) -> dict[str, str]:
    """Stand for a value that the step hands over when it is judged."""
    return {"$PARAMETER": name}


def columns(names: Sequence[str]) -> Expectation:
    """The frame has exactly these columns."""
    return Expectation(
        name="columns",
        type="expect_table_columns_to_match_set",
        kwargs={"column_set": list(names), "exact_match": True},
        description="The frame has exactly the columns of its schema.",
    )


def some_rows() -> Expectation:
    """The frame is not empty."""
    return Expectation(
        name="some_rows",
        type="expect_table_row_count_to_be_between",
        kwargs={"min_value": 1},
        description="At least one row.",
    )


def not_null(column: str) -> Expectation:
    """No empty value in the column."""
    return Expectation(
        name=f"{column}_present",
        type="expect_column_values_to_not_be_null",
        kwargs={"column": column},
        description=f"Every row has {column}.",
    )


def unique(*names: str) -> Expectation:
    """No two rows agree in all these columns."""
    if len(names) == 1:
        return Expectation(
            name=f"{names[0]}_unique",
            type="expect_column_values_to_be_unique",
            kwargs={"column": names[0]},
            description=f"No {names[0]} occurs twice.",
        )
    return Expectation(
        name=f"{'_'.join(names)}_unique",
        type="expect_compound_columns_to_be_unique",
        kwargs={"column_list": list(names)},
        description=f"No two rows agree in {', '.join(names)}.",
    )


def in_set(column: str, values: Sequence[str] | dict[str, str]) -> Expectation:
    """Every value present is one of these."""
    return Expectation(
        name=f"{column}_known",
        type="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": values},
        description=f"Every {column} present is a known value.",
    )


def between(column: str, low: float | None, high: float | None) -> Expectation:
    """Every value present lies within the bounds, both included."""
    return Expectation(
        name=f"{column}_in_range",
        type="expect_column_values_to_be_between",
        kwargs={"column": column, "min_value": low, "max_value": high},
        description=f"Every {column} present lies in [{low}, {high}].",
    )


def matches(column: str, regex: str, name: str, description: str) -> Expectation:
    """Every value present matches the pattern."""
    return Expectation(
        name=name,
        type="expect_column_values_to_match_regex",
        kwargs={"column": column, "regex": regex},
        description=description,
    )


def matches_form(column: str) -> Expectation:
    """Every value present has the form that the delivery contract gives the column."""
    return Expectation(
        name=f"{column}_form",
        type="expect_column_values_to_match_regex",
        kwargs={"column": column, "regex": parameter(f"{column}_form")},
        description=f"Every {column} present is a short code, as the contract has it.",
    )


def lacks(column: str, regex: str, name: str, description: str) -> Expectation:
    """No value present matches the pattern."""
    return Expectation(
        name=name,
        type="expect_column_values_to_not_match_regex",
        kwargs={"column": column, "regex": regex},
        description=description,
    )


def figure(
    name: str,
    description: str,
    *,
    least: float | dict[str, str] | None = None,
    most: float | dict[str, str] | None = None,
    blocking: bool = True,
) -> Expectation:
    """A figure measured beside the frame lies within the bounds, both included."""
    return Expectation(
        name=name,
        type="expect_column_values_to_be_between",
        kwargs={"column": name, "min_value": least, "max_value": most},
        description=description,
        blocking=blocking,
        on="figures",
    )
