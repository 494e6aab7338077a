"""What holds for every text: no digit, nothing changed outside, no surface told, no network."""

import re
import socket
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.anonymizer import ENTITY_TYPES, Anonymizer
from aspa_resources.anonymizer.text_form import visible

PLACEHOLDER = re.compile("<(?:" + "|".join(ENTITY_TYPES) + ")>")
ANONYMIZER = Anonymizer()
PIECES = """
Kiitos|hoitaja|Virtaselle|Pekka|140271-9123|040 123 4567|Koetie 5 A|klo|14.30|testi@esimerkki.fi
192.0.2.1|00100 Helsinki|oli|ja|,|.|½|٣|nolla|yksi|5°|N|-|T.|K.
"""
FEEDBACK = st.lists(st.sampled_from(PIECES.strip().replace("\n", "|").split("|")), max_size=25).map(
    " ".join
)
ANY_TEXT = st.one_of(st.text(max_size=80), FEEDBACK)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_no_digit_survives(text: str) -> None:
    cleaned = ANONYMIZER.anonymize([text])[0].text
    assert not any(c.isdigit() or unicodedata.category(c) in {"Nd", "No", "Nl"} for c in cleaned)
    assert not any(c.isdigit() for c in unicodedata.normalize("NFKC", cleaned))


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_nothing_changes_outside_the_placeholders(text: str) -> None:
    parts = PLACEHOLDER.split(ANONYMIZER.anonymize([text])[0].text)
    between = ".+?"
    assert re.fullmatch(between.join(map(re.escape, parts)), visible(text), re.DOTALL) or parts == [
        visible(text)
    ]


def test_findings_hold_kinds_and_never_the_surface() -> None:
    result = ANONYMIZER.anonymize(["Lääkäri Korhonen, 140271-9123, 040 123 4567"])[0]
    told = " ".join(map(repr, result.findings))
    assert {f.entity_type for f in result.findings} >= {"PERSON", "HETU", "PHONE"}
    assert "Korhonen" not in told
    assert "140271" not in told
    assert all(0.0 <= f.score <= 1.0 for f in result.findings)


def test_equal_texts_give_equal_results_in_order() -> None:
    texts = ["Kiitos Pekalle", "ok", "Kiitos Pekalle"]
    first, second, third = ANONYMIZER.anonymize(texts)
    assert first == third
    assert second.text == "ok"
    assert ANONYMIZER.anonymize([]) == []


def test_version_names_patterns_and_model() -> None:
    assert re.fullmatch(r"\d+\+[0-9a-f]{12}", ANONYMIZER.version)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_no_socket_is_opened() -> None:
    cleaned = Anonymizer().anonymize(
        ["Kiitos Pekalle, testi@esimerkki.fi, 040 123 4567, 192.0.2.1"]
    )
    assert cleaned[0].text == "Kiitos <PERSON>, <EMAIL>, <PHONE>, <IP>"
