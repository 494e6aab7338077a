"""A long text in pieces, so that time and memory grow with its length and no faster.

Belongs here: where a text may be cut with the least to lose. A feedback of usual length is one
piece. Does not belong here: what is done with a piece.
"""

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 5_000
"""Characters of a piece: some patterns take a time that grows with the square of the length."""

_PLACES: Final = (
    re.compile(r"\n"),
    re.compile(r"(?<=[^\W\d_]{3}[.!?…])\s"),  # no initial, no number, no short word before it
    re.compile(r"(?<=[^\W\d_])\s(?=[^\W\d_])"),
    re.compile(r"\s"),
)
"""Where to cut, the best place first: the end of a line, of a sentence, between words, anywhere."""


def pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces of at most `LONGEST` characters, nothing left out."""
    start = 0
    while len(text) - start > LONGEST:
        end = _cut(text, start + LONGEST // 2, start + LONGEST)
        yield text[start:end]
        start = end
    yield text[start:]


def _cut(text: str, earliest: int, latest: int) -> int:
    """Return the last of the best places to cut between two, `latest` where there is none."""
    for place in _PLACES:
        if ends := [match.end() for match in place.finditer(text, earliest, latest)]:
            return ends[-1]
    return latest
