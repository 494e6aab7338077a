"""A sealed log as the pages read it.

Belongs here: the record and what follows from its counts. Not here: laying it out (`pages`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aspa_resources.anonymization_log.drift import Drift
from aspa_resources.anonymization_log.review import LeakRate, leak_rate

PER: Final = 1000
"""Rates are told for every thousand texts, or words where words are counted."""


@dataclass(frozen=True)
class Logged:
    """One county's month.

    Attributes:
        month: `YYYY-MM`.
        statistics: of its `anonymization_log`.
        versions: of the anonymizer and of the verifier.
    """

    county: str
    month: str
    statistics: Mapping[str, Any]
    versions: Mapping[str, str]

    @property
    def drift(self) -> dict[str, Drift]:
        """How each measure stands to the history."""
        return {one["measure"]: Drift(**one) for one in self.statistics["drift"]}

    @property
    def unusual(self) -> list[Drift]:
        """The measures that became rarer or more frequent."""
        return [one for one in self.drift.values() if one.result in ("more", "fewer")]

    @property
    def found(self) -> Sequence[Mapping[str, Any]]:
        """What the first pass found, by entity type and recogniser."""
        found: Sequence[Mapping[str, Any]] = self.statistics["found"]
        return found

    @property
    def objected(self) -> Sequence[Mapping[str, Any]]:
        """What the second pass objected to, by entity type and check."""
        objected: Sequence[Mapping[str, Any]] = self.statistics["objected"]
        return objected

    @property
    def leaks(self) -> LeakRate | None:
        """What reviewers found; None where nobody looked."""
        review = self.statistics["review"]
        return leak_rate(review["leaks"], review["reviewed"]) if review else None

    def count(self, name: str) -> int:
        """Return a total: texts, words, words_removed, texts_without_finding, quarantined."""
        total: int = self.statistics[name]
        return total

    def findings(self, entity_type: str) -> int:
        """Return how often the first pass found a type."""
        return sum(one["findings"] for one in self.found if one["entity_type"] == entity_type)


def per_thousand(count: float, out_of: int) -> float:
    """Return a rate; 0 where there is nothing to count in."""
    return PER * count / out_of if out_of else 0.0
