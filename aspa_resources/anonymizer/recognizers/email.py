"""E-mail addresses, written with signs or spelled out in Finnish, Swedish or English.

Presidio's own recogniser is not used: it asks the network for a list of suffixes on first use.
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
_LABEL = r"[\w-]+"
_ENDING = r"(?::[A-Za-zÅÄÖåäö]{1,6}\b)?"
_START = rf"(?<!{_LOCAL})"  # every run of these signs is gone through once
_PLAIN = re.compile(
    rf"{_START}(?:mailto:)?{_LOCAL}*\w[\"']?@(?=[^\W\d]|\d+\w*\.[a-z]){_LABEL}(?:\.{_LABEL})*{_ENDING}"
    rf"|{_START}{_LOCAL}*\w\s?@\s?(?=[^\W\d_]|\d[\w.-]*\.[a-z]){_LABEL}(?:\s?\.{_LABEL})+{_ENDING}"
    rf"|{_START}{_LOCAL}*\w\s?@\s?{_LABEL}(?:\s\.\s|\s?,)(?:fi|com|se|net|org|eu)\b{_ENDING}"
    rf"|\"[^\"@\n]{{1,40}}\"@{_LABEL}(?:\.{_LABEL})+{_ENDING}"
)
# A handle or half an address: no word with an @ survives.
_HANDLE = re.compile(
    rf"(?:{_START}{_LOCAL}+)?(?<!@)@{{1,9}}(?=[^\W\d_])[\w.-]*\w"
    rf"|{_START}{_LOCAL}*[^\W\d_]@{{1,9}}"
)


_OPEN, _CLOSE = r"[\(\[\{<]\s?", r"\s?[\)\]\}>]"
_AT_WORD = (
    r"(?:at|ät|ätt|att?[- ]?merkki|ät[- ]?merkki|miuku(?:\s?mauku)?|miau|kissanhäntä|snabel[- ]?a|"
    r"snabel|kanelbulle|alfakrull|a[- ]?krull|apinanhäntä)"
)
_AT = rf"(?:\s*{_OPEN}(?:{_AT_WORD}|a|@){_CLOSE}\s*|\s*,?\s+{_AT_WORD}\s*,?\s+|[_-](?:at|ät)[_-])"
_DOT_WORD = r"(?:piste|punkt|dot|point)"
_DOT = rf"(?:\s*{_OPEN}(?:{_DOT_WORD}|\.){_CLOSE}\s*|\s*,?\s+{_DOT_WORD}\s*,?\s+|\s?\.\s?(?=\w))"
_SIGN_WORD = (
    r"(?:viiva|alaviiva|väliviiva|miinus|streck|bindestreck|understreck|dash|hyphen|underscore)"
)
_PART = rf"\w[\w+-]*(?:\s+{_SIGN_WORD}\s+\w+){{0,2}}"
# Plain words around a bare "at" are English prose; a real top-level domain at the end decides.
_TLD = r"(?:fi|com|net|org|se|eu|ax|ee|no|dk|ru|de|uk|edu|info|gov|io|me|biz|example|test|invalid)"
_SPELLED = re.compile(
    rf"(?i)\b{_PART}(?:{_DOT}{_PART}){{0,4}}{_AT}{_PART}(?:{_DOT}{_PART}){{0,3}}{_DOT}{_TLD}\b{_ENDING}"
)
# "liisa piste virtanen ät posti piste jokin": two spelled-out signs need no known domain
_SPELLED_TWICE = re.compile(
    rf"(?i)\b{_PART}(?:{_DOT}{_PART}){{0,4}}{_AT}{_PART}(?:\s*,?\s+{_DOT_WORD}\s*,?\s+{_PART})+"
)
# "testi ät esimerkki fi", "testi ät gmail": the dot forgotten, or all of the end
_SHORTENED = re.compile(
    rf"(?i)\b{_PART}(?:{_DOT}{_PART}){{0,4}}{_AT}(?:\w[\w-]+\s(?:fi|com)\b"
    r"|(?:gmail|hotmail|outlook|luukku|yahoo|icloud|suomi24|protonmail|saunalahti|kolumbus|elisanet)\b)"
)
# "testi et esimerkki piste fi": what a phone makes of "ät"; also "you do not", so all must fit
_MISHEARD = re.compile(
    rf"(?i)\b{_PART}(?:{_DOT}{_PART}){{0,4}}\set\s[\w-]+(?:\.|\s{_DOT_WORD}\s){_TLD}\b"
)
# "sähköpostini on testi henkilö ät ...": the words between what announces it and the address
_LEAD = (
    r"(?:on|är|is|to|till|osoite\w*|osoittee\w*|\w*posti\w*|meili\w*|mail\w*|e-?mail\w*|e-?post\w*|"
    r"adress\w*|address\w*)"
)
_NO_MORE = (
    r"(?:mig|mej|oss|på|nu|ju|me|us|my|our|the|nyt|mun|minun|meidän|mulle|minulle|meille|"
    r"tähän|vielä|edelleen|osoitteeseen|ja|och|and|tai|eller|or)"
)
_MORE_WORDS = re.compile(
    rf"(?i)\b{_LEAD}\s?[:,]?\s(?P<more>(?:(?!(?:{_LEAD}|{_NO_MORE})\b)[^\W\d_]{{2,}}\s){{1,2}})$"
)
_LOOK_BACK = 60  # characters


class EmailRecognizer(SpanRecognizer):
    """Finds e-mail addresses and user handles."""

    ENTITY = "EMAIL"
    GATE = re.compile(rf"(?i)@|(?<![^\W_])(?:{_AT_WORD}|et)(?![^\W_])|[\(\[\{{<]\s?a\s?[\)\]\}}>]")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield addresses with their case ending."""
        for pattern, score in ((_PLAIN, 1.0), (_HANDLE, 0.95)):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), score
        for pattern in (_SPELLED, _SPELLED_TWICE, _SHORTENED, _MISHEARD):
            for match in pattern.finditer(text):
                start = match.start()
                more = _MORE_WORDS.search(text, max(0, start - _LOOK_BACK), start)
                yield more.start("more") if more else start, match.end(), 0.95
