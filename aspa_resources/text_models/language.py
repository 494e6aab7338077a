"""The language of a cleaned text: fi, sv, en, other, or mixed.

A linear head on character n-grams (`language.npz`, made by `training.train_language`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.features import ngrams
from aspa_resources.text_models.heads import shares
from aspa_resources.text_models.sentences import PLACEHOLDER, sentence_spans

LANGUAGES = ("fi", "sv", "en", "other")
LANGUAGE_HEAD = Path(__file__).parent / "language.npz"

_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
_MIXED_SHARE = 0.25
"""A second language makes a text mixed when it has this share of the letters."""
_SURE = 0.8


def languages(texts: Sequence[str]) -> list[str]:
    """The language of each text; at least one text.

    A text mostly in another script is `other`. A text is `mixed` when sentences that are surely
    in a second language hold a quarter of its letters or more. Without letters it is `other`.
    """
    whole = [PLACEHOLDER.sub(" ", text).strip() for text in texts]
    parts = [[text[begin:end] for begin, end in sentence_spans(text)] for text in whole]
    votes = _votes([*whole, *(part for own in parts for part in own)])
    found = []
    at = len(whole)
    for index, text_parts in enumerate(parts):
        own = votes[at : at + len(text_parts)]
        at += len(text_parts)
        found.append(_decide(whole[index], votes[index], text_parts, own))
    return found


def _decide(
    text: str, vote: npt.NDArray[np.float32], parts: Sequence[str], votes: npt.NDArray[np.float32]
) -> str:
    if not _mostly_latin(text):
        return "other"
    main = LANGUAGES[int(vote.argmax())]
    strange = sum(
        _letters(part)
        for part, own in zip(parts, votes, strict=True)
        if LANGUAGES[int(own.argmax())] != main and own.max() >= _SURE
    )
    return "mixed" if strange >= _MIXED_SHARE * max(1, _letters(text)) else main


def _votes(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Probability of each of LANGUAGES (n, 4)."""
    weight, bias = _head()
    return shares(np.asarray(ngrams(texts) @ weight.T + bias, dtype=np.float32))


@lru_cache(maxsize=1)
def _head() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    with np.load(LANGUAGE_HEAD, allow_pickle=False) as stored:
        return stored["weight"].astype(np.float32), stored["bias"].astype(np.float32)


def _mostly_latin(text: str) -> bool:
    return 2 * len(_LATIN.findall(text)) > _letters(text)


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))
