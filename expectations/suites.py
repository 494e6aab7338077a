"""Every suite by the name of its step."""

from __future__ import annotations

from typing import Final

from expectations import (
    anonymization,
    classification,
    delivery,
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
    text_analysis,
    marts,
    publication,
)

SUITES: Final[dict[str, Suite]] = {suite.step: suite for step in _STEPS for suite in step.SUITES}
