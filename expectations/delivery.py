"""What must hold of what a county delivered: the files as they came and what lies beside them."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import (
    Expectation,
    Suite,
    between,
    columns,
    figure,
    in_set,
    matches,
    not_null,
    parameter,
    some_rows,
    unique,
)

SUITES: Final = (
    Suite(
        "raw_delivery",
        "2",
        (
            columns(names("raw_delivery")),
            some_rows(),
            unique("content_hash"),
            matches("content_hash", "^[0-9a-f]{64}$", "hash_form", "Every file has its SHA-256."),
            in_set("kind", ["feedback", "sampling_counts"]),
            in_set("standing", ["new", "replaces", "adds_up"]),
            figure("feedback_files", "The month has a feedback file.", least=1),
            figure(
                "files_of_one_place",
                "A month has one file a kind and supplier.",
                least=0,
                most=0,
            ),
        ),
    ),
    Suite(
        "sampling_counts",
        "1",
        (
            columns(names("sampling_counts")),
            in_set("age_group", parameter("age_groups")),
            between("service_events", 0, None),
            between("surveys_sent", 0, None),
            Expectation(
                name="not_more_surveys_than_events",
                type="expect_column_pair_values_a_to_be_greater_than_b",
                kwargs={
                    "column_A": "service_events",
                    "column_B": "surveys_sent",
                    "or_equal": True,
                },
                description="No more surveys were sent than there were service events.",
                blocking=False,
            ),
        ),
    ),
    Suite(
        "cost_centre_map",
        "1",
        (
            columns(names("cost_centre_map")),
            not_null("cost_centre"),
            in_set("service_class", parameter("service_classes")),
        ),
    ),
)
