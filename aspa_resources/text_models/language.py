"""The language of a cleaned text: fi, sv, en, other, or mixed.

A linear head on character n-grams (`language.npz`, made by `training.train_language`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from aspa_resources.text_models.counts import Counted, Counts, folded_letters
from aspa_resources.text_models.heads import shares
from aspa_resources.text_models.reading import Array, Spans

LANGUAGES = ("fi", "sv", "en", "other")
LANGUAGE_HEAD = Path(__file__).parent / "language.npz"

_REMOVED = re.compile(r"\bX\b")
"""A name or address that was removed, as `sentences.readable` leaves it: of no language."""

_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
_MIXED_SHARE = 0.25
"""A second language makes a text mixed when it has this share of the letters."""
_SURE = 0.8


def languages(texts: Sequence[str], spans: Spans, found: Counted) -> list[str]:
    """The language of each text.

    A text mostly in another script is `other`. A text is `mixed` when sentences that are surely
    in a second language hold a quarter of its letters or more. Without letters it is `other`.

    Args:
        texts: readable texts.
        spans: begin and end of each sentence in its text.
        found: the n-grams of both.
    """
    votes, of_parts = _votes(found.texts), iter(_votes(found.parts))
    decided = []
    for text, own, vote in zip(texts, spans, votes, strict=True):
        parts = [_REMOVED.sub(" ", text[begin:end]) for begin, end in own]
        told = list(islice(of_parts, len(own)))
        decided.append(_decide(_REMOVED.sub(" ", text), vote, parts, told))
    return decided


def _decide(text: str, vote: Array, parts: Sequence[str], votes: Sequence[Array]) -> str:
    if not _mostly_latin(text):
        return "other"
    main = LANGUAGES[int(vote.argmax())]
    strange = sum(
        _letters(part)
        for part, own in zip(parts, votes, strict=True)
        if LANGUAGES[int(own.argmax())] != main and own.max() >= _SURE
    )
    return "mixed" if strange >= _MIXED_SHARE * max(1, _letters(text)) else main


def _votes(counts: Counts) -> Array:
    """Probability of each of LANGUAGES (n, 4)."""
    weight, bias = _head()
    seen = folded_letters(counts, weight.shape[1])
    return shares(np.asarray(seen @ weight.T + bias, dtype=np.float32))


@lru_cache(maxsize=1)
def _head() -> tuple[Array, Array]:
    with np.load(LANGUAGE_HEAD, allow_pickle=False) as stored:
        return stored["weight"].astype(np.float32), stored["bias"].astype(np.float32)


def _mostly_latin(text: str) -> bool:
    return 2 * len(_LATIN.findall(text)) > _letters(text)


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))
