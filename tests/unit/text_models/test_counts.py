import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from aspa_resources.text_models.counts import LETTERS, counted, counted_alone, folded_letters
from aspa_resources.text_models.features import NGRAM_BUCKETS
from aspa_resources.text_models.phrases import PHRASES, _weights, save, scores
from aspa_resources.text_models.sentences import sentence_spans

_TEXTS = ["Hoitaja oli kiva. Lasku oli kallis!", "Tack!", "..."]


def test_a_text_counts_what_its_sentences_count() -> None:
    found = counted(_TEXTS, [sentence_spans(text) for text in _TEXTS])
    assert found.texts.letters.shape == (3, LETTERS)
    assert found.parts.letters.shape == (3, LETTERS)
    assert (found.texts.letters[0] != found.parts.letters[:2].sum(axis=0)).sum() == 0
    assert found.texts.words[2].nnz == 0


def test_folding_is_hashing_into_fewer_buckets() -> None:
    text = "Hoitaja oli kiva"
    hashing = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), n_features=NGRAM_BUCKETS, alternate_sign=False
    )
    fewer = folded_letters(counted_alone([text]), NGRAM_BUCKETS)
    assert abs(fewer - hashing.transform([text])).max() < 1e-6


def test_no_texts_have_no_scores() -> None:
    themes, sentiments = scores(counted(["..."], [[]]).parts)
    assert themes.shape == (0, 13)
    assert sentiments.shape == (0, 4)


def test_weights_are_kept_to_a_step(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    rarity = chance.random(40, dtype=np.float32) + 1
    weights = chance.standard_normal((40, 17), dtype=np.float32)
    save(rarity, weights, np.zeros(17, np.float32), tmp_path / PHRASES.name)
    monkeypatch.setattr("aspa_resources.text_models.phrases.PHRASES", tmp_path / PHRASES.name)
    kept = _weights.__wrapped__()
    assert np.abs(kept["weights"] - weights).max() <= np.abs(weights).max() / 127
    assert np.allclose(kept["rarity"], rarity, atol=1e-2)
