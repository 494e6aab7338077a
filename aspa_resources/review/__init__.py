"""A person's look at a random share of the cleaned texts: drawing it, asking, and what was said.

Nothing here writes a text anywhere: the drawn ones lie in the restricted zone of storage, verdicts
name them by hash.
"""

from aspa_resources.review.queue import RANDOM, draw, text_hash
from aspa_resources.review.verdicts import (
    NO_VERDICTS,
    VERDICTS,
    Verdict,
    counted,
    leaks,
    merged,
    without,
)

__all__ = [
    "NO_VERDICTS",
    "RANDOM",
    "VERDICTS",
    "Verdict",
    "counted",
    "draw",
    "leaks",
    "merged",
    "text_hash",
    "without",
]
