"""Finnish names in the cases that feedback uses.

Belongs here: case endings, vowel harmony and the regular stems of names. Irregular names carry
their stems in names.yaml.
"""

import re
from dataclasses import dataclass

HARMONIC_VOWEL = re.compile("[aouäöy]")
STRONG_CLUSTER = re.compile(r"(kk|pp|tt)([aeiouyäö])$")
ENDINGS = {"gen": "n", "all": "lle", "ade": "llA", "abl": "ltA", "ela": "stA"}


@dataclass(frozen=True)
class FinnishName:
    """A name by the three forms that all its cases follow from.

    Attributes:
        nominative: As in a register, `Pekka`.
        stem: What the genitive's -n and the local cases attach to, `Peka`.
        partitive: The whole partitive, `Pekkaa`.
    """

    nominative: str
    stem: str
    partitive: str

    @classmethod
    def of(cls, entry: str) -> "FinnishName":
        """Read "nominative, stem, partitive", or the nominative alone for a regular name."""
        nominative, *stems = (form.strip() for form in entry.split(","))
        if stems:
            return cls(nominative, *stems)
        return cls(nominative, _regular_stem(nominative), _regular_partitive(nominative))

    def inflected(self, case: str) -> str:
        """Give the name in a case: nom, gen, par, all, ade, abl or ela."""
        if case == "nom":
            return self.nominative
        if case == "par":
            return self.partitive
        return self.stem + _harmonised(ENDINGS[case], self.nominative)


def _harmonised(ending: str, name: str) -> str:
    """Replace A by a or ä after the last vowel of the name that tells its harmony."""
    vowels = HARMONIC_VOWEL.findall(name.rsplit("-", 1)[-1].lower())
    return ending.replace("A", "a" if vowels and vowels[-1] in "aou" else "ä")


def _regular_stem(name: str) -> str:
    """Virtanen -> Virtase, Markus -> Markukse, Henrik -> Henriki, Pekka -> Peka, Anna -> Anna."""
    if name.endswith("nen"):
        return name[:-3] + "se"
    if name.endswith("s"):
        return name[:-1] + "kse"
    if name[-1] not in "aeiouyäö":
        return name + "i"
    return STRONG_CLUSTER.sub(lambda found: found[1][0] + found[2], name)


def _regular_partitive(name: str) -> str:
    """Virtanen -> Virtasta, Markus -> Markusta, Kallio -> Kalliota, Henrik -> Henrikiä."""
    if name.endswith("nen"):
        return name[:-3] + _harmonised("stA", name)
    if name.endswith(("s", "io", "iö", "aa", "ää")):
        return name + _harmonised("tA", name)
    if name[-1] not in "aeiouyäö":
        return name + _harmonised("iA", name)
    return name + _harmonised("A", name)
