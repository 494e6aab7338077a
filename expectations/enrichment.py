"""What must hold of figures from elsewhere."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import Suite, columns, figure, not_null

SUITES: Final = (
    Suite(
        "enrichment",
        "1",
        (
            columns(names("enrichment")),
            not_null("county"),
            not_null("year"),
            not_null("value"),
            not_null("source"),
            figure(
                "faults",
                "Every file holds what rules/enrichment.yaml asks for; aspa enrichment tells each "
                "fault and its cure.",
                most=0,
            ),
        ),
    ),
)
