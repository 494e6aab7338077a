"""Which figures must be hidden for what they are.

Belongs here: the rules on one figure by itself. Does not belong here: what other figures tell about
it (that is `complementary`).

Figures are protected in families: figures that stand on the same counts are hidden together.
- `responses` and a share of responses: the count.
- `nps` and each statement's mean: the count of those who answered, n, and the points that their
  answers miss from the best. Where everybody answered, n is no secret and the score must not be
  worked out from n and from other scores either.
- the three shares of the score: the counts of promoters, passives and detractors, for a share times
  n is a count; each must reach the threshold, 0 % and 100 % included.
A family lies within another: who answered a question is among who responded, so where the
outer family is hidden the inner one is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np

from aspa_resources.disclosure.cells import Bools, Floats, Ints
from aspa_resources.rule_book.published import DisclosureRules

SHARES = ("promoters_share", "passives_share", "detractors_share")
_BEST, _WORST = 5, 1


@dataclass(frozen=True)
class Family:
    """Figures that are hidden together.

    Attributes:
        measures: Their names.
        within: The name of the measure whose family is hidden wherever that is; None for the
            outermost.
        counts: The counts they stand on, each an array over the cells.
        sensitive: Cells whose counts must stay uncertain when hidden.
        primary: Cells where the figures are hidden for what they are.
        points: What the answers tell; None where the figures are counts themselves.
    """

    measures: tuple[str, ...]
    within: str | None
    counts: tuple[Ints, ...]
    sensitive: Bools
    primary: Bools
    points: "Points | None" = None


@dataclass(frozen=True)
class Points:
    """The points that answers miss from the best: they add up as counts do.

    Attributes:
        missed: How many are missed, an array over the cells.
        each: How many one answer misses at most: 2 of a score (a detractor), 4 of a mean.
        few: Fewer than this from either end tell the answers themselves.
        telling: Cells where answers are told so.
    """

    missed: Ints
    each: int
    few: int
    telling: Bools


Figures = dict[str, tuple[Floats, Ints]]
"""For each measure its values (NaN where none) and its n, arrays over the cells."""


def families(figures: Figures, whole: Ints, rules: DisclosureRules) -> list[Family]:
    """Sort the measures of a mart into families, outer before inner.

    Args:
        figures: The exact figures; must have `responses`.
        whole: For each cell the index of the whole it is part of without adding up to it, or its
            own.
        rules: The thresholds.

    Returns:
        The families with their primary suppression.
    """
    found = [_responses(figures, whole, rules)]
    for measure in figures:
        if measure == "nps":
            found.append(_answers(measure, figures, _points_of_score, rules))
        elif measure.endswith("_mean"):
            found.append(_answers(measure, figures, _points_of_mean, rules))
    if set(SHARES) <= figures.keys():
        found.append(_shares(figures, rules))
    return found


def _responses(figures: Figures, whole: Ints, rules: DisclosureRules) -> Family:
    responses = figures["responses"][1]
    left_over = responses[whole] - responses
    small_complement = (left_over > 0) & (left_over < rules.threshold)
    return Family(
        measures=("responses", "share") if "share" in figures else ("responses",),
        within=None,
        counts=(responses,),
        sensitive=responses > 0,
        primary=(responses < rules.threshold) | small_complement,
    )


def _answers(
    measure: str,
    figures: Figures,
    points_of: Callable[[Floats, Ints, int], Points],
    rules: DisclosureRules,
) -> Family:
    values, n = figures[measure]
    points = points_of(np.nan_to_num(values), n, rules.least_distributions)
    return Family(
        measures=(measure,),
        within="responses",
        counts=(n,),
        sensitive=n > 0,
        primary=(n < rules.threshold) | points.telling,
        points=points,
    )


def _shares(figures: Figures, rules: DisclosureRules) -> Family:
    n = figures[SHARES[0]][1]
    counts = tuple(
        np.rint(np.nan_to_num(figures[share][0]) * n).astype(np.int64) for share in SHARES
    )
    return Family(
        measures=SHARES,
        within="nps" if "nps" in figures else "responses",
        counts=counts,
        sensitive=n > 0,
        primary=np.min(counts, axis=0) < rules.threshold,
    )


def _points_of_score(values: Floats, n: Ints, least: int) -> Points:
    """Return the points of a score, of which a passive misses one and a detractor two.

    Of s points from the nearer end two make an answer at the other end, so 0 to s / 2 such answers
    give the score.
    """
    return _points(n - np.rint(values * n / 100.0).astype(np.int64), n, each=2, few=2 * (least - 1))


def _points_of_mean(values: Floats, n: Ints, least: int) -> Points:
    """Return the points of a mean of answers 1-5.

    Answers that miss the nearer end by s points in all: the partitions of s into parts up to 4.
    """
    each = _BEST - _WORST
    few = next(total for total in count() if _partitions(total, each) >= least)
    return _points(_BEST * n - np.rint(values * n).astype(np.int64), n, each=each, few=few)


def _points(missed: Ints, n: Ints, *, each: int, few: int) -> Points:
    nearer = np.minimum(missed, each * n - missed)
    return Points(missed, each, few, np.asarray((n > 0) & (nearer < few)))


def _partitions(total: int, largest: int) -> int:
    """Count the ways to write a total as a sum of parts from 1 to the largest."""
    ways = [1] + [0] * total
    for part in range(1, largest + 1):
        for reached in range(part, total + 1):
            ways[reached] += ways[reached - part]
    return ways[total]
