# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Feedback-like training text with names put in by rule: the part of the corpus that is ours.

Belongs here: filling the slots of the sentence files, and the disorder of real writing (no
capitals, all capitals, misspellings). The name lists of the Digital and Population Data Services
Agency are read at training time only.

Slots: {P} a person, {F} a first name, {L} a surname, {I} an initial, {INI} initials alone, {T} a
title, {M} a municipality, {PLACE} another place, {THING} an organisation, product or illness,
{UNIT} a unit, {MED} a medicine, {DAY}, {MON}, {NUM}; `.gen` and the like inflect.
"""

import csv
import random
import re
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from aspa_resources.anonymizer.training.inflection import CASES, inflect, with_clitic

_KNOWN_BEARERS = 100
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(r"\{([A-Z]+)(?:\.(\w+))?\}")
_PERSON_KINDS = ("F", "FL", "L", "FFL", "N", "IL", "FI", "LF")
_PERSON_SHARES = (44, 22, 12, 3, 12, 3, 2, 2)
_INITIAL_FORMS = ("{}.{}.", "{}. {}.", "{}{}", "{}.{}", "{}. {}-{}.", "{}.-{}. {}.", "{}-{} {}.")
_ENDINGS: dict[str, str | tuple[str, ...]] = {
    "all": "lle",
    "abl": ("lta", "ltä"),
    "ade": ("lla", "llä"),
    "ela": ("sta", "stä"),
    "ine": ("ssa", "ssä"),
    "gen": "n",
}
_PEOPLE_FORMS = {
    "fi": {
        "nom": "hän äiti isä mies poika tyttö nainen lääkäri veljeni siskoni ystäväni",
        "gen": "hänen äidin isän miehen pojan tytön naisen lääkärin",
        "par": "häntä miestä naista poikaa tyttöä",
        "all": "hänelle äidille isälle miehelle pojalle tytölle",
        "abl": "häneltä mieheltä",
        "ade": "hänellä miehellä",
        "ela": "hänestä miehestä",
        "ill": "häneen mieheen",
        "ine": "hänessä",
    },
    "sv": {
        "nom": "han hon honom henne mannen kvinnan pojken flickan",
        "gen": "hans hennes mannens",
    },
}
_PEOPLE_CASES = {
    lang: {word: case for case, words in forms.items() for word in words.split()}
    for lang, forms in _PEOPLE_FORMS.items()
}
_PEOPLE = {
    lang: re.compile(rf"\b(?:{'|'.join(cases)})\b", re.IGNORECASE)
    for lang, cases in _PEOPLE_CASES.items()
}
_FOLDER = Path(__file__).parent
_PET_ENDING_WORDS = """
a e i u o a e i pe tsu sku ski su ppe tu nde ppa kka kke sse lle ban kan nte ssan bban is
ris ppi tti ttu mmu nna ssu sa de
"""
_PET_ENDINGS = tuple(_PET_ENDING_WORDS.split())


class Names:
    """First names, surnames and nicknames to draw from."""

    def __init__(self, folder: Path, everyday: Container[str], rng: random.Random) -> None:
        self._rng = rng
        women = _weighted(folder / "etunimet_naiset.csv")
        men = _weighted(folder / "etunimet_miehet.csv")
        self.first = [*women, *men]
        self.last = _weighted(folder / "sukunimet.csv")
        self._draws = {id(p): _Draw(p, everyday, rng) for p in (self.first, self.last)}

    def first_name(self) -> str:
        """Return a first name; some are double."""
        name = self._draws[id(self.first)]()
        if self._rng.random() < 0.09:
            other = self._draws[id(self.first)]()
            name = f"{name}{self._rng.choice(['-', '-', '-', ' '])}{other}"
        return name

    def surname(self) -> str:
        """Return a surname; some are double or have a particle."""
        name, chance = self._draws[id(self.last)](), self._rng.random()
        if chance < 0.05:
            return f"{name}-{self._draws[id(self.last)]()}"
        return (
            f"{self._rng.choice(['af', 'von', 'de', 'van', 'al', 'Al'])} {name}"
            if chance < 0.06
            else name
        )

    def nickname(self) -> str:
        """Return a pet name made of a first name the way Finns and Swedes make them."""
        name = self._draws[id(self.first)]().split("-")[0]
        match = re.match(r"[^aeiouyäöå]*[aeiouyäöå]+[^aeiouyäöå]*", name.lower())
        head = (match.group() if match else name.lower())[:5]
        core = head.rstrip("bcdfghjklmnpqrstvwxz") or head
        tail = head[len(core) : len(core) + 1] or "p"
        ending = self._rng.choice(_PET_ENDINGS)
        made = core + (tail if ending[0] in "aeiou" else "") + ending
        return made.capitalize()


class _Draw:
    """Draws names: mostly by the root of their number of bearers.

    At times any name with equal chance, one that is an everyday word too, or one made of two
    halves, so that a name nobody has listed is learnt by its place and shape.
    """

    def __init__(
        self, pool: Sequence[tuple[str, int]], everyday: Container[str], rng: random.Random
    ) -> None:
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
        if chance < 0.25:
            return self._rng.choice(self._names)
        if chance < 0.37:
            return self._rng.choice(self._words)
        if chance < 0.45:
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


class Generator:
    """Makes marked texts: names stand between `OPEN` and `CLOSE`."""

    def __init__(
        self,
        names_folder: Path,
        municipalities: Sequence[tuple[str, str]],
        everyday: Mapping[str, Sequence[str]],
        other_lines: Mapping[str, Sequence[str]],
        seed: int,
    ) -> None:
        """Prepare the generator.

        Args:
            names_folder: Holds the lists of first names and surnames.
            municipalities: Finnish and Swedish names.
            everyday: Lower-case words by language that stand in for others now and then.
            other_lines: Lines without names by language, to stand between our own sentences.
            seed: Makes the texts repeatable.
        """
        self._rng = random.Random(seed)  # noqa: S311  # training text, no secret
        self._everyday = everyday
        self._other = other_lines
        self._words = word_sections()
        self._names = Names(names_folder, set(everyday["fi"]) | set(everyday["sv"]), self._rng)
        self._municipalities = municipalities
        self._sentences = {
            lang: _read_sentences(_FOLDER / f"sentences_{lang}.txt") for lang in ("fi", "sv", "en")
        }

    def text(self) -> str:
        """Return one feedback: one to five sentences, a third of them with names."""
        rng = self._rng
        lang = rng.choices(["fi", "sv", "en"], [60, 24, 16])[0]
        parts = []
        for _ in range(rng.choices([1, 2, 3, 4, 5], [25, 25, 25, 15, 10])[0]):
            own = lang if rng.random() < 0.97 else rng.choice(["fi", "sv", "en"])
            sentence = self._sentence(own)
            sentence = (
                sentence[0].upper() + sentence[1:]
                if sentence[0].islower() and rng.random() < 0.4
                else sentence
            )
            if sentence[-1].isalpha() or sentence[-1] == CLOSE:
                sentence += rng.choices(
                    [".", "!", "", ",", "..", "\n", " :)", " ❤️", ";"],
                    [50, 16, 12, 6, 3, 5, 2, 1, 1],
                )[0]
            parts.append(sentence)
        return self._disorder(" ".join(parts))

    def _sentence(self, lang: str) -> str:
        rng, chance = self._rng, self._rng.random()
        if chance < 0.45:
            return self._fill(
                self._salted(rng.choice(self._sentences[lang]["named"]), 0.06, lang), lang
            )
        if chance < 0.65 and self._other.get(lang):
            return rng.choice(self._other[lang])
        return self._fill(
            self._salted(rng.choice(self._sentences[lang]["plain"]), 0.25, lang), lang
        )

    def _salted(self, sentence: str, share: float, lang: str) -> str:
        """Replace a share of the words by any everyday word: common words seldom are names."""
        return " ".join(
            self._salt(w, lang) if self._rng.random() < share else w for w in sentence.split(" ")
        )

    def _salt(self, word: str, lang: str) -> str:
        if not word.strip(".,!?").isalpha() or len(word) < 3:
            return word
        other = self._rng.choice(self._everyday[lang])
        if lang == "fi" and self._rng.random() < 0.06:
            other = with_clitic(other, self._rng)
        tail = word[-1] if word[-1] in ".,!?" else ""
        return (other.capitalize() if word[0].isupper() else other) + tail

    def _fill(self, template: str, lang: str) -> str:
        lower_names = self._rng.random() < 0.04
        return _SLOT.sub(
            lambda m: self._slot(m[1], m[2] or "nom", lang, lower=lower_names), template
        )

    def _slot(self, kind: str, case: str, lang: str, *, lower: bool) -> str:
        rng = self._rng
        if kind in {"P", "F", "L", "I", "INI"}:
            name = self._person(kind, case, lang)
            return OPEN + (name.lower() if lower else name) + CLOSE
        if kind == "NUM":
            return str(rng.randint(1, 99))
        word = {
            "T": lambda: rng.choice(self._words[f"title_{lang}"]),
            "M": lambda: rng.choice(self._municipalities)[lang == "sv"],
            "PLACE": lambda: rng.choice(self._words["place_sv" if lang == "sv" else "place_fi"]),
            "THING": lambda: rng.choice(self._words["thing"]),
            "UNIT": lambda: rng.choice(self._words[f"unit_{lang}"]),
            "MED": lambda: rng.choice(self._words["medicine"]),
            "DAY": lambda: rng.choice(self._words[f"day_{lang}"]),
            "MON": lambda: rng.choice(self._words["month"]),
        }[kind]()
        if lang == "fi":
            return inflect(word, case, surname=kind in {"M", "PLACE"}, rng=rng)
        return word + ("s" if case == "gen" else "")

    def _letter(self) -> str:
        return self._rng.choice("AABEEHIJJKKLMMNOPPRSTTUVÅÄÖ")

    def _initials(self) -> str:
        form = self._rng.choice(_INITIAL_FORMS)
        return form.format(self._letter(), self._letter(), self._letter())

    def _person(self, kind: str, case: str, lang: str) -> str:
        rng, names = self._rng, self._names
        if kind == "I":
            return self._letter()
        if kind == "INI":
            return self._initials()
        if kind == "P":
            kind = rng.choices(_PERSON_KINDS, _PERSON_SHARES)[0]
        if kind == "FI":
            finnish = case != "nom" and lang == "fi"
            tail = ":" + rng.choice(["lle", "n", "lta", "lla"]) if finnish else "."
            return f"{names.first_name()} {self._letter()}{tail}"
        head = {
            "FL": names.first_name,
            "FFL": lambda: f"{names.first_name()} {names.first_name()}",
            "IL": lambda: f"{self._letter()}.",
            "LF": names.surname,
        }.get(kind)
        last = {
            "N": names.nickname,
            "F": lambda: names.nickname() if rng.random() < 0.08 else names.first_name(),
            "LF": names.first_name,
        }.get(kind, names.surname)()
        surname = kind not in {"N", "F", "LF"}
        last = self._inflected(last, case, lang, surname=surname)
        return f"{head()} {last}" if head else last

    def _inflected(self, name: str, case: str, lang: str, *, surname: bool) -> str:
        rng = self._rng
        if rng.random() < 0.04:
            name = _misspelt(name, rng)
        if lang == "fi":
            if rng.random() < 0.02:
                case = rng.choice(CASES)
            name = inflect(name, case, surname=surname, rng=rng)
            return with_clitic(name, rng) if rng.random() < 0.05 else name
        if case == "gen":
            return name + ("s" if lang == "sv" else rng.choice(["'s", "’s", "s"]))
        return name

    def pronouns_named(self, line: str, lang: str) -> str | None:
        """Return a line with marked names in place of he, she and the like; None if it has none."""
        made, count = _PEOPLE[lang].subn(lambda m: self._in_place_of(m.group(), lang), line)
        return made if count else None

    def _in_place_of(self, word: str, lang: str) -> str:
        kind = self._rng.choice(("P", "P", "F", "L"))
        return OPEN + self._person(kind, _PEOPLE_CASES[lang][word.lower()], lang) + CLOSE

    def renamed(self, parts: list[str], lang: str) -> list[str]:
        """Return other names for the parts of a name, the last in the case its ending suggests."""
        last, names = parts[-1], self._names
        case = next((c for c, ends in _ENDINGS.items() if last.endswith(ends)), "nom")
        if lang == "sv":
            case = "gen" if last.endswith("s") else "nom"
        new = [names.first_name().split(" ")[0] for _ in parts]
        if len(parts) > 1 or self._rng.random() < 0.5:
            new[-1] = names.surname().rsplit(" ", 1)[-1]
        new[-1] = self._inflected(new[-1], case, lang, surname=len(parts) > 1)
        return new

    def _disorder(self, text: str) -> str:
        chance = self._rng.random()
        if chance < 0.2:
            return text.lower()
        if chance < 0.24:
            return text.upper()
        if chance < 0.27:
            return re.sub(r"[.,!?]", "", text)
        if chance < 0.29:
            return text.replace(". ", ".")
        return text


def _misspelt(name: str, rng: random.Random) -> str:
    if len(name) < 4:
        return name
    at = rng.randrange(1, len(name) - 1)
    return rng.choice([
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ])  # fmt: skip


def word_sections() -> dict[str, list[str]]:
    """Return the words for the slots, by section of the word file."""
    sections = _read_sentences(_FOLDER / "words.txt")
    return {name: " ".join(lines).split() for name, lines in sections.items()}


def _read_sentences(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            sections[line[3:]] = []
        elif line and not line.startswith("#"):
            sections[next(reversed(sections))].append(line)
    return sections
