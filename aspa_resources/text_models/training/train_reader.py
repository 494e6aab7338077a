"""Train the reader and write reader.npz: `python -m ...training.train_reader MODELS CORPORA WORK`.

A teacher, the whole embedded encoder, learns the labelled texts. Linear heads on the encoder's
vectors learn them too, and see spelling that the encoder blurs. The student, an encoder of a few
layers, learns what they say together, of the labelled texts and of many more without labels; and to
give vectors like the encoder's own, less what only tells the language. Sources: `sentences` and
`texts` beside this script, the sentences of the name models, and lines of XED as texts alone.
Seeded. A teacher once trained is kept in WORK.
"""

import logging
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from aspa_resources.text_models.embedder import Embedder
from aspa_resources.text_models.feedback_network import FeedbackNetwork
from aspa_resources.text_models.heads import SENTIMENTS, THEMES, Heads
from aspa_resources.text_models.language import languages
from aspa_resources.text_models.reader import LAYERS, SHIPPED_READER, save_reader
from aspa_resources.text_models.sentences import readable, sentence_spans
from aspa_resources.text_models.training.labelled import (
    Labelled,
    joined,
    labelled_sentences,
    labelled_texts,
    paired,
)
from aspa_resources.text_models.training.lessons import Aim, Course, Lesson, Targets, teach
from aspa_resources.text_models.training.train_heads import train
from aspa_resources.text_models.training.unlabelled import recombined, subtitles
from aspa_resources.text_models.unpacking import unpacked_model

_LOG = logging.getLogger(__name__)
_TEACHERS = (Course(5, 6e-5, 16, seed=1),)
_STUDENT = Course(5, 3e-4, 32, seed=3)
_ALL_LAYERS = 12
_PREFIX = "query: "
_PAIRS = 900
_RECOMBINED = 12_000
_SUBTITLES = 8_000
_HEADS_SHARE = 0.4
"""What the linear heads' opinion weighs beside the teachers'."""
_SMOOTHING = 0.05
_BATCH = 32


def main(models: Path, corpora: Path, work: Path) -> None:
    """Train everything and write the shipped reader."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folder = unpacked_model(models)
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    single = [*labelled_sentences(), *labelled_texts()]
    teachers = [_teacher(folder, work, tokenizer, single, course) for course in _TEACHERS]
    embedder = Embedder(models)
    chance = random.Random(_STUDENT.seed)  # noqa: S311 - a draw of texts, not a secret
    texts = [readable(one.text) for one in single]
    texts += recombined(single, _RECOMBINED, chance)
    texts += subtitles(corpora, _SUBTITLES, chance)
    _LOG.info("%d labelled texts, %d in all", len(single), len(texts))
    lessons = list(_taught(texts, teachers, tokenizer, train(embedder), embedder))
    student = FeedbackNetwork(folder, LAYERS, len(THEMES), len(SENTIMENTS))
    torch.manual_seed(_STUDENT.seed)
    teach(student, tokenizer, lessons, _STUDENT)
    save_reader(student, embedder.sha256, SHIPPED_READER)


def _teacher(
    folder: Path,
    work: Path,
    tokenizer: PreTrainedTokenizerBase,
    single: Sequence[Labelled],
    course: Course,
) -> FeedbackNetwork:
    torch.manual_seed(course.seed)
    network = FeedbackNetwork(folder, _ALL_LAYERS, len(THEMES), len(SENTIMENTS), _PREFIX)
    kept = work / f"teacher-{course.seed}.pt"
    if kept.exists():
        network.load_state_dict(torch.load(kept, weights_only=True))
        return network.eval()
    chance = random.Random(course.seed)  # noqa: S311 - a draw of texts, not a secret
    pairs = paired([one for one in single if one.language != "mixed"], _PAIRS, chance)
    lessons = [Lesson(readable(one.text), _aim(one)) for one in single]
    teach(network, tokenizer, [*lessons, *(_lesson_of(*pair) for pair in pairs)], course)
    work.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), kept)
    return network


def _aim(one: Labelled) -> Aim:
    """The labels of a text as probabilities; the sentiment a little smoothed."""
    themes = np.array([theme in one.themes for theme in THEMES], dtype=np.float32)
    sentiments = np.array([kind == one.sentiment for kind in SENTIMENTS], dtype=np.float32)
    return Aim(themes, sentiments * np.float32(1 - _SMOOTHING) + np.float32(_SMOOTHING / 4))


def _lesson_of(one: Labelled, two: Labelled) -> Lesson:
    """The longer text of a pair, its halves to be read singly."""
    first, second = readable(one.text), readable(two.text)
    begin = len(first) + 1
    return Lesson(
        f"{first} {second}",
        _aim(joined(one, two)),
        ((0, len(first), _aim(one)), (begin, begin + len(second), _aim(two))),
    )


def _taught(
    texts: Sequence[str],
    teachers: Sequence[FeedbackNetwork],
    tokenizer: PreTrainedTokenizerBase,
    heads: Heads,
    embedder: Embedder,
) -> Iterator[Lesson]:
    """What the teachers and the linear heads say of the texts and of their sentences."""
    spans = [sentence_spans(text) for text in texts]
    vectors, part_vectors = embedder.embed_with_parts(texts, spans)
    wanted = _without_language(vectors, languages(texts))
    parts = [text[begin:end] for text, own in zip(texts, spans, strict=True) for begin, end in own]
    whole, of_parts = _opinions(texts, spans, teachers, tokenizer)
    whole = _joint(whole, heads.scores("text", texts, vectors))
    of_parts = _joint(of_parts, heads.scores("sentence", parts, np.concatenate(part_vectors)))
    aims, part_aims = _aims(*whole), iter(_aims(*of_parts))
    for text, own, aim, vector in zip(texts, spans, aims, wanted, strict=True):
        read = tuple((begin, end, next(part_aims)) for begin, end in own)
        yield Lesson(text, aim, read if len(own) > 1 else (), vector)


def _without_language(vectors: Targets, spoken: Sequence[str]) -> Targets:
    """Vectors less the mean of their language, of length one: what is said, in any language."""
    told = np.array(spoken)
    means = {language: vectors[told == language].mean(axis=0) for language in set(spoken)}
    less = vectors - np.stack([means[language] for language in spoken])
    return np.asarray(less / np.linalg.norm(less, axis=1, keepdims=True), dtype=np.float32)


Scores = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
"""Theme scores (n, 13) and sentiment scores (n, 4): logits."""


def _opinions(
    texts: Sequence[str],
    spans: Sequence[Sequence[tuple[int, int]]],
    teachers: Sequence[FeedbackNetwork],
    tokenizer: PreTrainedTokenizerBase,
) -> tuple[Scores, Scores]:
    """The teachers' mean scores of texts and of their parts, in the order given."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    of_text: dict[int, Scores] = {}
    of_parts: dict[int, Scores] = {}
    for begin in range(0, len(order), _BATCH):
        batch = order[begin : begin + _BATCH]
        parts = [(row, *span) for row, index in enumerate(batch) for span in spans[index]]
        rows = np.array([row for row, *_ in parts], dtype=int)
        with torch.inference_mode():
            tokens = teachers[0].tokens(tokenizer, [texts[index] for index in batch])
            said = [teacher(tokens, parts) for teacher in teachers]
        whole, read = (
            tuple(
                torch.stack([one[unit][kind] for one in said]).mean(dim=0).numpy()
                for kind in range(2)
            )
            for unit in range(2)
        )
        for row, index in enumerate(batch):
            of_text[index] = (whole[0][row], whole[1][row])
            of_parts[index] = (read[0][rows == row], read[1][rows == row])
    every = range(len(texts))
    return (
        (np.stack([of_text[i][0] for i in every]), np.stack([of_text[i][1] for i in every])),
        (
            np.concatenate([of_parts[i][0] for i in every]),
            np.concatenate([of_parts[i][1] for i in every]),
        ),
    )


def _joint(teachers: Scores, heads: Scores) -> Scores:
    """Weighted mean of both opinions; sentiments as log shares, so that their scales agree."""
    themes = (1 - _HEADS_SHARE) * teachers[0] + _HEADS_SHARE * heads[0]
    sentiments = (1 - _HEADS_SHARE) * _log_shares(teachers[1]) + _HEADS_SHARE * _log_shares(
        heads[1]
    )
    return themes, sentiments


def _log_shares(scores: Targets) -> Targets:
    lowered = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True)))


def _aims(themes: Targets, sentiments: Targets) -> list[Aim]:
    chances = np.float32(1) / (np.float32(1) + np.exp(-themes))
    shares = np.exp(_log_shares(sentiments))
    return [
        Aim(theme.astype(np.float32), share.astype(np.float32))
        for theme, share in zip(chances, shares, strict=True)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
