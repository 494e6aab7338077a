"""How many of the cleaned texts leak, by those that people looked at.

Belongs here: the rate and what it is worth. Not here: who looks at which texts (review).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class LeakRate:
    """Leaks among texts drawn at random; the ends of the interval are shares from 0 to 1."""

    leaks: int
    reviewed: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share that leaked."""
        return self.leaks / self.reviewed


def leak_rate(leaks: int, reviewed: int) -> LeakRate | None:
    """Return the rate with its exact 95 % interval; None where nothing was reviewed.

    The ends are quantiles of beta distributions (Clopper and Pearson, Biometrika 26, 1934): with
    k leaks of n, Beta(k, n - k + 1) at 2.5 % and Beta(k + 1, n - k) at 97.5 %.
    """
    if not reviewed:
        return None
    from scipy.special import betaincinv

    tail = (1 - _CONFIDENCE) / 2
    clean = reviewed - leaks
    low = float(betaincinv(leaks, clean + 1, tail)) if leaks else 0.0
    high = float(betaincinv(leaks + 1, clean, 1 - tail)) if clean else 1.0
    return LeakRate(leaks, reviewed, low, high)
