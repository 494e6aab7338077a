"""Refits against a frozen topic model: ids keep their meaning, and only what is new is proposed."""

from __future__ import annotations

from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from aspa_resources.text_models import assign_topics, fit_topics
from aspa_resources.text_models.topic_matching import (
    PROPOSAL_SCHEMA,
    UnknownProposal,
    decided,
    moved,
    not_found,
    proposals,
)
from aspa_resources.text_models.topics import centroids_of

DIMENSIONS = 32
SUBJECTS = {
    "parking": "pysäköinti parkkipaikka autolle täynnä",
    "queue": "jono odotus kuukausia leikkaukseen",
    "food": "ruoka kylmää aamupuuro keitto",
    "staff": "hoitaja ystävällinen kuunteli lämmin",
    "bill": "lasku maksu kallis perintä",
    "phone": "puhelin takaisinsoitto linja vastaa",
    "app": "sovellus kirjautuminen salasana tunnus",
}
NEW = "app"
Vectors = npt.NDArray[np.float32]


def month(number: int, subjects: list[str]) -> tuple[list[str], Vectors, list[str]]:
    """Return a month's texts, their vectors and subjects; subjects drift a little every month."""
    random = np.random.default_rng(100 + number)
    basis = np.eye(DIMENSIONS)
    texts, vectors, of = [], [], []
    for subject in subjects:
        place = list(SUBJECTS).index(subject)
        drift = 0.01 * number * basis[place + len(SUBJECTS)]
        for each in range(25):
            words = random.permutation(SUBJECTS[subject].split())
            texts.append(f"{' '.join(words)} kuukausi{number} numero{each}")
            vector = basis[place] + drift + random.normal(0, 0.06, DIMENSIONS)
            vectors.append(vector / np.linalg.norm(vector))
            of.append(subject)
    return texts, np.asarray(vectors, dtype=np.float32), of


OLD = [subject for subject in SUBJECTS if subject != NEW]


@pytest.fixture(scope="module")
def first() -> tuple[list[str], Vectors, list[str]]:
    texts, vectors, of = zip(*(month(number, OLD) for number in range(3)), strict=True)
    return [*chain(*texts)], np.concatenate(vectors), [*chain(*of)]


@pytest.fixture(scope="module")
def known(first: tuple[list[str], Vectors, list[str]]) -> pl.DataFrame:
    return fit_topics(first[0], first[1], seed=1)


def refit(texts: list[str], vectors: Vectors, known: pl.DataFrame) -> pl.DataFrame:
    return proposals(fit_topics(texts, vectors, seed=1, origin=centroids_of(known)[1]), known)


def test_ids_are_kept_over_24_monthly_additions(
    first: tuple[list[str], Vectors, list[str]], known: pl.DataFrame
) -> None:
    """A new subject comes after a year; all that is proposed is accepted every month."""
    texts, vectors, _ = first
    model, came, proposed_in = known, {}, []
    given = dict(zip(texts, assign_topics(vectors, known), strict=True))
    for number in range(3, 27):
        more, more_vectors, _ = month(number, [*OLD, NEW] if number >= 15 else OLD)
        texts, vectors = texts + more, np.concatenate([vectors, more_vectors])
        found = refit(texts, vectors, model)
        proposed_in += [number] * found.height
        before = model
        model = decided(model, found, found["proposal_id"].to_list(), {}, accepted=True)
        assert model.head(before.height).equals(before)
        now = dict(zip(texts, assign_topics(vectors, model), strict=True))
        kept = [now[text] == topic for text, topic in given.items() if topic is not None]
        came[number] = np.mean(kept)
        given |= {text: now[text] for text in more}
    assert min(came.values()) == 1.0
    assert model.height == known.height + len(proposed_in)
    assert proposed_in
    assert min(proposed_in) >= 15
    assert len(proposed_in) <= 2


def test_an_unchanged_subject_is_not_proposed(
    first: tuple[list[str], Vectors, list[str]], known: pl.DataFrame
) -> None:
    found = refit(first[0], first[1], known)
    assert found.is_empty()
    assert dict(found.schema) == dict(PROPOSAL_SCHEMA)


def test_a_rejected_proposal_is_not_proposed_again_and_given_to_no_text(
    first: tuple[list[str], Vectors, list[str]], known: pl.DataFrame
) -> None:
    more, more_vectors, _ = month(30, [NEW])
    texts, vectors = first[0] + more, np.concatenate([first[1], more_vectors])
    found = refit(texts, vectors, known)
    assert found.height >= 1
    model = decided(known, found, found["proposal_id"].to_list(), {}, accepted=False)
    assert refit(texts, vectors, model).is_empty()
    assert assign_topics(vectors, model) == assign_topics(vectors, known)


def test_a_name_is_kept_with_its_topic(
    first: tuple[list[str], Vectors, list[str]], known: pl.DataFrame
) -> None:
    more, more_vectors, _ = month(30, [NEW])
    found = refit(first[0] + more, np.concatenate([first[1], more_vectors]), known)
    model = decided(known, found, [0], {"fi": "Sovellus"}, accepted=True)
    added = model.filter(~pl.col("topic_id").is_in(known["topic_id"].to_list()))
    assert added.select("name_fi", "name_sv", "accepted").rows() == [("Sovellus", None, True)]
    assert added["topic_id"].to_list() == [known["topic_id"].max() + 1]  # type: ignore[operator]  # an id


def test_a_topic_that_is_not_found_again_is_told_and_stays(known: pl.DataFrame) -> None:
    texts, vectors, _ = month(5, [subject for subject in OLD if subject != "food"])
    found = fit_topics(texts, vectors, seed=1, origin=centroids_of(known)[1])
    food = known.filter(pl.col("words").list.contains("keitto"))["topic_id"].to_list()
    assert food
    assert not_found(found, known) == food
    model = decided(known, proposals(found, known), [], {}, accepted=True)
    assert model.equals(known)


def test_an_unknown_proposal_is_told(known: pl.DataFrame) -> None:
    with pytest.raises(UnknownProposal, match="No proposal 7"):
        decided(known, pl.DataFrame(schema=PROPOSAL_SCHEMA), [7], {}, accepted=True)


def test_other_vectors_leave_ids_their_meaning(
    first: tuple[list[str], Vectors, list[str]], known: pl.DataFrame
) -> None:
    """The other model's space is a turned one of other length: nothing of the former fits it."""
    vectors = first[1]
    given = assign_topics(vectors, known)
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(48, 48)))[0][:DIMENSIONS]
    other = (vectors @ turn).astype(np.float32)
    carried = moved(known, other, ["fi"] * len(vectors), given)
    assert carried.select("topic_id", "words", "size").equals(
        known.select("topic_id", "words", "size")
    )
    same = [a == b for a, b in zip(assign_topics(other, carried), given, strict=True)]
    assert np.mean(same) > 0.97
