"""Identity codes and telephone numbers spelled out in words, digit by digit or in tens.

Numbers written as words otherwise stay ("kolme tuntia"); a run of six or more number words with
nothing but signs between them spells an identifier, and so do five that begin with a zero.
"""

import functools
import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_ZERO = "nollaa?|nol|noll|zero|oh"
_DIGITS = (
    f"{_ZERO}|yksi|yks|ykkönen|kaksi|kaks|kakkonen|kolme|kolmonen|kol|neljä|nelj|nelonen|viisi|viis|vitonen|"
    "kuusi|kuus|kutonen|seitsemän|seittemän|seitsämän|seitemän|seiska|seitsemä|kahdeksan|kaheksan|kaheksa|kasi|"
    "yhdeksän|yheksän|yheksä|ysi|ett|en|två|tre|fyra|fem|sex|sju|åtta|nie|nio|"
    "one|two|three|four|five|six|seven|eight|nine"
)
_TENS = (
    "kymmenen|kymmentä|kymmeentä|kymppi|kyt|kyttä|toista|toist|sataa?|tuhatta|tuhat|tuplaa?|"
    "tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|tjugo|tjugi|trettio|tretti|fyrtio|"
    "fyrti|femtio|femti|sextio|sexti|sjuttio|sjutti|åttio|åtti|nittio|nitti|hundra|tusen|dubbel|"
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    "forty|fifty|sixty|seventy|eighty|ninety|hundred|double|triple"
)
_UNIT = rf"(?:{_DIGITS}|{_TENS})"
NUMBER_WORD = rf"{_UNIT}{{1,4}}(?![^\W\d_])"
"""Pattern of one number in words: "kahdeksan", "kaksikymmentäviisi", "tolv"."""
_WORD = rf"\b{_UNIT}{{1,7}}\b"
_SIGN = (
    "viiva|väliviiva|tavuviiva|miinus|plus|plussa|streck|bindestreck|minus|dash|hyphen|väli|kautta|"
    "välimerkki|merkki|kirjain|bokstaven|tecken|letter|iso|pieni|stora|stort|lilla|litet|capital"
)
_LETTER = (
    "aa|bee|see|dee|ee|äf|äffä|gee|hoo|jii|koo|äl|ällä|äm|ämmä|än|ännä|pee|är|ärrä|äs|ässä|tee|"
    "uu|vee|kaksoisvee|äks|äksä|äx|yy|be|ce|de|eff|ge|hå|ji|kå|ell|em|pe|ku|ärr|ess|te|ve|ex|yps|"
    "cee|aitch|jay|kay|ar|cue|wye|[a-zåäö]"
)
_GAP = r"(?:\s*[,.;:\-–/]\s*|\s+)"
_BETWEEN = rf"(?:{_SIGN}|{_LETTER}|ja|och|and|sitten|sen|sedan|then)"
_JOIN = rf"{_GAP}(?:{_BETWEEN}{_GAP}){{0,3}}"
_RUN = re.compile(rf"(?i)(?:\bplus(?:sa)?\s+)?{_WORD}(?:{_JOIN}{_WORD}){{2,60}}")
# The check character: "hoo", "iso koo", "K niin kuin Kalle", "bokstaven K"
_LAST = re.compile(
    rf"(?i){_GAP}(?:(?:{_SIGN}|ja|och|and){_GAP}){{0,3}}(?:{_LETTER})\b"
    r"(?:\s(?:niin\s?kuin|niinku|kuten|som\si|som|as\sin|for)\s\w+)?"
)
_COUNT = re.compile(rf"(?i){_UNIT}")
_STARTS_ZERO = re.compile(rf"(?i)(?:{_ZERO})(?![^\W\d_])")
_SPOKEN_SIGN = (
    "(?:viiva|väliviiva|tavuviiva|miinus|plus|plussa|streck|bindestreck|minus|dash|hyphen|"
    "välimerkki)"
)
_HAS_SIGN = re.compile(rf"(?i)\b{_SPOKEN_SIGN}\b|[a-zåäö]{_GAP}(?:{_LETTER}){_GAP}[a-zåäö]")
_EMERGENCY = re.compile(
    r"(?i)\b(?:yksi|yks)[\s-](?:yksi|yks)[\s-](?:kaksi|kaks)\b|\bett[\s-]ett[\s-]två\b"
    r"|\bone[\s-]one[\s-]two\b"
)
_MIN_WORDS = 6
_MIN_WORDS_AFTER_ZERO = 5
_PLUS = len("plussa")  # a plus that opens a number is a country code, not a century
_MIN_CODE_WORDS = 7
_FEWEST = 3  # number words of a run
_WORDS = re.compile(r"[^\W\d_]{2,}")
# of number words: where too few words of a text begin so, it holds no run
_BEGINNING_WORDS = """
nol yks ykk kak kol nel vii vit kuu kut sei kah kas kym yhd yhe ysi tup sat tuh ett två tre fyr
fem sex sju sjo ått nio nie nit tio elv tol fjo art tju hun zer oh one two thr fou for fiv fif six
sev eig nin ten twe ele dub dou tri
"""
_BEGINNINGS = frozenset(_BEGINNING_WORDS.split())
# Words and digits in one number: "nolla40 123 4567", "040 yksi kaksi 34 56", "140271 viiva yksi"
_PIECE = rf"(?:{_UNIT}{{1,4}}(?![^\W\d_])|\d{{1,7}}(?!\d))"
_MIXED = re.compile(
    rf"(?i)(?<![\w.,:+])\+?{_PIECE}(?:[\s,-]{{0,2}}(?:{_SPOKEN_SIGN}\s)?{_PIECE}){{2,14}}"
    r"(?!\d|[.:,]\d)"
)
_LAST_LETTER = re.compile(r"[A-Za-z]\b")
_STARTS_NUMBER = re.compile(rf"(?i)\+|0|(?:{_ZERO})")
_MIN_MIXED, _MOST_DIGITS = 7, 8  # nine digits are a number by themselves: what follows is not in it


@functools.lru_cache(maxsize=8)  # the two recognisers read the same text one after the other
def _runs(text: str) -> tuple[tuple[int, int, bool], ...]:
    """Return start and end of runs of number words, and whether each is an identity code."""
    likely = sum(word[:3] in _BEGINNINGS for word in _WORDS.findall(text.lower()))
    if not likely:
        return ()
    found = list(_mixed_runs(text))
    if likely < _FEWEST:
        return tuple(found)
    for match in _RUN.finditer(text):
        count = len(_COUNT.findall(match.group()))
        end = match.end()
        code = count >= _MIN_CODE_WORDS and bool(_HAS_SIGN.search(match.group()[_PLUS:]))
        if code and (last := _LAST.match(text, end)):
            end = last.end()
        zero = _STARTS_ZERO.match(match.group()) is not None
        if count >= (_MIN_WORDS_AFTER_ZERO if zero else _MIN_WORDS):
            found.append((match.start(), end, code))
    found += [(m.start(), m.end(), False) for m in _EMERGENCY.finditer(text)]
    return tuple(found)


def _mixed_runs(text: str) -> Iterable[tuple[int, int, bool]]:
    """Yield runs of number words and digits that make one identifier."""
    if not any(map(str.isdigit, text)):
        return
    for match in _MIXED.finditer(text):
        run, end = match.group(), match.end()
        digits = sum(map(str.isdigit, run))
        words = len(_COUNT.findall(run))
        if not digits or not words or digits + words < _MIN_MIXED:
            continue
        if _HAS_SIGN.search(run):
            last = _LAST_LETTER.match(text, end) or _LAST.match(text, end)
            yield match.start(), last.end() if last else end, True
        elif _STARTS_ZERO.match(run) or (_STARTS_NUMBER.match(run) and digits <= _MOST_DIGITS):
            yield match.start(), end, False


class _SpelledOutRecognizer(SpanRecognizer):
    """Finds long runs of number words; the subclass says which of them are its own."""

    def spans(self, text: str) -> Iterable[Span]:
        """Yield runs long enough to spell an identifier."""
        for start, end, code in _runs(text):
            if code == (self.ENTITY == "HETU"):
                yield start, end, 0.9


class SpelledOutIdentityCodeRecognizer(_SpelledOutRecognizer):
    """Finds spelled-out identity codes: seven number words or more with a sign among them."""

    ENTITY = "HETU"


class SpelledOutPhoneRecognizer(_SpelledOutRecognizer):
    """Finds the other long runs of number words, which are telephone numbers."""

    ENTITY = "PHONE"
