"""From texts to spans of names: the network's scores, and what a name in a text says of the next.

Belongs here: thresholds, and the rules that join, widen and repeat names. Does not belong here: the
network, other scripts than Latin.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aspa_resources.anonymizer.name_model.context import announces_name
from aspa_resources.anonymizer.name_model.features import Token, is_latin, tokenize
from aspa_resources.anonymizer.name_model.network import Network
from aspa_resources.anonymizer.name_model.other_scripts import names_in_other_scripts

_WEIGHTS = Path(__file__).parent / "weights.npz"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score at which a token is a name, by how it is written.

    Attributes:
        capital: A capital within a sentence.
        first: A capital where a sentence begins.
        lower_alone: No capital, in a text that has none.
        lower: No capital, in a text that has some.
        thing: A capital, in a form of a place, an organisation, an illness or a medicine.
        beside: A capital beside another name ("X, Y ja Z").
        repeated: A form of a name already found in the text.
    """

    capital: float = 0.05
    first: float = 0.3
    lower_alone: float = 0.35
    lower: float = 0.93
    thing: float = 0.6
    beside: float = 0.01
    repeated: float = 0.0


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text: characters `start` to `end`, score 0..1."""

    start: int
    end: int
    score: float


_BETWEEN = re.compile(
    r"(?:[-'’. ]{1,3}|\s(?:af|von|van|de|del|da|dos|der|den|el|al|bin|ben|ibn|la|le|ter)\s){1,2}",
    re.IGNORECASE,
)
_COORDINATION = re.compile(
    r"(?:\s?[,&/+]\s?|\s(?:ja|och|and|sekä|&|tai|eller|or|ynnä|samt)\s){1,2}", re.IGNORECASE
)
_AFTER = re.compile(
    r"(?:['’]s\b|\s[A-ZÅÄÖ](?::[a-zåäö]{1,5}\b|\.(?!\w)|(?=[\s,.!?)]|$))|:[a-zåäö]{1,5}\b)"
)
_BEFORE = re.compile(r"(?:\b[A-ZÅÄÖ]\.?[ -]?){1,3}$")
_SENTENCE_END = frozenset(".!?…\n:")
_STEM = 4
_NEVER = 2.0


class NameModel:
    """Finds names of people in texts."""

    def __init__(
        self, network: Network, version: str, thresholds: Thresholds = Thresholds()
    ) -> None:  # frozen
        self._network = network
        self.version = version
        self._thresholds = thresholds

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> Self:
        """Return the model of a weights file (default: the one that ships)."""
        network, version = Network.read(path)
        return cls(network, version)

    def names(self, texts: Sequence[str]) -> list[tuple[NameSpan, ...]]:
        """Return the names of every text, in order of the text."""
        tokens = [tokenize(text) for text in texts]
        shares = self._network.probabilities(list(texts), tokens)
        return [
            self._of_text(text, own, share[:, 1].tolist())
            for text, own, share in zip(texts, tokens, shares, strict=True)
        ]

    def _of_text(self, text: str, tokens: list[Token], scores: list[float]) -> tuple[NameSpan, ...]:
        chosen = self._chosen(tokens, scores) | self._announced(text, tokens, scores)
        if chosen:
            self._add_beside(text, tokens, scores, chosen)
            self._add_repeated(tokens, scores, chosen)
        spans = [
            NameSpan(tokens[i].start, tokens[i].end, max(0.5, scores[i])) for i in sorted(chosen)
        ]
        spans = [_widened(span, text) for span in _joined(spans, text)]
        spans.extend(NameSpan(start, end, 0.8) for start, end in names_in_other_scripts(text))
        return tuple(spans)

    def _chosen(self, tokens: list[Token], scores: list[float]) -> set[int]:
        lowest = self._thresholds.capital
        candidates = [
            i for i, s in enumerate(scores) if s >= lowest and _is_latin_word(tokens[i].text)
        ]
        if not candidates:
            return set()
        any_capital = any(t.text[0].isupper() for t in tokens)
        return {
            i for i in candidates if scores[i] >= self._limit(tokens, i, any_capital=any_capital)
        }

    def _limit(self, tokens: list[Token], i: int, *, any_capital: bool) -> float:
        """Return the least score at which the token is a name, by how and where it is written."""
        limits, word = self._thresholds, tokens[i].text
        if not word[0].isupper():
            if len(word) == 1:
                return _NEVER
            return limits.lower if any_capital else limits.lower_alone
        if self._is_thing(word):
            return limits.thing
        first = i == 0 or tokens[i - 1].text[0] in _SENTENCE_END
        return limits.first if first else limits.capital

    def _announced(self, text: str, tokens: list[Token], scores: list[float]) -> set[int]:
        """Return capitalised words after a title, everyday words only where the network doubts."""
        return {
            i
            for i, token in enumerate(tokens)
            if i
            and token.text.istitle()
            and _is_latin_word(token.text)
            and announces_name(text, token.start)
            and not self._is_thing(token.text)
            and (
                scores[i] >= self._thresholds.beside
                or token.text.lower() not in self._network.lexicon
            )
        }

    def _is_thing(self, word: str) -> bool:
        return word.lower() in self._network.things

    def _add_beside(
        self, text: str, tokens: list[Token], scores: list[float], chosen: set[int]
    ) -> None:
        """Add capitalised words that a comma or `and` joins to a name, or that stand before it."""
        for i in sorted(chosen):
            for step in (1, -1):
                j = _next_word(tokens, i, step)
                if (
                    j is None
                    or j in chosen
                    or scores[j] < self._thresholds.beside
                    or self._is_thing(tokens[j].text)
                ):
                    continue
                left, right = (i, j) if step == 1 else (j, i)
                before_name = step == -1 and j > 0 and tokens[j - 1].text[0] not in _SENTENCE_END
                gap = text[tokens[left].end : tokens[right].start]
                if _COORDINATION.fullmatch(gap) or (before_name and gap == " "):
                    chosen.add(j)

    def _add_repeated(self, tokens: list[Token], scores: list[float], chosen: set[int]) -> None:
        """Add other case forms of the capitalised names found."""
        stems = {
            tokens[i].text[: max(_STEM, len(tokens[i].text) - 2)].lower()
            for i in chosen
            if len(tokens[i].text) >= _STEM and tokens[i].text[0].isupper()
        }
        for j, token in enumerate(tokens):
            if (
                j not in chosen
                and token.text[0].isupper()
                and scores[j] >= self._thresholds.repeated
                and not self._is_thing(token.text)
            ):
                word = token.text.lower()
                if any(
                    word.startswith(stem) or (stem.startswith(word[:-1]) and len(word) > _STEM)
                    for stem in stems
                ):
                    chosen.add(j)


def _is_latin_word(token: str) -> bool:
    return token[0].isalpha() and is_latin(token)


def _next_word(tokens: list[Token], i: int, step: int) -> int | None:
    """Return the next word that is no `and`, at most three tokens away."""
    for j in (i + step, i + 2 * step, i + 3 * step):
        if 0 <= j < len(tokens) and tokens[j].text[0].isalpha() and tokens[j].text[0].isupper():
            return j
    return None


def _joined(spans: Iterable[NameSpan], text: str) -> list[NameSpan]:
    """Join names that only signs, spaces or a particle (af, von) part."""
    joined: list[NameSpan] = []
    for span in spans:
        if joined and _BETWEEN.fullmatch(text, joined[-1].end, span.start):
            last = joined[-1]
            joined[-1] = NameSpan(last.start, span.end, max(last.score, span.score))
        else:
            joined.append(span)
    return joined


def _widened(span: NameSpan, text: str) -> NameSpan:
    """Take in initials beside the name, a genitive 's and an ending after a colon."""
    start, end = span.start, span.end
    before = _BEFORE.search(text, max(0, start - 8), start)
    if before and before.group()[0] != "T":  # "T. Aino": the T signs a letter (terveisin)
        start = before.start()
    after = _AFTER.match(text, end)
    while after:
        end = after.end()
        after = _AFTER.match(text, end)
    return NameSpan(start, end, span.score)
