"""Names of people, as the name engine has read them.

Belongs here: the step from the engine's names to Presidio results. Does not belong here: the model
(see `name_model`) and the words around names (see `name_model.context`).
"""

from collections.abc import Iterable

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from aspa_resources.anonymizer.name_engine import NameArtifacts
from aspa_resources.anonymizer.recognizers.base import LANGUAGE


class NameRecognizer(EntityRecognizer):
    """Turns names in the artifacts into results."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"], supported_language=LANGUAGE)

    def load(self) -> None:
        """Do nothing: the model belongs to the engine."""

    def analyze(
        self,
        text: str,  # noqa: ARG002  # Presidio's signature
        entities: Iterable[str],  # noqa: ARG002  # Presidio's signature
        nlp_artifacts: NlpArtifacts,
    ) -> list[RecognizerResult]:
        """Return one result per name of the artifacts.

        Raises:
            TypeError: The artifacts are another engine's, which has read no names.
        """
        if not isinstance(nlp_artifacts, NameArtifacts):
            raise TypeError("names are read by the name engine alone: build_analyzer makes both")
        return [
            RecognizerResult(entity_type="PERSON", start=name.start, end=name.end, score=name.score)
            for name in nlp_artifacts.names
        ]
