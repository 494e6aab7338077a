"""Made-up manifests' statistics: a county's months as both passes would have counted them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aspa_resources.anonymization_log.drift import Month, drift
from aspa_resources.anonymization_log.logged import Logged
from aspa_resources.anonymization_log.shares import shares
from aspa_resources.anonymizer import ENTITY_TYPES

TEXTS = 1000
WITH = {"PERSON": 80, "HETU": 4, "EMAIL": 5, "PHONE": 30, "ADDRESS": 12, "NUMBER": 150}
VERSIONS = {"anonymizer": "2+7", "verifier": "3"}


def counted(entity_type: str, recognizer: str, texts: int) -> dict[str, Any]:
    """Return what `count_findings` tells of one kind of finding, one a text."""
    tenths = [0] * 7 + [texts // 4, texts // 4, texts - 2 * (texts // 4)]
    return {
        "entity_type": entity_type, "recognizer": recognizer, "findings": texts, "texts": texts,
        "mean_score": 0.91, "lowest_score": 0.7, "score_tenths": tenths,
    }  # fmt: skip


def first_pass(**texts_with: int) -> dict[str, Any]:
    """Return the statistics of an `anonymized_feedback`, some types changed."""
    found = {**dict.fromkeys(ENTITY_TYPES, 0), **WITH, **texts_with}
    return {
        "texts": TEXTS, "texts_without_finding": 760, "texts_with": found, "words": 15_000,
        "words_removed": 400, "words_removed_squares": 700,
        "findings": [
            counted(name, f"{name.lower()}_recognizer", n) for name, n in found.items() if n
        ],
    }  # fmt: skip


def second_pass(quarantined: int = 5) -> dict[str, Any]:
    """Return the statistics of a `verification_run`."""
    return {
        "quarantined": quarantined,
        "texts_passed": TEXTS - quarantined,
        "findings": [counted("PERSON", "name_left", quarantined)] if quarantined else [],
    }


def statistics(
    first: Mapping[str, Any], second: Mapping[str, Any], own: list[Month], others: list[Month]
) -> dict[str, Any]:
    """Return the statistics of an `anonymization_log`."""
    now = Month(shares(first, second), "2+7 3")
    return {
        **{k: v for k, v in first.items() if k != "findings"},
        "quarantined": second["quarantined"],
        "texts_passed": second["texts_passed"],
        "found": first["findings"],
        "objected": second["findings"],
        "drift": [asdict(one) for one in drift(now, own, others)],
        "review": {},
    }


def months_of(county: str, number: int, **last: int) -> list[Logged]:
    """Return a county's months of 2025, the last with some types changed."""
    logs: list[Logged] = []
    own: list[Month] = []
    for i in range(number):
        wobble = (0, 3, -4, 2, -1, 4)[i % 6]
        changed = last if i == number - 1 else {}
        first = first_pass(**{"PERSON": 80 + wobble, "NUMBER": 150 - 2 * wobble, **changed})
        second = second_pass(5 + wobble)
        told = statistics(first, second, own, [])
        if i == number - 1:
            told["review"] = {"reviewed": 40, "leaks": 1, "too_much": 2}
        logs.append(Logged(county, f"2025-{i + 1:02d}", told, VERSIONS))
        own = [*own, Month(shares(first, second), "2+7 3")]
    return logs
