"""Seeded chance: every draw of the demonstration starts from here.

Belongs here: generators and weighted draws. Does not belong here: what is drawn.
"""

from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def seeded(*key: object) -> Random:
    """Give a generator that depends on the key alone, on any machine and in any order of calls."""
    return Random("|".join(map(str, key)))  # noqa: S311 - invented data must be repeatable, not secret


class Weighted(Generic[T]):
    """A weighted choice, prepared once and drawn many times."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._options = tuple(weights)
        self._cumulative = tuple(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """Draw one option."""
        return rng.choices(self._options, cum_weights=self._cumulative)[0]
