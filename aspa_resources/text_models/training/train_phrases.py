"""Weigh words and bits of words by the labelled texts, and write phrases.npz.

`python -m aspa_resources.text_models.training.train_phrases`; minutes on one core. The fits are
convex; only invented names and numbers are drawn. Sources: `sentences` and `texts` beside this
script.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aspa_resources.text_models.counts import Counted, Counts, counted
from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.phrases import PHRASES, save, seen
from aspa_resources.text_models.reading import Array
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import (
    Labelled,
    labelled_sentences,
    labelled_texts,
)
from aspa_resources.text_models.training.named import named

_STRENGTH = 4.0
"""Inverse regularisation of the logistic regressions."""

_PASSES = 200
_SEED = 1


def main() -> None:
    """Fit and write."""
    from sklearn.linear_model import LogisticRegression

    cleaned = [*labelled_sentences(), *labelled_texts()]
    labelled = [*cleaned, *_uncleaned(cleaned)]
    texts = [readable(one.text) for one in labelled]
    found: Counted = counted(texts, [sentence_spans(text) for text in texts])
    rarity = _rarity(found.texts)
    look = seen(found.texts, rarity)
    fits = [
        LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=_PASSES).fit(
            look, [theme in one.themes for one in labelled]
        )
        for theme in THEMES
    ]
    kinds = [SENTIMENTS.index(one.sentiment) for one in labelled]
    fits.append(LogisticRegression(C=_STRENGTH, max_iter=_PASSES).fit(look, kinds))
    weights = np.concatenate([fit.coef_ for fit in fits]).T
    biases = np.concatenate([fit.intercept_ for fit in fits])
    save(rarity, weights.astype(np.float32), biases, PHRASES)


def _uncleaned(cleaned: Sequence[Labelled]) -> list[Labelled]:
    """The texts with placeholders once more, with what could have stood there."""
    chance = random.Random(_SEED)  # noqa: S311 (names for training)
    return [
        replace(one, text=named(one.text, one.language, chance))
        for one in cleaned
        if "<" in one.text
    ]


def _rarity(counts: Counts) -> Array:
    """Inverse document frequency of each n-gram, letters before words: ln((1+n)/(1+df)) + 1."""
    documents = np.concatenate([counts.letters.getnnz(axis=0), counts.words.getnnz(axis=0)])
    total = counts.letters.shape[0]
    return np.asarray(np.log((1 + total) / (1 + documents)) + 1, dtype=np.float32)


if __name__ == "__main__":
    main()
