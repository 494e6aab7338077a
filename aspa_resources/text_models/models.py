"""The text models as the rest of the platform sees them: one object, texts in, findings out.

It writes no text and logs none. Topics are separate (`topics`): they are fitted nationally.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.heads import (
    SENTIMENTS,
    SHIPPED_HEADS,
    THEMES,
    Heads,
    Unit,
    loaded_heads,
)
from aspa_resources.text_models.language import languages
from aspa_resources.text_models.lexicon import LEXICON
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.words import STOP_WORDS, surface_words

_MOST_REMEMBERED = 20_000
"""Analyses kept in memory, of about 2 kB each."""

_METHOD = "1"
"""Part of the version: raise it when the code decides otherwise on the same weights."""

_MOST_THEMES = 3
_THEME_THRESHOLD = 0.3


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
        embedding_model: a local folder or a hub name in place of the embedded default.
    """

    def __init__(self, model_folder: Path, embedding_model: str | None = None) -> None:
        self._model_folder = model_folder
        self._embedder = Embedder(model_folder, embedding_model)

    @property
    def model_name(self) -> str:
        """Name of the embedding model."""
        return self._embedder.name

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the embedding model's content."""
        return self._embedder.sha256

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over method, heads, word lists and embedding model."""
        digest = hashlib.sha256(_METHOD.encode())
        for file in (SHIPPED_HEADS, LEXICON, *STOP_WORDS):
            digest.update(file.read_bytes())
        digest.update(self.model_sha256.encode())
        return digest.hexdigest()[:12]

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of cleaned texts, float32 (n, d), each of length one."""
        return self._embedder.embed([readable(text) for text in texts])

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
        vectors, part_vectors = self._embedder.embed_with_parts(clear, spans)
        whole = self._judge("text", clear, vectors)
        parts = [
            text[begin:end] for text, own in zip(clear, spans, strict=True) for begin, end in own
        ]
        judged = iter(self._judge("sentence", parts, np.concatenate(part_vectors)))
        return [
            TextAnalysis(
                language=language,
                sentiment=found.sentiment,
                themes=found.themes,
                sentences=tuple(islice(judged, len(own))),
                words=surface_words(text),
                embedding=vector,
            )
            for text, own, found, vector, language in zip(
                texts, spans, whole, vectors, languages(texts, self._heads), strict=True
            )
        ]

    def _judge(
        self, unit: Unit, texts: Sequence[str], vectors: npt.NDArray[np.float32]
    ) -> list[SentenceAnalysis]:
        if not texts:
            return []
        themes, sentiments = self._heads.themes_and_sentiments(unit, texts, vectors)
        return [
            SentenceAnalysis(SENTIMENTS[int(sentiment.argmax())], _themes(theme))
            for theme, sentiment in zip(themes, sentiments, strict=True)
        ]

    @cached_property
    def _heads(self) -> Heads:
        """The shipped heads, or, for another embedding model, heads trained for it once."""
        shipped = loaded_heads(SHIPPED_HEADS)
        if shipped.model_sha256 == self.model_sha256:
            return shipped
        own = self._model_folder / f"heads-{self.model_sha256[:12]}-{self.version}.npz"
        if not own.exists():
            from aspa_resources.text_models.training.train_heads import train

            aside = own.with_suffix(f".{os.getpid()}")
            train(self._embedder).save(aside)
            aside.replace(own)
        return loaded_heads(own)


def _themes(probability: npt.NDArray[np.float32]) -> tuple[str, ...]:
    order = np.argsort(-probability, kind="stable")[:_MOST_THEMES]
    kept = [index for index in order if probability[index] >= _THEME_THRESHOLD]
    return tuple(THEMES[index] for index in kept or order[:1])


@lru_cache(maxsize=1)
def _remembered(_version: str) -> dict[str, TextAnalysis]:
    """Analyses by text, made by the models of one version in this process."""
    return {}
