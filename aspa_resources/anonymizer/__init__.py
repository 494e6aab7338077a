"""Anonymiser: personal data out of free text, and an independent verification of the result.

Importing this package is cheap; making an `Anonymizer` imports Presidio.
"""

from aspa_resources.anonymizer.engine import Anonymizer
from aspa_resources.anonymizer.records import ENTITY_TYPES, Anonymized, Finding
from aspa_resources.anonymizer.verification import Verifier

__all__ = ["ENTITY_TYPES", "Anonymized", "Anonymizer", "Finding", "Verifier"]
