"""Topics below the national themes: found by BERTopic on ready embeddings, assigned by centroid.

Fitting is deliberate and rare; assigning is cheap and needs the fitted frame alone. Dimension
reduction is PCA and clustering k-means, both deterministic across processes: the usual UMAP
gives other topics on another processor and compiles for half a minute in every process.

Embeddings tell languages apart better than subjects. What tells languages apart is taken out before
topics are looked for, so that a topic holds what people say of a subject in any language.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from aspa_resources.text_models.words import word_tokens

if TYPE_CHECKING:
    from bertopic import BERTopic

Vectors = npt.NDArray[np.float32]

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "topic_id": pl.Int32,
    "accepted": pl.Boolean,
    "name_fi": pl.String,
    "name_sv": pl.String,
    "name_en": pl.String,
    "size": pl.Int64,
    "language_texts": pl.List(pl.Int64),
    "words": pl.List(pl.String),
    "word_texts": pl.List(pl.Int64),
    "centroid": pl.List(pl.Float32),
    "origin": pl.List(pl.Float32),
}
"""A topic: its id, whether texts are given it, its names if a person gave any, the texts it was
found in, how many of these are in each of LANGUAGES, its strongest words with the texts each occurs
in, and its centroid, of length one, as seen from the origin, which is the same for all topics of a
model. Id, centroid and origin are what the topic means: they never change."""

LANGUAGES = ("fi", "sv", "en")

_SMALLEST_TOPIC = 10
_MOST_TOPICS = 60
_COMPONENTS = 24
_WORDS = 10
_WORDS_TRIED = 100
_FEWEST_OF_A_LANGUAGE = 50
"""The mean of fewer texts tells what they are about, not what their language is."""
_SIMILARITY = 0.2
"""Least cosine to a topic's centroid, seen from the origin, the mean of all texts: embedding models
put all texts into a narrow cone, so that a plain cosine says little."""


def fit_topics(
    texts: Sequence[str],
    embeddings: Vectors,
    languages: Sequence[str] | None = None,
    *,
    seed: int,
    origin: Vectors | None = None,
) -> pl.DataFrame:
    """Find topics.

    Args:
        texts: cleaned texts.
        embeddings: their vectors, float32 (n, d), each of length one.
        languages: of the texts; None takes them all to be of one.
        seed: of the clustering; the same input and seed give the same topics in any process.
        origin: what vectors are seen from (d); the mean of these by default.

    Returns:
        A row per topic, the largest first, all accepted: SCHEMA. Words are the strongest by
        c-TF-IDF among those that occur in ten texts of the topic, no stop words, no placeholders.
        Empty when there are too few texts for two topics, or no word occurs in ten.

    Raises:
        ValueError: when texts, embeddings and languages do not match in number.
    """
    spoken = np.asarray([""] * len(texts) if languages is None else languages)
    if len(spoken) != len(texts):
        raise ValueError(f"{len(texts)} texts do not match {len(spoken)} languages.")
    if len(texts) != len(embeddings):
        raise ValueError(f"{len(texts)} texts do not match {len(embeddings)} embeddings.")
    # The order of rows is random past anonymisation: sorted, the same texts give the same topics.
    order = sorted(range(len(texts)), key=texts.__getitem__)
    tokens = _common([word_tokens(texts[index]) for index in order])
    if len(texts) < 2 * _SMALLEST_TOPIC or not any(tokens):
        return pl.DataFrame(schema=SCHEMA)
    if origin is None:
        origin = embeddings[order].mean(axis=0)
    spoken = spoken[order]
    vectors = without_language(embeddings[order] - origin, spoken)
    model, labels = _fitted(tokens, vectors, seed)
    sizes = Counter(labels.tolist())
    kept = sorted(
        (label for label, size in sizes.items() if size >= _SMALLEST_TOPIC),
        key=lambda label: (-sizes[label], label),
    )
    rows = []
    for topic_id, label in enumerate(kept):
        own = labels == label
        texts_with = _texts_with([tokens[place] for place in np.flatnonzero(own)])
        strongest = (word for word, _ in model.get_topic(label))
        words = [word for word in strongest if texts_with[word] >= _SMALLEST_TOPIC][:_WORDS]
        rows.append(
            {
                "topic_id": topic_id,
                "accepted": True,
                "size": sizes[label],
                "language_texts": [int((spoken[own] == of).sum()) for of in LANGUAGES],
                "words": words,
                "word_texts": [texts_with[word] for word in words],
                "centroid": unit(vectors[own].mean(axis=0)).tolist(),
                "origin": origin.tolist(),
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def _common(tokens: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leave out words of fewer texts than a topic has: no topic can show them."""
    texts_with = _texts_with(tokens)
    return [[word for word in text if texts_with[word] >= _SMALLEST_TOPIC] for text in tokens]


def _texts_with(tokens: Sequence[Sequence[str]]) -> Counter[str]:
    return Counter(word for text in tokens for word in set(text))


def _fitted(
    tokens: Sequence[Sequence[str]], vectors: Vectors, seed: int
) -> "tuple[BERTopic, npt.NDArray[np.int64]]":
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.feature_extraction.text import CountVectorizer

    count = min(_MOST_TOPICS, max(2, round(math.sqrt(len(tokens) / 2))))
    model = BERTopic(
        embedding_model=None,
        language="multilingual",  # else it drops every letter that English lacks
        umap_model=PCA(
            n_components=min(_COMPONENTS, *vectors.shape), svd_solver="full", random_state=seed
        ),
        hdbscan_model=KMeans(n_clusters=count, n_init=4, random_state=seed),
        vectorizer_model=CountVectorizer(analyzer=str.split),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=_WORDS_TRIED,
        calculate_probabilities=False,
    )
    labels, _ = model.fit_transform([" ".join(words) for words in tokens], vectors)
    return model, np.asarray(labels)


def assign_topics(embeddings: Vectors, topics: pl.DataFrame) -> list[int | None]:
    """The accepted topic of each vector, by nearest centroid; null where none is near.

    Args:
        embeddings: float32 (n, d).
        topics: as `fit_topics` gave them.
    """
    accepted = topics.filter("accepted")
    if accepted.is_empty() or not len(embeddings):
        return [None] * len(embeddings)
    centroids, origin = centroids_of(accepted)
    similarity = unit(embeddings - origin) @ centroids.T
    nearest = similarity.argmax(axis=1)
    ids = accepted["topic_id"].to_list()
    return [
        ids[topic] if row[topic] >= _SIMILARITY else None
        for topic, row in zip(nearest, similarity, strict=True)
    ]


def without_language(vectors: Vectors, languages: npt.NDArray[np.str_]) -> Vectors:
    """Return vectors without the directions in which the means of languages lie apart.

    A centroid of such vectors is as near to any vector with the directions as without them: who
    gives topics to texts needs to know neither the directions nor the text's language.

    Args:
        vectors: float32 (n, d).
        languages: of the texts; those with few texts, and others than LANGUAGES, turn no direction.
    """
    means = [
        vectors[languages == of].mean(axis=0)
        for of in LANGUAGES
        if (languages == of).sum() >= _FEWEST_OF_A_LANGUAGE
    ]
    if not means[1:]:
        return vectors
    directions = np.linalg.qr(np.stack([mean - means[0] for mean in means[1:]]).T)[0]
    return np.asarray(vectors - (vectors @ directions) @ directions.T, dtype=np.float32)


def centroids_of(topics: pl.DataFrame) -> tuple[Vectors, Vectors]:
    """Return the centroids (n, d) and the origin (d) of at least one topic."""
    return (
        np.asarray(topics["centroid"].to_list(), dtype=np.float32),
        np.asarray(topics["origin"][0].to_list(), dtype=np.float32),
    )


def unit(vectors: Vectors) -> Vectors:
    """Return vectors, along the last axis, of length one; nought stays nought."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
