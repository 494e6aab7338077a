"""The subword vocabulary and vectors of multilingual-e5-small, cut down to Latin letters.

Belongs here: reading the model's files, fewer dimensions by principal components. Does not belong
here: how words are cut (`name_model.subwords`), the projection learnt on top (`student`).
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aspa_resources.anonymizer.name_model.subwords import Subwords

_LATIN = re.compile(r"▁?[A-Za-zåäöéèáüõšžćčđńłøæßñóíëÅÄÖÉÈÁÜÕŠŽĆČĐŃŁØÆÑÓÍÇç]*$")
DIMENSIONS = 192


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with scores and vectors.

    Attributes:
        pieces: The texts; number n of `Subwords` is `pieces[n - 1]`.
        scores: Logarithms of their probabilities.
        vectors: Shape (pieces + 1, `DIMENSIONS`), unit variance; row 0 is zero.
    """

    pieces: list[str]
    scores: list[float]
    vectors: np.ndarray

    def cutter(self) -> Subwords:
        """Return what cuts words into these pieces."""
        return Subwords(self.pieces, np.array(self.scores, dtype=np.float16).tolist())


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return the Latin part of the vocabulary of an unpacked multilingual-e5-small."""
    from safetensors import safe_open

    told = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    kept = [i for i, (piece, _) in enumerate(told) if piece and _LATIN.match(piece)]
    with safe_open(folder / "model.safetensors", "np") as model:
        table = model.get_tensor("embeddings.word_embeddings.weight")[kept].astype(np.float32)
    table -= table.mean(axis=0)
    _, directions = np.linalg.eigh(table.T @ table)
    vectors = table @ directions[:, ::-1][:, :DIMENSIONS]
    vectors /= vectors[:, 0].std()
    return Vocabulary(
        pieces=[told[i][0] for i in kept],
        scores=[told[i][1] for i in kept],
        vectors=np.concatenate([np.zeros((1, DIMENSIONS), dtype=np.float32), vectors]),
    )
