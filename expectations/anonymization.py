"""What must hold past the border: anonymous rows, the verification run and the log."""

from __future__ import annotations

from typing import Final

from expectations.columns import STATEMENT_NAMES, names
from expectations.expectation import (
    Suite,
    between,
    columns,
    figure,
    in_set,
    lacks,
    matches,
    matches_form,
    not_null,
    parameter,
    some_rows,
    unique,
)

SUITES: Final = (
    Suite(
        "anonymized_feedback",
        "1",
        (
            # Exactly these columns: what identifies (ids, units, exact times) has none to hide in.
            columns(names("anonymized_feedback")),
            some_rows(),
            unique("response_id"),
            matches("response_id", "^[0-9a-f]{32}$", "id_form", "Every id is 128 random bits."),
            in_set("weekday_class", ["weekday", "weekend"]),
            between("nps", 0, 10),
            *(between(statement, 0, 5) for statement in STATEMENT_NAMES),
            lacks("text", r"\d", "no_digit_in_text", "No digit is left in any text."),
            # No free text crosses in a column that is meant for codes.
            matches_form("cost_centre"),
            matches_form("questionnaire_version"),
            lacks("text", "@", "no_at_sign_in_text", "No at sign is left in any text."),
            figure("rows_lost", "No row is lost on the way.", least=0, most=0),
            figure(
                "rows_in_delivered_order",
                "The rows do not stand in the order in which they came.",
                most=0,
            ),
        ),
    ),
    Suite(
        "verification_run",
        "1",
        (
            columns(names("verification_run")),
            some_rows(),
            unique("response_id"),
            not_null("passed"),
            figure(
                "quarantined_share",
                "The two passes agree on all but a small share of the texts.",
                most=parameter("quarantined_share_at_most"),
            ),
        ),
    ),
    Suite(
        "anonymization_log",
        "1",
        (
            columns(names("anonymization_log")),
            in_set("pass", ["anonymization", "verification"]),
            between("findings", 0, None),
            between("mean_score", 0, 1),
        ),
    ),
)
