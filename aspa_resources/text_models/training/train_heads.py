"""Train the linear heads and write heads.npz: `python -m ...training.train_heads MODEL_FOLDER`.

Sources: the sentences beside this script alone. Seeded: the same sentences give the same weights.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.features import features, ngrams
from aspa_resources.text_models.heads import LANGUAGES, SENTIMENTS, SHIPPED_HEADS, THEMES, Heads
from aspa_resources.text_models.sentences import readable

_SENTENCES = Path(__file__).parent / "sentences"
_FEEDBACK_LANGUAGES = ("fi", "sv", "en")
_SEED = 2025
_PAIRS = 1000
_SAME_SENTIMENT = 0.85
_MOST_THEMES = 3
_STRENGTH = 1.0
"""Inverse regularisation of the logistic regressions."""


@dataclass(frozen=True)
class Example:
    """One labelled text: whether it says good, whether it says bad, and its themes."""

    language: str
    good: bool
    bad: bool
    themes: tuple[str, ...]
    text: str

    @property
    def sentiment(self) -> str:
        """One of SENTIMENTS."""
        if self.good and self.bad:
            return "mixed"
        return "positive" if self.good else "negative" if self.bad else "neutral"


def examples() -> list[Example]:
    """The labelled sentences of all languages.

    Raises:
        ValueError: when a line is not `sign|themes|text`; names file and line.
    """
    return [example for language in _FEEDBACK_LANGUAGES for example in _read(language)]


def _read(language: str) -> Iterator[Example]:
    for number, line in _lines(f"{language}.txt"):
        sign, _, rest = line.partition("|")
        themes, _, text = rest.partition("|")
        if sign not in "+-±0" or not text or not set(themes.split(",")) <= set(THEMES):
            raise ValueError(f"{language}.txt line {number}: write sign|themes|text.")
        yield Example(language, sign in "+±", sign in "-±", tuple(themes.split(",")), text)


def _lines(name: str) -> Iterator[tuple[int, str]]:
    text = (_SENTENCES / name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            yield number, line


def paired(single: Sequence[Example], count: int, seed: int) -> list[tuple[Example, Example]]:
    """Two examples of one language that make a longer text, mostly of like sentiment."""
    chance = random.Random(seed)  # noqa: S311 - a seeded sample, not a secret
    made: list[tuple[Example, Example]] = []
    while len(made) < count:
        one, two = chance.choice(single), chance.choice(single)
        if one.language != two.language or len({*one.themes, *two.themes}) > _MOST_THEMES:
            continue
        if one.sentiment == two.sentiment or chance.random() >= _SAME_SENTIMENT:
            made.append((one, two))
    return made


def joined(one: Example, two: Example) -> Example:
    """The longer text of a pair; general praise or blame gives way to a theme with an object."""
    themes = tuple(dict.fromkeys(one.themes + two.themes))
    return Example(
        one.language,
        one.good or two.good,
        one.bad or two.bad,
        tuple(theme for theme in themes if theme != "general") or themes,
        f"{one.text} {two.text}",
    )


def train(embedder: Embedder) -> Heads:
    """Fit every head for this embedding model.

    Whole texts and sentences are judged by heads of their own: a sentence's vector knows its
    context, and the halves of pairs teach its heads to look past it.
    """
    single = examples()
    pairs = paired(single, _PAIRS, _SEED)
    alone = embedder.embed([readable(example.text) for example in single])
    whole, halves = embedder.embed_with_parts(*_texts_and_spans(pairs))
    centre, spread = alone.mean(axis=0), alone.std(axis=0)
    arrays = {"centre": centre, "spread": spread}
    for unit, more, vectors in (
        ("text", [joined(*pair) for pair in pairs], [whole]),
        ("sentence", [half for pair in pairs for half in pair], halves),
    ):
        training = [*single, *more]
        texts = [example.text for example in training]
        seen = features(texts, np.concatenate([alone, *vectors]), centre, spread)
        themes = np.array([[theme in example.themes for theme in THEMES] for example in training])
        fits = [_logistic(seen, column) for column in themes.T]
        arrays[f"{unit}_theme_weight"] = np.concatenate([weight for weight, _ in fits])
        arrays[f"{unit}_theme_bias"] = np.concatenate([bias for _, bias in fits])
        weight, bias = _logistic(
            seen, np.array([SENTIMENTS.index(example.sentiment) for example in training])
        )
        arrays |= {f"{unit}_sentiment_weight": weight, f"{unit}_sentiment_bias": bias}
    arrays["language_weight"], arrays["language_bias"] = _language_head(single)
    return Heads(arrays, embedder.sha256)


def _texts_and_spans(
    pairs: Sequence[tuple[Example, Example]],
) -> tuple[list[str], list[list[tuple[int, int]]]]:
    """Pairs as one readable text each, and where their halves lie in it."""
    texts, spans = [], []
    for one, two in pairs:
        first, second = readable(one.text), readable(two.text)
        texts.append(f"{first} {second}")
        spans.append([(0, len(first)), (len(first) + 1, len(first) + 1 + len(second))])
    return texts, spans


def _language_head(single: Sequence[Example]) -> tuple[npt.NDArray[np.float32], ...]:
    pairs = [(example.text, example.language) for example in single]
    pairs += [(line, "other") for _, line in _lines("other.txt")]
    wanted = np.array([LANGUAGES.index(language) for _, language in pairs])
    return _logistic(ngrams([text for text, _ in pairs]), wanted, strength=100.0, balanced=True)


def _logistic(
    seen: object,
    wanted: npt.NDArray[np.generic],
    strength: float = _STRENGTH,
    *,
    balanced: bool = False,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=strength, max_iter=500, class_weight="balanced" if balanced else None
    ).fit(seen, wanted)
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)


if __name__ == "__main__":
    train(Embedder(Path(sys.argv[1]))).save(SHIPPED_HEADS)
