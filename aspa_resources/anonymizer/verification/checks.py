"""Plain checks of cleaned text, written from what a leak looks like, not from what an entity is.

Belongs here: signs of something left over. Does not belong here: the patterns of the first pass.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable

_STREET_ENDS = (
    "katu",
    "kadulla",
    "kadun",
    "tie",
    "tiellä",
    "kuja",
    "kujalla",
    "polku",
    "polulla",
    "raitti",
    "gatan",
    "vägen",
    "gränden",
    "stigen",
)
_NUMBER_WORDS = """
nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän noll ett två tre fyra
fem sex sju åtta nio zero one two three four five six seven eight nine
"""
_DIGIT_WORDS = frozenset(_NUMBER_WORDS.split())
_RUN = 5
_AT_WORD = re.compile(r"[^\W\d_]\s?@|@\s?[^\W\d_]")


def digit_left(text: str, _tokens: list[str]) -> bool:
    """Tell whether a character with a numeric value is left (ideographs are letters)."""
    return any(unicodedata.category(c)[0] == "N" for c in text if not c.isascii() or c.isdigit())


def at_sign_left(text: str, _tokens: list[str]) -> bool:
    """Tell whether an @ with a letter beside it is left."""
    return _AT_WORD.search(text) is not None


def street_left(_text: str, tokens: list[str]) -> bool:
    """Tell whether a street's name stands before a number that was taken away."""
    return any(
        after == "<NUMBER>" and len(word) > len(end) + 2 and word.lower().endswith(end)
        for word, after in itertools.pairwise(tokens)
        for end in _STREET_ENDS
    )


def spelled_number_left(_text: str, tokens: list[str]) -> bool:
    """Tell whether five number words or more follow each other."""
    run = 0
    for token in tokens:
        if token.lower() in _DIGIT_WORDS:
            run += 1
            if run >= _RUN:
                return True
        elif token.isalpha():
            run = 0
    return False


def initials_left(_text: str, tokens: list[str]) -> bool:
    """Tell whether an initial stands before a name taken away; a T signs a letter (terveisin)."""
    return any(
        len(a) == 1 and a.isupper() and a != "T" and b == "." and c == "<PERSON>"
        for a, b, c in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


CHECKS: tuple[tuple[str, str, Callable[[str, list[str]], bool]], ...] = (
    ("NUMBER", "digit_left", digit_left),
    ("EMAIL", "at_sign_left", at_sign_left),
    ("ADDRESS", "street_left", street_left),
    ("PHONE", "spelled_number_left", spelled_number_left),
    ("PERSON", "initials_left", initials_left),
)
"""Entity type, name and function of every check; a function takes the text and its tokens."""
