# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Train the name model and write its weights: python -m aspa_resources.anonymizer.training.train.

Needs torch, the corpora and the municipality list; see MODEL_CARD.md for sources and scores.
"""

import csv
import logging
import random
from functools import partial
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from aspa_resources.anonymizer.name_model.features import (
    MAX_PIECES,
    PAD,
    PIECE_BUCKETS,
    PLACE_FLAGS,
    TYPE_FLAGS,
    WORD_BUCKETS,
    fold,
    pieces,
    place_flags,
    type_flags,
    word_bucket,
)
from aspa_resources.anonymizer.name_model.lexicon import Lexicon
from aspa_resources.anonymizer.training.corpora import (
    Example,
    conll,
    labelled,
    lower_cased,
    plain_lines,
    renamed,
    upper_cased,
)
from aspa_resources.anonymizer.training.generate import CLOSE, OPEN, Generator, word_sections
from aspa_resources.anonymizer.training.inflection import CASES, inflect

_WIDTH, _HIDDEN, _BATCH = 32, 64, 256
_LONGEST_WORD = 14
_LOG2_THING_BITS = 18
_UNLABELLED = (
    ("fi-annotated.tsv", 0, "fi"),
    ("neu_fi.txt", 1, "fi"),
    ("sv-projections.tsv", 0, "sv"),
)
_LOG = logging.getLogger(__name__)


class NameNetwork(nn.Module):
    """The network of `name_model.network`, to be trained."""

    def __init__(self) -> None:
        super().__init__()
        self.piece = nn.EmbeddingBag(PIECE_BUCKETS, _WIDTH, mode="mean", padding_idx=0)
        self.word = nn.Embedding(WORD_BUCKETS, _WIDTH, padding_idx=0)
        nn.init.normal_(self.piece.weight, std=0.3)
        nn.init.normal_(self.word.weight, std=0.1)
        width = 2 * _WIDTH + TYPE_FLAGS + PLACE_FLAGS
        self.conv1 = nn.Conv1d(width, _HIDDEN, 5, padding=2)
        self.conv2 = nn.Conv1d(_HIDDEN, _HIDDEN, 5, padding=4, dilation=2)
        self.out = nn.Linear(_HIDDEN, 3)
        self.drop = nn.Dropout(0.2)

    def forward(
        self,
        pieces_: torch.Tensor,
        words: torch.Tensor,
        flags: torch.Tensor,
        index: torch.Tensor,
        place: torch.Tensor,
    ) -> torch.Tensor:
        """Return logits (rows, 3); `index` maps rows to distinct tokens, 0 being padding."""
        kinds = torch.cat([self.piece(pieces_), self.word(words), flags], dim=1)
        inside = (index > 0).float().unsqueeze(0)
        rows = torch.cat([kinds[index], place], dim=1) * inside.T
        hidden = torch.relu(self.conv1(self.drop(rows).T.unsqueeze(0))) * inside
        hidden = torch.relu(self.conv2(self.drop(hidden))) + hidden
        logits: torch.Tensor = self.out(self.drop(hidden.squeeze(0).T))
        return logits


class Data:
    """Examples as arrays: distinct tokens once, texts as rows of token numbers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._numbers: dict[str, int] = {}
        self._pieces: list[list[int]] = [[0] * MAX_PIECES]
        self._words = [0]
        self._flags = [[0.0] * TYPE_FLAGS]
        self.rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, example: Example) -> None:
        """Add one text."""
        text, tokens, labels = example
        if tokens:
            numbers = np.array([self._number(t.text) for t in tokens], dtype=np.int32)
            self.rows.append(
                (
                    numbers,
                    place_flags(tokens, text).astype(np.float16),
                    np.array(labels, dtype=np.int8),
                )
            )

    def _number(self, token: str) -> int:
        number = self._numbers.get(token)
        if number is None:
            number = self._numbers[token] = len(self._words)
            lower = fold(token)
            own = pieces(lower)
            self._pieces.append(own + [0] * (MAX_PIECES - len(own)))
            self._words.append(word_bucket(lower))
            self._flags.append(type_flags(token, known=lower in self._lexicon))
        return number

    def freeze(self) -> None:
        """Turn lists into arrays; nothing can be added afterwards."""
        self.pieces = np.array(self._pieces, dtype=np.int32)
        self.words = np.array(self._words, dtype=np.int32)
        self.flags = np.array(self._flags, dtype=np.float32)

    def batch(self, chosen: list[int]) -> tuple[torch.Tensor, ...]:
        """Return tensors of the chosen texts, padded apart."""
        total = sum(len(self.rows[i][0]) + PAD for i in chosen) + PAD
        index, label = np.zeros(total, dtype=np.int64), np.full(total, -1, dtype=np.int64)
        place, at = np.zeros((total, PLACE_FLAGS), dtype=np.float32), PAD
        for i in chosen:
            numbers, own, labels = self.rows[i]
            (
                index[at : at + len(numbers)],
                place[at : at + len(numbers)],
                label[at : at + len(numbers)],
            ) = numbers, own, labels
            at += len(numbers) + PAD
        kinds, compact = np.unique(np.concatenate([[0], index]), return_inverse=True)
        arrays = (
            self.pieces[kinds],
            self.words[kinds],
            self.flags[kinds],
            compact[1:],
            place,
            label,
        )
        return tuple(torch.from_numpy(np.ascontiguousarray(a)) for a in arrays)


def everyday_words() -> dict[str, list[str]]:
    """Return the lower-case forms of simplemma's Finnish, Swedish and English word lists."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    factory = DefaultDictionaryFactory()
    return {
        lang: [
            form
            for form, lemma in factory.get_dictionary(lang).items()
            if form.isalpha()
            and form.islower()
            and lemma.islower()
            and 2 <= len(form) <= _LONGEST_WORD
        ]
        for lang in ("fi", "sv", "en")
    }


def municipality_names(path: Path) -> list[tuple[str, str]]:
    """Return the Finnish and Swedish names of the municipalities of a list."""
    with path.open(encoding="utf-8") as lines:
        return [
            (r["municipality_name_fi"], r["municipality_name_sv"]) for r in csv.DictReader(lines)
        ]


def examples(
    corpora: Path,
    *,
    municipalities: list[tuple[str, str]],
    everyday: dict[str, list[str]],
    lexicon: Lexicon,
    amount: int,
    seed: int,
) -> list[Example]:
    """Return all training texts: corpora, their lower-cased copies, generated text."""
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    finnish = list(conll(corpora / "turku-ner/train.tsv", "O"))
    swedish = list(conll(corpora / "swedish-ner/train.txt", "0"))
    nameless: dict[str, list[str]] = {"fi": [], "sv": []}
    found: list[Example] = []
    for name, column, lang in _UNLABELLED:
        for line in plain_lines(corpora / "xed-fi" / name, column, lexicon.__contains__):
            found.append(lower_cased(line) if rng.random() < 0.3 else line)
            if not any(line[2]):
                nameless[lang].append(line[0])
    generator = Generator(corpora / "dvv-names", municipalities, everyday, nameless, seed)
    for lang, named in (("fi", finnish), ("sv", swedish)):
        copies = [
            renamed(e, partial(generator.renamed, lang=lang))
            for e in named
            if 1 in e[2]
            for _ in range(3)
        ]
        told = [*named, *named, *copies]
        found.extend(told)
        found.extend(lower_cased(e) for e in told if rng.random() < 0.5)
        found.extend(upper_cased(e) for e in told if rng.random() < 0.03)
    for lang, lines in nameless.items():
        for plain in lines * 2:
            named_line = generator.pronouns_named(plain, lang)
            if named_line:
                found.append(marked(named_line.lower() if rng.random() < 0.2 else named_line))
    found.extend(marked(generator.text()) for _ in range(amount))
    return found


def marked(text: str) -> Example:
    """Return a generated text without its marks, and its labels."""
    plain, spans, start = "", [], 0
    for character in text:
        if character == OPEN:
            start = len(plain)
        elif character == CLOSE:
            spans.append((start, len(plain), 1))
        else:
            plain += character
    return labelled(plain, spans)


def thing_forms(municipalities: list[tuple[str, str]], seed: int) -> set[str]:
    """Return places, organisations, illnesses and medicines in all case forms, in small letters."""
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    words = word_sections()
    names = [name for pair in municipalities for name in pair]
    for section in ("place_fi", "place_sv", "thing", "medicine"):
        names.extend(words[section])
    forms = {inflect(n, case, surname=True, rng=rng).lower() for n in names for case in CASES * 2}
    return forms | {f"{n.lower()}s" for n in names}


def fit(data: Data, epochs: int, seed: int) -> NameNetwork:
    """Train with Adam; a third of the whole-word embeddings is withheld so that letters count."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311
    network = NameNetwork()
    order = list(range(len(data.rows)))
    steps = epochs * (len(order) // _BATCH + 1)
    optimizer = torch.optim.Adam(network.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=6e-3, total_steps=steps, pct_start=0.1
    )
    loss_of = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.6, 1.0]), ignore_index=-1)
    for epoch in range(epochs):
        rng.shuffle(order)
        total = 0.0
        for at in range(0, len(order), _BATCH):
            pieces_, words, flags, index, place, label = data.batch(order[at : at + _BATCH])
            words[torch.rand(words.shape) < 0.35] = 0
            flags[:, 17] *= (torch.rand(len(flags)) > 0.05).float()
            loss = loss_of(network(pieces_, words, flags, index, place), label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        _LOG.info("epoch %d loss %.4f", epoch, total * _BATCH / len(order))
    return network.eval()


def _small(table: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    values = table.detach().numpy()
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-6) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float16)


def _half(values: torch.Tensor | None) -> np.ndarray:
    if values is None:
        raise ValueError("every layer of the network has a bias")
    return values.detach().numpy().astype(np.float16)


def save(network: NameNetwork, lexicon: np.ndarray, things: np.ndarray, path: Path) -> None:
    """Write the weights: embeddings in eight bits with a scale per row, the rest in sixteen."""
    piece, piece_scale = _small(network.piece.weight)
    word, word_scale = _small(network.word.weight)
    np.savez_compressed(
        path,
        piece=piece,
        piece_scale=piece_scale,
        word=word,
        word_scale=word_scale,
        lexicon=lexicon,
        things=things,
        conv1=_half(network.conv1.weight.permute(2, 1, 0)),
        bias1=_half(network.conv1.bias),
        conv2=_half(network.conv2.weight.permute(2, 1, 0)),
        bias2=_half(network.conv2.bias),
        out=_half(network.out.weight.T),
        bias_out=_half(network.out.bias),
    )


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--municipalities", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--amount", default=150_000, help="generated texts")
@click.option("--epochs", default=4)
@click.option("--seed", default=1)
@click.option("--threads", default=1)
def main(
    *,
    corpora: Path,
    municipalities: Path,
    output: Path,
    amount: int,
    epochs: int,
    seed: int,
    threads: int,
) -> None:
    """Train and write the weights."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(threads)
    everyday = everyday_words()
    bits = Lexicon.of((w for words in everyday.values() for w in words), log2_bits=24)
    lexicon = Lexicon(bits)
    places = municipality_names(municipalities)
    data = Data(lexicon)
    for example in examples(
        corpora, municipalities=places, everyday=everyday, lexicon=lexicon, amount=amount, seed=seed
    ):
        data.add(example)
    data.freeze()
    _LOG.info("%d texts, %d distinct tokens", len(data.rows), len(data.words))
    things = Lexicon.of(thing_forms(places, seed), log2_bits=_LOG2_THING_BITS)
    save(fit(data, epochs, seed), bits, things, output)


if __name__ == "__main__":
    main()
