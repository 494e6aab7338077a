"""Every suite by the name of its step."""

from __future__ import annotations

from typing import Final

from expectations import (
    anonymization,
    classification,
    code_sets,
    delivery,
    enrichment,
    marts,
    publication,
    text_analysis,
    validation,
)
from expectations.expectation import Suite

_STEPS: Final = (
    delivery,
    validation,
    anonymization,
    classification,
    code_sets,
    text_analysis,
    marts,
    enrichment,
    publication,
)

SUITES: Final[dict[str, Suite]] = {suite.step: suite for step in _STEPS for suite in step.SUITES}
