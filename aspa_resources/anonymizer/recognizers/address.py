"""Postal addresses: streets with number, stair and flat, postal codes with post office, boxes.

With a number every word that ends like a street is an address; without one only where the ending
is unmistakable or the words before say so ("osoitteessa", "bor på"). A municipality alone stays,
and so does an institution that a street gave its name ("Koetien terveysasema").
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer
from aspa_resources.anonymizer.recognizers.postal import (
    ENDING,
    FLAT,
    LOWER,
    THEN_POST,
    UPPER,
    postal_spans,
)
from aspa_resources.anonymizer.recognizers.spelled_out import NUMBER_WORD
from aspa_resources.anonymizer.recognizers.street_names import Case, Kind, StreetName, street_names

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NUMBER = (
    r"(?:\s{1,3}(?:n[ro]o?[.:]?\s|numero(?:ssa)?\s|nummer\s|talo\s)?|\s?,\s|(?<=[a-zåäö]))"
    r"\d{1,4}(?!\d|[.:,]\d|\.\s[a-zåäö])(?:\s?[-–/]\s?\d{1,4}(?!\d))?[a-z]?(?![a-zåäö])"
)
_AFTER = re.compile(rf"{_NUMBER}{FLAT}{ENDING}{THEN_POST}")
_POST_AFTER = re.compile(rf"(?=\s?,\s{{0,3}}\d{{5}}\s?[{UPPER}]){THEN_POST}")
# What is counted or measured after a number is no part of an address: "Koetiellä 3 tuntia"
_MEASURE = re.compile(
    r"\s?(?:%|€|°|[:.]\s?\d|(?i:vuo|tunti|tunnin|min|päiv|viik|kuukau|kert|kerra|euro|senttiä|"
    r"kilo|metri|k?m\b|h\b|t\b|kk\b|vk|pv|henk|hlö|ihmi|potil|asia|hoita|lääk|lap[s]|tim|år|dag|"
    r"veck|månad|gång|person|hour|week|day|year|month|time|people|barn|kronor|patient))"
)
_YEAR = re.compile(r"\s(?:19|20)\d\d")
_COUNTED = re.compile(
    rf"\s(?!(?:ja|sekä|joka|jossa|jolla|josta|mutta|siellä|missä|asuva\w*|asuu|ovat)\b)[{LOWER}]+[aä]\b"
)
_TOLD = re.compile(
    r"(?i:\b(?:\w{0,15}osoit(?:e|tee)\w*|adress\w*|address\w*)\s?[:,]?\s?(?:(?:on|oli|är|is|was|nyt|edelleen)\s){0,2})$"
)
_LIVES = re.compile(
    r"(?i:\b(?:asu[nuimvktj]\w*|kotini|koti|kotona|bo[rd]\w*|hemma|liv(?:e|es|ed|ing))\s"
    r"(?:(?:on|är|at|in|på|vid|osoitteessa|nyt|nu|yhä|itse|yksin|ensam)\s){0,2})$"
)
_MOVES = re.compile(
    r"(?i:(?:\b(?:muuti\w*|muutt\w*|muuta(?:n|mme|t|vat)|flytta\w*|moved|tuli\w*|saapui\w*|kom|kävi\w*|"
    r"toimipiste|sijaitsee|c/o\s\w+,)\s(?:till|to|in|at|på|nyt|nu)?\s?))$"
)
_CLAUSE_END = re.compile(r"\s?[.,;!?)]?\s*$|\s?[,;!?)]|\.\s[A-ZÅÄÖ]|\s(?:ja|och|and)\s")
_HOUSE_LETTER = re.compile(r"\d[a-d]$")
# "mäkelänkatu kahdeksan c": the house number in a word, where the clause ends after it
_NUMBER_IN_WORDS = re.compile(
    rf"(?i:\s{NUMBER_WORD}(?:\s[a-h]\b(?!\s[a-zåäö]+lla\b)|(?=\s?[.,;!?)]|\s*$|\s(?:ja|och|and)\s)))"
)
# "Apartment 12, 7 Koekatu": flat and house in front, as English has them
_NUMBER_FIRST = re.compile(
    r"(?:(?i:\b(?:flat|apartment|apt|unit)\.?\s\d{1,4}[a-z]?)\s?,\s(?:\d{1,4}[A-Za-z]?\s)?|(?<![\d.,])\b\d{1,3}[A-Z]?\s)$"
)
_AT_SWEDISH = re.compile(r"(?i:\b(?:på|vid|längs|från|till|bakom)\s)$")
_ALONG = re.compile(
    r"\s(?:varrella|varrelta|varteen|päässä|kohdalla|risteyks|kulma|alussa|"
    r"ände|början|hörn|kant|slut)"
)
_LOOK_BACK = 40  # characters
_BEFORE = re.compile(
    r"(?:(?i:läntinen|läntise\w+|itäinen|itäise\w+|pohjoinen|pohjoise\w+|eteläinen|eteläise\w+|vanha\w{0,3}|"
    r"uusi|uude\w+|iso\w{0,3}|pikku|pieni|piene\w+|pitkä\w{0,3}|ylinen|ylise\w+|alinen|alise\w+|vähä|"
    r"ensimmäinen|toinen|kolmas|neljäs|viides|norra|södra|östra|västra|gamla|nya|stora|lilla|"
    r"övre|nedre|första|andra|tredje|fjärde))\s$"
)
_NAME_BEFORE = re.compile(
    rf"(?:\b(?:[{UPPER}][\w.’'-]*|von|af|de|St\.|S:t|S:ta)\s){{0,3}}\b[{UPPER}][\w’'-]+[nsxz]\s$"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n\"”*•–-])\s*$")
# "Koetien palvelutalo", "Provgatans hälsostation": an institution's name, which stays
_INSTITUTION = (
    r"(?:asema|asemi|keskus|keskuks|palvelu|hoiva|hoito|hoido|asumis|neuvola|päiväko|sairaala|yksik|"
    r"toimipist|toimist|koulu|koti|kodi|kirjasto|apteek|klini|vastaanot|osasto|kiinteistö|halli|"
    r"hälso|vård|servicehus|boende|hem|mottagning|klinik|sjukhus|apotek|enhet|daghem|skola)"
)
_INSTITUTION_AFTER = re.compile(rf"(?i)\s(?:\w{{0,20}}{_INSTITUTION})")
_INSTITUTION_BEFORE = re.compile(
    r"(?i)(?:koti|talo|kodissa|kodin|talossa|talon|asema|päiväkoti|yksikkö|ryhmäkoti|hemmet|huset|villa)\s$"
)
_ALONE = frozenset({"bulevardi", "esplanadi", "esplanaden", "bulevarden"})
# Streets in small letters, and the case forms in which they are not other words' plurals
_NAMING_CASES = {
    "katu": (Case.PLAIN, Case.GENITIVE, Case.PLACE),
    "kuja": (Case.GENITIVE, Case.PLACE),
    "tie": (Case.PLACE,),
    "raitti": (Case.PLACE,),
    "bulevardi": (Case.PLAIN, Case.GENITIVE, Case.PLACE),
    "gatan": (Case.PLAIN, Case.GENITIVE, Case.PLACE),
    "gränden": (Case.PLAIN, Case.GENITIVE, Case.PLACE),
    "vägen": (Case.PLACE,),
    "stigen": (Case.PLACE,),
    "esplanaden": (Case.PLAIN, Case.GENITIVE, Case.PLACE),
    "allén": (Case.PLACE,),
}
_AFTER_GENITIVE = frozenset({"polku", "väylä", "puistikko"})  # "ahonpolulla", "myllynväylälle"
# Last parts that people live at ("asun Koerinteellä"); at a hill or a shore they live as well, but
# those are mostly villages and districts.
_LIVED_AT_WORDS = """
rinne kaari penger ahde kierto portti kulma perä tori aukio linja rinki kaarre kaarto käänne törmä
tanhua terassi reuna mutka taival laita syrjä torget backen bågen kajen svängen slingan kroken
ringen brinken
"""
_LIVED_AT = frozenset(_LIVED_AT_WORDS.split())
# "mäkelänrinteeseen": a farm's or a family's name in the genitive, and what is no such name
_FARM = re.compile(r"[^\W\d_]{3,}[eiouyäö]l[aä]n$")
_NO_FARM = re.compile(
    r"(?:sairaa|hoito|neuvo|ravinto|kahvi|kylpy|vanki|asunto|uima|huvi|kana|ky|silta|il|vil|al)l[aä]n$"
)
# Last parts written apart from the name; the second ones also without a number.
_HALF_WORDS = """
katu tie kuja polku väylä raitti aukio tori puisto puistikko ranta rinne kaari silta mäki linja
portti gatan gata vägen väg gränd gränden stig stigen plats platsen torg esplanad esplanaden allé
linjen
"""
_COMPOUNDS = frozenset(
    {"puisto", "ranta", "kirkko", "kauppa", "keskus", "tori", "asema", "koulu", "piha"}
)
_GENITIVE = re.compile(rf"\b[{UPPER}][{LOWER}]{{3,}}n\s$")  # "Koelan puistokatu 5"
_HALVES = frozenset(_HALF_WORDS.split())
_HALVES_ALONE = frozenset({"katu", "tie", "kuja", "polku", "gata", "gatan", "väg", "vägen"})
_LONG_ENOUGH = 3  # letters of a stem in small letters

_ABBREVIATED = re.compile(
    rf"\b[{UPPER}][{LOWER}-]{{3,}}(?:n?[kt]|gr?|v|kj)\.\s?\d{{1,4}}(?!\d|\.\d){FLAT}{THEN_POST}"
)
_WHATEVER_TOLD = re.compile(
    rf"(?i:\b(?:\w{0, 15}osoit(?:e|tee)\w*|adress\w*|address)\W{{1,3}}(?:(?:on|är|is)\s)?)"
    rf"(?P<street>\b[{UPPER}{LOWER}][\w’'-]+(?:\s[{UPPER}][\w’'-]+)?\s\d{{1,4}}(?!\d|[.:,]\d){FLAT}{THEN_POST})"
)
_ENGLISH_LAST = (
    r"(?:Street|Road|Lane|Avenue|Drive|Close|Crescent|Square|Court|Terrace|Boulevard|St|Rd|Ave|Ln)"
)
_ENGLISH = re.compile(
    rf"(?:\b(?i:flat|apartment|apt|unit)\.?\s\d{{1,4}}[A-Za-z]?\s?,?\s)?"
    rf"\b\d{{1,4}}[A-Za-z]?\s(?:[A-Z][\w’'-]+\s){{1,3}}{_ENGLISH_LAST}\b"
    rf"(?:\s?,?\s(?i:flat|apartment|apt|unit)\.?\s\d{{1,4}}[A-Za-z]?\b)?"
    r"|(?<=\bat\s)\d{1,4}[a-z]?\s[a-z]{3,}\s(?:street|road|lane|avenue)\b"
)
_ENGLISH_ALONE = re.compile(
    r"(?<=\s)(?:on|at|in|from|near)\s"
    r"(?P<street>(?:[A-Z][a-z]+\s){1,2}(?:Street|Road|Lane|Avenue))\b"
)
_DIGIT = re.compile(r"\d")


class AddressRecognizer(SpanRecognizer):
    """Finds street addresses, postal codes with post office and box addresses."""

    ENTITY = "ADDRESS"

    def __init__(self) -> None:
        super().__init__()
        self._read = street_names().read

    def spans(self, text: str) -> Iterable[Span]:
        """Yield addresses; those with a number score highest."""
        with_digits = bool(_DIGIT.search(text))
        for word in _WORD.finditer(text):
            if street := self._read(word.group()):
                found = _Place(text, word, street, with_digits=with_digits)
                if (span := found.span()) is not None:
                    yield span
        for match in _ENGLISH_ALONE.finditer(text):
            yield match.start("street"), match.end("street"), 0.8
        if with_digits:
            yield from postal_spans(text)
            for pattern in (_ABBREVIATED, _ENGLISH):
                for match in pattern.finditer(text):
                    yield match.start(), match.end(), 0.9
            for match in _WHATEVER_TOLD.finditer(text):
                if not _MEASURE.match(text, match.end()):
                    yield match.start("street"), match.end("street"), 0.9


class _Place:
    """A street's name in its text."""

    def __init__(
        self, text: str, word: re.Match[str], street: StreetName, *, with_digits: bool
    ) -> None:
        self._text = text
        self._street = street
        self._start, self._end = word.span()
        self._surface = word.group()
        self._capital = self._surface[0].isupper()
        self._after = _AFTER.match(text, self._end) if with_digits else None
        self._post = _POST_AFTER.match(text, self._end) if with_digits else None

    def span(self) -> Span | None:
        """Return what of the text is an address, None where the word is none."""
        if not self._street.stem and self._street.last not in _ALONE:
            return self._halved()
        if self._after is not None and self._is_numbered(self._after):
            return self._whole(self._after.end(), 0.94)
        if self._post is not None and self._capital:
            return self._whole(self._post.end(), 0.9)
        if not self._is_street():
            return None
        in_words = _NUMBER_IN_WORDS.match(self._text, self._end)
        return self._whole(in_words.end() if in_words else self._end, 0.85)

    def _whole(self, end: int, score: float) -> Span:
        before = _BEFORE.search(self._text, max(0, self._start - 15), self._start)
        if before is None and self._street.stem in _COMPOUNDS:
            before = _GENITIVE.search(self._text, max(0, self._start - 25), self._start)
        start = before.start() if before else self._start
        if self._street.case is Case.PLAIN:
            first = _NUMBER_FIRST.search(self._text, max(0, start - _LOOK_BACK), start)
            start = first.start() if first else start
        return start, end, score

    def _is_numbered(self, after: re.Match[str]) -> bool:
        """Tell whether the number after the word is a house's."""
        detailed = bool(after["flat"] or after["post"] or _HOUSE_LETTER.search(after.group()))
        if not detailed and _MEASURE.match(self._text, after.end()):
            return False
        street = self._street
        if detailed or self._follows(_TOLD):
            return street.kind is not Kind.PLURAL or self._capital
        if _COUNTED.match(self._text, after.end()):
            return self._is_street() and street.case is Case.PLAIN
        return street.kind is Kind.STREET or self._is_likely_numbered(after)

    def _is_likely_numbered(self, after: re.Match[str]) -> bool:
        """Tell whether a bare number makes a street of a word that is another noun too."""
        street = self._street
        if _YEAR.fullmatch(after.group()):
            return False
        if street.kind is Kind.COMMON:
            return self._capital or street.case is Case.PLAIN
        if street.town or street.case not in (Case.PLAIN, Case.PLACE, Case.INSIDE):
            return False
        if self._capital or self._follows(_LIVES) or self._follows(_MOVES):
            return True
        at_end = _CLAUSE_END.match(self._text, after.end()) is not None
        return street.case is Case.PLACE and len(street.stem) >= _LONG_ENOUGH and at_end

    def _is_street(self) -> bool:
        """Tell whether the word is a street's name without a number."""
        street = self._street
        if street.kind is Kind.NUMBERED:
            return self._is_lived_at()
        if street.kind is Kind.PLURAL or self._is_institution():
            return False
        if not self._capital:
            return self._is_street_in_small_letters()
        return street.kind is Kind.STREET or not (self._starts_sentence() or self._is_shouted())

    def _is_lived_at(self) -> bool:
        """Tell whether a word that is a place's name as well is a street where somebody lives."""
        street = self._street
        if street.town or len(street.stem) < _LONG_ENOUGH:
            return False
        if self._follows(_TOLD):
            return True
        if street.last not in _LIVED_AT or street.case not in (Case.PLAIN, Case.PLACE, Case.INSIDE):
            return False
        if street.case is Case.PLACE and self._follows(_LIVES):
            return True
        farm = _FARM.match(street.stem) is not None and not _NO_FARM.search(street.stem)
        return farm and street.case is not Case.PLAIN and not self._is_institution()

    def _follows_genitive(self) -> bool:
        """Tell whether a last part after a genitive ("myllyntie", "ahonpolulla") names a street."""
        street = self._street
        if street.last == "tie":
            return street.case is Case.PLAIN and len(street.stem) > _LONG_ENOUGH
        return street.last in _AFTER_GENITIVE and street.case in (Case.PLACE, Case.INSIDE)

    def _is_street_in_small_letters(self) -> bool:
        street = self._street
        if street.kind is Kind.COMMON or len(street.stem) < _LONG_ENOUGH:
            return False
        if street.case in _NAMING_CASES.get(street.last, ()):
            return True
        if street.stem.endswith("n") and self._follows_genitive():
            return True
        if street.case is Case.GENITIVE and _ALONG.match(self._text, self._end):
            return True
        return any(map(self._follows, (_TOLD, _LIVES, _AT_SWEDISH)))

    def _is_institution(self) -> bool:
        if self._street.case is Case.GENITIVE:
            return _INSTITUTION_AFTER.match(self._text, self._end) is not None
        if self._street.case is Case.PLACE:
            return False
        start = max(0, self._start - _LOOK_BACK)
        return _INSTITUTION_BEFORE.search(self._text, start, self._start) is not None

    def _halved(self) -> Span | None:
        """Return a street of several words: "Eino Koeniemen katu", "Karin Provs väg 5"."""
        if self._street.last not in _HALVES:
            return None
        start = max(0, self._start - _LOOK_BACK)
        name = _NAME_BEFORE.search(self._text, start, self._start)
        after = self._after
        if name is None:
            before = _BEFORE.search(self._text, max(0, self._start - 15), self._start)
            if after is None or before is None or not before.group()[0].isupper():
                return None
            return before.start(), after.end(), 0.9
        if after is not None and not _MEASURE.match(self._text, after.end()):
            return name.start(), after.end(), 0.94
        several = len(name.group().split()) > 1 and self._street.last in _HALVES_ALONE
        if several and not self._capital and not self._is_institution():
            return name.start(), self._end, 0.85
        return None

    def _follows(self, context: re.Pattern[str]) -> bool:
        start = max(0, self._start - _LOOK_BACK)
        return context.search(self._text, start, self._start) is not None

    def _starts_sentence(self) -> bool:
        start = max(0, self._start - _LOOK_BACK)
        return _SENTENCE_START.search(self._text, start, self._start) is not None

    def _is_shouted(self) -> bool:
        return self._surface.isupper()
