"""Finnish personal identity codes (henkilötunnus, HETU) in every form people write them.

The rule: DDMMYY, a century sign, an individual number of three digits and a check character
(Digital and Population Data Services Agency; the signs Y X W V U and B-F joined in 2023). Whatever
has the shape is taken, whether the check character is right or not: a typing error still points at
a person. Codes spelled out in words are found by `spelled_out`.
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_SPELLED_SIGN = r"(?:viiva|väliviiva|tavuviiva|miinus|plus|streck|bindestreck|minus|dash|hyphen)"
_SIGN = r"[-\u2010-\u2015\u2212_+/A-FU-Ya-fu-y]"
# A letter that begins a word ("mennä") is no check character; a capital glued to a word is.
_CHECK = r"(?:\d(?!\d)|[A-Za-z](?![A-Za-zÅÄÖåäö])|[A-Z](?=[a-zåäö]))"
_ENDING = r"(?::[A-Za-zÅÄÖåäö]{1,6}\b)?"

_FORMS = (
    # 140271-912X, 14.02.71 - 912 X, 14 02 71A912x, 140271-912 (check forgotten), 14021971-912X
    re.compile(
        rf"(?<!\d)(?:{_DAY}[ ./-]?{_MONTH}[ ./-]?|[1-9]\.[ ]?{_MONTH}\.|[0-3]?\d\.[ ]?[1-9]\.[ ]?)"
        rf"(?:19|20)?\d\d\s{{0,3}}(?:{_SIGN}|(?i:{_SPELLED_SIGN}))\s{{0,3}}"
        rf"\d\s?\d\s?\d(?:\s{{0,2}}{_CHECK}|(?!\d)){_ENDING}"
    ),
    # 140271912X, 140271 912X, 140271 912 X: no sign; the letter tells it from other numbers
    re.compile(
        rf"(?<!\d){_DAY}{_MONTH}(?:19|20)?\d\d[\s.,:*_]{{0,2}}\d{{3}}\s?"
        rf"[A-Za-z](?![A-Za-zÅÄÖåäö\d]){_ENDING}"
    ),
    # 140271 9123, 1402719123: digits alone, a likely date of birth
    re.compile(rf"(?<!\d){_DAY}{_MONTH}\d\d\s?\d{{4}}(?!\d){_ENDING}"),
    # any six digits, a sign, four characters: not even the date is right
    re.compile(rf"(?<!\d)(?:\d\d)?\d{{6}}\s?{_SIGN}\s?\d{{3}}{_CHECK}{_ENDING}"),
    # letters for digits: 14O271-9I2X
    re.compile(r"(?<!\w)(?=[OoIl]{0,3}\d)[\dOoIl]{6}\s?[-–—+]\s?[\dOoIl]{3}[0-9A-Za-z](?!\w)"),
    # 1 4 0 2 7 1 - 9 1 2 X: every character apart
    re.compile(rf"(?<!\d)(?:\d\s){{5}}\d\s*{_SIGN}?\s*(?:\d\s){{2}}\d\s?{_CHECK}"),
)
_APART_PHONE = re.compile(r"0\s[45](?:\s\d){8}")
# "tunnuksen loppuosa on -912X", "hetun loppu 912X": the half that makes a birth date personal
_TAIL = re.compile(
    r"(?i:\b(?:loppu|loppuosa\w*|hetu\w*|tunnu\w+|slut\w*|beteckning\w*|code|id)\b)\W{1,3}(?:\w{1,4}\W{1,3})?"
    rf"(?P<tail>{_SIGN}?\d{{3}}[A-Za-z](?![A-Za-zÅÄÖåäö]))"
)


class IdentityCodeRecognizer(SpanRecognizer):
    """Finds identity codes written with digits."""

    ENTITY = "HETU"
    GATE = re.compile(r"\d\D?\d\D?[\dOI]")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield codes, the surest forms first in score."""
        for form, score in zip(_FORMS, (1.0, 0.98, 0.75, 0.97, 0.9, 0.97), strict=True):
            for match in form.finditer(text):
                if _APART_PHONE.fullmatch(match.group()):
                    continue  # 0 4 0 1 2 ...: no sign and no letter, so a mobile number
                yield match.start(), match.end(), score
        for match in _TAIL.finditer(text):
            yield match.start("tail"), match.end("tail"), 0.9
