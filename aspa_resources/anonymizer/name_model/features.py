"""Tokens of a text and what the name model sees of each: the same for training and for use.

Belongs here: the tokeniser, the hashing of letter sequences, the flags of shape and place. Does not
belong here: weights, thresholds, rules about names.
"""

import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WORD_BUCKETS = 1 << 15
PIECE_BUCKETS = 1 << 16
MAX_PIECES = 40
TYPE_FLAGS = 24
PLACE_FLAGS = 6
PAD = 8
"""Empty rows between texts: no fewer than the network's reach to one side."""

_AFTER_LATIN = 0x250
_FEW = 3
TOKEN = re.compile(r"[^\W\d_]+|\d+|\n+|[^\w\s]|_")
_SENTENCE_END = frozenset('.!?…\n:"”')
_SIGNS = {
    ".": 8,
    ",": 9,
    "!": 10,
    "?": 10,
    "-": 11,
    "–": 11,
    "/": 11,
    ":": 12,
    "'": 13,
    "’": 13,
    '"': 14,
    "”": 14,
    "(": 15,
    ")": 15,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or digits, or one sign: characters `start` to `end` of its text."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut a text into runs of letters, runs of digits and single signs."""
    return [Token(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]


def pieces(word: str) -> list[int]:
    """Return hashed letter sequences of a word: length 2 at its ends, 3 to 5 anywhere.

    Args:
        word: Lower-case letters; only its first 24 count.

    Returns:
        Bucket numbers in [1, `PIECE_BUCKETS`), at most `MAX_PIECES`.
    """
    marked = f"<{word[:24]}>"
    grams = [marked[:3], marked[-3:]]
    for size in (3, 4, 5):
        grams.extend(marked[i : i + size] for i in range(len(marked) - size + 1))
    return [zlib.crc32(g.encode()) % (PIECE_BUCKETS - 1) + 1 for g in dict.fromkeys(grams)][
        :MAX_PIECES
    ]


def word_bucket(word: str) -> int:
    """Return the bucket of a whole lower-case word, in [1, `WORD_BUCKETS`)."""
    return zlib.crc32(("=" + word).encode()) % (WORD_BUCKETS - 1) + 1


def is_latin(word: str) -> bool:
    """Tell whether a word begins with a Latin letter."""
    return ord(word[0]) < _AFTER_LATIN


def type_flags(token: str, *, known: bool, thing: bool) -> list[float]:
    """Return the flags that depend on the token alone (length `TYPE_FLAGS`).

    Args:
        token: As written.
        known: Whether its lower-case form is an everyday word of the lexicon.
        thing: Whether it is a form of a place, an organisation, an illness or a medicine.
    """
    flags = [0.0] * TYPE_FLAGS
    if token[0].isalpha():
        lower, upper = token.islower(), token.isupper()
        if len(token) == 1:
            flags[3 if upper else 4] = 1.0
        elif lower or not (upper or token[0].isupper()):
            flags[0] = 1.0
        elif upper:
            flags[2] = 1.0
        else:
            flags[1] = 1.0
            flags[5] = float(not token[1:].islower())
        flags[7] = float(not is_latin(token))
        flags[17] = float(known)
        flags[23] = float(thing)
        flags[18 + min(4, (len(token) - 1) // 3)] = 1.0
    elif token.isdigit():
        flags[6] = 1.0
    else:
        flags[_SIGNS.get(token, 16)] = 1.0
    return flags


def place_flags(tokens: list[Token], text: str) -> npt.NDArray[np.float32]:
    """Return the flags that depend on where tokens stand, shape (tokens, `PLACE_FLAGS`).

    Columns: space before; first of the text; first of a sentence; text without capitals; text of
    capitals; a third or more of the words capitalised.
    """
    letters = [t.text for t in tokens if t.text[0].isalpha()]
    capitals = sum(w[0].isupper() for w in letters)
    no_capitals = float(capitals == 0)
    all_capitals = float(
        len(letters) > 1 and sum(w.isupper() for w in letters) > 0.7 * len(letters)
    )
    many = float(len(letters) > _FEW and capitals > len(letters) / 3)
    rows = np.zeros((len(tokens), PLACE_FLAGS), dtype=np.float32)
    rows[:, 3:] = (no_capitals, all_capitals, many)
    previous = "\n"
    for index, token in enumerate(tokens):
        rows[index, 0] = token.start > 0 and text[token.start - 1].isspace()
        rows[index, 1] = index == 0
        rows[index, 2] = previous[0] in _SENTENCE_END
        if previous[0] not in _SENTENCE_END or token.text[0].isalnum():
            previous = token.text
    return rows


def fold(token: str) -> str:
    """Return the lower-case form used for hashing, Cyrillic written in Latin letters."""
    lower = token.lower()
    if lower[0].isalpha() and not is_latin(lower):
        return lower.translate(_CYRILLIC)
    return lower


_CYRILLIC_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_LATIN_LETTERS = """
a b v g d e jo zh z i j k l m n o p r s t u f h ts tsh sh shtsh _ y _ e ju ja i ji je g
"""
_CYRILLIC = {
    ord(cyrillic): latin.replace("_", "")
    for cyrillic, latin in zip(_CYRILLIC_LETTERS, _LATIN_LETTERS.split(), strict=True)
}
