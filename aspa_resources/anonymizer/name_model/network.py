"""The network of the name model in plain numpy: letters to a vector, neighbours to a score.

Belongs here: weights on disk, the forward pass over many texts at once. Does not belong here:
training (see `training`), thresholds and spans.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.anonymizer.name_model.features import (
    PAD,
    PLACE_FLAGS,
    Token,
    fold,
    pieces,
    place_flags,
    type_flags,
    word_bucket,
)
from aspa_resources.anonymizer.name_model.lexicon import Lexicon
from aspa_resources.anonymizer.name_model.subwords import Subwords

Array = npt.NDArray[np.float32]
GAPS = (1, 2, 4)
"""Distance between the five taps of each convolution; the last reaches `PAD` rows."""

_CACHE_LIMIT = 60_000


class Network:
    """Scores tokens: the mean of several networks of one shape that were trained apart.

    Class 0 is no name, 1 a person, 2 another name (place, organisation). Where one network errs on
    a word, another one seldom does.
    """

    def __init__(self, weights: dict[str, npt.NDArray[np.generic]]) -> None:
        texts = weights["subword_texts"].astype(np.uint8).tobytes().decode().split("\n")
        self._subwords = Subwords(texts, _f32(weights["subword_scores"]).tolist())
        self.lexicon = Lexicon(weights["lexicon"].astype(np.uint8))
        self.things = Lexicon(weights["things"].astype(np.uint8))
        self._members = [_Member(weights, n) for n in range(1, int(weights["networks"]) + 1)]
        self._cache: dict[str, Array] = {}

    @classmethod
    def read(cls, path: Path) -> tuple["Network", str]:
        """Return the network of a file and the file's fingerprint (12 hex digits)."""
        content = path.read_bytes()
        with np.load(path) as stored:
            network = cls({key: stored[key] for key in stored.files})
        return network, hashlib.sha256(content).hexdigest()[:12]

    def probabilities(self, texts: list[str], tokens: list[list[Token]]) -> list[Array]:
        """Return class probabilities per text, each of shape (its tokens, 3)."""
        self._learn({t.text for own in tokens for t in own})
        total = sum(len(t) + PAD for t in tokens) + PAD
        kinds = np.zeros((total, sum(member.width for member in self._members)), dtype=np.float32)
        place = np.zeros((total, PLACE_FLAGS), dtype=np.float32)
        inside = np.zeros((total, 1), dtype=np.float32)
        starts, at = [], PAD
        for text, own in zip(texts, tokens, strict=True):
            starts.append(at)
            end = at + len(own)
            if own:
                kinds[at:end] = [self._cache[t.text] for t in own]
                place[at:end] = place_flags(own, text)
                inside[at:end] = 1.0
            at = end + PAD
        share = np.zeros((total, 3), dtype=np.float32)
        first = 0
        for member in self._members:
            share += member.shares(kinds[:, first : first + member.width], place, inside)
            first += member.width
        share /= len(self._members)
        return [share[s : s + len(t)] for s, t in zip(starts, tokens, strict=True)]

    def _learn(self, words: Iterable[str]) -> None:
        """Put the vectors of tokens not seen before into the cache."""
        new = [w for w in words if w not in self._cache]
        if len(self._cache) + len(new) > _CACHE_LIMIT:
            new = list({*words})
            self._cache.clear()
        if new:
            self._cache.update(zip(new, self._vectors(new), strict=True))

    def _vectors(self, tokens: list[str]) -> Array:
        """Return the vectors of tokens, those of all networks side by side."""
        folded = [fold(token) for token in tokens]
        cuts = [self._subwords.both(word) for word in folded]
        flags = [
            type_flags(t, known=w in self.lexicon, thing=w in self.things) + cut[2]
            for t, w, cut in zip(tokens, folded, cuts, strict=True)
        ]
        seen = _Seen(
            pieces=[pieces(word) for word in folded],
            words=[word_bucket(word) for word in folded],
            small=[small for small, _, _ in cuts],
            large=[large for _, large, _ in cuts],
            flags=np.array(flags, dtype=np.float32),
        )
        return np.concatenate([member.vectors(seen) for member in self._members], axis=1)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the networks see of tokens: numbers of letter sequences, words, subwords; flags."""

    pieces: list[list[int]]
    words: list[int]
    small: list[list[int]]
    large: list[list[int]]
    flags: Array


class _Member:
    """One network: three convolutions of width five (two of them with gaps) over token vectors.

    A token's vector is one layer over the means of the embeddings of its hashed letter sequences
    and of its subwords (in small letters and with a capital), the first subword's, the whole
    word's, and its flags.
    """

    def __init__(self, weights: dict[str, npt.NDArray[np.generic]], number: int) -> None:
        own = {k.partition("/")[2]: v for k, v in weights.items() if k.startswith(f"{number}/")}
        self._piece, self._word = _table(own, "piece"), _table(own, "word")
        self._subword = _table(own, "subword")
        self._dense, self._dense_bias = _f32(own["dense"]), _f32(own["dense_bias"])
        self._layers = [
            (_f32(own[f"conv{n}"]), _f32(own[f"bias{n}"]), gap) for n, gap in enumerate(GAPS, 1)
        ]
        self._last, self._last_bias = _f32(own["out"]), _f32(own["bias_out"])
        self.width: int = self._dense.shape[1]

    def vectors(self, seen: _Seen) -> Array:
        """Return the vectors of tokens, shape (tokens, `width`)."""
        parts = [_means(self._piece, seen.pieces), self._word[seen.words]]
        for numbers in (seen.small, seen.large):
            parts += [_means(self._subword, numbers), self._subword[[n[0] for n in numbers]]]
        parts.append(seen.flags)
        result: Array = np.maximum(
            np.concatenate(parts, axis=1) @ self._dense + self._dense_bias, 0.0
        )
        return result

    def shares(self, kinds: Array, place: Array, inside: Array) -> Array:
        """Return class probabilities, shape (rows, 3); rows outside texts are zero in `inside`."""
        hidden, rows = kinds, np.concatenate([kinds, place], axis=1)
        for kernel, bias, gap in self._layers:
            hidden = hidden + np.maximum(_convolve(rows, kernel, gap) + bias, 0.0) * inside
            rows = hidden
        logits: Array = hidden @ self._last + self._last_bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Array = odds / odds.sum(axis=1, keepdims=True)
        return result


def _f32(array: npt.NDArray[np.generic]) -> Array:
    return array.astype(np.float32)


def _table(weights: dict[str, npt.NDArray[np.generic]], name: str) -> Array:
    """Return embeddings kept in eight bits, with a scale per row."""
    return _f32(weights[name]) * _f32(weights[f"{name}_scale"])


def _means(table: Array, numbers: Sequence[Sequence[int]]) -> Array:
    """Return the mean of each list's rows of a table; no list is empty."""
    lengths = np.array([len(n) for n in numbers])
    rows = table[np.fromiter(chain.from_iterable(numbers), dtype=np.int64)]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    result: Array = np.add.reduceat(rows, starts, axis=0)
    result /= lengths[:, None]
    return result


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
