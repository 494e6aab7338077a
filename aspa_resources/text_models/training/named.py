"""Texts with names and numbers where placeholders stand, as nobody has cleaned them yet.

Belongs here: putting invented ones in. Does not belong here: the names (`demo.names.yaml`). A
reader that only ever saw placeholders would take a name for a word.
"""

import random

from aspa_resources.demo.catalogue import names
from aspa_resources.text_models.training.labelled import LANGUAGES

PERSON = "<PERSON>"
_NUMBER = "<NUMBER>"
_LARGEST = 30
_CASES = ("nom", "nom", "nom", "gen", "all", "ade", "par")
_WITH_LAST_NAME = 0.3


def named(text: str, language: str, chance: random.Random) -> str:
    """The text with an invented name in place of each `<PERSON>`, and numbers of each `<NUMBER>`.

    Finnish names are in some case.

    Args:
        text: a text with placeholders.
        language: of the text; other languages than fi, sv and en take Finnish names.
        chance: the draw.
    """
    known = names(language if language in LANGUAGES else LANGUAGES[0])
    first, *rest = text.split(PERSON)
    case = chance.choice(_CASES) if language == "fi" else "nom"
    parts = [first]
    for following in rest:
        given = chance.choice(known.first)
        family = chance.choice(known.last)
        whole = chance.random() < _WITH_LAST_NAME
        # Of a whole Finnish name only the last part is inflected.
        name = f"{given.nominative} {family.inflected(case)}" if whole else given.inflected(case)
        parts += [name, following]
    first, *rest = "".join(parts).split(_NUMBER)
    return first + "".join(f"{chance.randint(1, _LARGEST)}{following}" for following in rest)
