"""Train linear heads for an embedding model that brings no reader: once, at its first use.

Sources: the labelled sentences and texts beside this script. Seeded.
"""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.counts import counted_alone
from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.features import features
from aspa_resources.text_models.heads import SENTIMENTS, THEMES, Heads
from aspa_resources.text_models.sentences import readable
from aspa_resources.text_models.training.labelled import (
    Labelled,
    joined,
    labelled_sentences,
    labelled_texts,
    paired,
)

_SEED = 2025
_PAIRS = 1000
_MOST_TEXTS = 4000
"""Of the labelled ones, drawn: a large model takes minutes to embed them."""
_STRENGTH = 1.0
"""Inverse regularisation of the logistic regressions."""


def train(embedder: Embedder) -> Heads:
    """Fit every head for this embedding model.

    Whole texts and sentences are judged by heads of their own: a sentence's vector knows its
    context, and the halves of pairs teach its heads to look past it.
    """
    single = [*labelled_sentences(), *labelled_texts()]
    chance = random.Random(_SEED)  # noqa: S311 - a seeded sample, not a secret
    single = chance.sample(single, min(_MOST_TEXTS, len(single)))
    pairs = paired(labelled_sentences(), _PAIRS, chance)
    alone = embedder.embed([readable(one.text) for one in single])
    whole, halves = embedder.embed_with_parts(*_texts_and_spans(pairs))
    centre, spread = alone.mean(axis=0), alone.std(axis=0)
    arrays = {"centre": centre, "spread": spread}
    for unit, more, vectors in (
        ("text", [joined(*pair) for pair in pairs], [whole]),
        ("sentence", [half for pair in pairs for half in pair], halves),
    ):
        training = [*single, *more]
        texts = [readable(one.text) for one in training]
        embeddings = np.concatenate([alone, *vectors])
        seen = features(texts, counted_alone(texts), embeddings, centre, spread)
        themes = np.array([[theme in one.themes for theme in THEMES] for one in training])
        fits = [logistic(seen, column) for column in themes.T]
        arrays[f"{unit}_theme_weight"] = np.concatenate([weight for weight, _ in fits])
        arrays[f"{unit}_theme_bias"] = np.concatenate([bias for _, bias in fits])
        weight, bias = logistic(
            seen, np.array([SENTIMENTS.index(one.sentiment) for one in training])
        )
        arrays |= {f"{unit}_sentiment_weight": weight, f"{unit}_sentiment_bias": bias}
    return Heads(arrays, embedder.sha256)


def _texts_and_spans(
    pairs: Sequence[tuple[Labelled, Labelled]],
) -> tuple[list[str], list[list[tuple[int, int]]]]:
    """Pairs as one readable text each, and where their halves lie in it."""
    texts, spans = [], []
    for one, two in pairs:
        first, second = readable(one.text), readable(two.text)
        texts.append(f"{first} {second}")
        spans.append([(0, len(first)), (len(first) + 1, len(first) + 1 + len(second))])
    return texts, spans


def logistic(
    seen: object,
    wanted: npt.NDArray[np.generic],
    strength: float = _STRENGTH,
    *,
    balanced: bool = False,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Weights and bias of a logistic regression, float32 (classes, d) and (classes)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=strength, max_iter=500, class_weight="balanced" if balanced else None
    ).fit(seen, wanted)
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
