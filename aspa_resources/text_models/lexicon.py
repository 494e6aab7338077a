"""Counts of telling words in a text: by theme, good, bad, and either under negation.

The words are data (`lexicon.yaml`); what they weigh is for the heads to learn.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

LEXICON = Path(__file__).parent / "lexicon.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?;]")
_NEGATION_REACH = 3
"""A negator turns the words after it up to this many words, or to the sentence's end."""


@dataclass(frozen=True)
class Lexicon:
    """Sets of columns by word beginning and by whole word."""

    beginnings: dict[str, frozenset[str]]
    whole: dict[str, frozenset[str]]
    columns: tuple[str, ...]
    shortest: int
    longest: int

    def kinds(self, word: str) -> frozenset[str]:
        """Names of the lists that a lower-case word belongs to."""
        found: set[str] = set(self.whole.get(word, ()))
        for end in range(self.shortest, min(len(word), self.longest) + 1):
            found |= self.beginnings.get(word[:end], frozenset())
        return frozenset(found)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lists, read once."""
    content = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    lists = {**content.pop("themes"), **content}
    beginnings: dict[str, set[str]] = {}
    whole: dict[str, set[str]] = {}
    for kind, words in lists.items():
        for word in words.split():
            target = whole if word.endswith(".") else beginnings
            target.setdefault(word.rstrip(".").lower(), set()).add(kind)
    lengths = [len(word) for word in beginnings]
    themes = tuple(kind for kind in lists if kind not in {"good", "bad", "negators", "contrasts"})
    return Lexicon(
        {word: frozenset(kinds) for word, kinds in beginnings.items()},
        {word: frozenset(kinds) for word, kinds in whole.items()},
        (*themes, "good", "bad", "good_negated", "bad_negated", "negators", "contrasts"),
        min(lengths),
        max(lengths),
    )


def lexicon_counts(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """log(1 + count) of each column per text: float32 (n, columns)."""
    words = lexicon()
    at = {column: index for index, column in enumerate(words.columns)}
    counts = np.zeros((len(texts), len(at)), dtype=np.float32)
    for row, text in zip(counts, texts, strict=True):
        reach = 0
        for word in _WORD.findall(text.lower()):
            kinds = words.kinds(word) if word not in ".!?;" else None
            if kinds is None:
                reach = 0
                continue
            for kind in kinds:
                turned = reach and kind in {"good", "bad"}
                row[at[f"{kind}_negated" if turned else kind]] += 1
            reach = _NEGATION_REACH if "negators" in kinds else max(0, reach - 1)
    return np.log1p(counts)
