"""The NLP engine Presidio asks for: ours reads nothing but names, many texts at a time.

Belongs here: the bridge from the name model to Presidio's artifacts. Does not belong here: how a
name is told (see `name_model`).
"""

from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.tokens import Doc
from spacy.vocab import Vocab

from aspa_resources.anonymizer.name_model import NameModel, NameSpan
from aspa_resources.anonymizer.recognizers.base import LANGUAGE


class NameArtifacts(NlpArtifacts):
    """Presidio's artifacts of one text, with the names found in it.

    Attributes:
        names: Spans of names in characters, with scores.
    """

    def __init__(self, names: tuple[NameSpan, ...], engine: "NameEngine") -> None:
        super().__init__([], engine.no_tokens, [], [], engine, LANGUAGE)
        self.names = names


class NameEngine(NlpEngine):
    """Runs the name model over batches of texts; loads no other model."""

    engine_name = "aspa_names"
    is_available = True

    def __init__(self) -> None:
        self._model = NameModel.load()
        self.no_tokens = Doc(Vocab())  # Presidio asks for a document; nothing here reads it

    @property
    def version(self) -> str:
        """Version of the name model."""
        return self._model.version

    def load(self) -> None:
        """Do nothing: the model is read when the engine is made."""

    def is_loaded(self) -> bool:
        """Return True: the model is read when the engine is made."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the artifacts of one text."""
        return next(iter(self.process_batch([text], language)))[1]

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,  # noqa: ARG002  # Presidio's signature; names are read in all languages at once
        batch_size: int = 256,
        n_process: int = 1,  # noqa: ARG002  # Presidio's signature
        **_: object,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Yield every text with its artifacts, in order."""
        waiting: list[str] = []
        for text in texts:
            waiting.append(text)
            if len(waiting) == batch_size:
                yield from self._batch(waiting)
                waiting = []
        yield from self._batch(waiting)

    def _batch(self, texts: list[str]) -> Iterator[tuple[str, NlpArtifacts]]:
        for text, names in zip(texts, self._model.names(texts), strict=True):
            yield text, NameArtifacts(names, self)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002  # Presidio's signature
        """Return False: no stop words are used."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002  # Presidio's signature
        """Tell whether a word is punctuation."""
        return not any(c.isalnum() for c in word)

    def get_supported_entities(self) -> list[str]:
        """Return the one entity of this engine."""
        return ["PERSON"]

    def get_supported_languages(self) -> list[str]:
        """Return the one language name used with Presidio."""
        return [LANGUAGE]
