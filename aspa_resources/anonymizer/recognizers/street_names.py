"""Street names told by their last part, in every case form: `Koekadulta`, `Provgatans`.

Belongs here: reading one word, with the word lists of street_names.yaml and places.txt. Does not
belong here: what stands around the word (see `address`).
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import Any

import yaml

_CLITICS = ("", "kin", "kaan", "kään", "han", "hän", "ko", "kö", "pa", "pä")
_FINNISH_ENDINGS = ("illa", "ilta", "ille", "illä", "iltä", "in", "issa", "ista", "iin")
_ANY = "~"  # in the data: any beginning


class Case(Enum):
    """Case of a street's name, as far as it says what the word is."""

    PLAIN = "nominative"
    GENITIVE = "genitive"
    PLACE = "at, from or to it: the outer local cases, which streets take"
    INSIDE = "in, from inside or into it: the inner local cases, which islands and parks take"
    OTHER = "any other case"


class Kind(Enum):
    """How surely a word is a street, judged by itself."""

    STREET = "nothing else ends so"
    COMMON = "a common noun too: a street with a number or a capital amid a sentence"
    PLURAL = "looks like another word's plural: a street only with a number"
    NUMBERED = "a place or a surname as well: a street only with a number"


@dataclass(frozen=True, slots=True)
class StreetName:
    """A word that may name a street.

    Attributes:
        stem: What stands before the last part, small letters; empty where the last part is all.
        last: The last part in its basic form.
        town: Whether the whole word is a municipality or a post office ("Riihimäellä").
    """

    stem: str
    last: str
    case: Case
    kind: Kind
    town: bool


@dataclass(frozen=True, slots=True)
class _Form:
    last: str
    case: Case
    sure: bool
    towns: frozenset[str]


class StreetNames:
    """Reads words; made once, by `street_names`."""

    def __init__(self, lists: Mapping[str, Any], places: Iterable[str]) -> None:
        self._forms: dict[str, _Form] = {}
        towns = frozenset(places)
        for key in ("sure_fi", "numbered_fi", "sure_sv", "numbered_sv"):
            inflected = _finnish if key.endswith("fi") else _swedish
            for part in lists[key].split():
                last = part.split("/")[0]
                form_towns = frozenset(t[: -len(last)] for t in towns if t.endswith(last))
                for form, case in inflected(part):
                    self._forms.setdefault(
                        form, _Form(last, case, key.startswith("sure"), form_towns)
                    )
        tails: dict[str, set[int]] = {}
        for form in self._forms:
            tails.setdefault(form[-3:], set()).add(len(form))
        self._lengths = {tail: sorted(lengths)[::-1] for tail, lengths in tails.items()}
        self._never = _Endings(lists["never"])
        self._plurals = _Endings(lists["plurals"])
        self._common = _Endings(lists["only_numbered"])

    def read(self, word: str) -> StreetName | None:
        """Return the street that a word may name, None where it names none."""
        word = word.lower()
        for length in self._lengths.get(word[-3:], ()):
            ending = word[-length:]
            if len(ending) == length and ending in self._forms:
                return self._named(word[:-length].rstrip("-"), ending)
        return None

    def _named(self, stem: str, ending: str) -> StreetName | None:
        form = self._forms[ending]
        if len(stem) == 1 or self._never.hold(stem, form.last):
            return None
        kind = Kind.STREET if form.sure else Kind.NUMBERED
        if self._plurals.hold(stem, ending):
            kind = Kind.PLURAL
        elif self._common.hold(stem, form.last):
            kind = Kind.COMMON
        return StreetName(stem, form.last, form.case, kind, stem in form.towns)


class _Endings:
    """Stems by last part; a stem with a tilde stands for all that end so."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._whole = {
            last: frozenset(w.lstrip(_ANY) for w in stems.split()) for last, stems in lists.items()
        }
        self._ends = {
            last: tuple(w[len(_ANY) :] for w in stems.split() if w.startswith(_ANY))
            for last, stems in lists.items()
        }

    def hold(self, stem: str, last: str) -> bool:
        if last not in self._whole or not stem:
            return False
        return (
            stem in self._whole[last]
            or stem.rpartition("-")[2] in self._whole[last]
            or stem.endswith(self._ends[last])
        )


def _finnish(part: str) -> Iterable[tuple[str, Case]]:
    """Yield the case forms of a last part given as strong/weak stem, with clitics."""
    strong, weak = part.split("/")
    a = "a" if any(vowel in strong for vowel in "aou") else "ä"
    forms = {strong: Case.PLAIN, f"{weak}n": Case.GENITIVE}
    forms |= {f"{weak}{ending}{a}": Case.PLACE for ending in ("ll", "lt")}
    forms |= {f"{weak}{ending}": Case.PLACE for ending in ("lle", "lt", "ll", "l")}
    inside = (f"{weak}ss{a}", f"{weak}st{a}", _into(strong, weak))
    forms |= dict.fromkeys(inside, Case.INSIDE)
    others = (f"{weak}ksi", f"{strong}n{a}", f"{strong}ni", *_partitives(strong, a))
    forms |= dict.fromkeys(others, Case.OTHER)
    for form, case in forms.items():
        for clitic in _CLITICS:
            yield form + clitic, case


def _partitives(strong: str, a: str) -> tuple[str, ...]:
    if strong.endswith("ie"):
        return (f"{strong}t{a}",)
    if strong.endswith("e"):
        return (f"{strong}tt{a}",)
    if strong[-1] not in "aeiouyäö":
        return (f"{strong}t{a}",)
    return (f"{strong}{a}", f"{strong[:-1]}e{a}") if strong.endswith("i") else (f"{strong}{a}",)


def _into(strong: str, weak: str) -> str:
    if strong.endswith("ie"):
        return f"{strong}hen"
    if weak.endswith(("ee", "aa")):
        return f"{weak}seen"  # rinteeseen, kankaaseen
    if strong.endswith("i") and weak.endswith("e"):
        return f"{strong[:-1]}een"  # lahteen
    return f"{strong}{strong[-1]}n"


def _swedish(part: str) -> Iterable[tuple[str, Case]]:
    yield part, Case.PLAIN
    yield f"{part}s", Case.GENITIVE
    for ending in _FINNISH_ENDINGS:  # "Storgatanilla", as those who speak both write
        yield part + ending, Case.PLACE


@functools.cache
def street_names() -> StreetNames:
    """Return the reader over the lists shipped with this package."""
    here = files(__package__)
    lists = yaml.safe_load((here / "street_names.yaml").read_text(encoding="utf-8"))
    return StreetNames(lists, places())


@functools.cache
def places() -> frozenset[str]:
    """Return the names of municipalities and post offices, in small letters."""
    lines = (files(__package__) / "places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
