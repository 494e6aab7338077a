"""Plain checks of cleaned text, written from what a leak looks like, not from what an entity is.

A leak is most often half of something: the part of a name that stood outside the placeholder, the
spelled-out end of an address, a street before a number that was taken away.

Belongs here: signs of something left over. Does not belong here: the patterns of the first pass.
"""

import re
import unicodedata
from collections.abc import Callable

from aspa_resources.anonymizer.verification.word_lists import WordLists

Check = Callable[[str, WordLists], bool]

_AT_WORD = re.compile(r"[^\W\d_]\s?@|@\s?[^\W\d_]")
_AT_SPELLED = re.compile(
    r"(?i)[(\[{]\s?(?:at|ät|ätt|a)\s?[)\]}]|\bsnabel-?\s?a\b|\bmiuku(?:mauku)?\b"
)
_DOMAIN_SPELLED = re.compile(r"(?i)\b(?:piste|punkt|dot)\s+(?:fi|com|net|org|se|ax|eu)\b")
# What was glued to an identifier and stayed: "<EMAIL>.fi", "liisa<EMAIL>".
_GLUED = re.compile(r"<(?:EMAIL|HETU|IP|GPS)>[.@-]?[^\W_]|[^\W_][.@-]?<(?:EMAIL|HETU|IP|GPS)>")
_STREET = re.compile(
    r"\b[^\W\d_]{3,}?(?:kat(?:u|ua|uun)|kadu(?:n|lla|lta|lle|ssa|sta)|tie(?:n|tä|llä|ltä|lle)?|kuja(?:n|lla|lta|lle)?"
    r"|polku|polu(?:n|lla|lta|lle)|raitti|raiti(?:n|lla|lta)|väylä(?:n|llä)?|gatan|vägen|gränden|stigen)\s<NUMBER>",
    re.IGNORECASE,
)
_NO_STREET = re.compile(
    r"(?:valta|moottori|kanta|seutu|hätä|poistumis|rauta|maan|kävely|pyörä)(?:tie|katu|kadu)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\b(?:PL|PB|P\.?O\.?\s?[Bb]ox|[Pp]ostilokero|FI-|AX-)\s?<NUMBER>")
_FLAT = re.compile(r"<NUMBER>\s[A-H]\s<NUMBER>")
_CODE_TAIL = re.compile(r"<NUMBER>\s?[-+–A]\s?<NUMBER>[A-Z](?![^\W_])")
_NUMBER_WORD = (
    r"(?:nolla|yksi|yks|kaksi|kaks|kolme|neljä|viisi|viis|kuusi|kuus|seitsemän|seittemän|kahdeksan|kaheksan|yhdeksän"
    r"|yheksän|noll|ett|två|tre|fyra|fem|sex|sju|åtta|nio|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_SPELLED_NUMBER = re.compile(
    rf"(?i)(?<![^\W_]){_NUMBER_WORD}(?:[\W_]+{_NUMBER_WORD}){{4,}}(?![^\W_])"
)
# "M.K.", "S. P-L.", "J-P W."; an abbreviation of one written thing (e.g., U.S.A.) looks the same.
_INITIALS = re.compile(
    r"(?<![^\W_.])[A-ZÅÄÖ](?:\.\s?|-)[A-ZÅÄÖ](?:\.?-[A-ZÅÄÖ])?(?:\.(?!\w)|\s[A-ZÅÄÖ]\.)"
)
_INITIAL_AND_NAME = re.compile(
    r"(?<![^\W_.])(?:[A-ZÅÄÖ]\.\s?(?:<PERSON>|(?P<after>[A-ZÅÄÖ][a-zåäöéü]{2,}))"
    r"|(?P<before>[A-ZÅÄÖ][a-zåäöéü]{2,})\s[A-ZÅÄÖ]\.(?=\s*(?:$|\n|[,;)])))"
)
_SIGNING = re.compile(r"\bT\.")
# The other half of a double name: "<PERSON>-Liisa", "Anna-<PERSON>".
_HALF = re.compile(r"<PERSON>-?[A-ZÅÄÖ][a-zåäö]|[A-ZÅÄÖ][a-zåäö]+-<PERSON>")
_DOUBLE = re.compile(r"(?<![^\W_-])([^\W\d_]{2,})-([^\W\d_]{2,})(?![\w-])")
_TITLED = re.compile(
    r"(?:[Hh]oitaja|[Ll]ääkäri|[Tt]ohtori|[Tt]erapeutti|[Kk]ätilö|[Oo]hjaaja|[Ll]äkaren?|[Dd]oktor|[Ss]köterskan?"
    r"|[Bb]arnmorskan?|[Dd]octor|[Nn]urse|\b[Dd]r\.?|\b[Mm]rs?\.?)\s([A-ZÅÄÖ][a-zåäöéü]+)"
)


def digit_left(text: str, _: WordLists) -> bool:
    """Tell whether a character with a numeric value is left (ideographs are letters)."""
    return any(unicodedata.category(c)[0] == "N" for c in text if not c.isascii() or c.isdigit())


def address_sign_left(text: str, _: WordLists) -> bool:
    """Tell whether an @ with a letter beside it is left, or one in words."""
    return any(form.search(text) for form in (_AT_WORD, _AT_SPELLED, _DOMAIN_SPELLED))


def glued_rest_left(text: str, _: WordLists) -> bool:
    """Tell whether letters stick to an identifier that was taken away."""
    return _GLUED.search(text) is not None


def code_tail_left(text: str, _: WordLists) -> bool:
    """Tell whether the check letter of an identity code stands after its numbers."""
    return _CODE_TAIL.search(text) is not None


def street_left(text: str, _: WordLists) -> bool:
    """Tell whether a street's name or a box stands before a number that was taken away."""
    streets = (match.group() for match in _STREET.finditer(text))
    named = any(not _NO_STREET.match(street) for street in streets)
    return named or any(form.search(text) for form in (_BOX, _FLAT))


def spelled_number_left(text: str, _: WordLists) -> bool:
    """Tell whether five number words or more follow each other."""
    return _SPELLED_NUMBER.search(text) is not None


def initials_left(text: str, lists: WordLists) -> bool:
    """Tell whether initials are left, alone or beside a name; a T signs a letter (terveisin)."""
    if _INITIALS.search(text):
        return True
    for match in _INITIAL_AND_NAME.finditer(text):
        word = match["after"] or match["before"]
        signing = _SIGNING.match(match.group()) is not None
        if word is None:
            if not signing:
                return True
        elif _may_be_name(word, lists) and not (signing and lists.code(word.lower())[0] == "F"):
            return True
    return False


def half_name_left(text: str, _: WordLists) -> bool:
    """Tell whether the other half of a double name stands beside a placeholder."""
    return _HALF.search(text) is not None


def double_name_left(text: str, lists: WordLists) -> bool:
    """Tell whether two first names are joined by a hyphen."""
    for first, second in _DOUBLE.findall(text):
        codes = [lists.code(word.lower()) for word in (first, second)]
        capitals = first[0].isupper() and second[0].isupper()
        if all(code[1][0] >= ("1" if capitals else "2") for code in codes) and (
            capitals or all(code[0] in "UkcK" for code in codes)
        ):
            return True
    return False


def titled_name_left(text: str, lists: WordLists) -> bool:
    """Tell whether a capitalised word that may be a name follows a title."""
    return any(_may_be_name(word, lists) for word in _TITLED.findall(text))


def _may_be_name(word: str, lists: WordLists) -> bool:
    """Tell a word that people bear, or that nobody knows, from everyday words."""
    known, names = lists.code(word.lower())
    return known in "Uc" or (known == "K" and names != "00")


CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("NUMBER", "digit_left", digit_left),
    ("EMAIL", "address_sign_left", address_sign_left),
    ("EMAIL", "glued_rest_left", glued_rest_left),
    ("HETU", "code_tail_left", code_tail_left),
    ("ADDRESS", "street_left", street_left),
    ("PHONE", "spelled_number_left", spelled_number_left),
    ("PERSON", "initials_left", initials_left),
    ("PERSON", "half_name_left", half_name_left),
    ("PERSON", "double_name_left", double_name_left),
    ("PERSON", "titled_name_left", titled_name_left),
)
"""Entity type, name and function of every check; a function takes the text and the word lists."""
