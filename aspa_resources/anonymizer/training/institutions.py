# ruff: noqa: PLR2004  # the shares below are the recipe itself
"""Sentences about places that are named like people and stay: a hospital, a school, a foundation.

Belongs here: such sentences in Finnish, Swedish and English. Does not belong here: texts with names
of people (generate).
"""

import random
from collections.abc import Sequence

from aspa_resources.anonymizer.training.cleaned_forms import Cleaned
from aspa_resources.anonymizer.training.inflection import CASES, inflect

_KIND_WORDS = {
    "fi": """sairaala terveysasema neuvola hyvinvointikeskus palvelukeskus hoivakoti palvelutalo
    kartano koulu kirkko puisto apteekki kampus klinikka säätiö päiväkoti kuntoutuskeskus osasto
    yksikkö poliklinikka""",
    "sv": """sjukhus sjukhuset hälsostation hälsovårdscentral vårdcentral servicehus skola
    stiftelsen park kyrka apotek klinik rådgivning""",
    "en": "hospital clinic school park foundation pharmacy",
}
_KINDS = {lang: words.split() for lang, words in _KIND_WORDS.items()}
_SENTENCES = {
    "fi": (
        "kävin {}", "olin hoidossa {}", "{} on hyvä paikka", "kiitos {} henkilökunnalle",
        "{} toimi hyvin", "äitini on {}", "menin {} ajanvarauksella",
    ),
    "sv": ("jag besökte {}", "{} fungerar bra", "tack till personalen på {}", "mamma är på {}"),
    "en": ("I visited {}", "{} was fine", "thanks to the staff of {}"),
}  # fmt: skip


class Institutions:
    """Makes the sentences.

    Args:
        names: surnames and the like that places are named by.
        rng: makes the choices.
    """

    def __init__(self, names: Sequence[str], rng: random.Random) -> None:
        self._names = names
        self._rng = rng

    def sentence(self) -> Cleaned:
        """Return a sentence without any name of a person."""
        rng = self._rng
        lang = rng.choices(["fi", "sv", "en"], [7, 2, 1])[0]
        name, kind = rng.choice(self._names), rng.choice(_KINDS[lang])
        if lang == "fi":
            name = inflect(name, "gen", surname=True, rng=rng)
            kind = inflect(kind, rng.choice(CASES), rng=rng)
        elif lang == "sv" and rng.random() < 0.5 and not name.endswith("s"):
            name += "s"
        made = rng.choice(_SENTENCES[lang]).format(f"{name} {kind}")
        if rng.random() < 0.5:
            made = made[0].upper() + made[1:]
        if rng.random() < 0.2:
            made = made.lower()
        made += rng.choice([".", "!", ""])
        return Cleaned(made, [0] * len(made))
