"""Presidio put together with this room's parts alone: no language model, no network.

Importing this module imports Presidio.
"""

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from aspa_resources.anonymizer.name_engine import NameEngine
from aspa_resources.anonymizer.recognizers.address import AddressRecognizer
from aspa_resources.anonymizer.recognizers.base import LANGUAGE
from aspa_resources.anonymizer.recognizers.email import EmailRecognizer
from aspa_resources.anonymizer.recognizers.gps import GpsRecognizer
from aspa_resources.anonymizer.recognizers.identity_code import IdentityCodeRecognizer
from aspa_resources.anonymizer.recognizers.ip import IpRecognizer
from aspa_resources.anonymizer.recognizers.number import NumberRecognizer
from aspa_resources.anonymizer.recognizers.person import NameRecognizer
from aspa_resources.anonymizer.recognizers.phone import PhoneRecognizer
from aspa_resources.anonymizer.recognizers.spelled_out import (
    SpelledOutIdentityCodeRecognizer,
    SpelledOutPhoneRecognizer,
)

RECOGNIZERS = (
    NameRecognizer,
    IdentityCodeRecognizer,
    EmailRecognizer,
    PhoneRecognizer,
    AddressRecognizer,
    GpsRecognizer,
    IpRecognizer,
    SpelledOutIdentityCodeRecognizer,
    SpelledOutPhoneRecognizer,
    NumberRecognizer,
)


class _NoContext(ContextAwareEnhancer):
    """Leaves scores alone: every recogniser here reads its own context."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002  # Presidio's signature
        raw_results: list[RecognizerResult],
        *_: object,
        **__: object,
    ) -> list[RecognizerResult]:
        return raw_results


def build_analyzer() -> tuple[AnalyzerEngine, NameEngine]:
    """Return Presidio's analyser over our recognisers and the engine that reads the names."""
    names = NameEngine()
    registry = RecognizerRegistry(
        recognizers=[make() for make in RECOGNIZERS], supported_languages=[LANGUAGE]
    )
    analyzer = AnalyzerEngine(
        registry=registry,
        nlp_engine=names,
        supported_languages=[LANGUAGE],
        context_aware_enhancer=_NoContext(),
    )
    return analyzer, names
