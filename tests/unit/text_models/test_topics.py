import hashlib
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from aspa_resources.text_models import assign_topics, fit_topics
from aspa_resources.text_models.topics import SCHEMA

_THEMES = {
    "parking": "pysäköinti parkkipaikka täynnä autolle",
    "queue": "jono odotus kuukausia leikkaukseen",
    "food": "ruoka kylmää aamupuuro keitto",
}


def _corpus(count: int) -> tuple[list[str], np.ndarray]:
    """Texts of three subjects around three fixed directions."""
    chance = np.random.default_rng(7)
    directions = np.eye(16, dtype=np.float32)[:3]
    texts, vectors = [], []
    for index in range(count):
        subject = index % 3
        words = list(_THEMES.values())[subject].split()
        texts.append(
            f"<PERSON> ja {' '.join(chance.permutation(words))} että <NUMBER> numero{index}"
        )
        vector = directions[subject] + chance.normal(0, 0.05, 16)
        vectors.append(vector / np.linalg.norm(vector))
    return texts, np.asarray(vectors, dtype=np.float32)


@pytest.fixture(scope="module")
def corpus() -> tuple[list[str], np.ndarray]:
    return _corpus(60)


@pytest.fixture(scope="module")
def topics(corpus: tuple[list[str], np.ndarray]) -> pl.DataFrame:
    return fit_topics(*corpus, seed=3)


def test_topics_are_ordered_and_of_the_stated_shape(topics: pl.DataFrame) -> None:
    assert dict(topics.schema) == dict(SCHEMA)
    assert topics["topic_id"].to_list() == list(range(len(topics)))
    assert topics["size"].is_sorted(descending=True)
    assert len(topics) >= 3
    assert np.allclose([np.linalg.norm(c) for c in topics["centroid"].to_list()], 1, atol=1e-5)


def test_topic_words_are_whole_and_hold_no_placeholder_or_stop_word(topics: pl.DataFrame) -> None:
    words = set(topics["words"].explode())
    assert "pysäköinti" in words
    assert not words & {"person", "number", "että", "ja", "<person>"}


def test_topics_do_not_mix_subjects(
    corpus: tuple[list[str], np.ndarray], topics: pl.DataFrame
) -> None:
    found = assign_topics(corpus[1], topics)
    subjects: dict[int | None, set[int]] = {}
    for index, topic in enumerate(found):
        subjects.setdefault(topic, set()).add(index % 3)
    assert None not in subjects
    assert all(len(own) == 1 for own in subjects.values())


def test_what_is_near_no_topic_gets_none(topics: pl.DataFrame) -> None:
    strange = np.zeros((1, 16), dtype=np.float32)
    strange[0, 15] = 1.0
    assert assign_topics(strange, topics) == [None]
    assert assign_topics(strange, pl.DataFrame(schema=SCHEMA)) == [None]


def test_the_order_of_rows_does_not_matter(
    corpus: tuple[list[str], np.ndarray], topics: pl.DataFrame
) -> None:
    texts, vectors = corpus
    order = np.random.default_rng(1).permutation(len(texts))
    assert fit_topics([texts[i] for i in order], vectors[order], seed=3).equals(topics)


def test_too_few_texts_give_no_topics() -> None:
    assert fit_topics(*_corpus(6), seed=1).is_empty()


def test_texts_and_vectors_must_match() -> None:
    texts, vectors = _corpus(12)
    with pytest.raises(ValueError, match="12 texts do not match 11"):
        fit_topics(texts, vectors[:11], seed=1)


def test_another_process_finds_the_same_topics(topics: pl.DataFrame) -> None:
    program = (
        "import hashlib, runpy, sys\n"
        f"own = runpy.run_path({__file__!r})\n"
        "found = own['fit_topics'](*own['_corpus'](60), seed=3)\n"
        "print(hashlib.sha256(repr(found.rows()).encode()).hexdigest())\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == hashlib.sha256(repr(topics.rows()).encode()).hexdigest()
