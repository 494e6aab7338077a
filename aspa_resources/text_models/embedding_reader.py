"""A reader of any embedding model: its vectors, judged by linear heads trained for it once."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from aspa_resources.text_models.counts import Counted
from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.heads import Heads, loaded_heads
from aspa_resources.text_models.lexicon import LEXICON
from aspa_resources.text_models.reading import Reading, Spans
from aspa_resources.text_models.training.labelled import training_files


class EmbeddingReader:
    """Reads cleaned texts with an embedding model and heads of its own.

    Args:
        embedder: the embedding model.
        heads_folder: where heads trained for it are kept.
    """

    def __init__(self, embedder: Embedder, heads_folder: Path) -> None:
        self._embedder = embedder
        self._heads_folder = heads_folder

    @property
    def name(self) -> str:
        """The embedding model's name as configured."""
        return self._embedder.name

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the embedding model's content."""
        return self._embedder.sha256

    @property
    def files(self) -> tuple[Path, ...]:
        """What the heads are made from."""
        return (LEXICON, *training_files())

    def read(self, texts: Sequence[str], spans: Spans, found: Counted) -> Reading:
        """Read texts, and parts of them in their context; see `reading.Reader`.

        Raises:
            ModelUnavailable: when the model cannot be had.
        """
        vectors, of_parts = self._embedder.embed_with_parts(texts, spans)
        parts = [
            text[begin:end] for text, own in zip(texts, spans, strict=True) for begin, end in own
        ]
        return Reading(
            self._heads.judge("text", texts, found.texts, vectors),
            self._heads.judge("sentence", parts, found.parts, np.concatenate(of_parts)),
            vectors,
        )

    @cached_property
    def _heads(self) -> Heads:
        from aspa_resources.text_models.training.train_heads import train

        digest = hashlib.sha256()
        for file in self.files:
            digest.update(file.read_bytes())
        own = self._heads_folder / f"heads-{self.sha256[:12]}-{digest.hexdigest()[:12]}.npz"
        if not own.exists():
            aside = own.with_suffix(f".{os.getpid()}")
            train(self._embedder).save(aside)
            aside.replace(own)
        return loaded_heads(own)
