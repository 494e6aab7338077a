"""What must hold past the border: anonymous rows, the verification run and the log."""

from __future__ import annotations

from typing import Final

from aspa_resources.review import RANDOM, VERDICTS
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
        "2",
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
            figure(
                "rows_rarer_than_promised",
                "Every row has the company that the enforced scenarios promise, or has lost all "
                "that they know.",
                most=0,
            ),
        ),
    ),
    Suite(
        "review_queue",
        "1",
        (
            columns(names("review_queue")),
            unique("item"),
            unique("text_hash"),
            not_null("text"),
            lacks("text", r"\d", "no_digit_in_text", "No digit is left in any text."),
            in_set("reason", [RANDOM]),
            figure("texts_not_drawn", "As many texts are drawn as the rules say.", least=0, most=0),
        ),
    ),
    Suite(
        "review_verdicts",
        "1",
        (
            columns(names("review_verdicts")),
            unique("text_hash"),
            matches("text_hash", "^[0-9a-f]{64}$", "hash_form", "Every text is named by SHA-256."),
            in_set("verdict", VERDICTS),
            not_null("verdict"),
            not_null("reviewed_on"),
            figure("unknown_entity_types", "Every entity type is known.", most=0),
            figure(
                "types_unlike_verdict", "A leak names entity types, and no other verdict.", most=0
            ),
        ),
    ),
    Suite(
        "verification_run",
        "2",
        (
            columns(names("verification_run")),
            some_rows(),
            unique("response_id"),
            not_null("passed"),
            figure("rows_unverified", "Every anonymous row was looked at.", least=0, most=0),
            figure("rows_passed", "At least one row passes.", least=1),
            figure(
                "planted_leaks_missed",
                "The second pass sees every leak that is planted to try it.",
                most=0,
            ),
            figure(
                "quarantined_share",
                "The two passes agree on all but a small share of the texts.",
                most=parameter("quarantined_share_at_most"),
            ),
        ),
    ),
    Suite(
        "anonymization_log",
        "2",
        (
            columns(names("anonymization_log")),
            in_set("pass", ["anonymization", "verification"]),
            unique("pass", "entity_type", "recognizer"),
            between("findings", 1, None),
            between("texts", 1, None),
            between("mean_score", 0, 1),
            between("lowest_score", 0, 1),
            figure(
                "drifting",
                "What was found is as in the county's earlier months: no kind of finding, and "
                "neither words removed nor rows quarantined, has become rarer or more frequent.",
                most=0,
                blocking=False,
            ),
        ),
    ),
    Suite(
        "residual_risk",
        "1",
        (
            columns(names("residual_risk")),
            some_rows(),
            in_set("stage", ["before", "after"]),
            unique("scenario", "stage", "measure", "category"),
            figure(
                "rows_rarer_than_promised",
                "Every row has the company that the enforced scenarios promise, or has lost all "
                "that they know.",
                most=0,
            ),
            figure("columns_that_identify", "No column that identifies is left.", most=0),
            figure("ids_of_the_delivery", "No row has an id of the delivery.", most=0),
            figure(
                "order_of_the_delivery",
                "The order of the rows owes nothing to that of the delivery.",
                most=parameter("order_tells_from"),
            ),
            figure(
                "rows_too_few_to_promise",
                "The month has enough rows for what is promised.",
                most=0,
                blocking=False,
            ),
            figure(
                "table_loss",
                "Few rows fall out of a published table's categories for being rare.",
                most=parameter("table_loss_at_most"),
                blocking=False,
            ),
            figure(
                "guess_gain",
                "What an enforced scenario knows tells little of the rows' own people.",
                most=parameter("guess_gain_at_most"),
                blocking=False,
            ),
        ),
    ),
)
