"""Coordinates: decimal degrees, degrees with minutes and seconds, ETRS-TM35FIN, and in links."""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_NAME = (
    r"(?:lat(?:itude|itud)?|lon(?:g|gitude|gitud)?|lng|leveys(?:aste|piiri)?|pituus(?:aste|piiri)?|"
    r"pohjois(?:ta|koordinaatti)(?:\s(?:leveyttä|pituutta))?|"
    r"itä(?:koordinaatti|istä)(?:\s(?:leveyttä|pituutta))?|"
    r"nordlig\s(?:bredd|latitud)|östlig\s(?:längd|longitud)|itä)"
)
_POINT = r"(?:\b[NSEWIPÖ]\b|\b(?:N|S|E|W|P|I)(?=\s?\d))"
_DECIMAL = r"[-+−]?\d{1,3}\s?[.,]\s?\d{3,10}\s?°?"
_AFTER = (
    r"(?:\s?°?\s?[NSEWPIÖ]\b)?"
    r"(?:\s?(?:pohjoista|itäistä|itään|pohjoiseen)(?:\s(?:leveyttä|pituutta))?)?"
)
_LABELLED = rf"(?:(?i:{_NAME})\s?[:=]?\s?|{_POINT}\s?[:=]?\s?)?"
_PAIR = re.compile(
    rf"{_LABELLED}(?<![\d.,]){_DECIMAL}{_AFTER}"
    rf"(?:[\s,;/|&]{{1,4}}|\s(?:ja|och|and)\s){_LABELLED}{_DECIMAL}(?!\d){_AFTER}"
)
_ONE = re.compile(
    rf"(?:(?i:\b{_NAME})\s?[:=]?\s?{_DECIMAL}|{_DECIMAL}\s?°\s?{_AFTER}|{_DECIMAL}\s?[NE]\b){_AFTER}"
)

_MINUTE, _SECOND = r"['’′´`]", r"(?:[\"”″“]|['’′´`]{2})"
_DMS_ONE = (
    rf"(?:[NSEW]\s?)?\d{{1,3}}\s?[°º˚]\s?\d{{1,2}}(?:[.,]\d+)?\s?{_MINUTE}?"
    rf"(?:\s?\d{{1,2}}(?:[.,]\d+)?\s?{_SECOND}?)?(?:\s?[NSEW]\b)?"
)
_DMS = re.compile(rf"{_DMS_ONE}(?:[\s,;/]{{0,4}}{_DMS_ONE})*")
_DMS_WORDS = re.compile(
    r"(?i)\d{1,3}\s(?:astetta|grader|degrees)\s\d{1,2}(?:[.,]\d+)?\s(?:minuuttia|minuter|minutes)"
    r"(?:\s(?:ja\s)?\d{1,2}(?:[.,]\d+)?\s(?:sekuntia|sekunder|seconds))?"
    r"(?:\s(?:pohjoista|itäistä|nord\w*|ost\w*|öst\w*|north|east)(?:\s(?:leveyttä|pituutta))?)?"
)
_GRID = r"\d[ \d]{0,2}\d{3}\s?\d{2,3}(?:[.,]\d+)?"
_TM35FIN = re.compile(
    rf"(?:\b[NP]\s?[:=]?\s?[67][ ]?\d{{3}}[ ]?\d{{3}}(?:[.,]\d+)?\s?[NP]?[\s,;/]{{0,4}}"
    rf"(?:\b[EI]\s?[:=]?\s?)?{_GRID}\s?[EI]?\b"
    rf"|(?<!\d)[67]\d{{6}}(?:[.,]\d+)?\s?[NP]?[\s,;/:]{{1,4}}"
    rf"(?:[EI]\s?[:=]?\s?)?[1-7]\d{{5}}(?:[.,]\d+)?\s?[EI]?(?!\d))"
)
# Open Location Codes (8FVC9G8F+6W) and the military grid (35VLG8512345678)
_CODE = re.compile(
    r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"
    r"|\b\d{1,2}[C-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b"
)
_LINK = re.compile(
    r"(?:[?&@#](?:\w{1,8}=)?(?:\d{1,2}/)?)(?P<pair>-?\d{1,3}\.\d{2,}(?:,|/|%2C|\+)-?\d{1,3}\.\d{2,})"
)


class GpsRecognizer(SpanRecognizer):
    """Finds coordinates, the letters of the compass and the names of the axes included."""

    ENTITY = "GPS"
    GATE = re.compile(
        r"\d\s?[.,°º˚]\s?\d|\d{6}|\d[ ]\d{3}[ ]\d{3}|\d\s(?:ast|gra|deg)"
        r"|[0-9A-Z]\+[0-9A-Z]|\d[A-Z]{3}|\d[A-Z]\s"
    )

    def spans(self, text: str) -> Iterable[Span]:
        """Yield coordinates."""
        for pattern, score in (
            (_PAIR, 0.95),
            (_ONE, 0.9),
            (_DMS, 0.95),
            (_DMS_WORDS, 0.95),
            (_TM35FIN, 0.95),
            (_CODE, 0.9),
        ):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), score
        for match in _LINK.finditer(text):
            yield match.start("pair"), match.end("pair"), 0.97
