"""The demonstration's grammars: name forms, templates, every sentence in every service."""

import re
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.demo.catalogue import counties, grammar, mix, names, services
from aspa_resources.demo.chance import seeded
from aspa_resources.demo.personal_data import PersonalData
from aspa_resources.demo.templates import Mark, Segment, read_template

CASES = ("gen", "par", "all", "ade", "abl", "ela")
NAME_FORMS = yaml.safe_load(Path(__file__).with_name("name_forms.yaml").read_text("utf-8"))
LANGUAGES = ("fi", "sv", "en")


def planted_as_kind(_rng: Random, mark: Mark) -> Segment:
    return Segment(mark.kind, mark.kind)


@pytest.mark.parametrize(
    ("kind", "nominative", "forms"),
    [(kind, name, forms) for kind, every in NAME_FORMS.items() for name, forms in every.items()],
)
def test_names_inflect_as_written_by_hand(kind: str, nominative: str, forms: list[str]) -> None:
    entry = next(each for each in getattr(names("fi"), kind) if each.nominative == nominative)
    assert [entry.inflected(case) for case in CASES] == forms
    assert entry.inflected("nom") == nominative


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_listed_once(language: str) -> None:
    for each in (names(language).first, names(language).last):
        listed = [name.nominative for name in each]
        assert len(set(listed)) == len(listed)


def test_the_finnish_name_list_is_large_enough() -> None:
    assert len(names("fi").first) >= 150
    assert len(names("fi").last) >= 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_reads_cleanly_in_every_service_and_county(language: str) -> None:
    language_grammar = grammar(language)
    personal_data = PersonalData(language)
    rng = seeded("every sentence", language)
    for service in services():
        words = {**language_grammar.slots, **service.words[language], "town": counties()[0].towns}
        templates = [
            *language_grammar.openers,
            *(each for found in language_grammar.closings.values() for each in found),
            *(
                each
                for (group, *_), found in language_grammar.sentences.items()
                if group in ("", service.group)
                for each in found
            ),
        ]
        for template in templates:
            text = "".join(part.text for part in template.expand(rng, words, personal_data.plant))
            assert not re.search(r"[\[\]{}<>|]|  | [.,]|^[a-zåäö]", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_and_mood_has_a_plain_sentence(language: str) -> None:
    for mood, themes in mix()["themes"].items():
        for theme in themes:
            found = grammar(language).sentences["", theme, mood]
            assert any(not template.planted for template in found), (theme, mood)


def test_sentences_are_many_and_written_once() -> None:
    for language, least in (("fi", 500), ("sv", 200), ("en", 100)):
        found = [t for each in grammar(language).sentences.values() for t in each]
        assert len(found) >= least * 0.9
        assert len({template.parts for template in found}) == len(found)


def test_service_groups_of_the_grammars_exist() -> None:
    groups = {service.group for service in services()} | {""}
    for language in LANGUAGES:
        assert {group for group, *_ in grammar(language).sentences} <= groups


@pytest.mark.parametrize(
    "line", ["a [b", "a b]", "a [b|[c]", "a {b", "a <PERSON", "a {B}", "a <person>"]
)
def test_an_unclosed_template_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="template"):
        read_template(line)


@given(st.integers())
def test_alternatives_slots_and_marks_expand(seed: int) -> None:
    template = read_template("[yksi|{word} ][<FIRST.gen.kin>|] [a [b|c]|d].")
    segments = template.expand(seeded(seed), {"word": ["kaksi"]}, planted_as_kind)
    text = "".join(segment.text for segment in segments)
    assert re.fullmatch(r"(Yksi|Kaksi )(FIRST)? (a [bc]|d)\.", text)
    assert [segment.label for segment in segments if segment.label] == ["FIRST"] * ("FIRST" in text)


def test_a_mark_carries_kind_case_and_clitic() -> None:
    seen = []

    def note(_rng: Random, mark: Mark) -> Segment:
        seen.append(mark)
        return Segment("x", "x")

    read_template("<FIRST.nom.kin> <HETU> <SURNAME.gen>").expand(seeded(1), {}, note)
    assert seen == [
        Mark("FIRST", "nom", "kin"),
        Mark("HETU", "nom", ""),
        Mark("SURNAME", "gen", ""),
    ]


@given(st.integers())
def test_swedish_and_english_genitives(seed: int) -> None:
    def first(language: str, case: str) -> str:
        return PersonalData(language).plant(seeded(seed), Mark("FIRST", case, "")).text

    nominative = first("sv", "nom")
    assert first("sv", "gen") == nominative + ("" if nominative.endswith("s") else "s")
    assert first("en", "gen") == first("en", "nom") + "'s"
