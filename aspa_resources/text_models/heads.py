"""Linear heads on a text's features, for embedding models that bring no reader: themes, sentiment.

Inference only; the weights are made by `training.train_heads`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.counts import Counts
from aspa_resources.text_models.features import features
from aspa_resources.text_models.reading import Array, Judged

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

THEMES = (
    "access", "contact", "encounter", "competence", "information", "participation", "continuity",
    "facilities", "fees", "safety", "language", "survey", "general",
)  # fmt: skip
"""The national themes, in the order of every model's rows; rules/themes holds their names."""

SENTIMENTS = ("neutral", "negative", "positive", "mixed")

Unit = Literal["text", "sentence"]


@dataclass(frozen=True)
class Heads:
    """Weights of every head; probabilities of texts."""

    arrays: Mapping[str, npt.NDArray[np.float32]]
    model_sha256: str
    """Of the embedding model that the heads were trained on: they fit no other."""

    @classmethod
    def load(cls, path: Path) -> "Heads":
        """Read weights as `save` wrote them."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        sha256 = str(arrays.pop("model_sha256"))
        return cls({name: array.astype(np.float32) for name, array in arrays.items()}, sha256)

    def save(self, path: Path) -> None:
        """Write weights, in float16 where they are many."""
        stored: dict[str, npt.NDArray[np.generic]] = {
            name: array.astype(np.float16 if array.ndim > 1 else np.float32)
            for name, array in self.arrays.items()
        }
        stored["model_sha256"] = np.array(self.model_sha256)
        with path.open("wb") as target:
            np.savez_compressed(target, allow_pickle=False, **stored)

    def scores(
        self, unit: Unit, texts: Sequence[str], counts: Counts, embeddings: Array
    ) -> tuple[Array, Array]:
        """Scores (logits) of each of THEMES (n, 13) and of SENTIMENTS (n, 4).

        Args:
            unit: whether whole texts are judged, or sentences with vectors from their context.
            texts: the texts or sentences.
            counts: their n-grams.
            embeddings: their vectors (n, d).
        """
        seen = features(texts, counts, embeddings, self.arrays["centre"], self.arrays["spread"])
        return self._scores(f"{unit}_theme", seen), self._scores(f"{unit}_sentiment", seen)

    def judge(self, unit: Unit, texts: Sequence[str], counts: Counts, embeddings: Array) -> Judged:
        """The same as probabilities."""
        themes, sentiments = self.scores(unit, texts, counts, embeddings)
        return Judged(chances(themes), shares(sentiments))

    def _scores(self, head: str, seen: "csr_matrix") -> Array:
        scores = seen @ self.arrays[f"{head}_weight"].T + self.arrays[f"{head}_bias"]
        return np.asarray(scores, dtype=np.float32)


def chances(scores: Array) -> Array:
    """Probability of each score, singly."""
    return np.asarray(np.float32(1) / (np.float32(1) + np.exp(-scores)), dtype=np.float32)


def log_shares(scores: Array) -> Array:
    """Logarithm of the softmax over columns."""
    lowered = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True)))


def shares(scores: Array) -> Array:
    """Softmax over columns."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@lru_cache(maxsize=2)
def loaded_heads(path: Path) -> Heads:
    """The heads of a file, read once per process."""
    return Heads.load(path)
