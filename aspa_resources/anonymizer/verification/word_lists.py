"""What is known of a word by itself: whether it is an everyday word, and whether people bear it.

Bloom filters (Bloom 1970) of word and name forms, which may say yes wrongly, never no, and from
which no list can be read. They are the verifier's own: other words, other bits and other hashes
than the first pass has.

Belongs here: the filters and a word's code. Not here: what a code weighs (leak_model).
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SEEN = "everyday_seen"
KNOWN = "everyday"
FIRST = ("first_3", "first_2", "first_1")
LAST = ("last_3", "last_2", "last_1")
NAMES = (KNOWN, SEEN, *FIRST, *LAST)
"""The filters by name; of names, the commonest bearers first."""

_HASHES = 4
_REMEMBERED = 1 << 17  # words; memory stays flat over any number of texts
_CLITIC = re.compile(r"(?:kin|kaan|kään|han|hän|ko|kö|pa|pä|ni|si|nsa|nsä|mme|nne|s)$")
_LEAST_STEM = 3
_LEAST_COMPOUND, _LEAST_PART = 8, 4

Code = tuple[str, str]
"""How far a word is known, F seen in everyday text, K in a dictionary, k so without its clitic,
c as a compound, U not at all; and how common it is as a first name and as a surname, 0 to 3 each.
"""


class Filter:
    """A set of words in little room.

    Args:
        bits: packed eight bits a byte; their number is a power of two.
    """

    def __init__(self, bits: npt.NDArray[np.uint8]) -> None:
        self._bits = bits.tobytes()
        self._mask = len(bits) * 8 - 1

    def __contains__(self, word: str) -> bool:
        return all(self._bits[p >> 3] >> (p & 7) & 1 for p in _places(word, self._mask))


def packed(words: Iterable[str], log2_bits: int) -> npt.NDArray[np.uint8]:
    """Return the bits of a filter of these words."""
    bits = bytearray(1 << (log2_bits - 3))
    mask = (1 << log2_bits) - 1
    for word in words:
        for place in _places(word, mask):
            bits[place >> 3] |= 1 << (place & 7)
    return np.frombuffer(bits, dtype=np.uint8)


def _places(word: str, mask: int) -> list[int]:
    data = word.encode()
    first = zlib.crc32(data)
    step = zlib.crc32(data, 0x5BD1E995) | 1
    return [(first + i * step + i * i) & mask for i in range(_HASHES)]


class WordLists:
    """Looks words up in the filters.

    Args:
        filters: by the names in `NAMES`.
    """

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        self._known, self._seen = filters[KNOWN], filters[SEEN]
        self._first = [filters[name] for name in FIRST]
        self._last = [filters[name] for name in LAST]
        self.code: Callable[[str], Code] = lru_cache(_REMEMBERED)(self._look_up)
        """Return the code of a lower-case word."""

    def _look_up(self, word: str) -> Code:
        forms = [word]
        clitic = _CLITIC.search(word)
        if clitic and clitic.start() >= _LEAST_STEM:
            forms.append(word[: clitic.start()])
        names = _commonness(forms, self._first) + _commonness(forms, self._last)
        return self._familiarity(forms), names

    def _familiarity(self, forms: Sequence[str]) -> str:
        word = forms[0]
        if word in self._known:
            return "F" if word in self._seen else "K"
        if any(form in self._known for form in forms):
            return "k"
        if len(word) >= _LEAST_COMPOUND and any(
            word[:at] in self._known and word[at:] in self._known
            for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1)
        ):
            return "c"
        return "U"


def _commonness(forms: Sequence[str], tiers: Sequence[Filter]) -> str:
    for place, tier in enumerate(tiers):
        if any(form in tier for form in forms):
            return str(len(tiers) - place)
    return "0"
