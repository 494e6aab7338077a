"""What must hold of service classes: decided for every row, by a rule that can be named."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import (
    Suite,
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
        "classified_feedback",
        "2",
        (
            columns(names("classified_feedback")),
            some_rows(),
            unique("response_id"),
            not_null("service_class"),
            in_set("service_class", parameter("service_classes")),
            not_null("service_class_rule"),
            in_set("service_class_rule", parameter("rule_ids")),
            not_null("service_class_source"),
            in_set("service_class_source", parameter("sources")),
            not_null("inputs_fingerprint"),
            figure("rows_lost", "Every row that passed verification is here.", least=0, most=0),
            figure(
                "unclassified_share",
                "Most rows can be given a service class.",
                most=parameter("unclassified_share_at_most"),
                blocking=False,
            ),
        ),
    ),
)
