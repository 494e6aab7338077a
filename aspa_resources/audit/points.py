"""What scores and means tell of the answers, in points that they miss from the best.

Belongs here: the scale of a score or a mean, and which points tell the answers themselves. Does not
belong here: what one published value tells (`figures`), what sums of points tell (`intervals`).

Points add up over groups as counts do: whoever knows those of a whole and of all its other parts
knows what is left for a hidden one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Final

import polars as pl

from aspa_resources.rule_book.published import Decimals

_SLACK: Final = 1e-9


@dataclass(frozen=True)
class Scale:
    """How answers make a score or a mean.

    Attributes:
        best: Points of the best answer.
        each: Points between the best and the worst answer.
        unit: The value that stands for one point an answer.
        ways: In how many ways n answers, n large, miss so many points from one end.
    """

    best: int
    each: int
    unit: float
    ways: Callable[[int], int]

    def few(self, least: int) -> int:
        """Return from how many missed points on there are at least so many ways."""
        return next(missed for missed in count() if self.ways(missed) >= least)

    def missed(self, near: float) -> tuple[pl.Expr, pl.Expr]:
        """Return the least and the largest number of points that `value` and `n` tell of.

        Args:
            near: How far the exact value may be from the one shown.
        """
        n, value = pl.col("n").cast(pl.Int64), pl.col("value")
        low = self.best * n - ((value + near) / self.unit * n + _SLACK).floor()
        high = self.best * n - ((value - near) / self.unit * n - _SLACK).ceil()
        return low.clip(lower_bound=0).cast(pl.Int64), high.cast(pl.Int64)


def _of_mean(missed: int) -> int:
    """Count the ways to part missed points among answers that miss 1-4 each."""
    ways = [1] + [0] * missed
    for part in range(1, MEAN.each + 1):
        for reached in range(part, missed + 1):
            ways[reached] += ways[reached - part]
    return ways[missed]


SCORE: Final = Scale(best=1, each=2, unit=100.0, ways=lambda missed: missed // 2 + 1)
MEAN: Final = Scale(best=5, each=4, unit=1.0, ways=_of_mean)


def scale_of(measure: str) -> Scale | None:
    """Return the scale of a score or a mean; None for every other measure."""
    if measure == "nps":
        return SCORE
    return MEAN if measure.endswith("_mean") else None


def near_of(measure: str, decimals: Decimals) -> float:
    """Return how far a score or a mean may be from its value as shown, rounded."""
    return 0.5 * 10.0 ** -(decimals.nps if measure == "nps" else decimals.mean)
