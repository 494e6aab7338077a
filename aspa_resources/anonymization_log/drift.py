"""Whether a delivery differs from those before it by more than chance and the usual ups and downs.

Every month i of the history has a count y_i out of n_i. Its chance p_i varies around a common p:

    y_i ~ Binomial(n_i, p_i),  p_i ~ Beta(p s, (1 - p) s),  1 / (s + 1) = tau^2 p (1 - p)

so tau is the standard deviation of logit(p_i) between months (the delta method), and y_i is
beta-binomial, which is how counts with overdispersion are modelled (Skellam 1948; McCullagh and
Nelder, Generalized Linear Models, 1989, section 4.5). p and tau are unknown: p has Jeffreys' prior,
tau a half-normal one. The interval that a new month is expected in is the central part of its
posterior predictive distribution (Gelman et al., Bayesian Data Analysis, 2013, section 1.3), by
quadrature over (tau, p) and then over the new month's own chance, whose logit is taken as normal.
The prior of tau is what lets few months speak: three of them tell next to nothing of the spread
between months.

Belongs here: the model, and which months a delivery is held against. Not here: what is counted
(`shares`), finding the months (aspa_assets).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from aspa_resources.anonymization_log.shares import MEASURES, Share

Result = Literal["steady", "more", "fewer", "no history"]
Basis = Literal["county", "nation", "none"]

MOST_MONTHS: Final = 12
FEWEST_MONTHS: Final = 3
"""With fewer deliveries nothing is said of the next one."""

FALSE_ALARMS: Final = 0.01
"""Share of steady deliveries with any alarm: each measure gets its part (Bonferroni's bound)."""

# How far months of one county, and counties, usually lie apart on the logit scale: our own choice.
_SPREAD: Final[Mapping[Basis, float]] = {"county": 0.2, "nation": 0.5}

_SPREADS: Final = np.linspace(0.1, 3.0, 12)  # of tau, in units of its prior's scale
_AROUND: Final = np.linspace(-5, 5, 25)  # of logit p, in standard errors
_CHANCES: Final = 160  # values of a new month's chance

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Month:
    """One delivery of the history.

    Attributes:
        shares: by measure.
        version: of both passes together.
    """

    shares: Mapping[str, Share]
    version: str


@dataclass(frozen=True)
class Drift:
    """How one measure of a delivery stands to the history.

    Attributes:
        low, high: the least and the greatest count to expect; None without history.
        basis: whose months it was held against.
        months: how many.
        other_version: whether another version of the anonymiser made some of them, so that a
            change may be its doing.
    """

    measure: str
    count: int
    out_of: int
    low: int | None
    high: int | None
    result: Result
    basis: Basis
    months: int
    other_version: bool


def drift(now: Month, own: Sequence[Month], others: Sequence[Month]) -> list[Drift]:
    """Hold a delivery against the county's earlier months, or, where they are few, the nation's.

    Months made by the same version are enough where there are `FEWEST_MONTHS` of them. A county
    with fewer months of its own is held against these and the other counties' latest ones, which
    lie further apart: only a great change shows there.

    Args:
        now: the delivery.
        own: the county's earlier months, at most `MOST_MONTHS`, in any order.
        others: one delivery of each other county that has one.
    """
    alike = [month for month in own if month.version == now.version]
    basis: Basis = "county"
    held = alike if len(alike) >= FEWEST_MONTHS else [*own]
    if len(held) < FEWEST_MONTHS:
        basis, held = "nation", [*own, *others]
    if len(held) < FEWEST_MONTHS:
        basis, held = "none", []
    other_version = any(month.version != now.version for month in held)
    told = []
    for name in MEASURES:
        share = now.shares[name]
        low, high = expected([month.shares[name] for month in held], share, basis)
        told.append(
            Drift(
                measure=name,
                count=share.count,
                out_of=share.out_of,
                low=low,
                high=high,
                result=_result(share.count, low, high),
                basis=basis,
                months=len(held),
                other_version=other_version,
            )
        )
    return told


def expected(
    history: Iterable[Share], now: Share, basis: Basis
) -> tuple[int, int] | tuple[None, None]:
    """Return the least and the greatest count to expect, or nothing without history."""
    past = [share for share in history if share.out_of]
    if not past or not now.out_of:
        return None, None
    clump = max(_mean_clump(past), 1.0)
    counts = tuple(share.count / clump for share in past)
    totals = tuple(share.out_of / clump for share in past)
    chances, weights = _chance_of_new(counts, totals, _SPREAD[basis])
    tail = FALSE_ALARMS / (2 * len(MEASURES))
    low, high = _central(chances, weights, now.out_of / clump, tail)
    # A count within one clump of the bound is no further away than one text.
    return int(np.floor(low * clump)), min(int(np.ceil(high * clump)), now.out_of)


def _result(count: int, low: int | None, high: int | None) -> Result:
    if low is None or high is None:
        return "no history"
    return "fewer" if count < low else "more" if count > high else "steady"


def _mean_clump(past: Sequence[Share]) -> float:
    counted = sum(share.count for share in past)
    return sum(share.count * share.clump for share in past) / counted if counted else 1.0


@lru_cache(maxsize=256)
def _chance_of_new(
    counts: tuple[float, ...], totals: tuple[float, ...], scale: float
) -> tuple[_Floats, _Floats]:
    """Return a new month's chance as values and their posterior weights.

    Args:
        counts: y_i of the history.
        totals: n_i.
        scale: of the half-normal prior of tau.
    """
    from scipy.special import betaln, expit, logit, ndtr

    y, n = np.array(counts)[:, None, None], np.array(totals)[:, None, None]
    counted, total = y.sum(), n.sum()
    centre = logit((counted + 0.5) / (total + 1))
    tau = scale * _SPREADS[:, None]
    error = np.sqrt(1 / (counted + 0.5) + 1 / (total - counted + 0.5) + tau**2 / len(counts))
    p = expit(centre + error * _AROUND)
    size = 1 / (tau**2 * p * (1 - p)) - 1
    a, b = p * size, (1 - p) * size
    likelihood = (betaln(y + a, n - y + b) - betaln(a, b)).sum(axis=0)
    prior = -0.5 * _SPREADS[:, None] ** 2 + 0.5 * np.log(p * (1 - p))  # Jeffreys, d logit p
    posterior = np.exp(likelihood + prior - (likelihood + prior).max()) * error
    posterior /= posterior.sum()
    reach = 6 * np.sqrt(error.max() ** 2 + tau.max() ** 2)
    steps = np.linspace(centre - reach, centre + reach, _CHANCES + 1)
    apart = (steps[:, None, None] - logit(p)) / tau
    below = (ndtr(apart) * posterior).sum(axis=(1, 2))
    below[0], below[-1] = 0.0, 1.0
    return expit((steps[:-1] + steps[1:]) / 2), np.diff(below)


def _central(chances: _Floats, weights: _Floats, total: float, tail: float) -> tuple[int, int]:
    """Return the least and greatest y with more than `tail` of the probability at and beyond."""
    from scipy.special import bdtr

    def at_most(count: int) -> float:
        return float(weights @ bdtr(count, int(total), chances))

    counts = range(int(total) + 1)
    low = bisect_left(counts, x=True, key=lambda count: at_most(count) > tail)
    high = bisect_left(counts, x=True, key=lambda count: at_most(count) >= 1 - tail)
    return low, high
