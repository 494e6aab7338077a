import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.text_models.lexicon import lexicon, lexicon_counts
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.words import stop_words, surface_words, word_tokens


def _sentences(text: str) -> list[str]:
    return [text[begin:end] for begin, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kiitos! Hyvä paikka.", ["Kiitos!", "Hyvä paikka."]),
        ("Tulin esim. ajoissa. Hyvin meni", ["Tulin esim. ajoissa.", "Hyvin meni"]),
        ("Ensimmäinen rivi\nToinen rivi", ["Ensimmäinen rivi", "Toinen rivi"]),
        ("Odotin... ja odotin", ["Odotin...", "ja odotin"]),
        ("!!! 123 ?", []),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert _sentences(text) == expected


@given(st.text(max_size=200))
def test_sentence_spans_are_ordered_and_lose_no_letter(text: str) -> None:
    spans = sentence_spans(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    inside = "".join(text[begin:end] for begin, end in spans)
    assert [c for c in inside if c.isalpha()] == [c for c in text if c.isalpha()]


def test_words_are_distinct_surface_forms_without_placeholders_and_stop_words() -> None:
    text = "Hoitaja <PERSON>lle kiitos, hoitaja oli IHANA ja <NUMBER>-vuotias äitini sai öljyä, 3x."
    assert surface_words(text) == ("hoitaja", "kiitos", "ihana", "vuotias", "äitini", "öljyä")


def test_words_leave_english_contractions_and_possessives_out() -> None:
    assert surface_words("The doctor's advice didn't help") == ("doctor", "advice", "help")


@given(st.text(max_size=200))
def test_words_are_letters_only_and_long_enough(text: str) -> None:
    for word in word_tokens(text):
        assert len(word) >= 3
        assert word not in stop_words()
        assert not any(character.isdigit() or character in "<>_ " for character in word)


def test_readable_text_names_no_placeholder() -> None:
    assert (
        readable("Soitin <PHONE> klo <NUMBER> ja <PERSON>lta kysyin")
        == "Soitin X klo 0 ja X kysyin"
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("hoitaja oli ystävällinen", "good"),
        ("hoitaja ei ollut ystävällinen", "good_negated"),
        ("skötaren var inte vänlig", "good_negated"),
        ("ei ongelmaa", "bad_negated"),
        ("Ei. Hyvä näin", "good"),
        ("lasku oli kallis", "fees"),
    ],
)
def test_lexicon_turns_words_under_negation_within_the_sentence(text: str, column: str) -> None:
    assert lexicon_counts([text])[0, lexicon().columns.index(column)] > 0
