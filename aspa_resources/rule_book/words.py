"""When two spellings of a header or a code name are the same word.

Belongs here: the folding that headers and code names are compared by. Does not belong here: what
the words mean (the contract and the code sets say that).
"""

import re
import unicodedata

_QUESTION_NUMBER = re.compile(r"^\s*(?:q|k)?\d{1,3}\s*[.):]\s+", re.IGNORECASE)
_TRAILING_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]$")
_DASHES = re.compile(r"[‐‑‒–—−]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold_header(header: str) -> str:
    """Return the form two headers share when they mean the same column.

    Case, accents (ä and a), hyphens, underscores, punctuation, a leading question number and a
    trailing bracket do not tell headers apart.
    """
    bare = _QUESTION_NUMBER.sub("", header).rstrip()
    bare = _TRAILING_BRACKET.sub("", bare) or bare
    return _NOT_WORD.sub(" ", _ascii(bare)).strip()


def fold_value(value: str) -> str:
    """Return the form two spellings of one coded value share: case, accents and spacing put away.

    Hyphens stay, since `7-12` is not `712`; the many dashes of word processors become a hyphen.
    """
    plain = _ascii(_DASHES.sub("-", value)).replace("_", " ")
    return re.sub(r"\s*-\s*", "-", " ".join(plain.split()))


def _ascii(text: str) -> str:
    """Return text in lower case with its accents put away (`Käynti` -> `kaynti`)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
