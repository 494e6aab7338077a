"""Topics below the national themes: found by BERTopic on ready embeddings, assigned by centroid.

Fitting is deliberate and rare; assigning is cheap and needs the fitted frame alone. Dimension
reduction is PCA and clustering k-means, both deterministic across processes: the usual UMAP
gives other topics on another processor and compiles for half a minute in every process.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from aspa_resources.text_models.words import word_tokens

if TYPE_CHECKING:
    from bertopic import BERTopic

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "topic_id": pl.Int32,
    "size": pl.Int64,
    "words": pl.List(pl.String),
    "centroid": pl.List(pl.Float32),
}

_SMALLEST_TOPIC = 10
_MOST_TOPICS = 60
_COMPONENTS = 24
_WORDS = 10
_SIMILARITY = 0.2
"""Least cosine to a topic's centroid, both taken from the centroids' mean: embedding models put
all texts into a narrow cone, so that a plain cosine says little."""


def fit_topics(
    texts: Sequence[str], embeddings: npt.NDArray[np.float32], *, seed: int
) -> pl.DataFrame:
    """Find topics.

    Args:
        texts: cleaned texts.
        embeddings: their vectors, float32 (n, d), each of length one.
        seed: of the clustering; the same input and seed give the same topics in any process.

    Returns:
        A row per topic, the largest first: topic_id Int32 (0..), size Int64 (texts), words
        List(String) (the strongest by c-TF-IDF, no stop words, no placeholders), centroid
        List(Float32) (d, length one). Empty when there are too few texts for two topics.

    Raises:
        ValueError: when texts and embeddings do not match in number.
    """
    if len(texts) != len(embeddings):
        raise ValueError(f"{len(texts)} texts do not match {len(embeddings)} embeddings.")
    if len(texts) < 2 * _SMALLEST_TOPIC:
        return pl.DataFrame(schema=SCHEMA)
    # The order of rows is random past anonymisation: sorted, the same texts give the same topics.
    order = sorted(range(len(texts)), key=texts.__getitem__)
    sorted_texts, vectors = [texts[index] for index in order], embeddings[order]
    model, labels = _fitted(sorted_texts, vectors, seed)
    rows = [
        (int((labels == label).sum()), label, [word for word, _ in model.get_topic(label) if word])
        for label in sorted(set(labels.tolist()))
    ]
    kept = sorted(
        (row for row in rows if row[0] >= _SMALLEST_TOPIC), key=lambda row: (-row[0], row[1])
    )
    return pl.DataFrame(
        [
            {
                "topic_id": topic_id,
                "size": size,
                "words": words,
                "centroid": _unit(vectors[labels == label].mean(axis=0)).tolist(),
            }
            for topic_id, (size, label, words) in enumerate(kept)
        ],
        schema=SCHEMA,
    )


def _fitted(
    texts: Sequence[str], vectors: npt.NDArray[np.float32], seed: int
) -> "tuple[BERTopic, npt.NDArray[np.int64]]":
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.feature_extraction.text import CountVectorizer

    count = min(_MOST_TOPICS, max(2, round(math.sqrt(len(texts) / 2))))
    model = BERTopic(
        embedding_model=None,
        language="multilingual",  # else it drops every letter that English lacks
        umap_model=PCA(
            n_components=min(_COMPONENTS, *vectors.shape), svd_solver="full", random_state=seed
        ),
        hdbscan_model=KMeans(n_clusters=count, n_init=4, random_state=seed),
        vectorizer_model=CountVectorizer(analyzer=str.split),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=_WORDS,
        calculate_probabilities=False,
    )
    labels, _ = model.fit_transform([" ".join(word_tokens(text)) for text in texts], vectors)
    return model, np.asarray(labels)


def assign_topics(embeddings: npt.NDArray[np.float32], topics: pl.DataFrame) -> list[int | None]:
    """The topic of each vector, by nearest centroid; null where none is near.

    Args:
        embeddings: float32 (n, d).
        topics: as `fit_topics` gave them.
    """
    if topics.is_empty():
        return [None] * len(embeddings)
    centroids = np.asarray(topics["centroid"].to_list(), dtype=np.float32)
    middle = centroids.mean(axis=0) if len(centroids) > 1 else np.zeros_like(centroids[0])
    similarity = _unit(embeddings - middle) @ _unit(centroids - middle).T
    nearest = similarity.argmax(axis=1)
    ids = topics["topic_id"].to_list()
    return [
        ids[topic] if row[topic] >= _SIMILARITY else None
        for topic, row in zip(nearest, similarity, strict=True)
    ]


def _unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
