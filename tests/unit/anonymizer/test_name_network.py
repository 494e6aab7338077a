"""The network's scores belong to a text alone: no neighbour in the batch, no order changes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.anonymizer.name_model.features import tokenize
from aspa_resources.anonymizer.name_model.model import WEIGHTS
from aspa_resources.anonymizer.name_model.network import Array, Network

_NETWORK = Network.read(WEIGHTS)[0]
_TEXTS = ["Kiitos Virtaselle", "", "tack matti och liisa, ni är bäst", "12 €!", "Nurse Ali came."]


def _scores(texts: list[str]) -> list[Array]:
    return _NETWORK.probabilities(texts, [tokenize(text) for text in texts])


@pytest.mark.parametrize("text", _TEXTS)
def test_alone_or_among_others(text: str) -> None:
    among = _scores([*_TEXTS, text, *_TEXTS])[len(_TEXTS)]
    np.testing.assert_allclose(_scores([text])[0], among, atol=1e-4)


@given(st.lists(st.text(alphabet="aB ä.,7\nñ", max_size=30), max_size=5))
@settings(deadline=None, max_examples=30)
def test_a_share_for_every_token(texts: list[str]) -> None:
    for text, shares in zip(texts, _scores(texts), strict=True):
        assert shares.shape == (len(tokenize(text)), 3)
        np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)


def test_more_words_than_the_cache_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _scores(_TEXTS)
    monkeypatch.setattr("aspa_resources.anonymizer.name_model.network._CACHE_LIMIT", 4)
    for old, new in zip(before, _scores(_TEXTS), strict=True):
        np.testing.assert_allclose(old, new, atol=1e-4)
