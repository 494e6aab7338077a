"""The network that reads a feedback: an encoder, and three readings of a text or a part of it.

Belongs here: layers and pooling. Does not belong here: how it is trained (`training`), stored and
fed (`reader`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoModel, BatchEncoding, PreTrainedTokenizerBase

MOST_TOKENS = 256
"""A feedback longer than this (about 150 words) is cut: attention grows with the square."""

Span = tuple[int, int, int]
"""Row of the batch, begin and end of a part in its text."""


class Readings(NamedTuple):
    """What was read of n texts or parts: scores (logits) and vectors.

    `themes` (n, 13), `sentiments` (n, 4), `vectors` (n, d) of length one.
    """

    themes: Tensor
    sentiments: Tensor
    vectors: Tensor


class FeedbackNetwork(nn.Module):
    """The first layers of an encoder, with linear readings of their pooled states.

    Args:
        folder: the encoder's (transformers).
        layers: how many of its layers are used.
        themes: how many themes there are.
        sentiments: how many sentiments.
        prefix: what the encoder expects before a text.
    """

    def __init__(
        self, folder: Path, layers: int, themes: int, sentiments: int, prefix: str = ""
    ) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            str(folder), num_hidden_layers=layers, add_pooling_layer=False, local_files_only=True
        )
        width = self.encoder.config.hidden_size
        self.prefix = prefix
        self.theme = nn.Linear(width, themes)
        self.sentiment = nn.Linear(width, sentiments)
        self.vector = nn.Linear(width, width, bias=False)
        self.drop = nn.Dropout(0.1)

    def tokens(self, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> BatchEncoding:
        """The batch of texts as the network takes it, with each token's place in its text."""
        tokens: BatchEncoding = tokenizer(
            [self.prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=MOST_TOKENS,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        tokens["offset_mapping"] -= len(self.prefix)
        return tokens

    def forward(
        self, tokens: BatchEncoding, parts: Sequence[Span] = ()
    ) -> tuple[Readings, Readings]:
        """Readings of the texts, and of parts of them as read in their context."""
        offsets = tokens["offset_mapping"]
        states = self.encoder(
            input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]
        ).last_hidden_state
        rows, begins, ends = torch.tensor(parts, dtype=torch.long).reshape(-1, 3).T
        inside = (
            (offsets[rows, :, 0] >= begins[:, None])
            & (offsets[rows, :, 1] <= ends[:, None])
            & (offsets[rows, :, 1] > offsets[rows, :, 0])
        )
        # A part that lies beyond the cut is read as the whole text is.
        inside = torch.where(
            inside.any(dim=1, keepdim=True), inside, tokens["attention_mask"][rows]
        )
        return (
            self._read(_pooled(states, tokens["attention_mask"])),
            self._read(_pooled(states[rows], inside)),
        )

    def _read(self, pooled: Tensor) -> Readings:
        dropped = self.drop(pooled)
        return Readings(
            self.theme(dropped),
            self.sentiment(dropped),
            nn.functional.normalize(self.vector(pooled), dim=-1),
        )


def _pooled(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the states (n, tokens, d) under the mask (n, tokens), brought to one scale."""
    weights = mask.to(states.dtype)[..., None]
    mean = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
    return nn.functional.layer_norm(mean, mean.shape[-1:])
