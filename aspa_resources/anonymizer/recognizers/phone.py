"""Telephone numbers: what libphonenumber calls valid for Finland, and the forms it misses.

Missed there and found here: service and emergency numbers, doubtful lengths, a zero in brackets,
numbers that nobody has been given. Numbers spelled out in words are found by `spelled_out`.
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_GAP = r"[\s.\-–/]"
_ENDING = r"(?::[A-Za-zÅÄÖåäö]{1,6}\b)?"
_INTERNATIONAL = re.compile(
    rf"(?<![\d+])(?:\+|(?<!\d)00)\s?\d(?:{_GAP}?[()]?\d[()]?){{6,14}}(?!\d){_ENDING}"
)
_NATIONAL = re.compile(
    rf"(?<![\d+])(?<!\d[.,])(?<!\d[ \u00a0])"
    rf"(?:\(0\d{{1,3}}\)|0\d{{1,3}}\)?)(?:{_GAP}{{0,3}}\d){{4,9}}(?![\d])(?!\.\d){_ENDING}"
)
_SERVICE = re.compile(
    rf"(?<![\d.,])(?:116{_GAP}?\d{{3}}|11[24]|10022|118)(?![\d]|[.,:]\d){_ENDING}"
)
# 0 4 0 1 2 3 4 5 6 7: every digit apart
_APART = re.compile(r"(?<!\d)(?<!\d )0(?: \d){6,11}(?!\d| \d)")
# O4O-1234567: letters for digits; 040 xxx 4567: part of it masked
_MISSPELT = re.compile(
    rf"(?<!\w)(?=[\dOo]{{0,2}}[Oo]|[^ ]{{0,20}}\d[OoIl])[0Oo][45][\dOo]\d?"
    rf"{_GAP}?(?:[\dOoIl]{_GAP}?){{5,7}}[\dOoIl](?!\w)"
    rf"|(?<![\w.,])(?:\+358{_GAP}?\d\d|0\d{{1,3}})(?:{_GAP}?\d){{0,5}}"
    rf"{_GAP}?(?:[xX]{{2,8}}|\*{{2,8}})(?:{_GAP}?(?:\d+|[xX]+|\*+)){{0,3}}(?!\w)"
)
# A date or a time may look like a national number: 01.02.2024 09.30
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?")


class PhoneRecognizer(SpanRecognizer):
    """Finds telephone numbers of Finland and, with a country code, of the world."""

    ENTITY = "PHONE"
    GATE = re.compile(r"\d\D{0,3}\d\D{0,3}\d|\b[Oo0][45][Oo0]|0\d{1,3}.?[xX*]{2}")
    _LONG = re.compile(r"\d(?:\D{0,3}\d){5}")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield numbers as written, with their case ending."""
        for match in _INTERNATIONAL.finditer(text):
            yield match.start(), match.end(), 0.92
        for match in _NATIONAL.finditer(text):
            if not _DATE.match(match.group()):
                yield match.start(), match.end(), 0.85
        for pattern in (_APART, _MISSPELT):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), 0.9
        for match in _SERVICE.finditer(text):
            yield match.start(), match.end(), 0.6
        if self._LONG.search(text):
            yield from self._library_matches(text)

    @staticmethod
    def _library_matches(text: str) -> Iterable[Span]:
        from phonenumbers import Leniency, PhoneNumberMatcher

        for match in PhoneNumberMatcher(text, "FI", leniency=Leniency.VALID):
            unclosed = match.raw_string.startswith("(") and ")" not in match.raw_string
            yield match.start + unclosed, match.end, 0.8
