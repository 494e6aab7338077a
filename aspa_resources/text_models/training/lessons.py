"""What a network is taught, and the teaching: texts with soft targets, one loss, one loop.

Belongs here: targets, loss, optimiser. Does not belong here: where targets come from.
"""

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from aspa_resources.text_models.feedback_network import FeedbackNetwork, Readings

Targets = npt.NDArray[np.float32]
_LOG = logging.getLogger(__name__)
_THEME_WEIGHT = 4.0
_PART_WEIGHT = 0.5
_VECTOR_WEIGHT = 2.0
_HEAD_RATE = 5e-3


@dataclass(frozen=True)
class Aim:
    """What should be read: probability of each theme (13), and of each sentiment (4)."""

    themes: Targets
    sentiments: Targets


@dataclass(frozen=True)
class Lesson:
    """A text with its aim, the aims of its parts (begin, end), and its vector if it has one."""

    text: str
    aim: Aim
    parts: tuple[tuple[int, int, Aim], ...] = ()
    vector: Targets | None = None


@dataclass(frozen=True)
class Course:
    """How a network is taught: passes over the lessons, learning rate, texts a batch, seed."""

    epochs: int
    rate: float
    batch: int
    seed: int


def teach(
    network: FeedbackNetwork,
    tokenizer: PreTrainedTokenizerBase,
    lessons: Sequence[Lesson],
    course: Course,
) -> None:
    """Train the network in place; the word vectors stay as they are."""
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad = False
    chance = random.Random(course.seed)  # noqa: S311 - an order of texts, not a secret
    heads = [*network.theme.parameters(), *network.sentiment.parameters()]
    deep = [p for n, p in network.named_parameters() if p.requires_grad and "encoder" in n]
    deep += network.vector.parameters()
    rates = [course.rate, max(course.rate, _HEAD_RATE)]
    optimiser = torch.optim.AdamW(
        [{"params": deep, "lr": rates[0]}, {"params": heads, "lr": rates[1]}], weight_decay=0.01
    )
    steps = course.epochs * -(-len(lessons) // course.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=steps + 1, pct_start=0.1
    )
    network.train()
    begun = time.monotonic()
    for epoch in range(course.epochs):
        losses = []
        for batch in _batches(lessons, course.batch, chance):
            loss = _loss(network, tokenizer, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        _LOG.info("pass %d: loss %.3f, %.0f s", epoch, np.mean(losses), time.monotonic() - begun)
    network.eval()


def _batches(lessons: Sequence[Lesson], size: int, chance: random.Random) -> list[list[Lesson]]:
    """All lessons in a new order, texts of like length together: less padding."""
    mixed = chance.sample(list(lessons), len(lessons))
    chunk = 16 * size
    ordered = [
        lesson
        for begin in range(0, len(mixed), chunk)
        for lesson in sorted(mixed[begin : begin + chunk], key=lambda one: len(one.text))
    ]
    batches = [ordered[begin : begin + size] for begin in range(0, len(ordered), size)]
    return chance.sample(batches, len(batches))


def _loss(
    network: FeedbackNetwork, tokenizer: PreTrainedTokenizerBase, batch: Sequence[Lesson]
) -> Tensor:
    tokens = network.tokens(tokenizer, [lesson.text for lesson in batch])
    parts = [
        ((row, begin, end), aim)
        for row, lesson in enumerate(batch)
        for begin, end, aim in lesson.parts
    ]
    whole, read = network(tokens, [span for span, _ in parts])
    loss = _missed(whole, [lesson.aim for lesson in batch])
    if parts:
        share = len(parts) / 2 / len(batch)
        loss = loss + _PART_WEIGHT * min(1.0, share) * _missed(read, [aim for _, aim in parts])
    known = [(row, one.vector) for row, one in enumerate(batch) if one.vector is not None]
    if known:
        wanted = torch.from_numpy(np.stack([vector for _, vector in known]))
        found = whole.vectors[[row for row, _ in known]]
        loss = loss + _VECTOR_WEIGHT * (1 - (found * wanted).sum(dim=1)).mean()
    return loss


def _missed(readings: Readings, aims: Sequence[Aim]) -> Tensor:
    themes = torch.from_numpy(np.stack([aim.themes for aim in aims]))
    sentiments = torch.from_numpy(np.stack([aim.sentiments for aim in aims]))
    return _THEME_WEIGHT * nn.functional.binary_cross_entropy_with_logits(
        readings.themes, themes
    ) + nn.functional.cross_entropy(readings.sentiments, sentiments)
