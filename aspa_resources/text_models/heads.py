"""Linear heads on a text's features: themes, sentiment, language.

Inference only; the weights are made by `training.train_heads` and described in MODEL_CARD.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.features import features, ngrams

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SHIPPED_HEADS = Path(__file__).parent / "heads.npz"

THEMES = (
    "access", "contact", "encounter", "competence", "information", "participation", "continuity",
    "facilities", "fees", "safety", "language", "survey", "general",
)  # fmt: skip
"""The national themes, in the order of the heads' rows (rules/themes holds names, definitions)."""

SENTIMENTS = ("neutral", "negative", "positive", "mixed")
LANGUAGES = ("fi", "sv", "en", "other")

Unit = Literal["text", "sentence"]
_Array = npt.NDArray[np.float32]


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

    def themes_and_sentiments(
        self, unit: Unit, texts: Sequence[str], embeddings: _Array
    ) -> tuple[_Array, _Array]:
        """Probability of each of THEMES (n, 13), singly, and of SENTIMENTS (n, 4), summing to 1.

        Args:
            unit: whether whole texts are judged, or sentences with vectors from their context.
            texts: the texts or sentences.
            embeddings: their vectors (n, d).
        """
        seen = features(texts, embeddings, self.arrays["centre"], self.arrays["spread"])
        scores = self._scores(f"{unit}_theme", seen)
        themes = np.float32(1.0) / (np.float32(1.0) + np.exp(-scores))
        return themes, _shares(self._scores(f"{unit}_sentiment", seen))

    def languages(self, texts: Sequence[str]) -> _Array:
        """Probability of each of LANGUAGES (n, 4), from character n-grams alone."""
        return _shares(self._scores("language", ngrams(texts)))

    def _scores(self, head: str, seen: "csr_matrix") -> _Array:
        scores = seen @ self.arrays[f"{head}_weight"].T + self.arrays[f"{head}_bias"]
        return np.asarray(scores, dtype=np.float32)


def _shares(scores: _Array) -> _Array:
    """Softmax over columns."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@lru_cache(maxsize=2)
def loaded_heads(path: Path) -> Heads:
    """The heads of a file, read once per process."""
    return Heads.load(path)
