"""What must hold of a delivery's accepted rows, of the rejected ones, and of the receipt."""

from __future__ import annotations

from typing import Final

from expectations.columns import STATEMENT_NAMES, names
from expectations.expectation import (
    Suite,
    between,
    columns,
    figure,
    in_set,
    not_null,
    parameter,
    some_rows,
    unique,
)

SUITES: Final = (
    Suite(
        "validated_feedback",
        "1",
        (
            columns(names("validated_feedback")),
            some_rows(),
            not_null("feedback_id"),
            unique("feedback_id"),
            unique("row_number"),
            between("nps", 0, 10),
            *(between(statement, 0, 5) for statement in STATEMENT_NAMES),
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
            figure(
                "cost_centre_completeness",
                "Enough rows carry a cost centre.",
                least=parameter("completeness_at_least"),
                blocking=False,
            ),
            figure(
                "site_completeness",
                "Enough rows carry a site.",
                least=parameter("completeness_at_least"),
                blocking=False,
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
