"""Training texts as arrays: distinct tokens once, texts as rows of token numbers.

Belongs here: what the network is fed. Does not belong here: where texts come from (`train`,
`generate`, `corpora`), the network (`student`).
"""

from dataclasses import dataclass

import numpy as np
import torch

from aspa_resources.anonymizer.name_model.features import (
    MAX_PIECES,
    PAD,
    PLACE_FLAGS,
    TYPE_FLAGS,
    fold,
    pieces,
    place_flags,
    type_flags,
    word_bucket,
)
from aspa_resources.anonymizer.name_model.lexicon import Lexicon
from aspa_resources.anonymizer.name_model.subwords import CUT_FLAGS, Subwords
from aspa_resources.anonymizer.training.corpora import Example

_MOST_SUBWORDS = 8


@dataclass(frozen=True)
class Knowledge:
    """What is known of words beside the weights: everyday words, things, subwords."""

    lexicon: Lexicon
    things: Lexicon
    subwords: Subwords


class Data:
    """Examples as arrays: add, then freeze, then take batches."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[str, int] = {}
        self._pieces: list[list[int]] = [[0] * MAX_PIECES]
        self._words = [0]
        self._cuts: list[list[int]] = [[0] * 2 * _MOST_SUBWORDS]
        self._flags = [[0.0] * (TYPE_FLAGS + CUT_FLAGS)]
        self.rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, example: Example) -> None:
        """Add one text."""
        text, tokens, labels = example
        if tokens:
            self.rows.append((
                np.array([self._number(t.text) for t in tokens], dtype=np.int32),
                place_flags(tokens, text).astype(np.float16),
                np.array(labels, dtype=np.int8),
            ))  # fmt: skip

    def _number(self, token: str) -> int:
        number = self._numbers.get(token)
        if number is None:
            number = self._numbers[token] = len(self._words)
            word = fold(token)
            small, large, cut_flags = self._knowledge.subwords.both(word)
            known, thing = word in self._knowledge.lexicon, word in self._knowledge.things
            self._pieces.append(_filled(pieces(word), MAX_PIECES))
            self._words.append(word_bucket(word))
            self._cuts.append(_filled(small, _MOST_SUBWORDS) + _filled(large, _MOST_SUBWORDS))
            self._flags.append(type_flags(token, known=known, thing=thing) + cut_flags)
        return number

    def freeze(self) -> None:
        """Turn lists into arrays; nothing can be added afterwards."""
        self.pieces = np.array(self._pieces, dtype=np.int32)
        self.words = np.array(self._words, dtype=np.int32)
        self.cuts = np.array(self._cuts, dtype=np.int32)
        self.flags = np.array(self._flags, dtype=np.float32)

    def batch(self, chosen: list[int]) -> tuple[torch.Tensor, ...]:
        """Return tensors of the chosen texts, padded apart.

        Of the distinct tokens: hashed pieces, word, subwords, flags; of the rows: number of the
        token (0 is padding), flags of place, label.
        """
        total = sum(len(self.rows[i][0]) + PAD for i in chosen) + PAD
        index, label = np.zeros(total, dtype=np.int64), np.full(total, -1, dtype=np.int64)
        place, at = np.zeros((total, PLACE_FLAGS), dtype=np.float32), PAD
        for i in chosen:
            numbers, own, labels = self.rows[i]
            end = at + len(numbers)
            index[at:end], place[at:end], label[at:end] = numbers, own, labels
            at = end + PAD
        kinds, compact = np.unique(np.concatenate([[0], index]), return_inverse=True)
        arrays = (
            self.pieces[kinds],
            self.words[kinds],
            self.cuts[kinds],
            self.flags[kinds],
            compact[1:],
            place,
            label,
        )
        return tuple(torch.from_numpy(np.ascontiguousarray(a)) for a in arrays)


def _filled(numbers: list[int], length: int) -> list[int]:
    return (numbers + [0] * length)[:length]
