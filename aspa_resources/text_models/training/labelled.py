"""The labelled texts that the text models learn from, and longer ones made of pairs.

Belongs here: reading `sentences` and `texts`, pairing. Does not belong here: texts without labels
(`unlabelled`). All of it was written for this purpose; the files hold no real feedback.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aspa_resources.text_models.heads import SENTIMENTS, THEMES

_HERE = Path(__file__).parent
LANGUAGES = ("fi", "sv", "en")
_SENTIMENT_OF_SIGN = {"+": "positive", "-": "negative", "±": "mixed", "0": "neutral"}
_MOST_THEMES = 3
_SAME_SENTIMENT = 0.85


@dataclass(frozen=True)
class Labelled:
    """One labelled text: its language, sentiment (one of SENTIMENTS) and one to three themes."""

    language: str
    sentiment: str
    themes: tuple[str, ...]
    text: str


def labelled_sentences() -> list[Labelled]:
    """The single sentences of all languages.

    Raises:
        ValueError: when a line is not `sign|themes|text`; names file and line.
    """
    return [sentence for language in LANGUAGES for sentence in _sentences(language)]


def labelled_texts() -> list[Labelled]:
    """The whole texts of all languages, as a customer writes them.

    Raises:
        ValueError: when a line has an unknown label; names file and line.
    """
    return [text for file in training_files() if file.suffix == ".jsonl" for text in _texts(file)]


def training_files() -> tuple[Path, ...]:
    """The files that the labelled sentences and texts are read from."""
    sentences = [_HERE / "sentences" / f"{language}.txt" for language in LANGUAGES]
    return (*sentences, *sorted((_HERE / "texts").glob("*.jsonl")))


def lines_of(name: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of a file of sentences, without comments."""
    text = (_HERE / "sentences" / name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            yield number, line


def _sentences(language: str) -> Iterator[Labelled]:
    for number, line in lines_of(f"{language}.txt"):
        sign, _, rest = line.partition("|")
        themes, _, text = rest.partition("|")
        if sign not in _SENTIMENT_OF_SIGN or not text or not set(themes.split(",")) <= set(THEMES):
            raise ValueError(f"{language}.txt line {number}: write sign|themes|text.")
        yield Labelled(language, _SENTIMENT_OF_SIGN[sign], tuple(themes.split(",")), text)


def _texts(file: Path) -> Iterator[Labelled]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        if row["sentiment"] not in SENTIMENTS or not set(row["themes"]) <= set(THEMES):
            raise ValueError(f"{file.name} line {number}: an unknown sentiment or theme.")
        yield Labelled(row["lang"], row["sentiment"], tuple(row["themes"]), row["text"])


def paired(
    single: Sequence[Labelled], count: int, chance: random.Random
) -> list[tuple[Labelled, Labelled]]:
    """Two texts of one language that make a longer one, mostly of like sentiment."""
    made: list[tuple[Labelled, Labelled]] = []
    while len(made) < count:
        one, two = chance.choice(single), chance.choice(single)
        if one.language != two.language or len({*one.themes, *two.themes}) > _MOST_THEMES:
            continue
        if one.sentiment == two.sentiment or chance.random() >= _SAME_SENTIMENT:
            made.append((one, two))
    return made


def joined(one: Labelled, two: Labelled) -> Labelled:
    """The longer text of a pair; general praise or blame gives way to a theme with an object."""
    themes = tuple(dict.fromkeys(one.themes + two.themes))
    return Labelled(
        one.language,
        _sentiment_of_both(one.sentiment, two.sentiment),
        tuple(theme for theme in themes if theme != "general") or themes,
        f"{one.text} {two.text}",
    )


def _sentiment_of_both(one: str, two: str) -> str:
    said = {one, two} - {"neutral"}
    return "mixed" if len(said) > 1 else said.pop() if said else "neutral"
