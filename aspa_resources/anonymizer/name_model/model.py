"""From texts to spans of names: the network's scores, and what a name in a text says of the next.

Belongs here: thresholds, and the rules that join, widen and repeat names. Does not belong here: the
network, other scripts than Latin.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aspa_resources.anonymizer.name_model.context import (
    announces_name,
    followed_by_title,
    in_link_host,
    is_title,
)
from aspa_resources.anonymizer.name_model.features import Token, is_latin, tokenize
from aspa_resources.anonymizer.name_model.network import Network
from aspa_resources.anonymizer.name_model.other_scripts import names_in_other_scripts

WEIGHTS = Path(__file__).parent / "weights.npz"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score at which a token is a name, by how it is written.

    Attributes:
        capital: A capital within a sentence, on an everyday word.
        compound: A capital within a sentence, on a compound of two everyday words.
        unknown: A capital within a sentence, on another word.
        first: A capital where a sentence begins, on an everyday word or a compound of two.
        first_unknown: A capital where a sentence begins, on another word.
        flat: Any word of a text without capitals or of capitals alone.
        lower: No capital, in a text that has some.
        thing: A capital, in a form of a place, an organisation, an illness or a medicine.
        street: A word made like the name of a street, which is an address.
        beside: A capital beside another name ("X, Y ja Z").
        next_lower: No capital, right beside another name without a capital.
    """

    capital: float = 0.01
    compound: float = 0.04
    unknown: float = 0.01
    first: float = 0.25
    first_unknown: float = 0.08
    flat: float = 0.35
    lower: float = 0.93
    thing: float = 0.5
    street: float = 0.98
    beside: float = 0.03
    next_lower: float = 0.3


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
_STREET = re.compile(
    r"(\w{3,})(?:katu|kadu|tie|kuja|polku|polu|väylä|gatan|vägen|gränden|stigen)\w{0,5}"
)
_STEM = 4
_LEAST_FIRST_PART, _LEAST_LAST_PART = 3, 4
_NEN_ENDING = re.compile(r"(?:nen|se(?:n|en|t|lle|ll[aä]|lt[aä]|st[aä]|ss[aä]|n[aä]|ksi)|st[aä])$")
_NEVER = 2.0
_SHOUTED = 0.7


class NameModel:
    """Finds names of people in texts."""

    def __init__(
        self, network: Network, version: str, thresholds: Thresholds = Thresholds()
    ) -> None:  # frozen
        self._network = network
        self.version = version
        self._thresholds = thresholds

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
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
        chosen = self._chosen(text, tokens, scores) | self._announced(text, tokens, scores)
        if chosen:
            self._add_beside(text, tokens, scores, chosen)
            self._add_next_lower(text, tokens, scores, chosen)
            self._add_repeated(tokens, chosen)
        spans = [
            NameSpan(tokens[i].start, tokens[i].end, max(0.5, scores[i])) for i in sorted(chosen)
        ]
        spans = _apart(_widened(span, text) for span in _joined(spans, text))
        spans.extend(NameSpan(start, end, 0.8) for start, end in names_in_other_scripts(text))
        return tuple(spans)

    def _chosen(self, text: str, tokens: list[Token], scores: list[float]) -> set[int]:
        lowest = min(self._thresholds.unknown, self._thresholds.capital)
        candidates = [
            i for i, s in enumerate(scores) if s >= lowest and _is_latin_word(tokens[i].text)
        ]
        if not candidates:
            return set()
        flat = _is_flat(tokens)
        return {
            i
            for i in candidates
            if scores[i] >= self._limit(tokens, i, flat=flat)
            and not in_link_host(text, tokens[i].start, tokens[i].end)
        }

    def _limit(self, tokens: list[Token], i: int, *, flat: bool) -> float:
        """Return the least score at which the token is a name, by how and where it is written."""
        limits, word = self._thresholds, tokens[i].text
        lower, capital = word.lower(), word[0].isupper()
        first = i == 0 or tokens[i - 1].text[0] in _SENTENCE_END
        if (not capital and len(word) == 1) or is_title(word) or _is_pronoun(tokens, i):
            limit = _NEVER
        elif self._is_street(lower):
            limit = limits.street
        elif flat:
            limit = max(limits.flat, limits.thing) if self._is_thing(word) else limits.flat
        elif not capital:
            limit = limits.lower
        elif self._is_thing(word):
            limit = limits.thing
        elif self._is_compound(lower):
            limit = limits.first if first else limits.compound
        elif lower in self._network.lexicon:
            limit = limits.first if first else limits.capital
        else:
            limit = limits.first_unknown if first else limits.unknown
        return limit

    def _is_street(self, word: str) -> bool:
        """Tell whether a word is an everyday word and one for a street."""
        street = _STREET.fullmatch(word)
        return street is not None and street[1] in self._network.lexicon

    def _is_compound(self, word: str) -> bool:
        """Tell whether the lexicon holds both parts of a word, as of many homes and wards."""
        lexicon = self._network.lexicon
        return any(
            word[at:] in lexicon and word[:at] in lexicon
            for at in range(_LEAST_FIRST_PART, len(word) - _LEAST_LAST_PART + 1)
        )

    def _announced(self, text: str, tokens: list[Token], scores: list[float]) -> set[int]:
        """Return capitalised words beside a title, everyday words only where the network doubts."""
        return {
            i
            for i, token in enumerate(tokens)
            if token.text.istitle()
            and _is_latin_word(token.text)
            and (announces_name(text, token.start) or followed_by_title(text, token.end))
            and not self._stays(token.text)
            and (
                scores[i] >= self._thresholds.beside
                or token.text.lower() not in self._network.lexicon
            )
        }

    def _is_thing(self, word: str) -> bool:
        return word.lower() in self._network.things

    def _stays(self, word: str) -> bool:
        """Tell whether a word is no name for what stands beside it alone."""
        return self._is_thing(word) or is_title(word)

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
                    or self._stays(tokens[j].text)
                ):
                    continue
                left, right = (i, j) if step == 1 else (j, i)
                before_name = step == -1 and j > 0 and tokens[j - 1].text[0] not in _SENTENCE_END
                gap = text[tokens[left].end : tokens[right].start]
                if _COORDINATION.fullmatch(gap) or (before_name and gap == " "):
                    chosen.add(j)

    def _add_next_lower(
        self, text: str, tokens: list[Token], scores: list[float], chosen: set[int]
    ) -> None:
        """Add the other half of a name in small letters: "virtanen matti"."""
        for i in sorted(chosen):
            for j in (i - 1, i + 1):
                if (
                    0 <= j < len(tokens)
                    and j not in chosen
                    and scores[j] >= self._thresholds.next_lower
                    and tokens[i].text.islower()
                    and tokens[j].text.islower()
                    and len(tokens[j].text) > 1
                    and text[tokens[min(i, j)].end : tokens[max(i, j)].start] in {" ", "-"}
                ):
                    chosen.add(j)

    def _add_repeated(self, tokens: list[Token], chosen: set[int]) -> None:
        """Add other case forms of the capitalised names found."""
        stems = {
            _stem(tokens[i].text)
            for i in chosen
            if len(tokens[i].text) >= _STEM and tokens[i].text[0].isupper()
        }
        for j, token in enumerate(tokens):
            if j not in chosen and token.text[0].isupper() and not self._stays(token.text):
                word = token.text.lower()
                if _stem(word) in stems or any(
                    word.startswith(stem) or (stem.startswith(word[:-1]) and len(word) > _STEM)
                    for stem in stems
                ):
                    chosen.add(j)


def _stem(name: str) -> str:
    """Return what forms of a name share: Korhonen, Korhosen: korho-; Virralle: virral."""
    word = name.lower()
    ending = _NEN_ENDING.search(word)
    if ending and ending.start() >= _STEM - 1:
        return word[: ending.start()] + "-"
    return word[: max(_STEM, len(word) - 2)]


def _is_pronoun(tokens: list[Token], i: int) -> bool:
    """Tell whether a token is the English I and no initial."""
    return tokens[i].text == "I" and (i + 1 == len(tokens) or tokens[i + 1].text != ".")


def _is_flat(tokens: list[Token]) -> bool:
    """Tell whether capitals say nothing: there are none, or nearly all words are in capitals."""
    words = [t.text for t in tokens if t.text[0].isalpha()]
    return not any(w[0].isupper() for w in words) or sum(
        w.isupper() for w in words
    ) > _SHOUTED * len(words)


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


def _apart(spans: Iterable[NameSpan]) -> list[NameSpan]:
    """Leave out what an earlier, widened span has taken in (the ending of "Anna K:lle")."""
    apart: list[NameSpan] = []
    for span in spans:
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart


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
