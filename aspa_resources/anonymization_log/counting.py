"""What a pass found, as counts: the only thing of a text that the log ever learns.

Belongs here: counting findings and words. Not here: what the counts mean (`drift`, `pages`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from aspa_resources.anonymizer import ENTITY_TYPES, Anonymized, Finding

TENTHS: Final = 10
_PLACEHOLDER: Final = re.compile(f"<(?:{'|'.join(ENTITY_TYPES)})>")


def count_findings(findings_by_text: Iterable[Sequence[Finding]]) -> list[dict[str, Any]]:
    """Count what was found, by entity type and recogniser.

    Args:
        findings_by_text: the findings of each text.

    Returns:
        A record each, ordered: entity_type, recognizer, findings, texts (in which it occurs),
        mean_score, lowest_score, and score_tenths: ten counts, of scores from 0 to below 0.1 and
        so on to those from 0.9 to 1, both included.
    """
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    texts: Counter[tuple[str, str]] = Counter()
    for findings in findings_by_text:
        texts.update({(f.entity_type, f.recognizer) for f in findings})
        for finding in findings:
            scores[finding.entity_type, finding.recognizer].append(finding.score)
    return [
        {
            "entity_type": entity_type,
            "recognizer": recognizer,
            "findings": len(of_kind),
            "texts": texts[entity_type, recognizer],
            "mean_score": sum(of_kind) / len(of_kind),
            "lowest_score": min(of_kind),
            "score_tenths": _tenths(of_kind),
        }
        for (entity_type, recognizer), of_kind in sorted(scores.items())
    ]


def count_texts(before: Iterable[str], cleaned: Iterable[Anonymized]) -> dict[str, Any]:
    """Count texts and words, and how much of them the first pass took.

    Args:
        before: the texts as they came.
        cleaned: the same texts cleaned, in the same order.

    Returns:
        texts (those that hold more than blanks); of them texts_without_finding, and texts_with by
        entity type; words (parted by blanks, before); words_removed (of them: gone, or holding a
        placeholder since); words_removed_squares (the sum over the texts of what each lost,
        squared: tells how much they go in clumps).
    """
    names = ("texts", "texts_without_finding", "words", "words_removed", "words_removed_squares")
    counts: dict[str, Any] = dict.fromkeys(names, 0)
    with_type: Counter[str] = Counter()
    for text, result in zip(before, cleaned, strict=True):
        words = len(text.split())
        if not words:
            continue
        removed = max(words - _words_kept(result.text), 0)
        counts["texts"] += 1
        counts["texts_without_finding"] += not result.findings
        counts["words"] += words
        counts["words_removed"] += removed
        counts["words_removed_squares"] += removed**2
        with_type.update({finding.entity_type for finding in result.findings})
    return {**counts, "texts_with": {name: with_type[name] for name in ENTITY_TYPES}}


def _words_kept(cleaned: str) -> int:
    return sum(not _PLACEHOLDER.search(word) for word in cleaned.split())


def _tenths(scores: Iterable[float]) -> list[int]:
    counted = Counter(min(int(score * TENTHS), TENTHS - 1) for score in scores)
    return [counted[tenth] for tenth in range(TENTHS)]
