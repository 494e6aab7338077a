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
_DIRECTION = (
    r"(?:pohjois(?:ta|een)|itäistä|itään|nordlig|östlig|norr|nord|öster|öst|ost|north|east)\b"
    r"(?:\s(?:leveyttä|pituutta|bredd|längd|latitude?|longitude?)\b)?"
)
_AFTER = (
    rf"(?:\s?°?\s?[NSEWPIÖ]\b)?"
    rf"(?:\s(?:astetta|grader|degrees)(?=\s{_DIRECTION}))?(?:\s?{_DIRECTION})?"
)
_LABELLED = rf"(?:(?i:{_NAME})\s?[:=]?\s?|{_POINT}\s?[:=]?\s?)?"
_PAIR = re.compile(
    rf"{_LABELLED}(?<![\d.,]){_DECIMAL}{_AFTER}"
    rf"(?:[\s,;/|&]{{1,4}}|\s(?:ja|och|and)\s){_LABELLED}{_DECIMAL}(?!\d){_AFTER}"
)
_ONE = re.compile(
    rf"(?:(?i:\b{_NAME})\s?[:=]?\s?{_DECIMAL}|{_DECIMAL}\s?°\s?{_AFTER}|{_DECIMAL}\s?[NE]\b|{_DECIMAL}(?=\s(?:(?:astetta|grader|degrees)\s)?{_DIRECTION})){_AFTER}"
)

_MINUTE, _SECOND = r"['’′´`]", r"(?:[\"”″“]|['’′´`]{2})"
_DMS_ONE = (
    rf"(?:\b[NSEWPI]\s?)?\d{{1,3}}\s?[°º˚]\s?\d{{1,2}}(?:[.,]\d+)?\s?{_MINUTE}?"
    rf"(?:\s?\d{{1,2}}(?:[.,]\d+)?\s?{_SECOND}?)?(?:\s?[NSEWPI]\b)?(?:\s{_DIRECTION})?"
)
_DMS = re.compile(rf"{_DMS_ONE}(?:[\s,;/]{{0,4}}{_DMS_ONE})*")
_DMS_WORDS = re.compile(
    r"(?i)\d{1,3}\s(?:astetta|grader|degrees)\s\d{1,2}(?:[.,]\d+)?\s(?:minuuttia|minuter|minutes)"
    r"(?:\s(?:ja\s)?\d{1,2}(?:[.,]\d+)?\s(?:sekuntia|sekunder|seconds))?"
    rf"(?:\s{_DIRECTION})?"
)
_DMS_BARE = re.compile(
    r"\b\d{1,2}[ -]\d{1,2}[ -]\d{1,2}(?:[.,]\d+)?\s?[NSP]\b[\s,;/]{0,4}"
    r"\d{1,3}[ -]\d{1,2}[ -]\d{1,2}(?:[.,]\d+)?\s?[EWI]\b"
)
_GRID = r"\d[ \d]{0,2}\d{3}\s?\d{2,3}(?:[.,]\d+)?"
_TM35FIN = re.compile(
    rf"(?:\b[NP]\s?[:=]?\s?[67][ ]?\d{{3}}[ ]?\d{{3}}(?:[.,]\d+)?\s?[NP]?[\s,;/]{{0,4}}"
    rf"(?:\b[EI]\s?[:=]?\s?)?{_GRID}\s?[EI]?\b"
    rf"|(?<!\d)[67][ ]?\d{{3}}[ ]?\d{{3}}(?:[.,]\d+)?\s?[NP]?[\s,;/:]{{1,4}}"
    rf"(?:[EIYy]\s?[:=]?\s?)?3?[1-7]\d{{2}}[ ]?\d{{3}}(?:[.,]\d+)?(?:\s?[EI]\b)?(?!\d)"
    rf"|\b[EI]\s?[:=]?\s?{_GRID}[\s,;/]{{1,4}}[NP]\s?[:=]?\s?[67][ ]?\d{{3}}[ ]?\d{{3}}"
    rf"|(?i:\b(?:pohjois|itä|nord|ost|öst)[- ]?ko+rdinaa?t\w*|\b(?:northing|easting))"
    rf"\s?[:=]?\s?\d[ ]?\d{{2,3}}[ ]?\d{{3}}(?!\d))"
)
# Open Location Codes (8FVC9G8F+6W) and the military grid (35VLG8512345678)
_CODE = re.compile(
    r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"
    r"|\b\d{1,2}[C-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b"
)
_LINK = re.compile(
    r"(?:[?&@#](?:\w{1,8}=)?(?:\d{1,2}(?:\.\d+)?/)?|\bgeo:|/(?:place|search|dir)/|!3d)"
    r"(?P<pair>-?\d{1,3}\.\d{2,}(?:[,/~+]|%2[Cc]|!4d)-?\d{1,3}\.\d{2,})"
)


class GpsRecognizer(SpanRecognizer):
    """Finds coordinates, the letters of the compass and the names of the axes included."""

    ENTITY = "GPS"
    GATE = re.compile(
        r"\d\s?[.,°º˚]\s?\d|\d\s?[NSEWIP]\b|\d{6}|\d[ ]\d{3}[ ]\d{3}|\d\s(?:ast|gra|deg)"
        r"|[0-9A-Z]\+[0-9A-Z]|\d[A-Z]{3}|\d[A-Z]\s"
    )

    def spans(self, text: str) -> Iterable[Span]:
        """Yield coordinates."""
        for pattern, score in (
            (_PAIR, 0.95),
            (_ONE, 0.9),
            (_DMS, 0.95),
            (_DMS_WORDS, 0.95),
            (_DMS_BARE, 0.9),
            (_TM35FIN, 0.95),
            (_CODE, 0.9),
        ):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), score
        for match in _LINK.finditer(text):
            yield match.start("pair"), match.end("pair"), 0.97
