"""Texts without labels, that a teacher tells a student about.

Belongs here: sentences in new company. Does not belong here: labels.
"""

import random
import re
from collections.abc import Sequence
from pathlib import Path

from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import LANGUAGES, Labelled

_NAMES = Path(__file__).parents[2] / "anonymizer" / "training"
_SLOT = re.compile(r"\{[^}]*\}")
_MOST_PIECES = 4
_OTHER_LANGUAGE = 0.05


def recombined(texts: Sequence[Labelled], count: int, chance: random.Random) -> list[str]:
    """New texts: sentences of the labelled ones, and of those for names, in new company.

    Args:
        texts: the labelled texts.
        count: how many to make.
        chance: the draw.
    """
    pieces = {language: _of_names(language) for language in LANGUAGES}
    for one in texts:
        text = readable(one.text)
        own = [text[begin:end] for begin, end in sentence_spans(text)]
        pieces.setdefault(one.language, []).extend(own)
    languages = [one.language for one in texts]
    made: set[str] = set()
    while len(made) < count:
        language = chance.choice(languages)
        drawn = [
            chance.choice(
                pieces[chance.choice(languages) if chance.random() < _OTHER_LANGUAGE else language]
            )
            for _ in range(chance.randint(1, _MOST_PIECES))
        ]
        made.add(" ".join(drawn))
    return sorted(made)


def _of_names(language: str) -> list[str]:
    """The sentences that the name models learn from, their slots as a reader passes a name."""
    lines = (_NAMES / f"sentences_{language}.txt").read_text(encoding="utf-8").splitlines()
    return [_SLOT.sub("X", line) for line in lines if line and not line.startswith("#")]
