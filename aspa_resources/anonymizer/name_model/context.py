"""Words beside a name that make any capitalised word a name: titles, "my name is", X-hoitaja.

Belongs here: those words, in Finnish, Swedish and English. Does not belong here: what the word that
follows looks like. The rule catches names that the network finds unlikely by their letters.
"""

import re

_TITLE_ENDS = (
    "hoitaja|lääkäri|kätilö|terapeutti|psykologi|psykiatri|kirurgi|ortopedi|gynekologi|"
    "neurologi|ohjaaja|työntekijä|avustaja|kuraattori|hygienisti|tohtori|siistijä|tulkki|"
    "opiskelija|harjoittelija|sihteeri|virkailija|esimies|johtaja|fysio|fyssari|jumppari|"
    "terkka|terkkari|hoitsu|lekuri|sossu|kandi|neuvolatäti|läkaren?|sköterskan?|"
    "skötaren?|doktorn?|barnmorskan?|vårdaren?|terapeuten|psykologen|kirurgen|kuratorn?|"
    "handledaren?|hygienisten|nurse|doctor|midwife|surgeon|dentist|therapist|physio|"
    "interpreter"
)
_WHOLE = (
    "tri|dr|sh|th|lh|ft|prof|rouva|herra|neiti|fru|herr|mr|mrs|ms|"
    "nimeltä|nimeltään|hette|heter|named"
)
_NAME_IS = r"(?:nimi|nimeni|name|namn(?:et)?)\s(?:on|oli|is|was|är|var)"
_BEFORE_NAME = re.compile(rf"(?i)(?:(?:{_TITLE_ENDS})|\b(?:{_WHOLE})\.?|\b{_NAME_IS})\s$")
_AFTER_NAME = re.compile(
    r"-(?:niminen|nimis|hoitaja|hoitsu|lääkäri|lekuri|tohtori|terkka|täti|setä|mummo|mummi|"
    r"mummu|pappa|ukki|vaari|isäntä|emäntä|neiti|rouva|sisko|veli|poika|tyttö|vauva|kulta|syster)"
)
_ABBREVIATED_TITLES = frozenset({"dr", "tri", "prof", "mr", "mrs", "ms", "sh", "th", "lh", "ft"})
_LINK = re.compile(r"(?P<host>(?:https?://)[\w.-]+|\b[\w-]+(?:\.[\w-]+)+(?=/\S*\?\S*=))")
_WINDOW = 30


def announces_name(text: str, start: int) -> bool:
    """Tell whether the words just before `start` announce a name."""
    return _BEFORE_NAME.search(text, max(0, start - _WINDOW), start) is not None


def followed_by_title(text: str, end: int) -> bool:
    """Tell whether a hyphen and a title come right after `end` (Sari-hoitajalle)."""
    return _AFTER_NAME.match(text, end) is not None


def is_title(word: str) -> bool:
    """Tell whether a word is an abbreviated title, which stays."""
    return word.lower() in _ABBREVIATED_TITLES


def in_link_host(text: str, start: int, end: int) -> bool:
    """Tell whether a word stands in the host part of a link that has a query or a scheme."""
    match = _LINK.search(text, max(0, start - _WINDOW))
    return match is not None and match.start() <= start and end <= match.end("host")
