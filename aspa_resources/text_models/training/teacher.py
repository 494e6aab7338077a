"""The teacher: all layers of the embedded encoder, the upper half of them taught.

Belongs here: its layers, its teaching, its opinions. Does not belong here: what a student learns of
it (`train_reader`).
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from aspa_resources.text_models.training.lessons import Aim, Course, missed, teach
from aspa_resources.text_models.training.readings import Readings

_LOWER = 6
"""Layers that stay as they are: their states are computed once for all passes."""

_PREFIX = "query: "
"""What e5 models expect before a text that is compared with its like (the model card's advice)."""

_MOST_TOKENS = 256
_BATCH = 16


class Teacher(nn.Module):
    """Reads themes and sentiments of texts.

    Args:
        folder: the embedded encoder's (transformers).
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        encoder = AutoModel.from_pretrained(
            str(folder), add_pooling_layer=False, local_files_only=True, dtype=torch.float32
        )
        self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        self._embeddings = encoder.embeddings
        self._lower = encoder.encoder.layer[:_LOWER]
        self.upper = encoder.encoder.layer[_LOWER:]
        self.readings = Readings()
        for layer in (self._embeddings, self._lower):
            layer.requires_grad_(requires_grad=False)

    def fresh(self) -> list[nn.Parameter]:
        """See `lessons.Taught`."""
        return list(self.readings.parameters())

    def learnt(self) -> list[nn.Parameter]:
        """See `lessons.Taught`."""
        return list(self.upper.parameters())

    def states(self, texts: Sequence[str]) -> list[Tensor]:
        """What the lower half makes of each text: (tokens, d)."""
        ids = self._tokenizer(
            [_PREFIX + text for text in texts], truncation=True, max_length=_MOST_TOKENS
        )["input_ids"]
        found: dict[int, Tensor] = {}
        for rows in _batches([len(own) for own in ids]):
            tokens = nn.utils.rnn.pad_sequence(
                [torch.tensor(ids[row]) for row in rows], batch_first=True, padding_value=1
            )
            real = _real([len(ids[row]) for row in rows])
            with torch.inference_mode():
                # Without dropout, also while the upper half is taught.
                self._embeddings.eval(), self._lower.eval()
                states = _through(self._lower, self._embeddings(tokens), real)
            # Cloned: what inference made cannot be taught on.
            found.update(
                (row, own[: len(ids[row])].clone()) for row, own in zip(rows, states, strict=True)
            )
        return [found[row] for row in range(len(texts))]

    def forward(self, states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Scores of texts whose lower states are given: themes (n, 13), sentiments (n, 4)."""
        real = _real([len(own) for own in states])
        padded = nn.utils.rnn.pad_sequence(list(states), batch_first=True)
        themes, sentiments, _ = self.readings(_through(self.upper, padded, real), real)
        return themes, sentiments

    def learn(self, states: Sequence[Tensor], aims: Sequence[Aim], course: Course) -> None:
        """Be taught what should be read of texts whose lower states are given."""

        def loss_of(batch: Sequence[tuple[Tensor, Aim]]) -> Tensor:
            themes, sentiments = self([own for own, _ in batch])
            return missed(themes, sentiments, [aim for _, aim in batch])

        lessons = list(zip(states, aims, strict=True))
        teach(self, lessons, lambda lesson: len(lesson[0]), loss_of, course)

    def opinions(self, texts: Sequence[str]) -> list[Aim]:
        """What it says of texts."""
        states = self.states(texts)
        found: dict[int, Aim] = {}
        for rows in _batches([len(own) for own in states]):
            with torch.inference_mode():
                themes, sentiments = self([states[row] for row in rows])
            chances, shares = themes.sigmoid().numpy(), sentiments.softmax(dim=-1).numpy()
            found.update(
                (row, Aim(*said)) for row, *said in zip(rows, chances, shares, strict=True)
            )
        return [found[row] for row in range(len(texts))]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    order = sorted(range(len(lengths)), key=lambda row: lengths[row])
    return [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]


def _real(lengths: Sequence[int]) -> Tensor:
    """Which places hold a token (n, t)."""
    return torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]


def _through(layers: nn.ModuleList, states: Tensor, real: Tensor) -> Tensor:
    seen = real[:, None, None, :].expand(-1, 1, states.shape[1], -1)
    for layer in layers:
        states = layer(states, seen)
    return states
