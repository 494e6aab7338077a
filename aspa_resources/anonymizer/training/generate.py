# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Feedback-like training text with names put in by rule: the part of the corpus that is ours.

Belongs here: filling the slots of the sentence files. Does not belong here: which names
(`drawn_names`), the disorder of real writing (`sloppy`).

Slots: {P} a person, {F} a first name, {N} a pet name, {L} a surname, {I} an initial, {INI} initials
alone, {T} a title, {M} a municipality, {PLACE} another place, {THING} an organisation, product or
illness, {EPO} an illness named after a person, {UNIT} a unit, {HOME} a house named like a
person, {SYS} a program named so, {MED} a medicine, {DAY}, {MON}, {NUM}; `.gen` and the like
inflect.
"""

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from aspa_resources.anonymizer.training.drawn_names import Names, misspelt
from aspa_resources.anonymizer.training.inflection import (
    CASES,
    inflect,
    with_clitic,
    with_possessive,
)
from aspa_resources.anonymizer.training.sloppy import CLOSE, OPEN, disordered

_SLOT = re.compile(r"\{([A-Z]+)(?:\.(\w+))?\}")
_PERSON_KINDS = ("F", "FL", "L", "FFL", "N", "IL", "FI", "LF")
_PERSON_SHARES = (42, 22, 13, 3, 11, 3, 3, 4)
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


class Generator:
    """Makes marked texts: names stand between `OPEN` and `CLOSE`."""

    def __init__(
        self,
        names_folder: Path,
        municipalities: Sequence[tuple[str, str]],
        everyday: Mapping[str, Sequence[str]],
        other_lines: Mapping[str, Sequence[str]],
        seed: int,
        *,
        foreign: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> None:
        """Prepare the generator.

        Args:
            names_folder: Holds the lists of first names and surnames.
            municipalities: Finnish and Swedish names.
            everyday: Lower-case words by language that stand in for others now and then.
            other_lines: Lines without names by language, to stand between our own sentences.
            seed: Makes the texts repeatable.
            foreign: First names and surnames of other countries.
        """
        self._rng = random.Random(seed)  # noqa: S311  # training text, no secret
        self._everyday = everyday
        self._other = other_lines
        self._common = {
            lang: [w for line in lines for w in line.split() if w.isalpha() and w.islower()]
            for lang, lines in other_lines.items()
        }
        self._words = word_sections()
        words = set(everyday["fi"]) | set(everyday["sv"])
        self._names = Names(names_folder, words, self._words["nickname"], foreign, self._rng)
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
            own = lang if rng.random() < 0.95 else rng.choice(["fi", "sv", "en"])
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
        return disordered(" ".join(parts), lang, rng)

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
        pool = self._common.get(lang) if self._rng.random() < 0.5 else None
        other = self._rng.choice(pool or self._everyday[lang])
        if lang == "fi" and self._rng.random() < 0.06:
            other = with_clitic(other, self._rng)
        tail = word[-1] if word[-1] in ".,!?" else ""
        return (other.capitalize() if word[0].isupper() else other) + tail

    def _fill(self, template: str, lang: str) -> str:
        lower_names = self._rng.random() < 0.07
        return _SLOT.sub(
            lambda m: self._slot(m[1], m[2] or "nom", lang, lower=lower_names), template
        )

    def _slot(self, kind: str, case: str, lang: str, *, lower: bool) -> str:
        rng = self._rng
        if kind in {"P", "F", "L", "N", "I", "INI"}:
            name = self._person(kind, case, lang)
            return OPEN + (name.lower() if lower else name) + CLOSE
        if kind == "NUM":
            return str(rng.randint(1, 99))
        if kind == "SYS":
            return f"{self._names.first_name()}-{rng.choice(self._words['system'])}"
        if kind == "HOME":
            home = inflect(self._names.first_name(), case, rng=rng) if lang == "fi" else ""
            home = home or self._names.first_name()
            return f"{rng.choice(self._words[f'home_{lang}'])} {home}"
        word = {
            "T": lambda: rng.choice(self._words[f"title_{lang}"]),
            "M": lambda: rng.choice(self._municipalities)[lang == "sv"],
            "PLACE": lambda: rng.choice(self._words["place_sv" if lang == "sv" else "place_fi"]),
            "THING": lambda: rng.choice(self._words["thing"]),
            "EPO": lambda: rng.choice(self._words["eponym"]),
            "UNIT": lambda: rng.choice(self._words[f"unit_{lang}"]),
            "MED": lambda: rng.choice(self._words["medicine"]),
            "DAY": lambda: rng.choice(self._words[f"day_{lang}"]),
            "MON": lambda: rng.choice(self._words[f"month_{lang}"]),
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
        if rng.random() < 0.06:
            name = misspelt(name, rng)
        if lang == "fi":
            if rng.random() < 0.02:
                case = rng.choice(CASES)
            if not surname and rng.random() < 0.05:
                return with_possessive(name, case, rng)
            name = inflect(name, case, surname=surname, rng=rng)
            return with_clitic(name, rng) if rng.random() < 0.07 else name
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
