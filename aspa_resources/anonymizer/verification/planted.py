"""Planted leaks: whether the second pass is awake.

A verification that finds nothing looks the same whether the text is clean or the pass is broken (a
damaged file of weights, a check that was switched off). So each run looks at these texts too.

Belongs here: reading them and counting the missed ones. Not here: what a leak looks like (checks).
"""

from functools import cache
from importlib.resources import files

import yaml

from aspa_resources.anonymizer.verification.verifier import Verifier


@cache
def planted_leaks() -> tuple[str, ...]:
    """Return the texts, each with something left in it."""
    text = (
        files("aspa_resources.anonymizer.verification").joinpath("planted.yaml").read_text("utf-8")
    )
    return tuple(yaml.safe_load(text))


def missed_by(verifier: Verifier) -> int:
    """Return in how many of the planted texts a verifier finds nothing."""
    return sum(not findings for findings in verifier.verify(planted_leaks()))
