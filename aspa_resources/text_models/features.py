"""What the linear heads see of a text: its vector, its character n-grams, its telling words.

The vector carries meaning across languages; the n-grams carry the words themselves, inflected and
misspelt, which the small model blurs; the lexicon carries words that no training sentence had, and
negation.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

from aspa_resources.text_models.counts import Counts, folded_letters
from aspa_resources.text_models.lexicon import lexicon_counts

NGRAM_BUCKETS = 2**15
_VECTOR_SHARE = 3.0
_NGRAM_SHARE = 3.0
_LEXICON_SHARE = 0.5


def features(
    texts: Sequence[str],
    counts: Counts,
    embeddings: npt.NDArray[np.float32],
    centre: npt.NDArray[np.float32],
    spread: npt.NDArray[np.float32],
) -> "csr_matrix":
    """Standardised vectors, n-grams and lexicon counts side by side, a row per text.

    Args:
        texts: cleaned texts.
        counts: their n-grams; of these the letters', in few buckets, rows of length one.
        embeddings: their vectors (n, d).
        centre: the training vectors' mean (d).
        spread: their standard deviation (d).
    """
    from scipy.sparse import csr_matrix, hstack

    scaled = (embeddings - centre) / spread * (_VECTOR_SHARE / np.sqrt(embeddings.shape[1]))
    return hstack(
        [
            csr_matrix(scaled.astype(np.float32)),
            folded_letters(counts, NGRAM_BUCKETS) * _NGRAM_SHARE,
            csr_matrix(lexicon_counts(texts) * _LEXICON_SHARE),
        ],
        format="csr",
    )
