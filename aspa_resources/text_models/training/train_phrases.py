"""Weigh words and bits of words by the labelled texts, and write phrases.npz.

`python -m aspa_resources.text_models.training.train_phrases`; minutes on one core. Seeded by
nothing: the fits are convex. Sources: `sentences` and `texts` beside this script.
"""

import numpy as np

from aspa_resources.text_models.counts import Counted, Counts, counted
from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.phrases import PHRASES, save, seen
from aspa_resources.text_models.reading import Array
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import labelled_sentences, labelled_texts

_STRENGTH = 4.0
"""Inverse regularisation of the logistic regressions."""

_PASSES = 200


def main() -> None:
    """Fit and write."""
    from sklearn.linear_model import LogisticRegression

    labelled = [*labelled_sentences(), *labelled_texts()]
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


def _rarity(counts: Counts) -> Array:
    """Inverse document frequency of each n-gram, letters before words: ln((1+n)/(1+df)) + 1."""
    documents = np.concatenate([counts.letters.getnnz(axis=0), counts.words.getnnz(axis=0)])
    total = counts.letters.shape[0]
    return np.asarray(np.log((1 + total) / (1 + documents)) + 1, dtype=np.float32)


if __name__ == "__main__":
    main()
