import hashlib
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from aspa_resources.text_models import assign_topics, fit_topics
from aspa_resources.text_models.topics import SCHEMA, unit, without_language

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
    assert topics["accepted"].all()
    assert topics["origin"].n_unique() == 1


def test_each_word_comes_with_the_texts_it_occurs_in(topics: pl.DataFrame) -> None:
    for size, words, texts in topics.select("size", "words", "word_texts").iter_rows():
        assert len(words) == len(texts)
        assert all(10 <= n <= size for n in texts)


def test_a_topic_holds_what_two_languages_say_of_a_subject(
    corpus: tuple[list[str], np.ndarray],
) -> None:
    texts, vectors = corpus
    apart = 3 * np.eye(16, dtype=np.float32)[8]
    swedish = (vectors + apart) / np.linalg.norm(vectors + apart, axis=1, keepdims=True)
    both = [*texts, *(f"{text} också" for text in texts)], np.concatenate([vectors, swedish])
    languages = ["fi"] * len(texts) + ["sv"] * len(texts)

    def in_both(topics: pl.DataFrame) -> list[bool]:
        given = assign_topics(both[1], topics)
        spoken = [
            {of for of, own in zip(languages, given, strict=True) if own == topic}
            for topic in topics["topic_id"]
        ]
        return [of == {"fi", "sv"} for of in spoken]

    told = fit_topics(*both, languages, seed=3)
    assert all(in_both(told))
    assert not any(in_both(fit_topics(*both, seed=3)))
    assert [sum(of) for of in told["language_texts"]] == told["size"].to_list()


def test_languages_must_match_texts(corpus: tuple[list[str], np.ndarray]) -> None:
    with pytest.raises(ValueError, match="60 texts do not match 2 languages"):
        fit_topics(*corpus, ["fi", "sv"], seed=3)


def test_a_centroid_has_no_part_in_which_languages_differ() -> None:
    """So whoever gives topics to texts needs to know no language."""
    chance = np.random.default_rng(3)
    languages = np.array(["fi"] * 80 + ["sv"] * 60 + ["en"] * 55 + ["mixed"] * 5)
    vectors = chance.normal(size=(200, 16)).astype(np.float32)
    vectors[80:140, 0] += 5
    seen = without_language(vectors, languages)
    means = [seen[languages == of].mean(axis=0) for of in ("fi", "sv", "en")]
    assert np.allclose(means, means[0], atol=1e-4)
    centroids = unit(chance.normal(size=(4, 200)).astype(np.float32) @ seen)
    assert np.allclose(vectors @ centroids.T, seen @ centroids.T, atol=1e-3)


def test_a_language_of_few_texts_turns_no_direction() -> None:
    vectors = np.random.default_rng(3).normal(size=(100, 16)).astype(np.float32)
    languages = np.array(["fi"] * 60 + ["sv"] * 40)
    assert without_language(vectors, languages) is vectors


def test_texts_without_a_common_word_give_no_topics(corpus: tuple[list[str], np.ndarray]) -> None:
    assert fit_topics([f"ja {'ab'[n % 2]}" for n in range(60)], corpus[1], seed=3).is_empty()


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
