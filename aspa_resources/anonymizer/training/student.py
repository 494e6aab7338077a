# ruff: noqa: PLR2004  # the shares and sizes below are the recipe itself
"""The network of `name_model.network` in torch: its layers, its training, its weights on disk.

Belongs here: layers, loss, optimiser, storing in few bits. Does not belong here: training texts.
"""

import logging
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from aspa_resources.anonymizer.name_model.features import (
    PIECE_BUCKETS,
    PLACE_FLAGS,
    TYPE_FLAGS,
    WORD_BUCKETS,
)
from aspa_resources.anonymizer.name_model.network import GAPS
from aspa_resources.anonymizer.name_model.subwords import CUT_FLAGS
from aspa_resources.anonymizer.training.data import Data
from aspa_resources.anonymizer.training.vocabulary import Vocabulary

_WIDTH, _SUBWORD, _HIDDEN, _BATCH = 32, 48, 128, 256
_KNOWN_FLAGS = (17, 23)
_LOG = logging.getLogger(__name__)


class NameNetwork(nn.Module):
    """The network to be trained; the subword vectors stay, their projection is learnt."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.piece = nn.EmbeddingBag(PIECE_BUCKETS, _WIDTH, mode="mean", padding_idx=0)
        self.word = nn.Embedding(WORD_BUCKETS, _WIDTH, padding_idx=0)
        nn.init.normal_(self.piece.weight, std=0.3)
        nn.init.normal_(self.word.weight, std=0.1)
        self.vectors = nn.Buffer(torch.from_numpy(vocabulary.vectors))
        self.projection = nn.Linear(vocabulary.vectors.shape[1], _SUBWORD, bias=False)
        with torch.no_grad():
            self.projection.weight.copy_(torch.eye(_SUBWORD, vocabulary.vectors.shape[1]))
        width = 2 * _WIDTH + 4 * _SUBWORD + TYPE_FLAGS + CUT_FLAGS
        self.dense = nn.Linear(width, _HIDDEN)
        self.convolutions = [
            nn.Conv1d(
                _HIDDEN + (PLACE_FLAGS if gap == 1 else 0),
                _HIDDEN,
                5,
                padding=2 * gap,
                dilation=gap,
            )
            for gap in GAPS
        ]
        self.layers = nn.ModuleList(self.convolutions)
        self.out = nn.Linear(_HIDDEN, 3)
        self.drop = nn.Dropout(0.15)

    def kinds(
        self, pieces: torch.Tensor, words: torch.Tensor, cuts: torch.Tensor, flags: torch.Tensor
    ) -> torch.Tensor:
        """Return the vectors of distinct tokens, shape (tokens, hidden)."""
        parts = [self.piece(pieces), self.word(words)]
        for form in cuts.chunk(2, dim=1):
            mean = nn.functional.embedding_bag(form, self.vectors, mode="mean", padding_idx=0)
            first = self.vectors[form[:, 0]]
            parts += [self.projection(mean), self.projection(first)]
        return torch.relu(self.dense(self.drop(torch.cat([*parts, flags], dim=1))))

    def forward(
        self, kinds: torch.Tensor, index: torch.Tensor, place: torch.Tensor
    ) -> torch.Tensor:
        """Return logits (rows, 3); `index` maps rows to distinct tokens, 0 being padding."""
        inside = (index > 0).float().unsqueeze(0)
        hidden = (kinds[index] * inside.T).T.unsqueeze(0)
        rows = torch.cat([hidden, place.T.unsqueeze(0)], dim=1)
        for layer in self.layers:
            hidden = hidden + torch.relu(layer(self.drop(rows))) * inside
            rows = hidden
        logits: torch.Tensor = self.out(self.drop(hidden.squeeze(0).T))
        return logits


def fit(data: Data, vocabulary: Vocabulary, *, epochs: int, seed: int) -> NameNetwork:
    """Train with Adam.

    A third of the whole-word embeddings is withheld so that letters count, some subwords and some
    flags so that no single source is leant on.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311  # training order, no secret
    network = NameNetwork(vocabulary)
    order = list(range(len(data.rows)))
    steps = epochs * (len(order) // _BATCH + 1)
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=4e-3, total_steps=steps, pct_start=0.1
    )
    loss_of = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.6, 1.0]), ignore_index=-1)
    for epoch in range(epochs):
        rng.shuffle(order)
        total = 0.0
        for at in range(0, len(order), _BATCH):
            pieces, words, cuts, flags, index, place, label = data.batch(order[at : at + _BATCH])
            words[torch.rand(words.shape) < 0.35] = 0
            cuts[torch.rand(len(cuts)) < 0.08] = 0
            for flag in _KNOWN_FLAGS:
                flags[:, flag] *= (torch.rand(len(flags)) > 0.05).float()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(network.kinds(pieces, words, cuts, flags), index, place)
            loss = loss_of(logits.float(), label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
            if at // _BATCH % 100 == 0:
                _LOG.info("epoch %d batch %d loss %.4f", epoch, at // _BATCH, float(loss.detach()))
        _LOG.info("epoch %d loss %.4f", epoch, total * _BATCH / len(order))
    return network.eval()


def _small(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-6) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float16)


def _half(values: torch.Tensor | None) -> np.ndarray:
    if values is None:
        raise ValueError("every layer of the network has a bias")
    return values.detach().numpy().astype(np.float16)


def save(
    networks: Sequence[NameNetwork],
    vocabulary: Vocabulary,
    lexicon: np.ndarray,
    things: np.ndarray,
    path: Path,
) -> None:
    """Write the weights: embeddings in eight bits with a scale per row, the rest in sixteen.

    What all networks share stands by its name, what is network n's own under `n/`.
    """
    arrays: dict[str, np.ndarray] = {
        "networks": np.array(len(networks)),
        "lexicon": lexicon,
        "things": things,
        "subword_texts": np.frombuffer("\n".join(vocabulary.pieces).encode(), dtype=np.uint8),
        "subword_scores": np.array(vocabulary.scores, dtype=np.float16),
    }
    for number, network in enumerate(networks, 1):
        arrays |= {f"{number}/{name}": array for name, array in _own(network).items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _own(network: NameNetwork) -> dict[str, np.ndarray]:
    """Return the arrays of one network."""
    arrays: dict[str, np.ndarray] = {}
    tables = {
        "piece": network.piece.weight,
        "word": network.word.weight,
        "subword": network.projection(network.vectors),
    }
    for name, table in tables.items():
        arrays[name], arrays[f"{name}_scale"] = _small(table.detach().numpy())
    arrays["dense"], arrays["dense_bias"] = _half(network.dense.weight.T), _half(network.dense.bias)
    for number, layer in enumerate(network.convolutions, 1):
        arrays[f"conv{number}"] = _half(layer.weight.permute(2, 1, 0))
        arrays[f"bias{number}"] = _half(layer.bias)
    arrays["out"], arrays["bias_out"] = _half(network.out.weight.T), _half(network.out.bias)
    return arrays
