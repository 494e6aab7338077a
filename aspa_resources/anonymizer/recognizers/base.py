"""The shape shared by all recognisers of this room.

Belongs here: the step from found spans to Presidio results. Does not belong here: any pattern.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

LANGUAGE = "fi"
"""The one language name given to Presidio: every recogniser reads Finnish, Swedish and English."""

Span = tuple[int, int, float]
"""Start, end (characters) and score 0..1."""


class SpanRecognizer(EntityRecognizer):
    """A recogniser of one entity type that finds spans in plain text.

    Attributes:
        ENTITY: The entity type it reports.
        GATE: Where this pattern matches nowhere in a text, the text is not looked at further.
    """

    ENTITY: str
    GATE: re.Pattern[str] | None = None

    def __init__(self) -> None:
        super().__init__(supported_entities=[self.ENTITY], supported_language=LANGUAGE)

    def load(self) -> None:
        """Do nothing: patterns are compiled at import."""

    @abstractmethod
    def spans(self, text: str) -> Iterable[Span]:
        """Yield the spans of this entity in a text."""

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002  # Presidio's signature
    ) -> list[RecognizerResult]:
        """Return Presidio results for the spans found, without the space around them."""
        if self.ENTITY not in entities or (self.GATE is not None and not self.GATE.search(text)):
            return []
        results = []
        for start, end, score in self.spans(text):
            surface = text[start:end]
            left = start + len(surface) - len(surface.lstrip())
            right = end - len(surface) + len(surface.rstrip())
            if left < right:
                results.append(RecognizerResult(self.ENTITY, left, right, score))
        return results
