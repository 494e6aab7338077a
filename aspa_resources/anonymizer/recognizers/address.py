"""Postal addresses: streets with number, stair and flat, postal codes with post office, boxes.

Finnish and Swedish street names are told by their last part in any case form (`Mannerheimintiellä`,
`Storgatans`). With a number any such word is an address; without one only where the last part is
unmistakable and the word is written as a name. A municipality or an institution alone stays.
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_UPPER = "A-ZÅÄÖÆØÜÉ"
_OUTER = "(?:n|a|ä|an|än|na|nä|lla|llä|lta|ltä|lle|ssa|ssä|sta|stä|ksi|t)?"
_CLITIC = "(?:kin|kaan|kään|han|hän|ko|kö)?"
_ROAD = "tie(?:n|llä|ltä|lle|ssä|stä|tä|hen|nä|ni)?"
# Last parts that name a street by themselves.
_SURE_FI = (
    f"(?:kadu(?:n|lla|lta|lle|ssa|sta|ksi)|katu(?:a|un|na|ni)?|kuja{_OUTER}|{_ROAD}|polu(?:n|lla|lta|lle|ssa|sta)|polku(?:a|un)?|"
    f"väylä{_OUTER}|raiti(?:n|lla|lta|lle|ssa|sta)|raitti(?:a|in)?|bulevardi{_OUTER}|esplanadi{_OUTER}|puistikko|puistiko{_OUTER})"
)
_SURE_SV = "(?:gatan|gata|vägen|gränden|gränd|stigen|esplanaden|allén|bulevarden)s?"
# Last parts that need a number after them, being common in surnames and place names.
_WITH_NUMBER = (
    f"(?:rinne|rintee{_OUTER}|kaari|kaare{_OUTER}|ranta{_OUTER}|ranna{_OUTER}|tori{_OUTER}|aukio{_OUTER}|"
    f"mäki|mäe{_OUTER}|penger|penkere{_OUTER}|silta|sillan|laita|laida{_OUTER}|kenttä|kentä{_OUTER}|puisto{_OUTER}|"
    f"portti|porti{_OUTER}|kulma{_OUTER}|ahde|ahtee{_OUTER}|rinki|ringi{_OUTER}|kehä{_OUTER}|taival|taipalee{_OUTER}|harju{_OUTER}|"
    f"piha{_OUTER}|kallio{_OUTER}|niitty|niity{_OUTER}|pelto|pello{_OUTER}|laakso{_OUTER}|törmä{_OUTER}|"
    f"laituri{_OUTER}|linja{_OUTER}|kierto|kierro{_OUTER}|mutka{_OUTER}|kylä{_OUTER}|lehto|lehdo{_OUTER}|rivi{_OUTER}|"
    f"väg|stig|torget|backen|stranden|platsen|bågen|kajen|leden|parken|svängen|slingan|kroken|ringen|plan|kvarteret|åsen|ängen)"
)
# Compounds that are things, not streets, whatever their case form.
_THING_WORDS = """
moottori maan valta rauta pyörä jalka kävely hoito potilas asiakas pako hätä sairaala työ
elämän keskus koti pää sivu kylä kanta meri vesi hengitys ilma virtsa sappi synnytys paluu
umpi oiko kierto ohitus tulo meno matka koulu opin ura palvelu lumi kesä talvi jää virka
valitus oikeus keino kun kauppa ajo kulku luonto metsä hiekka kärry puisto siemen munan
hoidon toimenpide kuntoutus hakemus viesti tieto tiedon tunne terveys hyvinvointi väli
yksityis pika raitio katu lasi sisään ulos luft gall urin motor riks järn hem arbets cykel
färd vård halv spår huvud livs mellan om sjuk gång körsbärs genväg skol väg till rullstols
trapp bil land kust
"""
_THINGS = frozenset(_THING_WORDS.split())
_WORD = r"[\wÅÄÖåäö'’-]"
_BEFORE = (
    r"(?:(?:Läntinen|Läntise\w+|Itäinen|Itäise\w+|Pohjoinen|Pohjoise\w+|Eteläinen|Eteläise\w+|Vanha\w?|Uusi|Uude\w+|Iso\w?|Pikku|"
    r"Pieni|Piene\w+|Norra|Södra|Östra|Västra|Gamla|Nya|Stora|Lilla|Övre|Nedre|Ylä|Ala)\s)?"
)
_STAIR = rf"(?:[{_UPPER}](?![\w])|[a-hj-zåäö](?=\s?\d|\s*[,.;:)\n]|\s*$))"
_FLAT_WORD = (
    r"(?:as|asunto|asunnossa|bost|bst|lgh|lägenhet|huoneisto|huoneistossa|hs|rappu|rapussa|"
    r"rapun|porras|portaassa|krs|kerros|vån|trappa|apt|flat)"
)
_FLAT = (
    rf"(?:\s?,?\s?(?:{_STAIR}|{_FLAT_WORD}\b\.?\s?[{_UPPER}a-z]?(?=\s?\d))"
    rf"(?:[\s-]?\d{{1,3}}(?!\d)(?:[a-z](?![\w]))?)?){{0,3}}"
)
_NUMBER = (
    rf"\s(?:n[:r]?o?\.?\s|numero\s)?\d{{1,4}}(?!\d|[.:,]\d)(?:\s?[-–/]\s?\d{{1,4}}(?!\d))?{_FLAT}"
)
_POST_CODE = r"(?:(?:FIN|FI|AX|SF)[\s-]{0,2})?(?<!\d)\d{5}(?!\d)"
_CITY = (
    rf"[{_UPPER}][{_UPPER}a-zåäöé-]+"
    r"(?:\s(?:[Mm]lk|[Aa]s|[Kk]k|[Ll]appi|TL|[Tt]l|HL|[Hh]l|[Ll]pl)\b)?"
)
_POST = rf"{_POST_CODE}\s+{_CITY}(?::\w+)?"
_THEN_POST = rf"(?:\s?,?\s{{0,3}}(?:{_POST}|{_POST_CODE}\s+[a-zåäö]{{3,}}))?"

_NUMBERED = re.compile(
    rf"(?:(?i:{_BEFORE}\b{_WORD}{{2,}}?(?:{_SURE_FI}|{_SURE_SV}))|{_BEFORE}\b[{_UPPER}]{_WORD}+?{_WITH_NUMBER}){_NUMBER}{_THEN_POST}",
    re.MULTILINE,
)
_ALONE = re.compile(
    rf"\b(?:Bulevardi|Esplanadi|Esplanaden|Bulevarden|Puistotie|Rantatie|Kauppatori){_OUTER}"
    rf"{_NUMBER}{_THEN_POST}"
)
_ABBREVIATED = re.compile(
    rf"\b[{_UPPER}][\wåäö-]{{2,}}(?:nk|ntie|nt|t|k|g|v)\.\s?\d{{1,3}}(?!\d|\.\d){_FLAT}{_THEN_POST}",
    re.MULTILINE,
)
_IN_PARTS = re.compile(
    rf"(?:\b[{_UPPER}][\wåäö-]+\s){{2,3}}(?:{_SURE_FI}|gata|gatan|väg|esplanad|esplanaden)\b(?:{_NUMBER})?{_THEN_POST}"
    rf"|\b[{_UPPER}][\wåäö-]+[ns]\s(?:{_SURE_FI}|gata|gatan|väg)\b{_NUMBER}{_THEN_POST}",
    re.MULTILINE,
)
_UNNUMBERED = re.compile(
    rf"{_BEFORE}\b(?P<stem>[{_UPPER}][\wÅÄÖåäö-]{{2,}}?)(?P<last>{_SURE_FI}|{_SURE_SV}){_CLITIC}(?![\w])"
)
# A genitive and a street in one small-lettered word is no common noun: "hämeenkadulla".
_LOWER = re.compile(
    r"\b(?:[a-zåäö]{3,}n(?:kadulla|kadulta|kadulle|tiellä|tieltä|tielle|kujalla|kujalta|polulla)"
    r"|(?P<stem>[a-zåäö]{3,})gatan)\b"
)
_LIVED = re.compile(
    rf"(?i:\b(?:asun|asuu|asumme|asuva\w*|osoit\w+|bor|bodde|adress\w*|address|lives?|living)\s(?:on\s|är\s|is\s|på\s|at\s|on\s|osoitteessa\s|vid\s)?)"
    rf"(?P<street>[\wåäö]{{3,}}(?:{_SURE_FI}|{_SURE_SV})\b)"
)
_TOLD = re.compile(
    rf"(?i:\b(?:osoit\w+|adress\w*|address)\W{{1,3}}(?:on\s|är\s|is\s)?)(?P<street>[{_UPPER}][\wåäö-]+{_NUMBER}{_THEN_POST})"
)
_ENGLISH = re.compile(
    r"\b\d{1,4}[A-Z]?\s(?:[A-Z][a-z]+\s){1,3}(?:Street|Road|Lane|Avenue|Drive|St|Rd|Ave)\b\.?"
)
_BOX = re.compile(
    rf"\b(?:P\.?\s?L\.?|P\.?\s?B\.?|P\.?O\.?\s?[Bb]ox|[Pp]ostilokero|[Pp]ostbox|[Bb]ox)\s?\.?\s?\d{{1,5}}(?!\d){_THEN_POST}"
)
_POST_ALONE = re.compile(_POST)
_POST_LOWER = re.compile(
    rf"{_POST_CODE}\s(?!(?:euro|kert|henki|ihmi|asuk|poti|mark|kron|käyn|gång|pers|time|step|people|kilo|metr)){'[a-zåäö]{4,}'}"
)
# "Tammitien palvelutalo": an institution's name, which stays
_INSTITUTION = re.compile(
    r"\s(?:terveysasema|palvelu|hoiva|hoito|asumis|neuvola|päiväkoti|hammashoito|sairaala|yksik|toimipist|koulu|vanhainkoti|kirjasto|hälso|vårdcentral|servicehus|boende)"
)
_GENITIVE = ("n", "s")


class AddressRecognizer(SpanRecognizer):
    """Finds street addresses, postal codes with post office and box addresses."""

    ENTITY = "ADDRESS"

    def spans(self, text: str) -> Iterable[Span]:
        """Yield addresses; the longest forms score highest."""
        if any(c.isdigit() for c in text):
            for pattern, score in (
                (_NUMBERED, 0.94), (_IN_PARTS, 0.94), (_ALONE, 0.9),
                (_ABBREVIATED, 0.9), (_ENGLISH, 0.9),
                (_BOX, 0.94), (_POST_ALONE, 0.9), (_POST_LOWER, 0.7),
            ):  # fmt: skip
                for match in pattern.finditer(text):
                    yield match.start(), match.end(), score
            for match in _TOLD.finditer(text):
                yield match.start("street"), match.end("street"), 0.9
        else:
            for match in _IN_PARTS.finditer(text):
                yield match.start(), match.end(), 0.85
        for match in _LOWER.finditer(text):
            if match["stem"] not in _THINGS:
                yield match.start(), match.end(), 0.75
        yield from self._unnumbered(text)

    @staticmethod
    def _unnumbered(text: str) -> Iterable[Span]:
        for match in _UNNUMBERED.finditer(text):
            stem, last = match["stem"].lower(), match["last"]
            if stem in _THINGS or (last == "tien" and stem.endswith("t")):
                continue
            if last.endswith(_GENITIVE) and _INSTITUTION.match(text, match.end()):
                continue
            yield match.start(), match.end(), 0.85
        for match in _LIVED.finditer(text):
            if match["street"].lower() not in {"kadulla", "tiellä", "kotikadulla"}:
                yield match.start("street"), match.end("street"), 0.7
