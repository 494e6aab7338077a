"""Which cleaned texts a person is asked to look at.

Belongs here: the draw. Not here: how many (rules/review.yaml), asking (sitting), storing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

import polars as pl

from aspa_resources.rule_book.review import ReviewRules

RANDOM: Final = "random"
"""The reason of a text drawn by chance; rates are told of these alone."""

_SCHEMA: Final = {
    "item": pl.Int32,
    "text_hash": pl.String,
    "text": pl.String,
    "reason": pl.String,
}


def text_hash(text: str) -> str:
    """Return the name of a cleaned text: the SHA-256 of it, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def draw(texts: Iterable[str], rules: ReviewRules) -> pl.DataFrame:
    """Draw texts by the operating system's randomness, each distinct one with equal chance.

    Args:
        texts: cleaned texts; equal and blank ones count once and not at all.
        rules: how many.

    Returns:
        A row a text, numbered from 1 in random order: item, text_hash, text, reason.
    """
    distinct = [text for text in dict.fromkeys(texts) if text.strip()]
    chosen = secrets.SystemRandom().sample(distinct, rules.size(len(distinct)))
    return pl.DataFrame(
        {
            "item": range(1, len(chosen) + 1),
            "text_hash": [text_hash(text) for text in chosen],
            "text": chosen,
            "reason": [RANDOM] * len(chosen),
        },
        schema=_SCHEMA,
    )
