"""A set of everyday words in little room: a Bloom filter, which may say yes wrongly, never no.

Belongs here: adding and asking. Does not belong here: which words (see the training script).
"""

import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_HASHES = 3


class Lexicon:
    """Tells whether a word is (almost certainly) one of those added.

    Args:
        bits: The filter, packed eight bits a byte; its length is a power of two.
    """

    def __init__(self, bits: npt.NDArray[np.uint8]) -> None:
        self._bits = bits.tobytes()
        self._mask = len(bits) * 8 - 1

    @classmethod
    def of(cls, words: Iterable[str], *, log2_bits: int) -> npt.NDArray[np.uint8]:
        """Return the packed filter of the words (three hashes a word, Bloom 1970)."""
        bits = np.zeros(1 << (log2_bits - 3), dtype=np.uint8)
        mask = (1 << log2_bits) - 1
        for word in words:
            for position in _positions(word, mask):
                bits[position >> 3] |= 1 << (position & 7)
        return bits

    def __contains__(self, word: str) -> bool:
        return all(self._bits[p >> 3] >> (p & 7) & 1 for p in _positions(word, self._mask))


def _positions(word: str, mask: int) -> list[int]:
    data = word.encode()
    first, second = zlib.crc32(data), zlib.adler32(data) * 2654435761 | 1
    return [(first + i * second) & mask for i in range(_HASHES)]
