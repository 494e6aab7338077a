"""Train the reader and write reader.onnx: `python -m ...training.train_reader MODELS WORK`.

A teacher, the whole embedded encoder, learns the labelled texts. The student, three narrow layers,
learns the labelled texts too, then what the teacher says of them, of their sentences, and of the
sentences in new company, also where names stand; and to give vectors like the encoder's own, less
what only tells the language. Seeded. What took long is kept in WORK.
"""

import logging
import pickle
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from aspa_resources.text_models.counts import counted
from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.language import languages
from aspa_resources.text_models.pages import Page, pages
from aspa_resources.text_models.reader import SHIPPED_READER
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import (
    LANGUAGES,
    Labelled,
    joined,
    labelled_sentences,
    labelled_texts,
    paired,
)
from aspa_resources.text_models.training.lessons import (
    Aim,
    Course,
    Targets,
    aim_of,
    missed,
    teach,
)
from aspa_resources.text_models.training.named import PERSON, named
from aspa_resources.text_models.training.student import Student, save
from aspa_resources.text_models.training.teacher import Teacher
from aspa_resources.text_models.training.unlabelled import recombined
from aspa_resources.text_models.unpacking import unpacked_model

_LOG = logging.getLogger(__name__)
_TEACHER = Course(epochs=3, rate=6e-5, batch=16, seed=1)
_LABELS = Course(epochs=5, rate=2e-4, batch=16, seed=2)
_OPINIONS = Course(epochs=3, rate=1e-4, batch=16, seed=3)
_PAIRS = 1_000
_RECOMBINED = 3_000
_VECTORS = 6_000
_PART_WEIGHT = 0.3
_VECTOR_WEIGHT = 2.0
T = TypeVar("T")


@dataclass(frozen=True)
class Lesson:
    """A laid-out text with its aim, the aims of its sentences, and its vector if it has one."""

    page: Page
    aim: Aim
    parts: tuple[Aim, ...] = ()
    vector: Targets | None = None


def main(models: Path, work: Path) -> None:
    """Train everything and write the shipped reader."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    work.mkdir(parents=True, exist_ok=True)
    folder = unpacked_model(models)
    texts = [*labelled_sentences(), *labelled_texts()]
    chance = random.Random(_TEACHER.seed)  # noqa: S311 - a draw of texts, not a secret
    pairs = paired([one for one in texts if one.language in LANGUAGES], _PAIRS, chance)
    texts += [joined(*pair) for pair in pairs]
    student = _taught_labels(folder, texts, work)
    lessons = _kept(work / "lessons.pickle", lambda: _told(folder, models, texts, work))
    _LOG.info("%d labelled texts, %d lessons", len(texts), len(lessons))
    _teach(student, lessons, _OPINIONS)
    save(student, Embedder(models).sha256, SHIPPED_READER)


def _taught_labels(folder: Path, texts: Sequence[Labelled], work: Path) -> Student:
    """The student once it knows the labels. A text of one sentence teaches what a sentence says."""
    torch.manual_seed(_LABELS.seed)
    student = Student(load_file(folder / "model.safetensors"))

    def weights() -> dict[str, Tensor]:
        aims = [aim_of(one) for one in texts]
        laid = _laid_out(folder, [readable(one.text) for one in texts])
        lessons = [
            Lesson(page, aim, (aim,) if page.count == 1 else ())
            for page, aim in zip(laid, aims, strict=True)
        ]
        _teach(student, lessons, _LABELS)
        return student.state_dict()

    student.load_state_dict(_kept(work / "student.pickle", weights))
    return student


def _teacher(folder: Path, texts: Sequence[Labelled], work: Path) -> Teacher:
    torch.manual_seed(_TEACHER.seed)
    teacher = Teacher(folder)

    def weights() -> dict[str, Tensor]:
        states = teacher.states([readable(one.text) for one in texts])
        teacher.learn(states, [aim_of(one) for one in texts], _TEACHER)
        return teacher.state_dict()

    teacher.load_state_dict(_kept(work / "teacher.pickle", weights))
    return teacher.eval()


def _told(folder: Path, models: Path, labelled: Sequence[Labelled], work: Path) -> list[Lesson]:
    """What the teacher says of the labelled texts, of new ones, and of all their sentences."""
    teacher = _teacher(folder, labelled, work)
    chance = random.Random(_OPINIONS.seed)  # noqa: S311 - a draw of texts, not a secret
    known = [readable(one.text) for one in labelled]
    texts = [*known, *recombined(labelled, _RECOMBINED, chance)]
    spans = [sentence_spans(text) for text in texts]
    sentences = [
        [text[begin:end] for begin, end in own] for text, own in zip(texts, spans, strict=True)
    ]
    wordings = sorted({*texts, *(one for own in sentences for one in own)})
    said = dict(zip(wordings, teacher.opinions(wordings), strict=True))
    aims = [_between(aim_of(one), said[text]) for one, text in zip(labelled, known, strict=True)]
    aims += [said[text] for text in texts[len(known) :]]
    vectors = _vectors(models, known, chance)
    told = [
        Lesson(page, aim, tuple(said[one] for one in own), vectors.get(text))
        for page, aim, own, text in zip(
            _laid_out(folder, texts), aims, sentences, texts, strict=True
        )
    ]
    return [*told, *_with_names(folder, labelled, told[: len(labelled)], chance)]


def _with_names(
    folder: Path, labelled: Sequence[Labelled], told: Sequence[Lesson], chance: random.Random
) -> list[Lesson]:
    """The labelled texts that name somebody, with a name: what is said of them stays the same."""
    naming = [
        (readable(named(one.text, one.language, chance)), lesson)
        for one, lesson in zip(labelled, told, strict=True)
        if PERSON in one.text
    ]
    return [
        replace(lesson, page=page, parts=lesson.parts if page.count == lesson.page.count else ())
        for page, (_, lesson) in zip(
            _laid_out(folder, [text for text, _ in naming]), naming, strict=True
        )
    ]


def _vectors(models: Path, texts: Sequence[str], chance: random.Random) -> dict[str, Targets]:
    """The embedded model's vectors of some texts, less what only tells the language."""
    drawn = chance.sample(sorted(set(texts)), _VECTORS)
    spans = [sentence_spans(text) for text in drawn]
    spoken = languages(drawn, spans, counted(drawn, spans))
    vectors = _without_language(Embedder(models).embed(drawn), spoken)
    return dict(zip(drawn, vectors, strict=True))


def _between(label: Aim, opinion: Aim) -> Aim:
    """Half what the label says, half what the teacher says."""
    half = np.float32(0.5)
    return Aim(
        half * (label.themes + opinion.themes), half * (label.sentiments + opinion.sentiments)
    )


def _without_language(vectors: Targets, spoken: Sequence[str]) -> Targets:
    """Vectors less the mean of their language, of length one: what is said, in any language."""
    told = np.array(spoken)
    means = {language: vectors[told == language].mean(axis=0) for language in set(spoken)}
    less = vectors - np.stack([means[language] for language in spoken])
    return np.asarray(less / np.linalg.norm(less, axis=1, keepdims=True), dtype=np.float32)


def _laid_out(folder: Path, texts: Sequence[str]) -> list[Page]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return pages(tokenizer, texts, [sentence_spans(text) for text in texts])


def _teach(student: Student, lessons: Sequence[Lesson], course: Course) -> None:
    teach(
        student,
        lessons,
        lambda lesson: len(lesson.page.pieces),
        lambda batch: _loss(student, batch),
        course,
    )


def _loss(student: Student, batch: Sequence[Lesson]) -> Tensor:
    read = student.read([lesson.page for lesson in batch])
    loss = missed(read.themes, read.sentiments, [lesson.aim for lesson in batch])
    parts = [
        (row, at, aim)
        for row, lesson in enumerate(batch)
        for at, aim in enumerate(lesson.parts)
        if at <= lesson.page.sentences[-1]  # those beyond the cut are not read
    ]
    if parts:
        rows, places, aims = zip(*parts, strict=True)
        told = (read.sentence_themes[rows, places], read.sentence_sentiments[rows, places])
        loss = loss + _PART_WEIGHT * missed(*told, aims)
    known = [(row, one.vector) for row, one in enumerate(batch) if one.vector is not None]
    if known:
        wanted = torch.from_numpy(np.stack([vector for _, vector in known]))
        near = nn.functional.cosine_similarity(read.vectors[[row for row, _ in known]], wanted)
        loss = loss + _VECTOR_WEIGHT * (1 - near).mean()
    return loss


def _kept(file: Path, make: Callable[[], T]) -> T:
    """What was made once and kept, else made now."""
    if not file.exists():
        made = make()
        file.write_bytes(pickle.dumps(made))
    kept: T = pickle.loads(file.read_bytes())  # noqa: S301 - our own work folder
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
