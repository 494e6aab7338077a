"""The training text: case forms, disorder and marks are what the recipe says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.anonymizer.name_model.features import tokenize
from aspa_resources.anonymizer.training.corpora import labelled, lower_cased, renamed
from aspa_resources.anonymizer.training.inflection import inflect, with_possessive
from aspa_resources.anonymizer.training.sloppy import CLOSE, OPEN, disordered, spoken


def _rng(seed: int) -> random.Random:
    return random.Random(seed)  # training text, no secret


@pytest.mark.parametrize(
    ("name", "case", "form"),
    [
        ("Virtanen", "all", "Virtaselle"),
        ("Lahti", "gen", "Lahden"),
        ("Mäki", "ine", "Mäessä"),
        ("Tuomas", "par", "Tuomasta"),
        ("Mehmet", "ela", "Mehmetistä"),
    ],
)
def test_case_forms(name: str, case: str, form: str) -> None:
    forms = {inflect(name, case, surname=True, rng=_rng(n)) for n in range(20)}
    assert form in forms


def test_possessive_forms() -> None:
    forms = {with_possessive("Urho", "nom", _rng(n)) for n in range(60)}
    assert forms == {"Urhoni", "Urhomme", "Urhonsa", "Urhosi", "Urhonne"}


def test_spoken_finnish_reaches_the_ending_of_a_name() -> None:
    text = f"Soitin {OPEN}Pekalle{CLOSE}"
    said = {spoken(text, "fi", _rng(n)) for n in range(40)}
    assert f"Soitin {OPEN}Pekal{CLOSE}" in said


@given(st.integers(0, 10_000), st.sampled_from(["fi", "sv", "en"]))
def test_marks_stay_in_pairs(seed: int, lang: str) -> None:
    text = f"Kiitos hoitaja {OPEN}Maijalle{CLOSE} ja {OPEN}A. Virtaselle{CLOSE}, tack. Bra!"
    typed = disordered(text, lang, _rng(seed))
    assert [c for c in typed if c in {OPEN, CLOSE}] == [OPEN, CLOSE, OPEN, CLOSE]


def test_a_token_has_the_label_of_the_span_it_begins_in() -> None:
    text, tokens, labels = labelled("Kiitos Anna-Maija Virta!", [(7, 23, 1)])
    assert [t.text for t in tokens] == ["Kiitos", "Anna", "-", "Maija", "Virta", "!"]
    assert labels == [0, 1, -1, 1, 1, 0]
    assert lower_cased((text, tokens, labels))[2] == labels


def test_other_names_keep_the_rest_of_the_text() -> None:
    example = labelled("Kiitos Anna Virralle, tack!", [(7, 20, 1)])
    text, tokens, labels = renamed(example, lambda parts: ["Xx"] * len(parts))
    assert text == "Kiitos Xx Xx, tack!"
    assert tokens == tokenize(text)
    assert labels == [0, 1, 1, 0, 0, 0]
