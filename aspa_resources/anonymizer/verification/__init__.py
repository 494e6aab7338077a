"""The verification run: a second look that shares no pattern and no weight with the first."""

from aspa_resources.anonymizer.verification.verifier import Verifier

__all__ = ["Verifier"]
