"""Scores become spans by rules: how a word is written, what stands beside it, what it repeats."""

import dataclasses

import pytest

from aspa_resources.anonymizer.name_model.context import (
    announces_name,
    followed_by_title,
    in_link_host,
    is_title,
)
from aspa_resources.anonymizer.name_model.features import tokenize
from aspa_resources.anonymizer.name_model.model import WEIGHTS, NameModel, Thresholds
from aspa_resources.anonymizer.name_model.network import Network

_LIMIT = 0.4
_ALL_AT_LIMIT = Thresholds(**{f.name: _LIMIT for f in dataclasses.fields(Thresholds)})


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel(*Network.read(WEIGHTS), _ALL_AT_LIMIT)


def _scored(model: NameModel, text: str, scores: dict[str, float]) -> list[str]:
    """Return what the rules make of a text whose words have these scores."""
    tokens = tokenize(text)
    spans = model._of_text(text, tokens, [scores.get(t.text, 0.0) for t in tokens])
    return [text[n.start : n.end] for n in spans]


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("capital", "Kiitos sinulle Meri hyvästä", "Meri"),
        ("compound", "Kävin tuossa Hoitajavaje eilen", "Hoitajavaje"),
        ("unknown", "Kiitos sinulle Zkrv hyvästä", "Zkrv"),
        ("first", "Meri oli hyvä.", "Meri"),
        ("first_unknown", "Se oli. Zkrv oli hyvä.", "Zkrv"),
        ("flat", "kiitos sinulle zkrv hyvästä", "zkrv"),
        ("flat", "KIITOS SINULLE ZKRV", "ZKRV"),
        ("lower", "Kiitos sinulle zkrv hyvästä", "zkrv"),
        ("street", "Kävin siellä Koekadulla eilen", "Koekadulla"),
        ("thing", "Kävin siellä Helsingissä eilen", "Helsingissä"),
    ],
)
def test_the_threshold_that_rules(model: NameModel, field: str, text: str, word: str) -> None:
    assert _scored(model, text, {word: _LIMIT}) == [word]
    higher = dataclasses.replace(_ALL_AT_LIMIT, **{field: _LIMIT + 0.01})
    assert _scored(NameModel(model._network, "", higher), text, {word: _LIMIT}) == []


@pytest.mark.parametrize(
    ("text", "scores", "names"),
    [
        ("Kiitos Aapo, Zkrv ja Qvz!", {"Aapo": 1.0, "Zkrv": 0.4, "Qvz": 0.4}, 3),
        ("Kiitos Aapo, Zkrv ja Qvz!", {"Aapo": 1.0, "Zkrv": 0.3, "Qvz": 0.4}, 2),
        ("Kiitos virtanen aapo!", {"aapo": 1.0, "virtanen": 0.4}, 1),
    ],
)
def test_what_stands_beside_a_name(
    model: NameModel, text: str, scores: dict[str, float], names: int
) -> None:
    assert len(_scored(model, text, scores)) == names


def test_the_other_half_of_a_name_in_small_letters() -> None:
    limits = dataclasses.replace(_ALL_AT_LIMIT, flat=0.9, next_lower=0.3)
    model = NameModel(*Network.read(WEIGHTS), limits)
    text = "kiitos virtanen aapo hyvästä"
    assert _scored(model, text, {"aapo": 0.9, "virtanen": 0.3}) == ["virtanen aapo"]
    assert _scored(model, text, {"aapo": 0.9, "virtanen": 0.2}) == ["aapo"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hoitaja Zkrv von Wright oli hyvä.", ["Zkrv von Wright"]),
        ("Kiitos A. Zkrv", ["A. Zkrv"]),
        ("Kiitos Zkrv K:lle", ["Zkrv K:lle"]),
        ("Terveisin, T. Zkrv", ["Zkrv"]),
        ("Kiitos Zkrv-Zkrv", ["Zkrv-Zkrv"]),
    ],
)
def test_spans_join_and_widen(model: NameModel, text: str, names: list[str]) -> None:
    assert _scored(model, text, {"Zkrv": 1.0, "Wright": 1.0, "lle": 1.0}) == names


def test_another_form_of_a_name_found_is_a_name(model: NameModel) -> None:
    text = "Hoitaja Korhonen tuli. Korhosen kanssa puhuin. Korhola on kylä."
    assert _scored(model, text, {"Korhonen": 1.0}) == ["Korhonen", "Korhosen"]
    text = "Se Aapelilta saatu neuvo. Aapeli on paras. Aamu oli kaunis."
    assert _scored(model, text, {"Aapelilta": 1.0}) == ["Aapelilta", "Aapeli"]


def test_a_title_makes_a_name_of_an_unknown_word(model: NameModel) -> None:
    assert _scored(model, "Kiitos lääkäri Zkrv", {}) == ["Zkrv"]
    assert _scored(model, "Kiitos Zkrv-hoitajalle", {}) == ["Zkrv"]
    assert _scored(model, "Kiitos kaunis Zkrv", {}) == []


def test_titles() -> None:
    assert announces_name("Lääkäri Xyz", 8)
    assert not announces_name("Lääkäri Xyz", 0)
    assert followed_by_title("Sade-hoitajalle", 4)
    assert not followed_by_title("Sade-ilma", 4)


def test_a_title_is_no_name(model: NameModel) -> None:
    assert is_title("Dr")
    assert _scored(model, "Kiitos Dr Zkrv", {"Dr": 1.0, "Zkrv": 1.0}) == ["Zkrv"]


def test_the_english_i_is_no_initial(model: NameModel) -> None:
    assert _scored(model, "Then I waited", {"I": 1.0}) == []
    assert _scored(model, "Then I. Zkrv came", {"I": 1.0, "Zkrv": 1.0}) == ["I. Zkrv"]


def test_a_compound_of_everyday_words_is_an_everyday_word(model: NameModel) -> None:
    strict = dataclasses.replace(_ALL_AT_LIMIT, first=0.9)
    text = "Hoitajavaje näkyi."
    assert _scored(model, text, {"Hoitajavaje": _LIMIT}) == ["Hoitajavaje"]
    assert _scored(NameModel(model._network, "", strict), text, {"Hoitajavaje": _LIMIT}) == []


def test_the_host_of_a_link_is_no_name() -> None:
    link = "kartta.example/?ll=matti"
    assert in_link_host(link, 0, 6)
    assert not in_link_host(link, 19, 24)
    assert not in_link_host("kiitos.matti auttoi", 7, 12)


def test_signs_and_nothing_hold_no_name() -> None:
    assert NameModel.load().names(["", "12 €, 3 h", "..."]) == [(), (), ()]


def test_the_same_weights_have_the_same_version() -> None:
    assert NameModel.load().version == Network.read(WEIGHTS)[1]
