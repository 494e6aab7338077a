"""What single words, pairs of words and bits of words tell of a text: linear weights over n-grams.

Belongs here: weighing counts (`counts`) with what `training.train_phrases` found. Does not belong
here: the network, which sees what words mean together (`reader`).
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.counts import Counts, unit_rows
from aspa_resources.text_models.heads import THEMES
from aspa_resources.text_models.reading import Array

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PHRASES = Path(__file__).parent / "phrases.npz"
_SHARE = 3.0
_STEPS = 127


def seen(counts: Counts, rarity: Array) -> "csr_matrix":
    """What the weights look at (n, LETTERS + WORDS).

    Counts by their logarithm and the n-gram's rarity, rows of length one in letters and in words
    (TF-IDF, Salton and Buckley 1988, sublinear in the count).

    Args:
        counts: of the texts.
        rarity: of each n-gram, letters before words: inverse document frequency.
    """
    from scipy.sparse import hstack

    letters, words = np.split(rarity, [counts.letters.shape[1]])
    return hstack(
        [
            _weighed(counts.letters, letters) * np.float32(_SHARE),
            _weighed(counts.words, words) * np.float32(_SHARE),
        ],
        format="csr",
    )


def _weighed(counts: "csr_matrix", rarity: Array) -> "csr_matrix":
    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * rarity[weighed.indices]
    return unit_rows(weighed)


def scores(counts: Counts) -> tuple[Array, Array]:
    """Scores (logits) of themes (n, 13) and sentiments (n, 4)."""
    weights = _weights()
    found = seen(counts, weights["rarity"]) @ weights["weights"] + weights["biases"]
    themes, sentiments = np.split(np.asarray(found, dtype=np.float32), [len(THEMES)], axis=1)
    return themes, sentiments


def save(rarity: Array, weights: Array, biases: Array, path: Path) -> None:
    """Write the weights, eight bits each, one scale a question.

    Args:
        rarity: of each n-gram (f).
        weights: of n-grams for themes and sentiments (f, 17).
        biases: (17).
        path: the file to write.
    """
    scales = np.abs(weights).max(axis=0) / _STEPS
    steps = np.rint(weights / scales).astype(np.int8)
    with path.open("wb") as target:
        np.savez_compressed(
            target,
            rarity=rarity.astype(np.float16),
            steps=steps,
            scales=scales.astype(np.float32),
            biases=biases.astype(np.float32),
        )


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, npt.NDArray[np.float32]]:
    with np.load(PHRASES, allow_pickle=False) as stored:
        return {
            "rarity": stored["rarity"].astype(np.float32),
            "weights": stored["steps"] * stored["scales"],
            "biases": stored["biases"],
        }
