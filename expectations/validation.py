"""What must hold of a delivery's accepted rows, of the rejected ones, and of the receipt."""

from __future__ import annotations

from typing import Final

from aspa_resources.rule_book import RuleBook
from expectations.columns import names
from expectations.expectation import (
    Expectation,
    Suite,
    columns,
    figure,
    in_set,
    not_null,
    parameter,
    some_rows,
    unique,
)

_CONTRACT: Final = RuleBook.load().contract


def _whole_number(column: str, low: int, high: int) -> Expectation:
    """Every value present is one of the few from low to high.

    Great Expectations compares bounds row by row and sets at once: of many rows, a tenth of the
    time.
    """
    return Expectation(
        name=f"{column}_in_range",
        type="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": list(range(low, high + 1))},
        description=f"Every {column} present lies in [{low}, {high}].",
    )


SUITES: Final = (
    Suite(
        "validated_feedback",
        "2",
        (
            columns(names("validated_feedback")),
            some_rows(),
            not_null("feedback_id"),
            unique("delivery", "feedback_id"),
            unique("delivery", "row_number"),
            *(
                _whole_number(column.name, column.minimum, column.maximum)
                for column in _CONTRACT.columns
                if column.minimum is not None and column.maximum is not None
            ),
            in_set("age_group", parameter("age_groups")),
            in_set("specialty", parameter("specialties")),
            in_set("contact_mode", parameter("contact_modes")),
            in_set("service_form", parameter("service_forms")),
            figure(
                "rows_unaccounted",
                "Every delivered row is either accepted or rejected.",
                least=0,
                most=0,
            ),
            figure(
                "rejected_share",
                "Not too large a share of the rows is rejected.",
                most=parameter("rejected_share_at_most"),
            ),
            *(
                figure(
                    f"{column}_completeness",
                    f"Enough rows carry {column}, by the county's own threshold.",
                    least=parameter("completeness_at_least"),
                    blocking=False,
                )
                for column in _CONTRACT.completeness_of
            ),
        ),
    ),
    Suite(
        "rejected_rows",
        "1",
        (columns(names("rejected_rows")), not_null("row_number"), not_null("code")),
    ),
    Suite(
        "delivery_receipt",
        "1",
        (
            columns(names("delivery_receipt")),
            some_rows(),
            in_set("verdict", ["accepted", "partly", "rejected"]),
        ),
    ),
)
