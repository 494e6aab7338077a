"""What a page says: its sentences, numbers and months in one language.

Belongs here: `texts.yaml` and how Finnish, Swedish and English write numbers and months.
Does not belong here: names of codes, which the rule book has (`names`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final, Literal, get_args

import yaml

from aspa_resources.reporting.figures import Figure

Language = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
LANGUAGE_NAMES: Final[Mapping[Language, str]] = {
    "fi": "Suomi",
    "sv": "Svenska",
    "en": "English",
}

_NBSP: Final = "\u00a0"
_MINUS: Final = "\u2212"
_ONE_PERCENT: Final = 0.01


class TextsError(ValueError):
    """`texts.yaml` lacks a language or its languages disagree on a placeholder."""


@dataclass(frozen=True)
class Wording:
    """The page's voice in one language.

    Attributes:
        language: fi, sv or en.
        texts: every sentence by its dotted key.
        threshold: responses below which nothing is shown, named wherever a figure is suppressed.
    """

    language: Language
    texts: Mapping[str, str]
    threshold: int

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its placeholders filled.

        Raises:
            KeyError: the key or one of its placeholders is unknown.
        """
        return self.texts[key].format(threshold=self.threshold, **values)

    def knows(self, key: str) -> bool:
        """Return whether there is a sentence of that key."""
        return key in self.texts

    def month(self, month: str) -> str:
        """Return `YYYY-MM` in words."""
        year, number = month.split("-")
        return self.say(f"months.{number}", year=year)

    def month_short(self, month: str) -> str:
        """Return `YYYY-MM` as month/year in digits, for an axis."""
        year, number = month.split("-")
        return f"{int(number)}/{year[2:]}"

    def period(self, period: str) -> str:
        """Return a month, a quarter (`2025-Q1`) or a year in words."""
        year, _, part = period.partition("-")
        if not part:
            return self.say("periods.year", year=year)
        if part.startswith("Q"):
            return self.say("periods.quarter", year=year, quarter=part.removeprefix("Q"))
        return self.month(period)

    def whole(self, number: float) -> str:
        """Return a number in whole units, thousands grouped, halves rounded up."""
        return self.decimal(int(number + 0.5) if number >= 0 else -int(-number + 0.5), 0)

    def decimal(self, number: float, places: int) -> str:
        """Return a number with a fixed count of decimals and a true minus sign."""
        plain = f"{abs(number):,.{places}f}"
        if self.language != "en":
            plain = plain.replace(",", _NBSP).replace(".", ",")
        return f"{_MINUS}{plain}" if number < 0 else plain

    def percent(self, share: float) -> str:
        """Return a share of 0..1 in per cent; below one per cent with one decimal."""
        figure = self.decimal(100 * share, 1 if 0 < share < _ONE_PERCENT else 0)
        return f"{figure}%" if self.language == "en" else f"{figure}{_NBSP}%"

    def status(self, figure: Figure) -> str:
        """Return in one word why a figure is not shown."""
        return self.say(f"status.{_unshown(figure)}")


def wording(language: Language, threshold: int) -> Wording:
    """Return the voice of one language."""
    texts = {key: leaf[language] for key, leaf in load_texts().items()}
    return Wording(language, texts, threshold)


@cache
def load_texts() -> Mapping[str, Mapping[Language, str]]:
    """Read `texts.yaml`: every sentence in every language, by its dotted key.

    Raises:
        TextsError: a leaf lacks a language or its languages have different placeholders.
    """
    source = files("aspa_resources.reporting").joinpath("texts.yaml").read_text("utf-8")
    leaves: dict[str, Mapping[Language, str]] = {}
    _collect("", yaml.safe_load(source), leaves)
    return leaves


def placeholders(text: str) -> frozenset[str]:
    """Return the names of a sentence's placeholders."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _collect(
    path: str, node: Mapping[str, object], leaves: dict[str, Mapping[Language, str]]
) -> None:
    if not set(node) & set(LANGUAGES):
        for key, child in node.items():
            if not isinstance(child, Mapping):
                raise TextsError(f"texts.yaml: {path or key} is no mapping: give it {LANGUAGES}")
            _collect(f"{path}.{key}" if path else str(key), child, leaves)
        return
    leaf: dict[Language, str] = {}
    for language in LANGUAGES:
        text = node.get(language)
        if not isinstance(text, str) or not text.strip():
            raise TextsError(f"texts.yaml: {path} has no text in {language}: write it")
        leaf[language] = text
    if len({placeholders(text) for text in leaf.values()}) > 1:
        raise TextsError(f"texts.yaml: {path} has other placeholders in one language: align them")
    leaves[path] = leaf


def _unshown(figure: Figure) -> str:
    return "suppressed" if figure.status == "suppressed" else "missing"
