"""Whatever people write: nothing is lost, nothing takes forever, no failure quotes it."""

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from aspa_resources.anonymizer import Anonymizer, Verifier
from aspa_resources.anonymizer.engine import AnonymizationError
from aspa_resources.anonymizer.pieces import LONGEST, pieces

ANONYMIZER = Anonymizer()
VERIFIER = Verifier()
SENTENCE = "Kiitos hoitaja Virtaselle, soitin numeroon 040 123 4567 ja sain avun heti.\n"
STRANGE = {
    "nothing": "",
    "only emojis": "😀👍🏽❤️" * 50,
    "nulls": "Kiitos\0Pekalle 5\0",
    "half a character": "Kiitos \ud83d Pekalle 5",
    "control characters": "".join(map(chr, range(32))) + "040 123 4567",
    "a tab and a bell": "hetu\t140271-9123\a",
    "right to left": "שלום, מספר 0401234567 \u202eabc",
    "Arabic": "شكرا للممرضة، رقمي ٠٤٠١٢٣٤٥٦٧",
    "Russian": "Спасибо медсестре, мой номер 040 123 4567",
    "Estonian": "Aitäh õele, minu number on 040 123 4567, tulen kell 14.30",
    "Somali": "Waad ku mahadsan tahay, lambarkaygu waa 040 123 4567",
    "accents alone": "\u0301" * 500,
    "placeholders typed by a person": "<PERSON> <PHONE> <NUMBER>",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_texts_are_cleaned_and_can_be_written(text: str) -> None:
    cleaned = ANONYMIZER.anonymize([text])[0].text
    cleaned.encode("utf-8")
    assert not any(c.isdigit() or unicodedata.category(c) in {"Nd", "No", "Nl"} for c in cleaned)
    VERIFIER.verify([cleaned])


def test_placeholders_typed_by_a_person_stay_and_are_no_findings() -> None:
    cleaned = ANONYMIZER.anonymize(["<PERSON> " * 10_000 + "Kiitos"])[0]
    assert cleaned.text.count("<PERSON>") == 10_000
    assert cleaned.findings == ()


def test_a_very_long_text_takes_a_time_that_grows_with_its_length_alone() -> None:
    long = SENTENCE * (100_000 // len(SENTENCE))
    began = time.process_time()
    cleaned = ANONYMIZER.anonymize([long])[0]
    assert time.process_time() - began < 5
    lines = cleaned.text.splitlines()
    assert set(lines) == {"Kiitos hoitaja <PERSON>, soitin numeroon <PHONE> ja sain avun heti."}
    assert len(cleaned.findings) == 2 * len(lines)


@pytest.mark.parametrize("unit", ["@", "1 ", "60°", "a.", "x-", "\u0301"])
def test_patterns_that_grow_with_the_square_are_kept_short(unit: str) -> None:
    began = time.process_time()
    ANONYMIZER.anonymize([unit * (20_000 // len(unit))])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text", [SENTENCE * 300, "a" * 20_000, "1 " * 9_000, "ei tauko.", "sana " * 3_000, ""]
)
def test_pieces_are_short_and_leave_nothing_out(text: str) -> None:
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert all(len(piece) <= LONGEST for piece in cut)


def test_a_long_text_is_cut_at_the_end_of_a_line_a_sentence_or_a_word() -> None:
    assert all(piece.endswith("heti.\n") for piece in pieces(SENTENCE * 300))
    sentences = "Soitin T. Virtaselle numeroon 040 123 4567 asti. " * 300
    assert all(piece.endswith("asti. ") for piece in [*pieces(sentences)][:-1])
    numbers = "040 123 4567 oli varattu " * 500
    assert all(piece.endswith(("oli ", "varattu ")) for piece in [*pieces(numbers)][:-1])


def test_a_failure_tells_the_place_and_nothing_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    anonymizer = Anonymizer()
    secret = "Kiitos Pekka Salaiselle"

    def fail(text: str, **_: object) -> None:
        raise ValueError(f"cannot read {text!r}")

    monkeypatch.setattr(anonymizer._analyzer, "analyze", fail)
    with pytest.raises(AnonymizationError) as told:
        anonymizer.anonymize(["ok", secret])
    assert "ValueError in test_anonymizer_robustness.py" in str(told.value)
    assert "Salai" not in f"{told.value!r} {told.value.__cause__!r} {told.value.__context__!r}"


def test_equal_short_texts_are_analysed_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    anonymizer = Anonymizer()
    first = anonymizer.anonymize(["Kiitos Pekalle!", SENTENCE])

    def fail(**_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(anonymizer._analyzer, "analyze", fail)
    assert anonymizer.anonymize(["Kiitos Pekalle!"] * 3) == first[:1] * 3
    with pytest.raises(AnonymizationError):  # long ones are not kept
        anonymizer.anonymize([SENTENCE])


def test_what_is_remembered_is_bounded() -> None:
    anonymizer = Anonymizer()
    anonymizer._remember(dict.fromkeys(map(str, range(15_000)), anonymizer.anonymize(["a"])[0]))
    anonymizer._remember(
        dict.fromkeys(map(str, range(9_000, 24_000)), ANONYMIZER.anonymize([""])[0])
    )
    assert len(anonymizer._recent) <= 20_000


def test_several_threads_may_use_one_anonymizer() -> None:
    texts = [f"{SENTENCE} {'abcdefgh'[i % 8] * (i // 8 + 1)} 14.{i}" for i in range(80)]
    expected = Anonymizer().anonymize(texts)
    shared = Anonymizer()
    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(lambda i: shared.anonymize(texts[i::4]), range(4))
        found = dict(
            zip(
                [t for i in range(4) for t in texts[i::4]],
                (a for p in parts for a in p),
                strict=True,
            )
        )
    assert [found[text] for text in texts] == expected
