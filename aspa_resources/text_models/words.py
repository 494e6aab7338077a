"""Surface words of a cleaned text, as counted for word clouds and topics.

The form is as written, in lower case; nothing is lemmatised here.
"""

import re
from functools import lru_cache
from pathlib import Path

from aspa_resources.text_models.sentences import PLACEHOLDER

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORTEST = 3
STOP_WORDS = tuple(sorted((Path(__file__).parent / "stop_words").glob("*.txt")))


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The function words of Finnish, Swedish and English that are never shown."""
    return frozenset(
        word for file in STOP_WORDS for word in file.read_text(encoding="utf-8").split()
    )


def word_tokens(text: str) -> list[str]:
    """Every shown word of the text in order, repeats included.

    Letters only, three or more, in lower case; an English `'s` or `n't` goes with its apostrophe.
    Placeholders, and endings that cling to them, are no words.
    """
    stop = stop_words()
    found = (
        re.split("['’]", word)[0] for word in _WORD.findall(PLACEHOLDER.sub(" ", text).lower())
    )
    return [
        word for word in found if len(word) >= _SHORTEST and word.isalpha() and word not in stop
    ]


def surface_words(text: str) -> tuple[str, ...]:
    """The distinct shown words of the text, in order of first appearance."""
    return tuple(dict.fromkeys(word_tokens(text)))
