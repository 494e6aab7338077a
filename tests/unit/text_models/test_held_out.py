"""540 feedbacks that no model learnt from: the shipped reader may not get worse unnoticed."""

import json
from pathlib import Path

import pytest

from aspa_resources.text_models import TextModels

_FILE = Path(__file__).parents[2] / "data" / "text_models" / "held_out.jsonl"
_MERGED = {"neutral": "neutral or mixed", "mixed": "neutral or mixed"}


@pytest.fixture(scope="module")
def read(text_models: TextModels) -> list:
    rows = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
    return list(zip(rows, text_models.analyze([row["text"] for row in rows]), strict=True))


def test_sentiments_of_texts_that_no_model_learnt_from(read: list) -> None:
    right = sum(
        _MERGED.get(row["sentiment"], row["sentiment"])
        == _MERGED.get(found.sentiment, found.sentiment)
        for row, found in read
    )
    assert right / len(read) >= 0.82


def test_themes_of_texts_that_no_model_learnt_from(read: list) -> None:
    hits = sum(len({*row["themes"]} & {*found.themes}) for row, found in read)
    told = sum(len(row["themes"]) + len(found.themes) for row, found in read)
    assert 2 * hits / told >= 0.75


def test_languages_of_texts_that_no_model_learnt_from(read: list) -> None:
    long = [(row, found) for row, found in read if len(row["text"].split()) >= 3]
    assert sum(row["lang"] == found.language for row, found in long) / len(long) >= 0.97
