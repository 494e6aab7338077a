# ruff: noqa: PLR2004  # the shares below are the recipe itself
"""Marked training texts in cleaned form: with one name left, or as a first pass leaves them.

Belongs here: cutting names and numbers out of marked texts while keeping track of what each
remaining character is. Does not belong here: where the texts come from, features, training.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aspa_resources.anonymizer.training.corpora import Example

_PLACEHOLDER = re.compile(r"(<[A-Z]+>)")
_NUMBER = re.compile(r"\d+(?:[.,:/–-]\d+)*")
_NOT_TOLD = -1

Cut = tuple[int, int, str]
"""Start and end of what is taken away, and the placeholder in its place."""


@dataclass(frozen=True)
class Cleaned:
    """A cleaned text.

    Attributes:
        labels: of each character: 0 no name, 1 person, 2 other name, -1 not told or placeholder.
    """

    text: str
    labels: list[int]


def with_one_name_left(example: Example, rng: random.Random) -> Iterator[Cleaned]:
    """Yield the text once for each of its names, that one left, or half of it; once without any."""
    text, _, _ = example
    labels, names = _characters(example), _names(example)
    numbers = [(m.start(), m.end(), "<NUMBER>") for m in _NUMBER.finditer(text)]
    for left in range(len(names)) if names else (-1,):
        taken = [(start, end, "<PERSON>") for start, end in names]
        if left >= 0:
            taken[left : left + 1] = _half(text, *names[left], rng)
        yield _cut(text, labels, [*taken, *numbers])


def as_first_pass_leaves_it(example: Example, seen: str, cleaned: str) -> Cleaned | None:
    """Return the text as a first pass cleaned it; None where the two cannot be laid side by side.

    Args:
        example: the marked text.
        seen: the form of it that the first pass read.
        cleaned: what the first pass made of it.
    """
    if seen != example[0]:
        return None
    labels, made, at = _characters(example), [], 0
    for place, part in enumerate(_PLACEHOLDER.split(cleaned)):
        if place % 2:
            made += [_NOT_TOLD] * len(part)
            continue
        at = seen.find(part, at)
        if at < 0:
            return None
        made += labels[at : at + len(part)]
        at += len(part)
    return Cleaned(cleaned, made)


def _characters(example: Example) -> list[int]:
    text, tokens, labels = example
    told = [0] * len(text)
    for token, label in zip(tokens, labels, strict=True):
        told[token.start : token.end] = [label] * (token.end - token.start)
    return told


def _names(example: Example) -> list[tuple[int, int]]:
    """Return where whole names start and end; signs inside a name belong to it."""
    _, tokens, labels = example
    names: list[tuple[int, int]] = []
    inside = False
    for token, label in zip(tokens, labels, strict=True):
        if label == 1 and inside:
            names[-1] = (names[-1][0], token.end)
        elif label == 1:
            names.append((token.start, token.end))
        inside = label == 1 or (inside and label == _NOT_TOLD)
    return names


def _half(text: str, start: int, end: int, rng: random.Random) -> list[Cut]:
    """Return what is taken of a name that is left: nothing, or at times one of its parts."""
    at = text.find(" ", start, end)
    if at < 0 or rng.random() >= 0.25:
        return []
    return [(start, at, "<PERSON>") if rng.random() < 0.5 else (at + 1, end, "<PERSON>")]


def _cut(text: str, labels: Sequence[int], cuts: Sequence[Cut]) -> Cleaned:
    made, told, at = "", [], 0
    for start, end, placeholder in sorted(cuts):
        if start < at:
            continue
        made += text[at:start] + placeholder
        told += [*labels[at:start], *[_NOT_TOLD] * len(placeholder)]
        at = end
    return Cleaned(made + text[at:], [*told, *labels[at:]])
