# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Finnish case forms of names and nouns by rule, good enough to make training text.

Belongs here: stems, consonant gradation, vowel harmony and the ten cases people use of names.
Does not belong here: analysis of given forms. The rules are those of any Finnish grammar
(Iso suomen kielioppi, visk.fi, sections 41-101 on inflection); rare types are left to chance.
"""

import random

_BACK = set("aouAOU")
_FRONT = set("äöÄÖ")
_VOWELS = set("aeiouyäöåéAEIOUYÄÖÅ")

_GRADE_PAIRS = "kk:k pp:p tt:t nk:ng nt:nn mp:mm lt:ll rt:rr lk:l rk:r ht:hd uku:uvu yky:yvy"
_GRADES = tuple(tuple(pair.split(":")) for pair in _GRADE_PAIRS.split())
_KEEP = ("sk", "st", "tk", "sp", "hk", "ts", "ks", "ps")
# Words of the old i-type (lahti : lahden), most of them nature words that are surnames too.
_OLD_I_WORDS = """
lahti niemi mäki koski järvi saari lampi salmi nummi vuori kivi suomi tuuli meri suvi talvi
lehti joki käki veli kaari nurmi pieni suuri hirvi lumi mieli sormi tammi tähti uni viini
hanhi retki louhi onki tuohi sarvi hauki niini
"""
_OLD_I = frozenset(_OLD_I_WORDS.split())
CASES = ("nom", "gen", "par", "ine", "ela", "ill", "ade", "abl", "all", "ess", "tra")


def _back(word: str) -> bool:
    for letter in reversed(word):
        if letter in _BACK:
            return True
        if letter in _FRONT:
            return False
    return False


def _weak(stem: str) -> str:
    """Return the weak grade of a strong stem that ends in a vowel."""
    body, last = stem[:-1], stem[-1]
    lower = body.lower()
    for strong, weak in _GRADES:
        if lower.endswith(strong):
            return body[: -len(strong)] + weak + last
    if lower.endswith(_KEEP) or len(body) < 2:
        return stem
    if body[-1] == "t" and body[-2] in _VOWELS:
        return body[:-1] + "d" + last
    if body[-1] == "p" and body[-2] in _VOWELS:
        return body[:-1] + "v" + last
    if (
        body[-1] == "k"
        and body[-2] in _VOWELS
        and lower.endswith(("äk", "ok", "uk"))
        and len(body) <= 4
    ):
        return body[:-1] + last
    return stem


def _stems(word: str, *, surname: bool, rng: random.Random) -> tuple[str, str, str]:
    """Return (strong vowel stem, weak vowel stem, partitive)."""
    lower, a = word.lower(), "a" if _back(word) else "ä"
    head = next((h for h in _OLD_I if lower.endswith(h) and (lower == h or surname)), None)
    if lower.endswith("nen") and len(word) > 4:
        stem = word[:-3] + "se"
        return stem, stem, word[:-3] + "st" + a
    if head and (surname or rng.random() < 0.5):
        strong = word[:-1] + "e"
        weak = _weak(strong) if not lower.endswith("hti") else word[:-2] + "de"
        short = strong[:-1].endswith(("r", "l", "n")) or lower.endswith(("meri", "veri"))
        return strong, weak, (word[:-1] + "t" + a if short else word + a)
    if word[-1] in _VOWELS:
        if lower.endswith("e") and surname and rng.random() < 0.8:
            return word + "e", word + "e", word + "tt" + a
        gradation = rng.random() < (0.9 if lower[-3:-1] in {"kk", "pp", "tt"} else 0.75)
        weak = _weak(word) if gradation else word
        return (
            word,
            weak,
            (word + "t" + a if word[-2] in _VOWELS and word[-1] in "aeoäö" else word + a),
        )
    return _consonant_stems(word, a, rng)


def _consonant_stems(word: str, a: str, rng: random.Random) -> tuple[str, str, str]:
    lower = word.lower()
    if lower.endswith(("us", "ys", "is", "os", "es")) and len(word) > 3:
        stem = word[:-1] + "kse"
        return stem, stem, word + "t" + a
    if lower.endswith(("as", "äs")) and len(word) > 3:
        if rng.random() < 0.6:
            return word[:-1] + a, word[:-1] + a, word + "t" + a
        return word[:-1] + "kse", word[:-1] + "kse", word + "t" + a
    stem = word + "i"
    return stem, stem, stem + a


def _illative(strong: str) -> str:
    if strong.endswith(("se", "kse")):
        return strong + "en"
    if strong.endswith(("ee", "aa", "ää")):
        return strong + "seen"
    vowel = strong[-1].lower()
    return strong + ("" if vowel != strong[-2].lower() else "h") + vowel + "n"


def inflect(word: str, case: str, *, surname: bool = False, rng: random.Random) -> str:
    """Return a word in a Finnish case.

    Args:
        word: Nominative, at least two letters.
        case: One of `CASES`.
        surname: Whether common-noun inflection (Lahti : Lahden, Laine : Laineen) is likelier.
        rng: Decides where the language has two ways.
    """
    if case == "nom" or len(word) < 2 or not word[-1].isalpha():
        return word
    strong, weak, partitive = _stems(word, surname=surname, rng=rng)
    a = "a" if _back(word) else "ä"
    if case == "par":
        return partitive
    if case == "ill":
        return _illative(strong)
    if case == "ess":
        return strong + "n" + a
    endings = {
        "gen": "n",
        "ine": "ss" + a,
        "ela": "st" + a,
        "ade": "ll" + a,
        "abl": "lt" + a,
        "all": "lle",
        "tra": "ksi",
    }
    return weak + endings[case]


_CLITICS = ("kin", "kaan", "han", "ko", "kin")


def with_clitic(word: str, rng: random.Random) -> str:
    """Return the word with a random clitic in its vowel harmony."""
    clitic = rng.choice(_CLITICS)
    return word + (clitic if _back(word) else clitic.replace("a", "ä").replace("o", "ö"))


_POSSESSIVES = ("ni", "ni", "mme", "nsa", "si", "nne")


def with_possessive(word: str, case: str, rng: random.Random) -> str:
    """Return a word in a case with a possessive suffix (Urho : Urhoni, Urholleni)."""
    suffix = rng.choice(_POSSESSIVES)
    if not _back(word):
        suffix = suffix.replace("a", "ä")
    if case in {"nom", "gen", "ill", "ess", "tra"} or len(word) < 2 or not word[-1].isalpha():
        return _stems(word, surname=False, rng=rng)[0] + suffix
    return inflect(word, case, rng=rng) + suffix
