"""Which figures must be hidden for what they are.

Belongs here: the rules on one figure by itself. Does not belong here: what other figures tell about
it (that is `complementary`).

Figures are protected in families: figures that stand on the same counts are hidden together.
- `responses` and a share of responses: the count.
- `nps` and each statement's mean: the count of those who answered, n.
- the three shares of the score: the counts of promoters, passives and detractors, for a share times
  n is a count; each must reach the threshold, 0 % and 100 % included.
A family lies within another: who answered a question is among who responded, so where the
outer family is hidden the inner one is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aspa_resources.disclosure.cells import Bools, Ints
from aspa_resources.disclosure.intervals import Floats
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
    """

    measures: tuple[str, ...]
    within: str | None
    counts: tuple[Ints, ...]
    sensitive: Bools
    primary: Bools


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
            found.append(_answers(measure, figures, _score_distributions, rules))
        elif measure.endswith("_mean"):
            found.append(_answers(measure, figures, _mean_distributions, rules))
    if set(SHARES) <= figures.keys():
        found.append(_shares(figures, rules))
    return found


def _responses(figures: Figures, whole: Ints, rules: DisclosureRules) -> Family:
    count = figures["responses"][1]
    left_over = count[whole] - count
    small_complement = (left_over > 0) & (left_over < rules.threshold)
    return Family(
        measures=("responses", "share") if "share" in figures else ("responses",),
        within=None,
        counts=(count,),
        sensitive=count > 0,
        primary=(count < rules.threshold) | small_complement,
    )


def _answers(
    measure: str,
    figures: Figures,
    distributions: Callable[[Floats, Ints, int], Bools],
    rules: DisclosureRules,
) -> Family:
    values, n = figures[measure]
    telling = (n > 0) & distributions(values, n, rules.least_distributions)
    return Family(
        measures=(measure,),
        within="responses",
        counts=(n,),
        sensitive=n > 0,
        primary=(n < rules.threshold) | telling,
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


def _score_distributions(values: Floats, n: Ints, least: int) -> Bools:
    """Tell which scores fewer than `least` splits of n answers into three groups give.

    With d detractors and a difference k >= 0 there are k + d promoters and n - k - 2d passives, so
    d goes from 0 to (n - k) / 2.
    """
    difference = np.abs(np.rint(np.nan_to_num(values) * n / 100.0))
    return np.asarray((n - difference) // 2 + 1 < least)


def _mean_distributions(values: Floats, n: Ints, least: int) -> Bools:
    """Tell which means fewer than `least` distributions of n answers 1-5 give.

    Answers that miss the nearer end by s points in all: the partitions of s into parts up to 4.
    """
    points = np.rint(np.nan_to_num(values) * n)
    missing = np.minimum(_BEST * n - points, points - _WORST * n)
    ways, few = [1], 0
    while ways[-1] < least:
        few += 1
        ways.append(_partitions(few, _BEST - _WORST))
    return np.asarray(missing < few)


def _partitions(total: int, largest: int) -> int:
    """Count the ways to write a total as a sum of parts from 1 to the largest."""
    ways = [1] + [0] * total
    for part in range(1, largest + 1):
        for reached in range(part, total + 1):
            ways[reached] += ways[reached - part]
    return ways[total]
