"""The three zones of confidentiality, which asset lives in which, and the key of each.

Belongs here: the zone of an asset and where its key comes from. Not here: how a file is
encrypted (storage).
"""

from __future__ import annotations

import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Final

from aspa_resources.errors import AspaError
from aspa_resources.key_files import kept_secret


class Zone(StrEnum):
    """Who may read: restricted raw feedback, national anonymous rows, published aggregates."""

    RESTRICTED = "restricted"
    NATIONAL = "national"
    PUBLISHED = "published"


ZONE_OF: Final[dict[str, Zone]] = {
    "arrived_file": Zone.RESTRICTED,
    "raw_delivery": Zone.RESTRICTED,
    "validated_feedback": Zone.RESTRICTED,
    "rejected_rows": Zone.RESTRICTED,
    "review_queue": Zone.RESTRICTED,
    "delivery_receipt": Zone.NATIONAL,
    "sampling_counts": Zone.NATIONAL,
    "cost_centre_map": Zone.NATIONAL,
    "anonymized_feedback": Zone.NATIONAL,
    "residual_risk": Zone.NATIONAL,
    "review_verdicts": Zone.NATIONAL,
    "verification_run": Zone.NATIONAL,
    "anonymization_log": Zone.NATIONAL,
    "classified_feedback": Zone.NATIONAL,
    "topic_model": Zone.NATIONAL,
    "topic_proposals": Zone.NATIONAL,
    "code_sets": Zone.NATIONAL,
    "enrichment": Zone.NATIONAL,
    "analyzed_feedback": Zone.NATIONAL,
    "indicator_mart": Zone.NATIONAL,
    "theme_mart": Zone.NATIONAL,
    "word_mart": Zone.NATIONAL,
    "trend_mart": Zone.NATIONAL,
    "coverage_mart": Zone.NATIONAL,
    "quality_mart": Zone.NATIONAL,
    "published_tables": Zone.PUBLISHED,
    "published_trends": Zone.PUBLISHED,
    "published_periods": Zone.PUBLISHED,
    "county_report": Zone.PUBLISHED,
    "national_report": Zone.PUBLISHED,
    "thl_delivery": Zone.PUBLISHED,
}

RELEASED: Final = frozenset({"published_tables", "published_periods"})
"""What stays readable in every version: everybody may have kept it, so that the next release has to
be protected against it. It holds aggregates after disclosure control and nothing else."""

KEY_LENGTH: Final = 32  # characters: AES-256 as DuckDB takes it


class MissingKeyError(AspaError):
    """The process has no key for a zone it was asked to read or write."""


class ZoneKeys:
    """The encryption keys this process holds, looked up when first needed.

    A key comes from `ASPA_KEY_RESTRICTED`, `ASPA_KEY_NATIONAL` or `ASPA_KEY_PUBLISHED`
    (32 characters). Where no such variable is set at all, a demo key a zone is made once and
    kept under `folder`, readable by its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, zone: Zone) -> str:
        """Return the key of a zone.

        Raises:
            MissingKeyError: keys come from the environment but this zone's does not, or is bad.
        """
        value = os.environ.get(_variable(zone))
        if value is not None:
            return _checked(value, zone)
        if any(_variable(other) in os.environ for other in Zone):
            raise MissingKeyError(
                f"No key for the {zone} zone: this process may not read or write it. "
                f"Run the step where {_variable(zone)} is set."
            )
        return self._demo_key(zone)

    def _demo_key(self, zone: Zone) -> str:
        made = kept_secret(self._folder / f"{zone}.key", lambda: secrets.token_hex(KEY_LENGTH // 2))
        return _checked(made, zone)


def _variable(zone: Zone) -> str:
    return f"ASPA_KEY_{zone.upper()}"


def _checked(key: str, zone: Zone) -> str:
    if len(key) != KEY_LENGTH or not key.isascii() or "'" in key:
        raise MissingKeyError(
            f"The key of the {zone} zone is malformed: {_variable(zone)} takes "
            f"{KEY_LENGTH} ASCII characters without quotes."
        )
    return key
