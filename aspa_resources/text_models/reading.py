"""What a reader says of texts: one shape, whichever model reads.

Not here: any model.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Spans = Sequence[Sequence[tuple[int, int]]]
"""Begin and end of each part of each text."""


@dataclass(frozen=True)
class Judged:
    """Readings of n texts or parts.

    `themes` (n, 13): probability of each of THEMES, singly. `sentiments` (n, 4): of SENTIMENTS,
    summing to 1. `vectors` (n, d), of length one.
    """

    themes: Array
    sentiments: Array
    vectors: Array

    def rows(self, order: npt.NDArray[np.int64]) -> "Judged":
        """The readings in another order."""
        return Judged(self.themes[order], self.sentiments[order], self.vectors[order])

    @classmethod
    def together(cls, judged: Iterable["Judged"]) -> "Judged":
        """Readings one after another."""
        every = list(judged)
        return cls(
            np.concatenate([one.themes for one in every]),
            np.concatenate([one.sentiments for one in every]),
            np.concatenate([one.vectors for one in every]),
        )


@dataclass(frozen=True)
class Reading:
    """Readings of texts, and of all their parts one after another, in the order given."""

    texts: Judged
    parts: Judged


class Reader(Protocol):
    """Whoever reads cleaned texts."""

    @property
    def name(self) -> str:
        """The model's name as configured."""
        ...

    @property
    def sha256(self) -> str:
        """SHA-256 of the model, which decides what a vector means."""
        ...

    @property
    def files(self) -> tuple[Path, ...]:
        """Files of this package that the readings depend on besides the model."""
        ...

    def read(self, texts: Sequence[str], spans: Spans) -> Reading:
        """Read at least one text, and parts of the texts."""
        ...
