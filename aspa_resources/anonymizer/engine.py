"""The anonymiser: Presidio's analyser with this room's recognisers, Presidio's replacement.

Belongs here: the assembly of engine and recognisers, the batch, the last pass over digits. Does not
belong here: any knowledge of what a name or a number looks like.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aspa_resources.anonymizer.records import Anonymized, Finding
from aspa_resources.anonymizer.text_form import digit_class, visible

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

ENTITY_TYPES = ("PERSON", "HETU", "EMAIL", "PHONE", "ADDRESS", "GPS", "IP", "NUMBER")
"""What is removed; the placeholder of a type is its name in angle brackets."""

_VERSION = "1"


class Anonymizer:
    """Replaces personal data in Finnish, Swedish and English free text by placeholders.

    Heavy to make (imports Presidio, reads the name model), cheap to call; uses no network.
    """

    def __init__(self) -> None:
        from presidio_anonymizer import AnonymizerEngine
        from presidio_anonymizer.entities import (
            ConflictResolutionStrategy,
            OperatorConfig,
            RecognizerResult,
        )

        from aspa_resources.anonymizer.assembly import build_analyzer

        self._analyzer, self._names = build_analyzer()
        self._replacer = AnonymizerEngine()  # type: ignore[no-untyped-call]  # Presidio's own
        self._to_replace = RecognizerResult
        self._operators = {
            e: OperatorConfig("replace", {"new_value": f"<{e}>"}) for e in ENTITY_TYPES
        }
        self._conflicts = ConflictResolutionStrategy.REMOVE_INTERSECTIONS
        self._digits = re.compile(f"[{digit_class()}]+")

    @property
    def version(self) -> str:
        """Version of the patterns and of the name model together."""
        return f"{_VERSION}+{self._names.version}"

    def anonymize(self, texts: Sequence[str]) -> list[Anonymized]:
        """Clean texts; equal texts are analysed once.

        Args:
            texts: Free texts in Finnish, Swedish, English or a mixture.

        Returns:
            One `Anonymized` per text, in order. No text of it holds a digit of any script.
        """
        unique = {text: visible(text) for text in dict.fromkeys(texts)}
        artifacts = self._names.process_batch(list(unique.values()), "fi")
        cleaned = {
            original: self._clean(form, artifact)
            for (original, form), (_, artifact) in zip(unique.items(), artifacts, strict=True)
        }
        return [cleaned[text] for text in texts]

    def _clean(self, text: str, artifacts: "NlpArtifacts") -> Anonymized:
        found = self._analyzer.analyze(text=text, language="fi", nlp_artifacts=artifacts)
        results = _numbers_outside(found, text)
        if not results:
            return Anonymized(self._digits.sub("<NUMBER>", text), ())
        replaced = self._replacer.anonymize(
            text=text,
            analyzer_results=[
                self._to_replace(r.entity_type, r.start, r.end, r.score) for r in results
            ],
            operators=self._operators,
            conflict_resolution=self._conflicts,
        )
        findings = tuple(
            Finding(r.entity_type, r.recognition_metadata["recognizer_name"], round(r.score, 3))
            for r in sorted(results, key=lambda r: r.start)
        )
        return Anonymized(self._digits.sub("<NUMBER>", replaced.text), findings)


def _numbers_outside(results: "list[RecognizerResult]", text: str) -> "list[RecognizerResult]":
    """Cut from plain numbers what a more telling entity covers, so that the telling one is kept.

    Presidio keeps the longer of two results one of which holds the other.
    """
    telling = sorted((r for r in results if r.entity_type != "NUMBER"), key=lambda r: r.start)
    if not telling:
        return results
    kept = list(telling)
    for number in (r for r in results if r.entity_type == "NUMBER"):
        start = number.start
        for other in (r for r in telling if r.start < number.end and r.end > number.start):
            kept.extend(_part(number, start, other.start, text))
            start = max(start, other.end)
        kept.extend(_part(number, start, number.end, text))
    return kept


def _part(
    number: "RecognizerResult", start: int, end: int, text: str
) -> "Iterator[RecognizerResult]":
    """Yield the part of a number from `start` to `end` without signs at its ends, if any."""
    while start < end and not text[start].isnumeric():
        start += 1
    while end > start and not text[end - 1].isnumeric():
        end -= 1
    if start < end:
        part = copy.copy(number)
        part.start, part.end = start, end
        yield part
