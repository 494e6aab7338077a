"""Postal codes with their post office, box addresses, and what of an address follows a street.

Belongs here: the patterns of everything in an address but the street's name. Does not belong here:
which word is a street (see `street_names`) and whether the two make an address (see `address`).
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span
from aspa_resources.anonymizer.recognizers.street_names import places

UPPER = "A-ZÅÄÖÆØÜÉ"
LOWER = "a-zåäöæøüé"
ENDING = r"(?::[A-Za-zÅÄÖåäö]{1,6}\b)?"

_STAIR = rf"(?:[{UPPER}](?!\w)|[{UPPER}](?=\d)|[a-hj-n](?=\s?\d|\s*[,.;:)\n]|\s*$))"
_FLAT_WORD = (
    r"(?:as|asunto|asunnossa|bost|bostad|bst|lgh|lägenhet|huoneisto|huoneistossa|huon|hs|rappu|"
    r"rapussa|rapun|porras|portaassa|krs|kerros|vån|våning|trappa|trapp|uppgång|apt|flat|talo|hus)"
)
_FLAT_ONE = (
    rf"\s?,?\s?(?:(?i:{_FLAT_WORD})\b(?:\.(?=\s?\w))?\s?(?:[{UPPER}a-z](?=\s?\d|\b))?|{_STAIR})"
    rf"(?:[\s-]?\d{{1,3}}(?!\d)(?:[a-z](?!\w))?)?"
)
_FLAT_LETTER = rf"\s?(?i:rappu|rapussa|rapun|porras|trappan?|uppgång)\b(?:\s[{UPPER}](?!\w))?"
FLAT = rf"(?P<flat>(?:{_FLAT_ONE}|{_FLAT_LETTER}|\s?/\s?\d{{1,3}}(?!\d))*)"

_CODE = r"(?:(?:FIN|FI|AX|SF|SE|S)[\s-]{0,2})?(?<!\d)\d{5}(?!\d)"
_OFFICE = (
    rf"[{UPPER}][{UPPER}{LOWER}-]+"
    r"(?:\s(?:[Mm]lk|MLK|[Aa]s|[Kk]k|KK|[Ll]appi|TL|[Tt]l|HL|[Hh]l|[Ll]pl|[Pp]itäjä)\b)?"
)
_POST = rf"{_CODE}\s?,?\s{{0,3}}{_OFFICE}{ENDING}"
_POST_LOWER = rf"{_CODE}\s{{1,3}}[{LOWER}]{{3,}}"
_CODE_LAST = rf"{_OFFICE}\s?,?\s{_CODE}"
THEN_POST = rf"(?P<post>\s?,?\s{{0,3}}(?:{_POST}|{_CODE_LAST}|{_POST_LOWER}|{_CODE}))?"

_BOX = re.compile(
    rf"\b(?:P\.?\s?L\.?|P\.?\s?B\.?|p\.?l\.?|pb|(?i:p\.?\s?o\.?\s?box)|"
    rf"(?i:postilokero\w{{0,4}}|postbox|postfack|postlåda|box|lokero))\s?[.:]?\s?"
    rf"(?:n[ro]o?\.?\s|numero\s|nummer\s)?\d{{1,5}}(?!\d|[.,:]\d){ENDING}{THEN_POST}"
)
_WITH_OFFICE = re.compile(_POST)
_OFFICE_FIRST = re.compile(rf"(?P<office>{_OFFICE})\s?,?\s{_CODE}")
_LOWER_OFFICE = re.compile(rf"{_CODE}\s{{1,3}}(?P<office>[{LOWER}-]{{3,}})")
_FIVE_DIGITS = re.compile(r"(?<!\d)\d{5}(?!\d)")
_SHORTEST_STEM = 4  # letters of a place's name that must agree where it is inflected


def postal_spans(text: str) -> Iterable[Span]:
    """Yield box addresses and postal codes with post office."""
    for match in _BOX.finditer(text):
        yield match.start(), match.end(), 0.94
    if not _FIVE_DIGITS.search(text):
        return
    for match in _WITH_OFFICE.finditer(text):
        yield match.start(), match.end(), 0.9
    for pattern in (_LOWER_OFFICE, _OFFICE_FIRST):
        for match in pattern.finditer(text):
            if is_place(match["office"].lower()):
                yield match.start(), match.end(), 0.8


def is_place(word: str) -> bool:
    """Tell whether a word in small letters is a municipality or post office, in any case form."""
    known = places()
    stems = (word[:end] for end in range(len(word), _SHORTEST_STEM - 1, -1))
    return any(stem in known or (stem[-1:] == "n" and stem[:-1] in known) for stem in stems)
