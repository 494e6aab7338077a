"""Words before a name that make any capitalised word a name: titles, "my name is", signatures.

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
_WINDOW = 30


def announces_name(text: str, start: int) -> bool:
    """Tell whether the words just before `start` announce a name."""
    return _BEFORE_NAME.search(text, max(0, start - _WINDOW), start) is not None
