"""Texts in three languages, and how each language writes numbers."""

from __future__ import annotations

import pytest

from aspa_resources.reporting import wording as room
from aspa_resources.reporting.wording import LANGUAGES, TextsError, load_texts, wording

NUMBERS = [
    ("whole", (1234567,), "1\u00a0234\u00a0567", "1,234,567"),
    ("whole", (-0.4,), "0", "0"),
    ("whole", (-12.5,), "\u221213", "\u221213"),
    ("whole", (12.5,), "13", "13"),
    ("decimal", (4.25, 1), "4,2", "4.2"),
    ("decimal", (-1234.5, 1), "\u22121\u00a0234,5", "\u22121,234.5"),
    ("percent", (0.735,), "74\u00a0%", "74%"),
    ("percent", (0.004,), "0,4\u00a0%", "0.4%"),
    ("percent", (0.0,), "0\u00a0%", "0%"),
    ("month_short", ("2025-03",), "3/25", "3/25"),
]


def test_every_text_has_every_language():
    texts = load_texts()
    assert len(texts) > 150
    for leaf in texts.values():
        assert set(leaf) == set(LANGUAGES)


@pytest.mark.parametrize(("method", "arguments", "finnish", "english"), NUMBERS)
def test_numbers_are_written_as_the_language_does(method, arguments, finnish, english):
    assert getattr(wording("fi", 10), method)(*arguments) == finnish
    assert getattr(wording("sv", 10), method)(*arguments) == finnish
    assert getattr(wording("en", 10), method)(*arguments) == english


def test_threshold_comes_from_the_rules():
    assert "alle 25," in wording("fi", 25).say("overview.headline_suppressed")


@pytest.mark.parametrize(
    ("node", "cure"),
    [
        ({"a": {"fi": "x", "sv": "x"}}, "a has no text in en"),
        ({"a": {"fi": "x", "sv": " ", "en": "x"}}, "a has no text in sv"),
        ({"a": {"fi": "{n}", "sv": "{m}", "en": "{n}"}}, "a has other placeholders"),
        ({"a": "x"}, "a is no mapping"),
    ],
)
def test_an_incomplete_text_is_refused(node, cure):
    with pytest.raises(TextsError, match=cure):
        room._collect("", node, {})


def test_every_month_has_a_name():
    names = {wording("sv", 10).month(f"2025-{month:02d}") for month in range(1, 13)}
    assert len(names) == 12
