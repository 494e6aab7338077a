"""What must hold of code lists that were fetched."""

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
        "code_sets",
        "1",
        (
            columns(names("code_sets")),
            some_rows(),
            in_set("code_set", parameter("code_sets")),
            not_null("code"),
            not_null("name_fi"),
            not_null("read_on"),
            unique("code_set", "code", "begin", "end"),
            figure(
                "codes_in_use_taken_away",
                "No code in use by a rule, a county's profile or feedback of the last year has "
                "vanished or ended, unless accept_vanished in code_sets/index.yaml says it may.",
                most=0,
            ),
            figure(
                "lists_not_read",
                "Every list could be read; one that could not stays as it was.",
                most=0,
                blocking=False,
            ),
        ),
    ),
)
