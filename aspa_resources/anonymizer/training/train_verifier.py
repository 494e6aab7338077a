# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Train the verifier's word lists and leak model: python -m ...training.train_verifier.

Every text is seen cleaned in two ways: with one name left at a time, the others placeholders, and
as the first pass in place leaves it, whose misses weigh more. Run it again once the first pass has
changed. Needs scikit-learn and the corpora; see MODEL_CARD.md. Takes some minutes of one core.

Belongs here: the texts, the lists, the fit. Not here: figures (measure_verifier).
"""

import csv
import logging
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from aspa_resources.anonymizer import Anonymizer
from aspa_resources.anonymizer.text_form import visible
from aspa_resources.anonymizer.training.cleaned_forms import (
    Cleaned,
    as_first_pass_leaves_it,
    with_one_name_left,
)
from aspa_resources.anonymizer.training.corpora import (
    Example,
    conll,
    lower_cased,
    plain_lines,
    renamed,
)
from aspa_resources.anonymizer.training.generate import Generator
from aspa_resources.anonymizer.training.inflection import CASES, inflect
from aspa_resources.anonymizer.training.institutions import Institutions
from aspa_resources.anonymizer.training.train import everyday_words, marked
from aspa_resources.anonymizer.verification.leak_model import (
    BUCKETS,
    View,
    is_word,
    tokens_of,
)
from aspa_resources.anonymizer.verification.word_lists import (
    FIRST,
    KNOWN,
    LAST,
    SEEN,
    Filter,
    WordLists,
    packed,
)
from aspa_resources.rule_book import RuleBook

_LOG = logging.getLogger(__name__)
_UNLABELLED = (
    ("fi-annotated.tsv", 0, "fi"),
    ("neu_fi.txt", 1, "fi"),
    ("sv-projections.tsv", 0, "sv"),
)
_FIRST_NAME_FILES = ("etunimet_naiset.csv", "etunimet_miehet.csv")
# Bearers from which a name belongs to a tier, commonest first, and the bits of the tier's filter.
_FIRST_TIERS = ((10_000, 17), (1_000, 19), (5, 21))
_LAST_TIERS = ((2_500, 17), (300, 19), (20, 22))
_KNOWN_BITS, _SEEN_BITS = 25, 20
_HARD_WEIGHT = 3.0  # of what the first pass left
_OTHER_NAME_WEIGHT = 0.2  # of organisations and places in the news: feedback has few of them
_PLAIN_SHARE = 0.15  # of the words that look like no name, each standing for the others


def word_filters(corpora: Path, everyday: dict[str, list[str]]) -> dict[str, Any]:
    """Return the bits of the verifier's word lists, arrays of uint8 by their names."""
    known = {word for words in everyday.values() for word in words}
    seen = {word for word, times in _seen(corpora).items() if times > 1 and word in known}
    filters = {KNOWN: packed(known, _KNOWN_BITS), SEEN: packed(seen, _SEEN_BITS)}
    folder, rng = corpora / "dvv-names", random.Random(11)  # noqa: S311  # no secret
    first = [row for name in _FIRST_NAME_FILES for row in _bearers(folder / name)]
    last = _bearers(folder / "sukunimet.csv")
    for names, tiers, rows in ((FIRST, _FIRST_TIERS, first), (LAST, _LAST_TIERS, last)):
        for name, (least, bits) in zip(names, tiers, strict=True):
            common = [one for one, bearers in rows if bearers >= least]
            forms = _forms(common, surname=names is LAST, rng=rng)
            filters[name] = packed(forms, bits)
    return filters


def _seen(corpora: Path) -> Counter[str]:
    """Count the lower-case words of text that people wrote and that names no one by them."""
    words: Counter[str] = Counter()
    for name, column, _ in _UNLABELLED:
        for line in (corpora / "xed-fi" / name).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            words.update(re.findall(r"[^\W\d_]+", cells[column]) if len(cells) > column else ())
    for path in Path(__file__).parent.glob("sentences_*.txt"):
        slots_out = re.sub(
            r"\{.*?\}|^#.*$", " ", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        words.update(re.findall(r"[^\W\d_]+", slots_out))
    return Counter({word: times for word, times in words.items() if word.islower()})


def _bearers(path: Path) -> list[tuple[str, int]]:
    with path.open(encoding="utf-8") as lines:
        rows = [
            (row["nimi"].strip().lower(), int(row["lukumaara"])) for row in csv.DictReader(lines)
        ]
    return [(name, bearers) for name, bearers in rows if len(name) > 1 and name.isalpha()]


def _forms(names: Iterable[str], *, surname: bool, rng: random.Random) -> Iterator[str]:
    for name in names:
        yield from (name, name + "s")
        for case in CASES * 2:  # twice: the language has two ways of many
            yield inflect(name, case, surname=surname, rng=rng)


def training_texts(
    corpora: Path, everyday: dict[str, list[str]], amount: int, seed: int
) -> list[Example]:
    """Return corpora, with their own and with other names, and generated texts."""
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    known = {word for words in everyday.values() for word in words}
    found: list[Example] = []
    nameless: dict[str, list[str]] = {"fi": [], "sv": []}
    for name, column, lang in _UNLABELLED:
        for line in plain_lines(corpora / "xed-fi" / name, column, known.__contains__):
            found.append(lower_cased(line) if rng.random() < 0.3 else line)
            if not any(line[2]):
                nameless[lang].append(line[0])
    towns = RuleBook.load().code_sets["municipalities"].codes.select("name_fi", "name_sv").rows()
    generator = Generator(corpora / "dvv-names", towns, everyday, nameless, seed)
    for lang, named in (
        ("fi", list(conll(corpora / "turku-ner/train.tsv", "O"))),
        ("sv", list(conll(corpora / "swedish-ner/train.txt", "0"))),
    ):
        rename = partial(generator.renamed, lang=lang)
        told = [*named, *(renamed(e, rename) for e in named if 1 in e[2] for _ in range(3))]
        found += [*told, *(lower_cased(e) for e in told if rng.random() < 0.35)]
    for lang, lines in nameless.items():
        for plain in lines:
            if named_line := generator.pronouns_named(plain, lang):
                found.append(marked(named_line.lower() if rng.random() < 0.2 else named_line))
    found += [marked(generator.text()) for _ in range(amount)]
    return found


@dataclass
class Samples:
    """Words of cleaned texts as features, with label and weight.

    Words that look like names count one by one; of the others a share stands for all.
    """

    lists: WordLists
    rng: random.Random
    rows: list[npt.NDArray[np.int32]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, cleaned: Cleaned, leak_weight: float = 1.0) -> None:
        """Add the words of a cleaned text."""
        matches = [*tokens_of(cleaned.text)]
        tokens = [".", *(match.group() for match in matches), "."]
        labels = [-1, *(cleaned.labels[match.start()] for match in matches), -1]
        view = View(tokens, self.lists)
        self._forget(view)
        for at in range(1, len(tokens) - 1):
            if is_word(tokens[at]) and labels[at] >= 0:
                self._add_word(view, at, labels[at], leak_weight)

    def _forget(self, view: View) -> None:
        """Forget some words and names, so that what no list has is told by its place and form."""
        for at, (known, names) in enumerate(view.codes):
            chance = self.rng.random()
            if chance < 0.06 and known in "Kkc":
                view.codes[at] = ("U", names)
            elif chance < 0.16 and known != "-":
                view.codes[at] = (known, "00")

    def _add_word(self, view: View, at: int, label: int, leak_weight: float) -> None:
        known, names = view.codes[at]
        inside = view.shapes[at] != "a" and not view.starts[at]
        telling = label == 1 or names != "00" or known == "U" or inside
        if not telling and self.rng.random() >= _PLAIN_SHARE:
            return
        # Letters are withheld at times: a model that knows every name by heart learns nothing else.
        found = view.around(at) if self.rng.random() < 0.35 else view.features(at)
        self.rows.append(np.array(found, dtype=np.int32))
        self.labels.append(int(label == 1))
        other = {1: leak_weight, 2: _OTHER_NAME_WEIGHT}
        self.weights.append(other.get(label, 1.0 if telling else 1 / _PLAIN_SHARE))


def samples_of(
    texts: Sequence[Example], lists: WordLists, names: Sequence[str], seed: int
) -> Samples:
    """Return every text's words, cleaned in both ways."""
    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    samples = Samples(lists, rng)
    institutions = Institutions(names, rng)
    first_pass = Anonymizer().anonymize([text for text, _, _ in texts])
    left = 0
    for example, anonymized in zip(texts, first_pass, strict=True):
        for cleaned in with_one_name_left(example, rng):
            samples.add(cleaned)
        if rng.random() < 0.12:
            samples.add(institutions.sentence())
        missed = as_first_pass_leaves_it(example, visible(example[0]), anonymized.text)
        if missed and 1 in missed.labels:
            left += 1
            samples.add(missed, _HARD_WEIGHT)
    _LOG.info("%d texts; in %d of them the first pass left a name", len(texts), left)
    return samples


def fit(samples: Samples, seed: int) -> tuple[npt.NDArray[np.float32], float]:
    """Return weights and bias of a logistic regression, fitted by averaged gradient descent."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    lengths = np.cumsum([0, *map(len, samples.rows)])
    flat = np.concatenate(samples.rows)
    ones = np.ones(len(flat), dtype=np.float32)
    matrix = csr_matrix((ones, flat, lengths), shape=(len(samples.rows), BUCKETS))
    model: Any = SGDClassifier(
        loss="log_loss", alpha=5e-7, max_iter=10, tol=None, random_state=seed, average=True,
        learning_rate="invscaling", eta0=0.2, power_t=0.15,
    )  # fmt: skip
    model.fit(matrix, np.array(samples.labels), sample_weight=np.array(samples.weights))
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--amount", default=60_000, help="generated texts")
@click.option("--seed", default=101)
def main(*, corpora: Path, output: Path, amount: int, seed: int) -> None:
    """Train and write the lists and the weights, these in eight bits."""
    logging.basicConfig(format="%(asctime)s %(message)s")
    _LOG.setLevel(logging.INFO)  # ours alone: Presidio tells of every text
    everyday = everyday_words()
    filters = word_filters(corpora, everyday)
    lists = WordLists({name: Filter(bits) for name, bits in filters.items()})
    texts = training_texts(corpora, everyday, amount, seed)
    names = [
        name.capitalize()
        for name, bearers in _bearers(corpora / "dvv-names/sukunimet.csv")
        if bearers > 100
    ]
    samples = samples_of(texts, lists, names, seed)
    _LOG.info("%d words, %d of them left names", len(samples.labels), sum(samples.labels))
    weights, bias = fit(samples, seed)
    scale = float(np.abs(weights).max()) / 127
    np.savez_compressed(
        output,
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=np.float32(bias),
        **filters,
    )


if __name__ == "__main__":
    main()
