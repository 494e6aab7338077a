"""What a network is taught, and the teaching: texts with soft targets, one loss, one loop.

Belongs here: targets, loss, optimiser. Does not belong here: where targets come from, layers.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.training.labelled import Labelled

Targets = npt.NDArray[np.float32]
_LOG = logging.getLogger(__name__)
_THEME_WEIGHT = 4.0
_SMOOTHING = 0.05
_HEAD_RATE = 2e-3


@dataclass(frozen=True)
class Aim:
    """What should be read: probability of each theme (13), and of each sentiment (4)."""

    themes: Targets
    sentiments: Targets


@dataclass(frozen=True)
class Course:
    """How a network is taught: passes over the lessons, learning rate, texts a batch, seed."""

    epochs: int
    rate: float
    batch: int
    seed: int


class Taught(Protocol):
    """A network that can be taught: which of its layers are new, which were learnt before."""

    def fresh(self) -> list[nn.Parameter]:
        """Layers that begin with nothing: they learn faster."""
        ...

    def learnt(self) -> list[nn.Parameter]:
        """Layers that begin with what the embedded model knows."""
        ...

    def train(self, mode: bool = True) -> nn.Module:  # noqa: FBT001, FBT002 - as torch has it
        """Switch dropout on or off."""
        ...


L = TypeVar("L")


def aim_of(one: Labelled) -> Aim:
    """The labels of a text as probabilities; the sentiment a little smoothed."""
    themes = np.array([theme in one.themes for theme in THEMES], dtype=np.float32)
    sentiments = np.array([kind == one.sentiment for kind in SENTIMENTS], dtype=np.float32)
    even = np.float32(_SMOOTHING / len(SENTIMENTS))
    return Aim(themes, sentiments * np.float32(1 - _SMOOTHING) + even)


def missed(themes: Tensor, sentiments: Tensor, aims: Sequence[Aim]) -> Tensor:
    """How far scores (n, 13) and (n, 4) are from what should be read: a mean over texts."""
    wanted = torch.from_numpy(np.stack([aim.themes for aim in aims]))
    kinds = torch.from_numpy(np.stack([aim.sentiments for aim in aims]))
    of_themes = nn.functional.binary_cross_entropy_with_logits(themes, wanted)
    return _THEME_WEIGHT * of_themes + nn.functional.cross_entropy(sentiments, kinds)


def teach(
    network: Taught,
    lessons: Sequence[L],
    length: Callable[[L], int],
    loss_of: Callable[[Sequence[L]], Tensor],
    course: Course,
) -> None:
    """Train a network in place.

    Args:
        network: what is taught.
        lessons: what it is taught.
        length: of a lesson; those of like length go together.
        loss_of: how far the network is from the aims of a batch of lessons.
        course: how.
    """
    chance = random.Random(course.seed)  # noqa: S311 - an order of texts, not a secret
    groups = [(network.learnt(), course.rate), (network.fresh(), max(course.rate, _HEAD_RATE))]
    parameters = [parameter for group, _ in groups for parameter in group]
    optimiser = torch.optim.AdamW(
        [{"params": group, "lr": rate} for group, rate in groups], weight_decay=0.01
    )
    steps = course.epochs * -(-len(lessons) // course.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate for _, rate in groups], total_steps=steps + 1, pct_start=0.1
    )
    network.train()
    begun = time.monotonic()
    for epoch in range(course.epochs):
        losses = []
        for batch in _batches(lessons, length, course.batch, chance):
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        _LOG.info("pass %d: loss %.3f, %.0f s", epoch, np.mean(losses), time.monotonic() - begun)
    network.train(mode=False)


def _batches(
    lessons: Sequence[L], length: Callable[[L], int], size: int, chance: random.Random
) -> list[list[L]]:
    """All lessons in a new order, those of like length together: less padding."""
    mixed = chance.sample(list(lessons), len(lessons))
    chunk = 16 * size
    ordered = [
        lesson
        for begin in range(0, len(mixed), chunk)
        for lesson in sorted(mixed[begin : begin + chunk], key=length)
    ]
    batches = [ordered[begin : begin + size] for begin in range(0, len(ordered), size)]
    return chance.sample(batches, len(batches))
