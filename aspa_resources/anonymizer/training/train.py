# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Train the name model and write its weights: python -m aspa_resources.anonymizer.training.train.

Belongs here: which texts the model is trained on, in what shares. Does not belong here: the network
(`student`), the making of texts (`generate`, `corpora`). Needs torch, the corpora, the municipality
list and an unpacked multilingual-e5-small; see MODEL_CARD.md for sources and scores.
"""

import csv
import json
import logging
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import click
import torch

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
from aspa_resources.anonymizer.training.data import Data, Knowledge
from aspa_resources.anonymizer.training.foreign_names import foreign_names
from aspa_resources.anonymizer.training.generate import Generator, word_sections
from aspa_resources.anonymizer.training.inflection import CASES, inflect
from aspa_resources.anonymizer.training.sloppy import CLOSE, OPEN, mistyped, spoken
from aspa_resources.anonymizer.training.student import fit, save
from aspa_resources.anonymizer.training.vocabulary import read_vocabulary

_SURE_NAME, _SURE_NONE = 80, 8
_LONGEST_WORD = 14
_LOG2_THING_BITS = 18
LABELLED = (
    ("fi", "turku-ner/train.tsv", "O"),
    ("sv", "swedish-ner/train.txt", "0"),
)
UNLABELLED = (
    ("fi-annotated.tsv", 0, "fi"),
    ("neu_fi.txt", 1, "fi"),
    ("sv-projections.tsv", 0, "sv"),
)
_LOG = logging.getLogger(__name__)


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
    told: Mapping[str, list[list[int]]] | None = None,
) -> list[Example]:
    """Return all training texts: corpora, their lower-cased copies, generated text.

    Args:
        corpora: Folder of the corpora.
        municipalities: Finnish and Swedish names.
        everyday: Lower-case words by language.
        lexicon: The same words, to ask.
        amount: Generated texts.
        seed: Makes the texts repeatable.
        told: What the teacher says of the lines nobody has labelled: per token the per cents of
            person and of other name.
    """
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    nameless: dict[str, list[str]] = {"fi": [], "sv": []}
    found: list[Example] = []
    named: list[tuple[str, Example]] = []
    for name, column, lang in UNLABELLED:
        for untold in plain_lines(corpora / "xed-fi" / name, column, lexicon.__contains__):
            line = _taught(untold, (told or {}).get(untold[0]))
            found.append(lower_cased(line) if rng.random() < 0.3 else line)
            if 1 in line[2]:
                named.append((lang, line))
            elif not any(line[2]):
                nameless[lang].append(line[0])
    generator = Generator(
        corpora / "dvv-names", municipalities, everyday, nameless, seed, foreign=foreign_names()
    )
    for lang, path, outside in LABELLED:
        found.extend(_news(corpora / path, outside, partial(generator.renamed, lang=lang), rng))
    for lang, line in named * 2:
        copy = renamed(line, partial(generator.renamed, lang=lang))
        found.append(lower_cased(copy) if rng.random() < 0.5 else copy)
    for lang, lines in nameless.items():
        sloppy = [plain for plain in lines if rng.random() < 0.4]
        found.extend(marked(mistyped(spoken(p, lang, rng), 0.1, rng).lower()) for p in sloppy)
        for plain in lines * 2:
            named_line = generator.pronouns_named(plain, lang)
            if named_line:
                found.append(marked(named_line.lower() if rng.random() < 0.2 else named_line))
    found.extend(marked(generator.text()) for _ in range(amount))
    return found


def _taught(line: Example, told: list[list[int]] | None) -> Example:
    """Return a line with the labels its teacher is sure of; the rest is not told."""
    if told is None:
        return line
    text, tokens, _ = line
    labels = [
        0 if not token.text[0].isalpha()
        else 1 if person >= _SURE_NAME
        else 2 if other >= _SURE_NAME
        else 0 if person + other <= _SURE_NONE
        else -1
        for token, (person, other) in zip(tokens, told, strict=True)
    ]  # fmt: skip
    return text, tokens, labels


def _news(
    path: Path, outside: str, rename: Callable[[list[str]], list[str]], rng: random.Random
) -> Iterator[Example]:
    """Yield labelled sentences alone and in threes, as written, with other names, lower-cased."""
    threes, single = list(conll(path, outside)), list(conll(path, outside, 1, spaced=True))
    named = [e for e in (*threes, *single) if 1 in e[2]]
    copies = [renamed(e, rename) for e in named for _ in range(2)]
    for example in (*threes, *single, *copies):
        yield example
        if rng.random() < 0.7:
            yield lower_cased(example)
        if rng.random() < 0.03:
            yield upper_cased(example)


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
    forms = {inflect(n, case, surname=True, rng=rng).lower() for n in names for case in CASES * 5}
    return forms | {f"{n.lower()}s" for n in names}


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--municipalities", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--embedder", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--told", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--amount", default=150_000, help="generated texts")
@click.option("--epochs", default=4)
@click.option("--networks", default=3, help="trained apart, one mean")
@click.option("--seed", default=1)
@click.option("--threads", default=1)
def main(
    *,
    corpora: Path,
    municipalities: Path,
    embedder: Path,
    told: Path,
    output: Path,
    amount: int,
    epochs: int,
    networks: int,
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
    things = Lexicon.of(thing_forms(places, seed), log2_bits=_LOG2_THING_BITS)
    vocabulary = read_vocabulary(embedder)
    data = Data(Knowledge(lexicon, Lexicon(things), vocabulary.cutter()))
    for example in examples(
        corpora,
        municipalities=places,
        everyday=everyday,
        lexicon=lexicon,
        amount=amount,
        seed=seed,
        told=json.loads(told.read_text(encoding="utf-8")),
    ):
        data.add(example)
    data.freeze()
    _LOG.info("%d texts, %d distinct tokens", len(data.rows), len(data.words))
    trained = [fit(data, vocabulary, epochs=epochs, seed=seed + n) for n in range(networks)]
    save(trained, vocabulary, bits, things, output)


if __name__ == "__main__":
    main()
