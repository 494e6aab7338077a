"""How often drift is told of steady deliveries, and of broken ones: `python bench_drift.py`.

Deliveries are drawn from the rates of a made-up county: months differ by a standard deviation of
`spread` on the logit scale, and sizes by a factor of three.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from aspa_resources.anonymization_log.drift import Drift, Month, drift
from aspa_resources.anonymization_log.shares import MEASURES, Share

RATES = {
    "PERSON": 0.08, "HETU": 0.002, "EMAIL": 0.004, "PHONE": 0.02, "ADDRESS": 0.01, "GPS": 0.0005,
    "IP": 0.0005, "NUMBER": 0.15, "without_finding": 0.75, "words_removed": 0.02,
    "quarantined": 0.005,
}  # fmt: skip
WORDS_A_TEXT = 15
CLUMP = 1.8  # removed words come 1 + Poisson(0.8) at a time
SPREADS = (0.0, 0.1, 0.2, 0.3)
CHANGES = (
    ("PERSON", 0), ("PHONE", 0), ("EMAIL", 0),
    ("PERSON", 2), ("PHONE", 2), ("EMAIL", 2), ("NUMBER", 2), ("words_removed", 2),
)  # fmt: skip


def month(
    chance: np.random.Generator, texts: int, spread: float, changed: dict[str, float]
) -> Month:
    """Draw one delivery; `changed` multiplies rates."""
    shares = {}
    for name in MEASURES:
        odds = RATES[name] / (1 - RATES[name]) * np.exp(spread * chance.standard_normal())
        rate = min(odds / (1 + odds) * changed.get(name, 1.0), 0.99)
        if name == "words_removed":
            clumps = chance.poisson(rate * texts * WORDS_A_TEXT / CLUMP)
            sizes = 1 + chance.poisson(CLUMP - 1, clumps)
            removed = int(sizes.sum())
            shares[name] = Share(
                removed, texts * WORDS_A_TEXT, float((sizes**2).sum() / max(removed, 1))
            )
        else:
            shares[name] = Share(int(chance.binomial(texts, rate)), texts)
    return Month(shares, "1")


@dataclass(frozen=True)
class Setting:
    """A county: how many months of history, texts a month, and how far its months lie apart."""

    months: int
    texts: int
    spread: float


def told(chance: np.random.Generator, county: Setting, changed: dict[str, float]) -> list[Drift]:
    """Draw a history and a delivery after it, and return what is told of it."""
    sizes = (county.texts * 3 ** chance.uniform(-0.5, 0.5, county.months + 1)).astype(int).tolist()
    own = [month(chance, size, county.spread, {}) for size in sizes[1:]]
    return drift(month(chance, sizes[0], county.spread, changed), own, [])


def alarm_rate(county: Setting, times: int) -> float:
    """Return the share of steady deliveries of which any measure is told to have changed."""
    chance = np.random.default_rng(1)
    alarms = sum(
        any(one.result in ("more", "fewer") for one in told(chance, county, {}))
        for _ in range(times)
    )
    return alarms / times


def power(measure: str, factor: float, county: Setting, times: int) -> float:
    """Return the share of deliveries with one measure's rate multiplied in which that is told."""
    chance = np.random.default_rng(2)
    wanted = "more" if factor > 1 else "fewer"
    results = (told(chance, county, {measure: factor}) for _ in range(times))
    return (
        sum(any(one.measure == measure and one.result == wanted for one in of) for of in results)
        / times
    )


def main(times: int) -> None:
    """Write both tables."""
    lines = ["false alarms, share of steady deliveries"]
    for months in (3, 6, 12):
        for texts in (150, 1500, 15_000):
            rates = [alarm_rate(Setting(months, texts, spread), times) for spread in SPREADS]
            of = "  ".join(f"spread {s}: {r:.3f}" for s, r in zip(SPREADS, rates, strict=True))
            lines.append(f"{months:>3} months of {texts:>6} texts  {of}")
    lines.append("power, spread 0.1")
    for measure, factor in CHANGES:
        for texts in (150, 1500, 15_000):
            few, many = (
                power(measure, factor, Setting(months, texts, 0.1), times) for months in (3, 12)
            )
            of = f"3 months {few:.2f}  12 months {many:.2f}"
            lines.append(f"{measure:>14} x {factor}  {texts:>6} texts  {of}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
