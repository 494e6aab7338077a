"""The text models as the rest of the platform sees them: one object, texts in, findings out.

It writes no text and logs none. Topics are separate (`topics`): they are fitted nationally.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.counts import counted
from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.embedding_reader import EmbeddingReader
from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.language import LANGUAGE_HEAD, languages
from aspa_resources.text_models.phrases import PHRASES
from aspa_resources.text_models.reader import SHIPPED_READER, ShippedReader
from aspa_resources.text_models.reading import Judged, Reader
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.unpacking import EMBEDDED_MODEL
from aspa_resources.text_models.words import STOP_WORDS, surface_words

_MOST_REMEMBERED = 20_000
"""Analyses kept in memory, of about 2 kB each."""

_METHOD = "4"
"""Part of the version: raise it when the code decides otherwise on the same weights."""

_MOST_THEMES = 3
_THEME_THRESHOLD = 0.35


@dataclass(frozen=True)
class SentenceAnalysis:
    """What one sentence is about; never the sentence itself."""

    sentiment: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class TextAnalysis:
    """What one text is about.

    `language` fi|sv|en|other|mixed, `sentiment` positive|negative|neutral|mixed, `themes` one to
    three ids, strongest first, `words` distinct surface words, `embedding` float32 (d).
    """

    language: str
    sentiment: str
    themes: tuple[str, ...]
    sentences: tuple[SentenceAnalysis, ...]
    words: tuple[str, ...] = field(repr=False)
    embedding: npt.NDArray[np.float32] = field(repr=False, compare=False)


class TextModels:
    """Analyses cleaned texts; cheap to make, loads its models once per process at first use.

    Args:
        model_folder: where the embedded model is unpacked.
        model: None for the shipped reader; else an embedding model that reads in its place: a
            local folder, a hub name, or the name of the embedded model (EMBEDDED_MODEL).
    """

    def __init__(self, model_folder: Path, model: str | None = None) -> None:
        self._reader: Reader = ShippedReader(model_folder)
        if model is not None:
            named = None if model == EMBEDDED_MODEL else model
            self._reader = EmbeddingReader(Embedder(model_folder, named), model_folder)

    @property
    def model_name(self) -> str:
        """Name of the model that reads."""
        return self._reader.name

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the model that reads."""
        return self._reader.sha256

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over method, model, language head and word lists."""
        own = (LANGUAGE_HEAD, *STOP_WORDS, *self._reader.files)
        return _digest(own, self.model_sha256)

    def analyze(self, texts: Sequence[str]) -> list[TextAnalysis]:
        """Language, sentiment, themes, words and vector of each text, in the order given.

        Equal texts are analysed once, also over several calls: fitting topics and analysing a
        delivery meet the same texts.
        """
        remembered = _remembered(self.version)
        distinct = dict.fromkeys(texts)
        found = {text: remembered[text] for text in distinct if text in remembered}
        unseen = [text for text in distinct if text not in found]
        if unseen:
            found.update(zip(unseen, self._analyze(unseen), strict=True))
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()
            remembered.update((text, found[text]) for text in unseen[:_MOST_REMEMBERED])
        return [found[text] for text in texts]

    def _analyze(self, texts: list[str]) -> list[TextAnalysis]:
        clear = [readable(text) for text in texts]
        spans = [sentence_spans(text) for text in clear]
        found = counted(clear, spans)
        reading = self._reader.read(clear, spans, found)
        parts = iter(_analyses(reading.parts))
        return [
            TextAnalysis(
                language=language,
                sentiment=said.sentiment,
                themes=said.themes,
                sentences=tuple(islice(parts, len(own))),
                words=surface_words(text),
                embedding=vector,
            )
            for text, own, said, vector, language in zip(
                texts,
                spans,
                _analyses(reading.texts),
                reading.vectors,
                languages(clear, spans, found),
                strict=True,
            )
        ]


def shipped_version() -> str:
    """Twelve hex digits over everything shipped that a text's analysis depends on."""
    return _digest((LANGUAGE_HEAD, *STOP_WORDS, PHRASES, SHIPPED_READER), "")


def _digest(files: Sequence[Path], model: str) -> str:
    digest = hashlib.sha256(_METHOD.encode())
    for file in files:
        digest.update(file.read_bytes())
    digest.update(model.encode())
    return digest.hexdigest()[:12]


def _analyses(judged: Judged) -> list[SentenceAnalysis]:
    return [
        SentenceAnalysis(SENTIMENTS[int(sentiment.argmax())], _themes(theme))
        for theme, sentiment in zip(judged.themes, judged.sentiments, strict=True)
    ]


def _themes(probability: npt.NDArray[np.float32]) -> tuple[str, ...]:
    order = np.argsort(-probability, kind="stable")[:_MOST_THEMES]
    kept = [index for index in order if probability[index] >= _THEME_THRESHOLD]
    return tuple(THEMES[index] for index in kept or order[:1])


@lru_cache(maxsize=1)
def _remembered(_version: str) -> dict[str, TextAnalysis]:
    """Analyses by text, made by the models of one version in this process."""
    return {}
