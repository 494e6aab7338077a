"""A linear model that looks for names left behind in cleaned text.

Built otherwise than the name model on purpose: one weight a hashed feature, no embedding, no layer,
a window of two words to each side, word lists as its main evidence, and trained on text in which
most names are placeholders already, and on what a first pass really left.

Belongs here: its features and its score. Not here: the first pass, the lists (word_lists), the
threshold (verifier).
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.anonymizer.verification.word_lists import NAMES, Filter, WordLists

BUCKETS = 1 << 18
_TOKEN = re.compile(r"<[A-Z]+>|[^\W\d_]+|[.!?\n]|[^\w\s]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{2}")
_WEIGHTS = Path(__file__).parent / "leak_weights.npz"
_SENTENCE_ENDS = frozenset(".!?\n:")
_NO_WORD = ("-", "--")
_LONGEST = 20  # letters of a word that count
_MOSTLY = 0.7
_REMEMBERED = 1 << 16


def tokens_of(text: str) -> Iterator[re.Match[str]]:
    """Yield words, signs and placeholders of a cleaned text."""
    return _TOKEN.finditer(text)


def words(text: str) -> list[str]:
    """Return the tokens of a cleaned text between two full stops."""
    return [".", *(match.group() for match in tokens_of(text)), "."]


def is_word(token: str) -> bool:
    """Tell words of two Latin letters or more, which may be names, from all else."""
    return _LATIN.match(token) is not None


def _shape(token: str) -> str:
    if not token[0].isalpha():
        return token[:1]
    if token.islower():
        return "a"
    if token.isupper():
        return "A"
    return "Aa" if token[0].isupper() and token[1:].islower() else "x"


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) & (BUCKETS - 1)


@lru_cache(maxsize=_REMEMBERED)
def _letters(lower: str, shape: str) -> tuple[int, ...]:
    """Return the buckets of what a word is written of."""
    word = lower[:_LONGEST]
    marked = f"^{word}$"
    found = [f"w{word}", f"e{word[-3:]}|{shape}", f"e{word[-4:]}|{shape}"]
    for size in (2, 3, 4, 5):
        found += [f"{size}{marked[i : i + size]}" for i in range(len(marked) - size + 1)]
    return tuple(_bucket(feature) for feature in dict.fromkeys(found))


class View:
    """What the model sees of one text: its tokens, their shapes and codes.

    Attributes:
        codes: of every token; a training script may forget some of them.
    """

    def __init__(self, tokens: list[str], lists: WordLists) -> None:
        self._lower = [token.lower() for token in tokens]
        self.shapes = [_shape(token) for token in tokens]
        self.codes = [
            lists.code(lower) if is_word(token) else _NO_WORD
            for token, lower in zip(tokens, self._lower, strict=True)
        ]
        self.starts = [True] * len(tokens)
        for at in range(1, len(tokens)):
            initial = at > 1 and tokens[at - 1] == "." and _is_initial(tokens[at - 2])
            self.starts[at] = tokens[at - 1] in _SENTENCE_ENDS and not initial
            if initial:
                self._lower[at - 1] = "X."
        self._capitals = _capitals([token for token in tokens if is_word(token)])

    def features(self, at: int) -> list[int]:
        """Return the buckets of one word's features; not of the first or last token."""
        return [*_letters(self._lower[at], self.shapes[at]), *self.around(at)]

    def around(self, at: int) -> list[int]:
        """Return the buckets of those that do not tell what the word is written of."""
        return [_bucket(feature) for feature in dict.fromkeys(self._around(at))]

    def _around(self, at: int) -> Iterator[str]:
        """Yield the features of what is known of a word, its neighbours, and both together."""
        lower, left, right = (self._lower[at + step] for step in (0, -1, 1))
        before = self._lower[at - 2] if at > 1 else "^"
        after = self._lower[at + 2] if at + 2 < len(self._lower) else "$"
        shape_before, shape, shape_after = self.shapes[at - 1 : at + 2]
        (known_left, names_left), (known, names), (known_right, names_right) = self.codes[
            at - 1 : at + 2
        ]
        code, place = known + names, "S" if self.starts[at] else "M"
        whole = f"{code}{shape}{place}{self._capitals}"
        yield from (f"s{shape}{self._capitals}{place}", f"Q{code}", f"q{whole}", f"x{left}|{whole}")
        yield f"qn{code}{min(len(lower), 12)}"
        yield from (f"l{left}|{shape}", f"l{left}|{code}", f"L{left[-4:]}|{shape}")
        yield from (f"r{right}|{shape}", f"r{right}|{code}", f"R{right[-4:]}|{shape}")
        yield from (f"Lg{left[-3:]}|{names}{shape}", f"p{left[:6]}|{names}{shape}")
        yield from (f"P{right[:6]}|{names}{shape}", f"P{right[:6]}|{shape}")
        yield from (f"b{shape_before}{shape}{shape_after}|{code}", f"k{left}|{right}")
        yield from (f"m{before}|{left}", f"M{before}|{shape}", f"N{after}|{shape}")
        yield f"y{before[:6]}|{left[:6]}|{names}"
        yield f"gl{known_left}{names_left}{shape_before}|{code}{shape}"
        yield f"gr{known_right}{names_right}{shape_after}|{code}{shape}"
        yield f"e{lower[-3:]}|{code}{shape}"
        yield f"e{lower[-2:]}|{names}{known}{shape_after}"


def _is_initial(token: str) -> bool:
    return len(token) == 1 and token.isupper()


def _capitals(tokens: list[str]) -> str:
    """Tell a text without capitals (n), one of capitals (u), and any other (m)."""
    if not any(token[0].isupper() for token in tokens):
        return "n"
    return "u" if sum(t.isupper() for t in tokens) > _MOSTLY * len(tokens) else "m"


class LeakModel:
    """Scores every word of a cleaned text.

    Attributes:
        lists: what is known of words by themselves.
        version: fingerprint of weights and lists.
    """

    def __init__(
        self, weights: npt.NDArray[np.float32], bias: float, lists: WordLists, version: str
    ) -> None:
        self._weights = weights
        self._bias = bias
        self.lists = lists
        self.version = version

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> "LeakModel":
        """Return the model of a weights file (default: the one that ships)."""
        with np.load(path) as stored:
            weights = stored["weights"].astype(np.float32) * float(stored["scale"])
            bias = float(stored["bias"])
            lists = WordLists({name: Filter(stored[name]) for name in NAMES})
        return cls(weights, bias, lists, hashlib.sha256(path.read_bytes()).hexdigest()[:12])

    def scores(self, tokens: list[str]) -> Iterator[tuple[int, float]]:
        """Yield the place and the score (log odds of being a name) of every word."""
        view = View(tokens, self.lists)
        for at in range(1, len(tokens) - 1):
            if is_word(tokens[at]):
                yield at, float(self._weights[view.features(at)].sum()) + self._bias
