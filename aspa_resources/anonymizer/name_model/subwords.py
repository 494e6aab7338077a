"""Words cut into the pieces of a vocabulary learnt from much text, by the likeliest cut.

Belongs here: the unigram cut (Viterbi over piece scores; Kudo: Subword Regularization, ACL 2018).
Does not belong here: the vectors of the pieces (see `network`), hashed letters (see `features`).
"""

from collections.abc import Sequence

START = "▁"
"""Stands before a word's first letter in the vocabulary."""

CUT_FLAGS = 4
_LONGEST = 16
_UNKNOWN = -18.0


class Subwords:
    """Cuts words into numbered pieces.

    Args:
        pieces: The vocabulary; the number of a piece is its place, counted from 1.
        scores: Natural logarithm of each piece's probability.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._known = {
            piece: (number, score)
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True), 1)
        }

    def cut(self, word: str) -> tuple[list[int], float]:
        """Return the numbers of a word's pieces and the logarithm of the cut's probability.

        A letter that the vocabulary lacks costs much and has no number.
        """
        marked = START + word
        length, known = len(marked), self._known
        best = [0.0] + [-1e9] * length
        back: list[tuple[int, int]] = [(0, 0)] * (length + 1)
        for start in range(length):
            so_far = best[start]
            for end in range(start + 1, min(length, start + _LONGEST) + 1):
                piece = known.get(marked[start:end])
                if piece is not None and so_far + piece[1] > best[end]:
                    best[end], back[end] = so_far + piece[1], (start, piece[0])
            if so_far + _UNKNOWN > best[start + 1]:
                best[start + 1], back[start + 1] = so_far + _UNKNOWN, (start, 0)
        numbers, at = [], length
        while at:
            at, number = back[at]
            if number:
                numbers.append(number)
        return numbers[::-1] or [0], best[length]

    def both(self, word: str) -> tuple[list[int], list[int], list[float]]:
        """Return the pieces of a word in small letters, with a capital, and `CUT_FLAGS` flags.

        Both ways whatever the word's own: what the vocabulary knows of a name stands under its
        capital, also where somebody writes without. The flags tell how much likelier the word is
        with a capital, how likely it is, and into how many pieces it falls.
        """
        small, score = self.cut(word)
        large, large_score = self.cut(word[0].upper() + word[1:])
        flags = [
            max(-2.0, min(2.0, (large_score - score) / 5)),
            max(score, large_score) / 20,
            max(score, large_score) / (3 * len(word) + 3),
            min(len(small), len(large)) / 4,
        ]
        return small, large, flags
