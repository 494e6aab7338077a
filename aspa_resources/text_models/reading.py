"""What a reader says of texts: one shape, whichever model reads.

Not here: any model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from aspa_resources.text_models.counts import Counted

Array = npt.NDArray[np.float32]
Spans = Sequence[Sequence[tuple[int, int]]]
"""Begin and end of each part of each text."""


@dataclass(frozen=True)
class Judged:
    """Judgements of n texts or parts.

    `themes` (n, 13): probability of each of THEMES, singly. `sentiments` (n, 4): of SENTIMENTS,
    summing to 1.
    """

    themes: Array
    sentiments: Array


@dataclass(frozen=True)
class Reading:
    """Judgements of n texts, and of all their parts one after another, in the order given.

    `vectors` (n, d): of the texts, each of length one.
    """

    texts: Judged
    parts: Judged
    vectors: Array


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

    def read(self, texts: Sequence[str], spans: Spans, found: "Counted") -> Reading:
        """Read at least one text, and parts of the texts, whose n-grams are counted."""
        ...
