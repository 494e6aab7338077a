"""Sentences as a person types them: letter case, typing errors, endings, emoji.

Belongs here: the looks of a whole text, and where its personal data came to lie. Does not belong
here: what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from aspa_resources.demo.catalogue import mix
from aspa_resources.demo.templates import Segment

SHORTEST_TYPO = 8
ENDINGS = ("!", "!", "!!", "!!!")
LATIN_1 = str.maketrans({"–": "-", "€": "e"})


@dataclass(frozen=True)
class Span:
    """Personal data at text[start:end]."""

    label: str
    start: int
    end: int


def typed(
    rng: Random, sentences: Sequence[Sequence[Segment]], sentiment: str, encoding: str
) -> tuple[str, tuple[Span, ...]]:
    """Type sentences as one person would; tell where the labelled pieces came to lie.

    Args:
        rng: Whose draws decide the style.
        sentences: The text's sentences in order.
        sentiment: Whose emoji fit.
        encoding: What the text must be representable in.
    """
    style = mix()["style"]
    between = "\n" if rng.random() < style["line_break"] else " "
    pieces: list[Segment] = []
    for sentence in sentences:
        pieces.extend(_mistyped(rng, sentence) if rng.random() < style["typo"] else sentence)
        pieces.append(Segment(between))
    pieces[-2:] = [_ended(rng, pieces[-2])]
    if rng.random() < style["emoji"]:
        fitting = [each for each in mix()["emoji"][sentiment] if _fits(each, encoding)]
        pieces.append(Segment(f" {rng.choice(fitting)}"))
    letters = rng.random()
    if letters < style["lower"]:
        pieces = [Segment(piece.text.lower(), piece.label) for piece in pieces]
    elif letters < style["lower"] + style["upper"]:
        pieces = [Segment(piece.text.upper(), piece.label) for piece in pieces]
    text, spans = _assembled(pieces)
    return text if _fits(text, encoding) else text.translate(LATIN_1), spans


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _assembled(pieces: Sequence[Segment]) -> tuple[str, tuple[Span, ...]]:
    spans: list[Span] = []
    length = 0
    for piece in pieces:
        if piece.label:
            spans.append(Span(piece.label, length, length + len(piece.text)))
        length += len(piece.text)
    return "".join(piece.text for piece in pieces), tuple(spans)


def _mistyped(rng: Random, sentence: Sequence[Segment]) -> Sequence[Segment]:
    """Swap or drop a letter; never in personal data, whose form must stay known."""
    long = [
        i for i, part in enumerate(sentence) if not part.label and len(part.text) > SHORTEST_TYPO
    ]
    if not long:
        return sentence
    place = rng.choice(long)
    text = sentence[place].text
    at = rng.randrange(1, len(text) - 2)
    first, second = text[at], text[at + 1]
    if not (first + second).isalpha():
        return sentence
    letters = rng.choice((second + first, second))
    wrong = Segment(text[:at] + letters + text[at + 2 :])
    return [*sentence[:place], wrong, *sentence[place + 1 :]]


def _ended(rng: Random, last: Segment) -> Segment:
    """Leave the final period off, or shout."""
    if last.label or not last.text.endswith("."):
        return last
    style, draw = mix()["style"], rng.random()
    if draw < style["no_period"]:
        return Segment(last.text[:-1])
    if draw < style["no_period"] + style["exclamation"]:
        return Segment(last.text[:-1] + rng.choice(ENDINGS))
    return last
