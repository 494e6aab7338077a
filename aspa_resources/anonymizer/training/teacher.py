# ruff: noqa: PLR2004  # the shares and sizes below are the recipe itself
"""A teacher for lines nobody has labelled: python -m aspa_resources.anonymizer.training.teacher.

Multilingual-e5-small with one layer on top, taught on the labelled corpora and some generated text,
says of every word of the XED lines how likely it is a name; `train` learns from what it is sure of.
Belongs here: its fitting and its telling. Does not belong here: the shipped network.
"""

import json
import logging
import random
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from torch import nn

from aspa_resources.anonymizer.training.corpora import (
    Example,
    conll,
    lower_cased,
    plain_lines,
    renamed,
)
from aspa_resources.anonymizer.training.foreign_names import foreign_names
from aspa_resources.anonymizer.training.generate import Generator
from aspa_resources.anonymizer.training.train import (
    LABELLED,
    UNLABELLED,
    everyday_words,
    marked,
    municipality_names,
)

_FROZEN_LAYERS, _WIDTH, _PADDING = 5, 384, 1
_ROW = 1500
_RATES = [1.2e-4, 1e-3]
_LOG = logging.getLogger(__name__)
Encoded = tuple[list[int], np.ndarray]


class Teacher(nn.Module):
    """The embedder with its upper layers free, and a class for each subword."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer
        from transformers import BertModel

        super().__init__()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(128)
        self.body = BertModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False)
        for part in (self.body.embeddings, *self.body.encoder.layer[:_FROZEN_LAYERS]):
            for parameter in part.parameters():
                parameter.requires_grad = False
        self.out = nn.Linear(_WIDTH, 3)

    def encoded(self, example: Example) -> Encoded:
        """Return subword numbers and, per token, the place of its first subword (-1: cut off)."""
        text, tokens, _ = example
        told = self.tokenizer.encode(text)
        firsts, at = np.full(len(tokens), -1), 0
        for number, token in enumerate(tokens):
            while at < len(told.offsets) and told.offsets[at][1] <= token.start:
                at += 1
            if at < len(told.offsets) and told.offsets[at][0] < token.end:
                firsts[number] = at
        return told.ids, firsts

    def forward(self, texts: Sequence[list[int]]) -> torch.Tensor:
        """Return logits, shape (texts, longest text, 3)."""
        longest = max(map(len, texts))
        ids = torch.full((len(texts), longest), _PADDING)
        for row, numbers in enumerate(texts):
            ids[row, : len(numbers)] = torch.tensor(numbers)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.body(ids, attention_mask=(ids != _PADDING).long()).last_hidden_state
            logits: torch.Tensor = self.out(hidden).float()
        return logits


def lessons(
    corpora: Path, municipalities: list[tuple[str, str]], *, amount: int, seed: int
) -> list[Example]:
    """Return the texts the teacher is taught on: news, half of it changed, and generated text."""
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    generator = Generator(
        corpora / "dvv-names", municipalities, everyday_words(), {}, seed, foreign=foreign_names()
    )
    found: list[Example] = []
    for lang, path, outside in LABELLED:
        for example in conll(corpora / path, outside):
            found.append(lower_cased(example) if rng.random() < 0.25 else example)
            if 1 in example[2]:
                copy = example
                if rng.random() < 0.4:
                    copy = renamed(example, partial(generator.renamed, lang=lang))
                found.append(lower_cased(copy) if rng.random() < 0.6 else copy)
    found.extend(marked(generator.text()) for _ in range(amount))
    return found


def _batches(lengths: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Return batches of texts of like length, in random order, `_ROW` subwords to a batch."""
    made: list[list[int]] = [[]]
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random()):
        if made[-1] and lengths[i] * (len(made[-1]) + 1) > _ROW:
            made.append([])
        made[-1].append(i)
    rng.shuffle(made)
    return made


def teach(teacher: Teacher, examples: Sequence[Example], *, epochs: float, seed: int) -> None:
    """Fit the teacher (AdamW, one cycle of the learning rate)."""
    rng = random.Random(seed)  # noqa: S311  # training order, no secret
    encoded = [teacher.encoded(e) for e in examples]
    lengths = [len(ids) for ids, _ in encoded]
    steps = int(len(_batches(lengths, rng)) * epochs)
    free = [p for p in teacher.body.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [{"params": free}, {"params": teacher.out.parameters()}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATES, total_steps=steps, pct_start=0.08
    )
    loss_of = nn.CrossEntropyLoss(ignore_index=-1, weight=torch.tensor([1.0, 1.5, 1.0]))
    teacher.train()
    order: list[list[int]] = []
    for step in range(steps):
        order = order or _batches(lengths, rng)
        chosen = order.pop()
        logits = teacher([encoded[i][0] for i in chosen])
        label = torch.full(logits.shape[:2], -1)
        for row, i in enumerate(chosen):
            firsts, told = encoded[i][1], np.array(examples[i][2])
            label[row, firsts[firsts >= 0]] = torch.from_numpy(told[firsts >= 0])
        loss = loss_of(logits.view(-1, 3), label.view(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            _LOG.info("step %d of %d, loss %.4f", step, steps, float(loss.detach()))


def tell(teacher: Teacher, examples: Sequence[Example]) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the number of each text and its tokens' class probabilities, shape (tokens, 3)."""
    encoded = [teacher.encoded(e) for e in examples]
    teacher.eval()
    for chosen in _batches([len(ids) for ids, _ in encoded], random.Random(0)):  # noqa: S311
        with torch.no_grad():
            shares = teacher([encoded[i][0] for i in chosen]).softmax(dim=-1).numpy()
        for row, i in enumerate(chosen):
            firsts = encoded[i][1]
            yield i, np.where(firsts[:, None] >= 0, shares[row, firsts], [[1.0, 0.0, 0.0]])


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--municipalities", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--embedder", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--amount", default=4_500, help="generated texts")
@click.option("--epochs", default=2.2)
@click.option("--seed", default=5)
@click.option("--threads", default=1)
def main(
    *,
    corpora: Path,
    municipalities: Path,
    embedder: Path,
    output: Path,
    amount: int,
    epochs: float,
    seed: int,
    threads: int,
) -> None:
    """Teach the teacher, then write what it says of the XED lines (JSON: line, per cents)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    teacher = Teacher(embedder)
    places = municipality_names(municipalities)
    teach(teacher, lessons(corpora, places, amount=amount, seed=seed), epochs=epochs, seed=seed)
    lines = [
        line
        for name, column, _ in UNLABELLED
        for line in plain_lines(corpora / "xed-fi" / name, column, str.isalpha)
    ]
    told = {lines[i][0]: np.round(s[:, 1:] * 100).astype(int) for i, s in tell(teacher, lines)}
    output.write_text(json.dumps({k: v.tolist() for k, v in told.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
