from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from aspa_resources.text_models.pages import MOST_PIECES, Page, pages
from aspa_resources.text_models.sentences import sentence_spans
from aspa_resources.text_models.unpacking import unpacked_model


@pytest.fixture(scope="session")
def tokenizer(model_folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(unpacked_model(model_folder) / "tokenizer.json"))


def laid_out(tokenizer: Tokenizer, *texts: str) -> list[Page]:
    return pages(tokenizer, texts, [sentence_spans(text) for text in texts])


def test_pieces_know_their_sentence_and_their_place_in_it(tokenizer: Tokenizer) -> None:
    one, two = "Hoitaja oli kiva.", "Lasku oli kallis!"
    (page,) = laid_out(tokenizer, f"{one} {two}")
    first, second = laid_out(tokenizer, one, two)
    assert page.count == 2
    assert page.pieces.tolist() == [*first.pieces, *second.pieces]
    assert page.sentences.tolist() == [0] * len(first.pieces) + [1] * len(second.pieces)
    assert page.places.tolist() == [*range(len(first.pieces)), *range(len(second.pieces))]


def test_a_text_without_words_is_one_sentence(tokenizer: Tokenizer) -> None:
    for page in laid_out(tokenizer, "", "...", "0"):
        assert page.count == 1
        assert len(page.pieces) >= 1
        assert set(page.sentences.tolist()) == {0}


def test_a_long_text_is_cut_and_still_counts_its_sentences(tokenizer: Tokenizer) -> None:
    (page,) = laid_out(tokenizer, "Jono oli pitkä. " * 200)
    assert len(page.pieces) == len(page.places) == len(page.sentences) == MOST_PIECES
    assert page.count == 200
    assert page.sentences[-1] < 199


@given(st.text(alphabet="aä åB.!?\n😀ﬁ½ ", max_size=80))
def test_sentences_come_in_order_and_places_count_from_their_begin(
    tokenizer: Tokenizer, text: str
) -> None:
    (page,) = laid_out(tokenizer, text)
    steps = np.diff(page.sentences)
    assert (steps >= 0).all()
    assert page.sentences[-1] < page.count
    assert page.places[0] == 0
    assert (np.diff(page.places)[steps == 0] == 1).all()
    assert (page.places[1:][steps > 0] == 0).all()
