"""Texts to vectors: the embedding model, loaded once per process.

Knows which model is in use and how it is fed; what the vectors mean is for `heads` and `topics`.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.unpacking import (
    EMBEDDED_MODEL,
    ModelUnavailable,
    packed_model_path,
    sha256_of,
    unpacked_model,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

_PREFIX = "query: "
"""What e5 models expect before a text that is compared with its like (the model card's advice)."""

_BATCH = 32
_MAX_TOKENS = 256
"""A feedback longer than this (about 150 words) is cut: attention grows with the square."""


class Embedder:
    """Embeds texts; cheap to make, loads its model on the first text.

    Args:
        model_folder: where the embedded default is unpacked.
        model: a local folder or a hub name in place of the embedded default.
    """

    def __init__(self, model_folder: Path, model: str | None = None) -> None:
        self._model_folder = model_folder
        self._model = model

    @property
    def name(self) -> str:
        """The model's name as configured."""
        return self._model or EMBEDDED_MODEL

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the model's content: the packed file, or all files of the folder by name."""
        files = [packed_model_path()] if self._model is None else _files(self._folder)
        return sha256_of(files)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one, a row per text: float32 (n, d).

        Equal texts are embedded once, and texts of like length together.

        Raises:
            ModelUnavailable: when the model cannot be had.
        """
        whole, _ = self.embed_with_parts(texts, [()] * len(texts))
        return whole

    def embed_with_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of texts, and of parts of them read in their context, in one pass.

        Args:
            texts: the texts.
            spans: begin and end of each part in its text.

        Returns:
            The texts' vectors (n, d), and per text its parts' vectors (parts, d).
        """
        distinct = sorted(
            dict(zip(texts, spans, strict=True)).items(), key=lambda own: (len(own[0]), own[0])
        )
        found: dict[str, tuple[Vectors, Vectors]] = {}
        for begin in range(0, len(distinct), _BATCH):
            batch = distinct[begin : begin + _BATCH]
            vectors = self._embed_batch([text for text, _ in batch], [parts for _, parts in batch])
            found.update(zip((text for text, _ in batch), vectors, strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32), []
        return np.stack([found[text][0] for text in texts]), [found[text][1] for text in texts]

    def _embed_batch(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[tuple[Vectors, Vectors]]:
        import torch

        model = _loaded(self._folder)
        shift = len(self._prefix)
        tokens = model.tokenizer(
            [self._prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=model.max_seq_length,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        offsets = tokens.pop("offset_mapping").numpy() - shift
        with torch.inference_mode():
            out = model.forward(dict(tokens))
        whole = out["sentence_embedding"].float().numpy()
        states = out["token_embeddings"].float().numpy()
        return [
            (_unit(whole[row]), _pooled(states[row], offsets[row], parts, whole[row]))
            for row, parts in enumerate(spans)
        ]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return _loaded(self._folder).get_embedding_dimension() or 0

    @property
    def _prefix(self) -> str:
        return _PREFIX if "e5" in Path(self.name).name.lower() else ""

    @cached_property
    def _folder(self) -> Path:
        if self._model is None:
            return unpacked_model(self._model_folder)
        local = Path(self._model)
        return local if local.is_dir() else _from_hub(self._model)


def _pooled(
    states: Vectors,
    offsets: npt.NDArray[np.int64],
    parts: Sequence[tuple[int, int]],
    whole: Vectors,
) -> Vectors:
    """Mean state of each part's tokens; the whole text's vector for a part that was cut off."""
    begins, ends = offsets[:, 0], offsets[:, 1]
    vectors = []
    for begin, end in parts:
        inside = (begins >= begin) & (ends <= end) & (ends > begins)
        vectors.append(_unit(states[inside].mean(axis=0) if inside.any() else whole))
    return np.stack(vectors) if vectors else np.zeros((0, len(whole)), dtype=np.float32)


def _unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelUnavailable(
            f"The embedding model {name!r} is neither a folder here nor found on the hub: "
            "check the name and the network, or leave it out to use the embedded default."
        ) from error


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> "SentenceTransformer":
    """The model on the CPU, without touching the network.

    In bfloat16 where the processor computes in it (1.7 times as fast, cosine 0.997 and more to
    float32), else in float32. Not in int8: its activation scales are taken over a whole batch, so
    that a text's vector would depend on its neighbours (cosine 0.98, theme F1 down by 0.03).
    """
    import torch
    from sentence_transformers import SentenceTransformer

    with quiet():
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = min(_MAX_TOKENS, model.max_seq_length or _MAX_TOKENS)
    if torch.cpu._is_avx512_bf16_supported():  # noqa: SLF001 - torch has no public question for it
        model = model.bfloat16()
    return model.eval()


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the loader's progress bars and notes off the operator's screen."""
    from transformers.utils import logging as library

    level, bars = library.get_verbosity(), library.is_progress_bar_enabled()
    library.set_verbosity(logging.ERROR)
    library.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library is untyped
    try:
        yield
    finally:
        library.set_verbosity(level)
        if bars:
            library.enable_progress_bar()  # type: ignore[no-untyped-call]  # the library is untyped
