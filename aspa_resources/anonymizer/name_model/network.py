"""The network of the name model in plain numpy: letters to a vector, neighbours to a score.

Belongs here: weights on disk, the forward pass over many texts at once. Does not belong here:
training (see `training`), thresholds and spans.
"""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.anonymizer.name_model.features import (
    PAD,
    Token,
    fold,
    pieces,
    place_flags,
    type_flags,
    word_bucket,
)
from aspa_resources.anonymizer.name_model.lexicon import Lexicon

Array = npt.NDArray[np.float32]
_CACHE_LIMIT = 60_000


class Network:
    """Scores tokens: two convolutions of width five (the second with gaps) over token vectors.

    A token's vector is the mean of the embeddings of its letter sequences, the embedding of the
    whole word, and its flags. Class 0 is no name, 1 a person, 2 another name (place, organisation).
    """

    def __init__(self, weights: dict[str, npt.NDArray[np.generic]]) -> None:
        self._piece = weights["piece"].astype(np.float32) * weights["piece_scale"].astype(
            np.float32
        )
        self._word = weights["word"].astype(np.float32) * weights["word_scale"].astype(np.float32)
        self._first, self._first_bias = _f32(weights["conv1"]), _f32(weights["bias1"])
        self._second, self._second_bias = _f32(weights["conv2"]), _f32(weights["bias2"])
        self._last, self._last_bias = _f32(weights["out"]), _f32(weights["bias_out"])
        self.lexicon = Lexicon(weights["lexicon"].astype(np.uint8))
        self.things = Lexicon(weights["things"].astype(np.uint8))
        self._cache: dict[str, Array] = {}

    @classmethod
    def read(cls, path: Path) -> tuple["Network", str]:
        """Return the network of a file and the file's fingerprint (12 hex digits)."""
        content = path.read_bytes()
        with np.load(path) as stored:
            network = cls({key: stored[key] for key in stored.files})
        return network, hashlib.sha256(content).hexdigest()[:12]

    def _vector(self, token: str) -> Array:
        vector = self._cache.get(token)
        if vector is None:
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            lower = fold(token)
            flags = np.array(type_flags(token, known=lower in self.lexicon), dtype=np.float32)
            letters = self._piece[pieces(lower)].mean(axis=0)
            vector = np.concatenate([letters, self._word[word_bucket(lower)], flags])
            self._cache[token] = vector
        return vector

    def probabilities(self, texts: list[str], tokens: list[list[Token]]) -> list[Array]:
        """Return class probabilities per text, each of shape (its tokens, 3)."""
        width = self._first.shape[1]
        total = sum(len(t) + PAD for t in tokens) + PAD
        rows = np.zeros((total, width), dtype=np.float32)
        starts, at = [], PAD
        for text, own in zip(texts, tokens, strict=True):
            starts.append(at)
            if own:
                flags = place_flags(own, text)
                rows[at : at + len(own), : width - flags.shape[1]] = [
                    self._vector(t.text) for t in own
                ]
                rows[at : at + len(own), width - flags.shape[1] :] = flags
            at += len(own) + PAD
        inside = np.zeros((total, 1), dtype=np.float32)
        for start, own in zip(starts, tokens, strict=True):
            inside[start : start + len(own)] = 1.0
        hidden = np.maximum(_convolve(rows, self._first, 1) + self._first_bias, 0.0) * inside
        hidden = np.maximum(_convolve(hidden, self._second, 2) + self._second_bias, 0.0) + hidden
        logits: Array = hidden @ self._last + self._last_bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = odds / odds.sum(axis=1, keepdims=True)
        return [share[s : s + len(t)] for s, t in zip(starts, tokens, strict=True)]


def _f32(array: npt.NDArray[np.generic]) -> Array:
    return array.astype(np.float32)


def _convolve(rows: Array, kernel: Array, gap: int) -> Array:
    """Convolve along rows; `kernel` has shape (taps, width in, width out), taps odd."""
    taps = kernel.shape[0]
    result: Array = rows @ kernel[taps // 2]
    for tap in range(taps):
        shift = (tap - taps // 2) * gap
        if shift < 0:
            result[-shift:] += rows[:shift] @ kernel[tap]
        elif shift > 0:
            result[:-shift] += rows[shift:] @ kernel[tap]
    return result
