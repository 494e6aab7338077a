"""How often each n-gram stands in texts and in their sentences: what linear models look at.

Belongs here: counting, hashed, so that no vocabulary travels with the weights. Does not belong
here: what an n-gram weighs (`phrases`, `language`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aspa_resources.text_models.reading import Spans

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LETTERS = 2**17
WORDS = 2**17
_LETTER_NGRAMS = (2, 5)
_WORD_NGRAMS = (1, 2)


@dataclass(frozen=True)
class Counts:
    """Counts of n texts' or parts' n-grams.

    `letters` (n, LETTERS): of characters within words. `words` (n, WORDS): of words and of pairs of
    neighbours.
    """

    letters: "csr_matrix"
    words: "csr_matrix"


@dataclass(frozen=True)
class Counted:
    """Counts of texts, and of all their parts one after another. A text's are its parts' sums."""

    texts: Counts
    parts: Counts


def counted(texts: Sequence[str], spans: Spans) -> Counted:
    """Count the n-grams of texts.

    Args:
        texts: readable texts.
        spans: begin and end of each part in its text.
    """
    from scipy.sparse import csr_matrix

    every = [text[begin:end] for text, own in zip(texts, spans, strict=True) for begin, end in own]
    parts = Counts(
        _hashed(every, "char_wb", _LETTER_NGRAMS, LETTERS),
        _hashed(every, "word", _WORD_NGRAMS, WORDS),
    )
    ends = np.cumsum([0, *(len(own) for own in spans)])
    held = csr_matrix(
        (np.ones(len(every), np.float32), np.arange(len(every)), ends),
        shape=(len(texts), len(every)),
    )
    return Counted(Counts(held @ parts.letters, held @ parts.words), parts)


def counted_alone(texts: Sequence[str]) -> Counts:
    """Count the n-grams of readable texts that are not looked at in parts."""
    return counted(texts, [[(0, len(text))] for text in texts]).texts


def folded_letters(counts: Counts, buckets: int) -> "csr_matrix":
    """The letters' n-grams in fewer buckets, a power of two: as if hashed into so many at once.

    Rows are of length one.
    """
    from scipy.sparse import csr_matrix

    letters = counts.letters
    fewer = csr_matrix(
        (letters.data, letters.indices & (buckets - 1), letters.indptr),
        shape=(letters.shape[0], buckets),
    )
    fewer.sum_duplicates()
    return unit_rows(fewer)


def unit_rows(counts: "csr_matrix") -> "csr_matrix":
    """The same with rows of length one; rows of nothing stay so."""
    from sklearn.preprocessing import normalize

    return normalize(counts) if counts.shape[0] else counts


def _hashed(
    texts: Sequence[str], analyzer: str, lengths: tuple[int, int], buckets: int
) -> "csr_matrix":
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    if not texts:
        return csr_matrix((0, buckets), dtype=np.float32)
    hashing = HashingVectorizer(
        analyzer=analyzer,
        ngram_range=lengths,
        token_pattern=r"\w+",  # noqa: S106 - a regular expression
        n_features=buckets,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    return hashing.transform(texts)
