"""The notation of the feedback grammars: literals, slots, alternatives and planted personal data.

Belongs here: reading a sentence template and expanding it. What a slot or a planted mark becomes is
the caller's matter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

TOKEN = re.compile(r"\[|\]|\||\{([a-z_]+)\}|<([A-Z]+)(?:\.([a-z]+))?(\.kin)?>|[^\[\]|{}<>]+")


@dataclass(frozen=True)
class Segment:
    """A piece of a written text; a labelled one is personal data."""

    text: str
    label: str | None = None


@dataclass(frozen=True)
class Slot:
    """A word to be drawn from the words of that name."""

    name: str


@dataclass(frozen=True)
class Mark:
    """A place for personal data of a kind, in a case, perhaps with the clitic -kin."""

    kind: str
    case: str
    clitic: str


@dataclass(frozen=True)
class Alternatives:
    """Sequences of which one is drawn."""

    options: tuple["Sequence_", ...]


Part = str | Slot | Mark | Alternatives
Sequence_ = tuple[Part, ...]
Planter = Callable[[Random, Mark], Segment]


@dataclass(frozen=True, eq=False)
class Template:
    """A sentence that can be written in many ways."""

    parts: Sequence_
    planted: bool

    def expand(
        self, rng: Random, words: Mapping[str, Sequence[str]], plant: Planter
    ) -> list[Segment]:
        """Write the sentence once, its first letter a capital."""
        segments = _expand(self.parts, rng, words, plant)
        for position, segment in enumerate(segments):
            if segment.text:
                if segment.label is None:
                    segments[position] = Segment(segment.text[0].upper() + segment.text[1:])
                break
        return segments


def read_template(line: str) -> Template:
    """Read a template.

    Raises:
        ValueError: A bracket, slot or mark is not closed.
    """
    tokens = list(TOKEN.finditer(line))
    if "".join(token.group() for token in tokens) != line:
        raise ValueError("a template has an unclosed slot or mark")
    options, rest = _read_options(tokens)
    if rest or len(options) != 1:
        raise ValueError("a template has an unbalanced bracket")
    return Template(options[0], "<" in line)


def _read_options(tokens: list[re.Match[str]]) -> tuple[list[Sequence_], list[re.Match[str]]]:
    """Read alternatives up to the closing bracket or the end; give them and the tokens left."""
    options: list[Sequence_] = []
    parts: list[Part] = []
    while tokens and tokens[0].group() != "]":
        token, tokens = tokens[0], tokens[1:]
        if token.group() == "|":
            options.append(tuple(parts))
            parts = []
        elif token.group() == "[":
            inner, tokens = _read_options(tokens)
            if not tokens:
                raise ValueError("a template has an unbalanced bracket")
            parts.append(Alternatives(tuple(inner)))
            tokens = tokens[1:]
        else:
            parts.append(_read_part(token))
    return [*options, tuple(parts)], tokens


def _read_part(token: re.Match[str]) -> Part:
    slot, kind, case, clitic = token.groups()
    if slot:
        return Slot(slot)
    if kind:
        return Mark(kind, case or "nom", (clitic or "").removeprefix("."))
    return token.group()


def _expand(
    parts: Sequence_, rng: Random, words: Mapping[str, Sequence[str]], plant: Planter
) -> list[Segment]:
    segments: list[Segment] = []
    for part in parts:
        if isinstance(part, str):
            segments.append(Segment(part))
        elif isinstance(part, Slot):
            segments.append(Segment(rng.choice(words[part.name])))
        elif isinstance(part, Mark):
            segments.append(plant(rng, part))
        else:
            segments.extend(_expand(rng.choice(part.options), rng, words, plant))
    return segments
