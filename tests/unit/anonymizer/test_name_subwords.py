"""Words fall into the likeliest pieces of the vocabulary, and every letter is accounted for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.anonymizer.name_model.subwords import CUT_FLAGS, Subwords

_PIECES = ["▁", "▁virta", "nen", "▁Virta", "▁Virtanen", "n", "e", "v", "i", "r", "t", "a"]
_SCORES = [-4.0, -9.0, -6.0, -8.0, -10.0, *[-7.0] * 7]


@pytest.fixture(scope="module")
def subwords() -> Subwords:
    return Subwords(_PIECES, _SCORES)


@pytest.mark.parametrize(
    ("word", "numbers", "score"),
    [
        ("Virtanen", [5], -10.0),
        ("virtanen", [2, 3], -15.0),
        ("tv", [1, 11, 8], -18.0),
    ],
)
def test_the_likeliest_cut(subwords: Subwords, word: str, numbers: list[int], score: float) -> None:
    assert subwords.cut(word) == (numbers, score)


def test_letters_the_vocabulary_lacks_have_no_number_and_cost_much(subwords: Subwords) -> None:
    numbers, score = subwords.cut("tžv")
    assert numbers == [1, 11, 8]
    assert score < subwords.cut("tv")[1] - 10


def test_a_word_of_unknown_letters_is_the_empty_piece() -> None:
    assert Subwords(["▁a"], [-1.0]).cut("žž")[0] == [0]


def test_both_forms_whatever_the_writing(subwords: Subwords) -> None:
    small, large, flags = subwords.both("virtanen")
    assert (small, large) == ([2, 3], [5])
    assert len(flags) == CUT_FLAGS
    assert flags[0] == pytest.approx(1.0)  # five nats likelier with a capital


@given(st.text(alphabet="virtane", min_size=1, max_size=40))
def test_pieces_put_together_are_the_word(word: str) -> None:
    numbers, _ = Subwords(_PIECES, _SCORES).cut(word)
    assert "".join(_PIECES[n - 1] for n in numbers) == "▁" + word
