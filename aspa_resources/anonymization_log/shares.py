"""The shares that are watched from month to month: what each counts, and out of what.

The unit is the text wherever it can be, for texts come independently of one another and findings
do not: one text with a phone number spelled in four parts is one text.

Belongs here: which shares there are, read from the counts of both passes. Not here: whether one
is unusual (`drift`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aspa_resources.anonymizer import ENTITY_TYPES

MEASURES: Final = (*ENTITY_TYPES, "without_finding", "words_removed", "quarantined")
"""An entity type stands for the texts in which the first pass found it."""


@dataclass(frozen=True)
class Share:
    """A count out of a total.

    Attributes:
        clump: how many counted units come together on average, weighted by their number (1: each
            by itself). The count tells as much as `count / clump` independent ones.
    """

    count: int
    out_of: int
    clump: float = 1.0


def can_be_read(first_pass: Mapping[str, Any]) -> bool:
    """Tell whether these counts are of a version of the first pass that kept all that is needed."""
    return "texts_with" in first_pass


def shares(first_pass: Mapping[str, Any], second_pass: Mapping[str, Any]) -> dict[str, Share]:
    """Return every watched share of a delivery.

    Args:
        first_pass: statistics of its `anonymized_feedback`.
        second_pass: statistics of its `verification_run`.
    """
    texts, removed = first_pass["texts"], first_pass["words_removed"]
    # Of a sum of clumps the variance is the sum of their squares (compound Poisson).
    clump = first_pass["words_removed_squares"] / removed if removed else 1.0
    return {
        **{name: Share(first_pass["texts_with"].get(name, 0), texts) for name in ENTITY_TYPES},
        "without_finding": Share(first_pass["texts_without_finding"], texts),
        "words_removed": Share(removed, first_pass["words"], clump),
        "quarantined": Share(
            second_pass["quarantined"], second_pass["texts_passed"] + second_pass["quarantined"]
        ),
    }
