"""The second pass: it sees what is left behind and lets clean text through."""

import pytest

from aspa_resources.anonymizer import Verifier

VERIFIER = Verifier()
CLEAN = [
    "Kiitos <PERSON> hyvästä hoidosta!",
    "Hoitaja <PERSON> kuunteli, odotin <NUMBER> tuntia.",
    "Tack till hela personalen i Vasa.",
    "The nurse was kind. Call me at <PHONE>.",
    "Asun osoitteessa <ADDRESS>.",
    "",
]
LEFT = [
    ("NUMBER", "huone 5 oli kylmä"),
    ("NUMBER", "huone ٥ oli kylmä"),
    ("EMAIL", "kirjoita testi@esimerkki"),
    ("ADDRESS", "asun Koetie <NUMBER> vielä"),
    ("PHONE", "nolla neljä nolla yksi kaksi"),
    ("PERSON", "M. <PERSON> soitti"),
    ("PERSON", "Kiitos hoitaja Virtaselle!"),
    ("PERSON", "Tack doktor Lindström för allt"),
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_passes(text: str) -> None:
    assert VERIFIER.verify([text]) == [()]


@pytest.mark.parametrize(("entity", "text"), LEFT)
def test_what_is_left_behind_is_found(entity: str, text: str) -> None:
    assert entity in {f.entity_type for f in VERIFIER.verify([text])[0]}


def test_findings_never_hold_the_surface() -> None:
    assert "Virtaselle" not in repr(VERIFIER.verify(["Kiitos hoitaja Virtaselle!"]))
