"""The written form that every recogniser sees: composed letters, nothing invisible.

Belongs here: normalisation of the text and the alphabet of digits. Does not belong here: any
decision about what is personal.
"""

import functools
import re
import unicodedata

_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_BIDI = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_REMOVED = str.maketrans("", "", _INVISIBLE + _BIDI)
# The planes above these two hold ideographs, tags and private use: no digits (see the unit test).
_PLANES = 0x20000


def visible(text: str) -> str:
    """Return the text in composed form (NFC) without characters that print nothing.

    A soft hyphen or a zero-width space inside a name or a number hides it from every pattern, and a
    letter written as base and accent splits words; neither is ever part of what a person means.
    """
    return unicodedata.normalize("NFC", text.translate(_REMOVED))


def is_digit_like(character: str) -> bool:
    """Tell whether a character is a number by its category, or turns into a digit when simplified.

    Covers digits of every script, superscripts, fractions, circled numbers (categories Nd, No, Nl)
    and symbols such as the enclosed day numbers, whose compatibility form holds a digit.
    """
    if character.isnumeric() and unicodedata.category(character) in {"Nd", "No", "Nl"}:
        return True
    if not unicodedata.decomposition(character):
        return False
    return any(c.isdigit() for c in unicodedata.normalize("NFKC", character))


@functools.cache
def digit_class() -> str:
    """Return the inside of a regular expression class that matches every digit-like character."""
    ranges: list[str] = []
    start: int | None = None
    for point in range(_PLANES + 1):
        digit = point < _PLANES and is_digit_like(chr(point))
        if digit and start is None:
            start = point
        elif not digit and start is not None:
            ranges.append(re.escape(chr(start)) + "-" + re.escape(chr(point - 1)))
            start = None
    return "".join(ranges)
