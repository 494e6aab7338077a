"""Identity codes and telephone numbers spelled out digit by digit in words.

Numbers written as words otherwise stay ("kolme tuntia"); a run of six or more number words with
nothing but signs between them spells an identifier.
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_DIGITS = (
    "nolla|nol|yksi|yks|kaksi|kaks|kolme|kol|neljä|nelj|viisi|viis|kuusi|kuus|seitsemän|seittemän|seiska|seitsemä|"
    "kahdeksan|kaheksan|kasi|yhdeksän|yheksän|ysi|"
    "noll|nolla|ett|en|två|tre|fyra|fem|sex|sju|åtta|nie|nio|"
    "zero|oh|one|two|three|four|five|six|seven|eight|nine"
)
_TENS = (
    "kymmenen|toista|kymmentä|kymmeentä|sata|sataa|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|tjugo|"
    "trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|double|triple|tupla"
)
_UNIT = rf"(?:{_DIGITS}|{_TENS})"
_WORD = rf"\b{_UNIT}{{1,4}}\b"
_SIGN = (
    "viiva|väliviiva|tavuviiva|miinus|plus|plussa|streck|bindestreck|minus|dash|hyphen|"
    "aa|bee|see|dee|ee|äf|äks|äksä|iks|yy|vee|kaksoisvee|uu|välimerkki|merkki|kirjain|bokstaven|letter"
)
_GAP = r"(?:\s*[,.;\-–]\s*|\s+)"
_JOIN = rf"{_GAP}(?:(?:{_SIGN}|ja|och|and|sitten|sen|then|[a-zåäö]){_GAP}){{0,2}}"
_RUN = re.compile(
    rf"(?i)(?:\bplus(?:sa)?\s+)?{_WORD}(?:{_JOIN}{_WORD}){{3,}}(?:\s*,?\s+(?:(?:{_SIGN})\b|[a-z]\b))?"
)
_COUNT = re.compile(rf"(?i){_UNIT}")
_HAS_SIGN = re.compile(rf"(?i)\b(?:{_SIGN})\b")
_MIN_WORDS = 6
_PLUS = len("plussa")  # a plus that opens a number is a country code, not a century
_MIN_CODE_WORDS = 9


class _SpelledOutRecognizer(SpanRecognizer):
    """Finds long runs of number words; the subclass says which of them are its own."""

    GATE = re.compile(rf"(?i){_WORD}\W+(?:\w+\W+)?{_WORD}")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield runs of at least six number words."""
        for match in _RUN.finditer(text):
            count = len(_COUNT.findall(match.group()))
            code = count >= _MIN_CODE_WORDS and bool(_HAS_SIGN.search(match.group()[_PLUS:]))
            if count >= _MIN_WORDS and code == (self.ENTITY == "HETU"):
                yield match.start(), match.end(), 0.9


class SpelledOutIdentityCodeRecognizer(_SpelledOutRecognizer):
    """Finds spelled-out identity codes: nine number words or more with a sign among them."""

    ENTITY = "HETU"


class SpelledOutPhoneRecognizer(_SpelledOutRecognizer):
    """Finds the other long runs of number words, which are telephone numbers."""

    ENTITY = "PHONE"
