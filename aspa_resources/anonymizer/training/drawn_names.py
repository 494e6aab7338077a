# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Names to put into training text: drawn from lists, made into pet names, misspelt.

Belongs here: which name is drawn how often. Does not belong here: case forms (`inflection`), the
sentences around a name (`generate`). The lists are read at training time only.
"""

import csv
import random
import re
from collections.abc import Container, Sequence
from pathlib import Path

_KNOWN_BEARERS = 100
_PET_ENDING_WORDS = """
a e i u o a e i pe tsu sku ski su ppe tu nde ppa kka kke sse lle ban kan nte ssan bban is
ris ppi tti ttu mmu nna ssu sa de
"""
_PET_ENDINGS = tuple(_PET_ENDING_WORDS.split())


class Names:
    """First names, surnames and nicknames to draw from."""

    def __init__(
        self,
        folder: Path,
        everyday: Container[str],
        nicknames: Sequence[str],
        foreign: tuple[Sequence[str], Sequence[str]],
        rng: random.Random,
    ) -> None:
        self._rng = rng
        women = _weighted(folder / "etunimet_naiset.csv")
        men = _weighted(folder / "etunimet_miehet.csv")
        self._first = _Draw([*women, *men], foreign[0], everyday, rng)
        self._last = _Draw(_weighted(folder / "sukunimet.csv"), foreign[1], everyday, rng)
        self._nicknames = nicknames

    def first_name(self) -> str:
        """Return a first name; some are double."""
        name = self._first()
        if self._rng.random() < 0.09:
            other = self._first()
            name = f"{name}{self._rng.choice(['-', '-', '-', ' '])}{other}"
        return name

    def surname(self) -> str:
        """Return a surname; some are double or have a particle."""
        name, chance = self._last(), self._rng.random()
        if chance < 0.05:
            return f"{name}-{self._last()}"
        return (
            f"{self._rng.choice(['af', 'von', 'de', 'van', 'al', 'Al'])} {name}"
            if chance < 0.06
            else name
        )

    def nickname(self) -> str:
        """Return a pet name made of a first name the way Finns and Swedes make them."""
        if self._rng.random() < 0.4:
            return self._rng.choice(self._nicknames)
        name = self._first().split("-")[0]
        match = re.match(r"[^aeiouyäöå]*[aeiouyäöå]+[^aeiouyäöå]*", name.lower())
        head = (match.group() if match else name.lower())[:5]
        core = head.rstrip("bcdfghjklmnpqrstvwxz") or head
        tail = head[len(core) : len(core) + 1] or "p"
        ending = self._rng.choice(_PET_ENDINGS)
        made = core + (tail if ending[0] in "aeiou" else "") + ending
        return made.capitalize()


class _Draw:
    """Draws names: mostly by the root of their number of bearers.

    At times any name with equal chance, one from another country, one that is an everyday word
    too, or one made of two halves, so that a name nobody has listed is learnt by its place and
    shape.
    """

    def __init__(
        self,
        pool: Sequence[tuple[str, int]],
        foreign: Sequence[str],
        everyday: Container[str],
        rng: random.Random,
    ) -> None:
        self._foreign = foreign
        self._names = [n for n, _ in pool]
        self._words = [n for n, count in pool if count > _KNOWN_BEARERS and n.lower() in everyday]
        self._sums: list[float] = []
        total = 0.0
        for _, count in pool:
            total += count**0.5
            self._sums.append(total)
        self._rng = rng

    def __call__(self) -> str:
        chance = self._rng.random()
        if chance < 0.2:
            return self._rng.choice(self._names)
        if chance < 0.35:
            return self._rng.choice(self._foreign or self._names)
        if chance < 0.47:
            return self._rng.choice(self._words)
        if chance < 0.54:
            head, tail = self._rng.choice(self._names), self._rng.choice(self._names)
            return head[: (len(head) + 1) // 2] + tail[len(tail) // 2 :].lower()
        return self._rng.choices(self._names, cum_weights=self._sums)[0]


def _weighted(path: Path) -> list[tuple[str, int]]:
    with path.open(encoding="utf-8") as lines:
        return [
            (row["nimi"].strip(), int(row["lukumaara"]))
            for row in csv.DictReader(lines)
            if len(row["nimi"].strip()) > 1 and row["nimi"].strip()[0].isalpha()
        ]


def misspelt(name: str, rng: random.Random) -> str:
    """Return a name with one letter left out, doubled, or changed with its neighbour."""
    if len(name) < 4:
        return name
    at = rng.randrange(1, len(name) - 1)
    return rng.choice([
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ])  # fmt: skip
