"""The verifier: checks and the leak model over cleaned texts.

Belongs here: the combination and its threshold. A text with a finding is to be quarantined.
"""

import math
from collections.abc import Sequence

from aspa_resources.anonymizer.records import Finding
from aspa_resources.anonymizer.verification.checks import CHECKS
from aspa_resources.anonymizer.verification.leak_model import LeakModel, words

_VERSION = "2"
_LOG_ODDS = 2.5
"""Set so that well cleaned text seldom raises an alarm; see the model card for both rates."""


class Verifier:
    """Looks for personal data that the first pass left behind."""

    def __init__(self, log_odds: float = _LOG_ODDS) -> None:
        self._model = LeakModel.load()
        self._log_odds = log_odds

    @property
    def version(self) -> str:
        """Version of the checks and of the leak model together."""
        return f"{_VERSION}+{self._model.version}"

    def verify(self, texts: Sequence[str]) -> list[tuple[Finding, ...]]:
        """Return the findings in every cleaned text; none means that it passed."""
        known: dict[str, tuple[Finding, ...]] = {}
        for text in texts:
            if text not in known:
                known[text] = self._of_text(text)
        return [known[text] for text in texts]

    def _of_text(self, text: str) -> tuple[Finding, ...]:
        tokens = words(text)
        findings = [
            Finding(entity, name, 1.0)
            for entity, name, check in CHECKS
            if check(text, self._model.lists)
        ]
        findings.extend(
            Finding("PERSON", "leak_model", round(1 / (1 + math.exp(-odds)), 3))
            for _, odds in self._model.scores(tokens)
            if odds >= self._log_odds
        )
        return tuple(findings)
