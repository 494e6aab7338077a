"""A linear model that looks for names left behind in cleaned text.

Belongs here: its features and its score. Built otherwise than the name model on purpose: one
weight per hashed feature, no embedding, a window of one word to each side, and trained on text in
which most names are placeholders already. Does not belong here: the first pass.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 17
_TOKEN = re.compile(r"<[A-Z]+>|[^\W\d_]+|[.!?\n]|[^\w\s]")
_WEIGHTS = Path(__file__).parent / "leak_weights.npz"


def words(text: str) -> list[str]:
    """Return words, signs and placeholders of a cleaned text; the text begins with a full stop."""
    return [".", *_TOKEN.findall(text), "."]


def is_word(token: str) -> bool:
    """Tell words of two letters or more, which may be names, from signs and placeholders."""
    return len(token) > 1 and token[0].isalpha()


def _shape(token: str) -> str:
    if not token[0].isalpha():
        return token[:1]
    if token.islower():
        return "a"
    return "A" if token.isupper() else "Aa"


def features(tokens: list[str], at: int) -> list[int]:
    """Return the buckets of one word's features: its letters, its shape, its neighbours."""
    word, before, after = tokens[at], tokens[at - 1], tokens[at + 1]
    lower, left, right = word.lower()[:20], before.lower(), after.lower()
    shape = _shape(word)
    found = [
        f"w{lower}",
        f"s{shape}",
        f"l{left}|{shape}",
        f"r{right}|{shape}",
        f"L{left[-4:]}",
        f"R{right[-4:]}",
    ]
    found += [
        f"b{_shape(before)}{shape}{_shape(after)}",
        f"e{lower[-3:]}|{shape}",
        f"k{left}|{right}",
    ]
    if at > 1:
        found.append(f"m{tokens[at - 2].lower()}|{left}")
    marked = f"^{lower}$"
    for size in (2, 3, 4, 5):
        found += [f"{size}{marked[i : i + size]}" for i in range(len(marked) - size + 1)]
    return [zlib.crc32(f.encode()) & (BUCKETS - 1) for f in dict.fromkeys(found)]


class LeakModel:
    """Scores every word of a cleaned text."""

    def __init__(self, weights: npt.NDArray[np.float32], bias: float, version: str) -> None:
        self._weights = weights
        self._bias = bias
        self.version = version

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> "LeakModel":
        """Return the model of a weights file (default: the one that ships)."""
        with np.load(path) as stored:
            weights = stored["weights"].astype(np.float32) * float(stored["scale"])
            bias = float(stored["bias"])
        return cls(weights, bias, hashlib.sha256(path.read_bytes()).hexdigest()[:12])

    def scores(self, tokens: list[str]) -> Iterator[tuple[int, float]]:
        """Yield the place and the score (log odds of being a name) of every word."""
        for at in range(1, len(tokens) - 1):
            if is_word(tokens[at]):
                yield at, float(self._weights[features(tokens, at)].sum()) + self._bias
