"""What holds for any text: generated identifiers never survive, placeholders are whole."""

import gc
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.anonymizer import ENTITY_TYPES, Anonymizer
from aspa_resources.anonymizer.assembly import RECOGNIZERS
from aspa_resources.anonymizer.recognizers.base import SpanRecognizer

ANONYMIZER = Anonymizer()
SOME = settings(max_examples=120, deadline=None)
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
AROUND = st.sampled_from(("", " ", "hetu", "koodi ", "Kiitos, ", "min kod är ", "id:", "(", '"'))
AFTER = st.sampled_from(("", " ", ".", ", kiitos", ") och väntade", " and left", "!", ":n"))
IP_ADDRESSES = st.one_of(
    st.ip_addresses(v=4).map(str),
    # two colons at an end cannot be told from the text's own colon beside them
    st.ip_addresses(v=6).map(str).filter(lambda a: a.strip(":") == a),
)
DIGITS = st.sampled_from(
    [chr(p) for p in range(0x20000) if unicodedata.category(chr(p)) in {"Nd", "No", "Nl"}]
)


def clean(text: str) -> str:
    return ANONYMIZER.anonymize([text])[0].text


@st.composite
def identity_codes(draw: st.DrawFn) -> str:
    """Artificial codes (individual numbers 900-999), right or wrong check, in any written form."""
    day, month = draw(st.integers(1, 31)), draw(st.integers(1, 12))
    year, number = draw(st.integers(0, 99)), draw(st.integers(900, 999))
    dot = draw(st.sampled_from(("", "", ".", " ")))
    sign = draw(st.sampled_from("+-–—ABCDEFUVWXYabcdefuvwxy"))
    gap = draw(st.sampled_from(("", "", " ")))
    check = draw(st.sampled_from(CHECK_CHARACTERS))
    code = f"{day:02}{dot}{month:02}{dot}{year:02}{gap}{sign}{gap}{number}{check}"
    return draw(st.sampled_from((code, code.lower())))


@SOME
@given(AROUND, identity_codes(), AFTER)
def test_no_identity_code_survives(before: str, code: str, after: str) -> None:
    cleaned = clean(f"{before}{code}{after}")
    assert "<HETU>" in cleaned
    assert code[-1].lower() not in cleaned.replace("<HETU>", "").removeprefix(before).removesuffix(
        after
    )


@SOME
@given(
    AROUND.filter(lambda b: not b or not b[-1].isalpha()),
    st.from_regex(r"[a-z]{2,8}([._-][a-z]{2,8})?(@|\(at\))[a-z]{3,9}\.fi", fullmatch=True)
    | st.from_regex(r"[a-z]{3,8}( piste [a-z]{3,8})? ät [a-z]{3,9} piste fi", fullmatch=True),
)
def test_no_email_survives(before: str, address: str) -> None:
    cleaned = clean(f"{before}{address} kiitos")
    left = set(re.findall(r"[^\W\d_]+", cleaned))
    assert "<EMAIL>" in cleaned
    assert not left & (set(re.findall(r"[a-z]{3,}", address)) - set(before.split()) - {"kiitos"})


@SOME
@given(AROUND, IP_ADDRESSES, AFTER)
def test_no_internet_address_survives(before: str, address: str, after: str) -> None:
    before = before if not before or not before[-1].isalnum() else f"{before} "
    cleaned = clean(f"{before}{address}{after}")
    assert "<IP>" in cleaned
    assert len(re.sub("<[A-Z]+>", "", cleaned)) <= len(before) + len(after)


@SOME
@given(
    st.sampled_from(("040", "050", "+358 40", "00358 44", "09", "(013)", "0457")),
    st.from_regex(r"[ -]?[0-9]{3}[ -]?[0-9]{3,4}", fullmatch=True),
)
def test_phones_are_told_from_numbers(area: str, number: str) -> None:
    # 040100-000 has the shape of an identity code as well
    assert clean(f"soita {area}{number} heti") in {"soita <PHONE> heti", "soita <HETU> heti"}


@SOME
@given(st.floats(59.5, 70.0), st.floats(19.5, 31.5), st.sampled_from((", ", " ", "; ", "/")))
def test_coordinates_are_told_from_numbers(north: float, east: float, between: str) -> None:
    assert clean(f"paikka {north:.5f}{between}{east:.5f} oli") == "paikka <GPS> oli"


@SOME
@given(st.text(max_size=30), DIGITS, st.text(max_size=30))
def test_no_digit_of_any_script_survives(before: str, digit: str, after: str) -> None:
    cleaned = clean(before + digit + after)
    assert not any(unicodedata.category(c) in {"Nd", "No", "Nl"} for c in cleaned)


PIECES = """Kiitos|hoitaja|140271-912X|040 123 4567|Koetie 5 A|klo|14.30|testi@esimerkki.fi|osoite
192.0.2.1|00100 Helsinki|oli|ja|,|.|½|٣|nolla|yksi|kaksi|5°|N|-|:|@|Koekadulla|tie|PL|at|fi|(|)
"""
FEEDBACK = st.lists(st.sampled_from(PIECES.strip().replace("\n", "|").split("|")), max_size=20).map(
    " ".join
)


@SOME
@given(FEEDBACK)
def test_placeholders_are_whole_and_not_nested(text: str) -> None:
    bare = re.sub("<(?:" + "|".join(ENTITY_TYPES) + ")>", "", clean(text))
    assert "<" not in bare
    assert ">" not in bare


PATTERNS = [make() for make in RECOGNIZERS if issubclass(make, SpanRecognizer)]
HOSTILE = {
    "digits": "1234567890",
    "spaced digits": "1 2 3 ",
    "letters": "abcdefghij",
    "street": "Koekatu ",
    "capitals": "Aa Bb Cc ",
    "at signs": "a@",
    "dots": "a.b.",
    "spelled dots": "a piste ",
    "colons": "ab:cd:",
    "number words": "yksi kaksi ",
    "dashes": "0-1–",
    "brackets": "(0)(",
    "slashes": "1/",
    "a letter": "a",
    "a capital": "A",
    "a digit": "0",
    "an at sign": "@",
    "a space": " ",
    "a full stop": ".",
    "a dash": "-",
    "an underscore": "_",
    "an opening bracket": "(",
    "a quotation mark": '"@',
    "masked": "040x",
    "letters for digits": "0O",
    "misheard": "x et ",
    "spoken signs": "a viiva b ",
    "address words": "posti on ",
}
LENGTH = 12_500  # characters
TIMES = 8  # as long: 100 kB, twenty times the pieces that the engine reads a text in
RATIO = 24.0  # 8 when linear, 64 when quadratic, beyond all waiting when exponential


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("recognizer", PATTERNS, ids=lambda r: type(r).__name__)
def test_time_grows_with_the_length_alone(recognizer: SpanRecognizer, kind: str) -> None:
    unit = HOSTILE[kind]
    text = (unit * LENGTH)[:LENGTH]
    base = min(_seconds(recognizer, text[cut:]) for cut in range(2))  # not alike: some remember
    assert _seconds(recognizer, text * TIMES) <= RATIO * base + 0.2


def _seconds(recognizer: SpanRecognizer, text: str) -> float:
    """Processor time without the collector's, which grows with all else that lies in memory."""
    gc.disable()
    start = time.process_time()
    for _ in recognizer.analyze(text, [recognizer.ENTITY]):
        pass
    spent = time.process_time() - start
    gc.enable()
    return spent
