"""Charts drawn once and worded in each language."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.reporting import drawings, line_drawings
from aspa_resources.reporting.drawings import Bar, Diverging

DRAWINGS = {
    "comparison": lambda: drawings.comparison(
        (Bar(40, 50), Bar(None, 10), Bar(-9)), (-100, 100), 0
    ),
    "two lines": lambda: drawings.comparison((Bar(4.2, 4.1, lines=2), Bar(3)), (1, 5), 1),
    "diverging": lambda: drawings.diverging((Diverging(20, 80), Diverging(None, 11))),
    "split": lambda: drawings.split(0.7, 0.2, 0.1),
    "forecast": lambda: line_drawings.forecast((50, None, 61), ((50, 58, 66), (49, 58, 67))),
    "trend": lambda: line_drawings.trend(((50, None, 61, 60), (55, 56, 57, None))),
}


class Echo(dict[str, str]):
    """Words every token as itself, and remembers which were asked for."""

    def __missing__(self, token: str) -> str:
        self[token] = token
        return token


def worded(name: str, words: dict[str, str]) -> str:
    return str(DRAWINGS[name]().worded("what it says", words))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_is_sound_and_says_what_it_shows(name):
    root = ET.fromstring(worded(name, Echo()))  # noqa: S314  # our own drawing
    assert root.get("role") == "img"
    assert root.get("aria-label") == "what it says"
    assert root.get("viewBox", "").startswith(f"0 0 {drawings.WIDTH} ")
    assert not any("style" in element.attrib for element in root.iter())


@pytest.mark.parametrize("name", sorted(set(DRAWINGS) - {"split"}))
def test_words_are_escaped_and_move_nothing(name):
    short, long = Echo(), Echo()
    short_page = worded(name, short)
    long |= {token: f"<b>&{token}{'w' * 90}" for token in short}
    long_page = worded(name, long)
    assert len(short) >= 3
    assert "<b>" not in long_page
    assert re.sub(r">[^<]*</text", "></text", long_page) == re.sub(
        r">[^<]*</text", "></text", short_page
    )


def test_a_token_without_words_is_an_error():
    with pytest.raises(KeyError):
        worded("diverging", {"label.0": "one"})


def test_a_hidden_row_draws_no_bar():
    shown = worded("comparison", Echo())
    alone = str(drawings.comparison((Bar(None),), (-100, 100), 0).worded("x", Echo()))
    area = "#17698f"
    (bars,) = re.findall(rf'<g fill="{area}">(.*?)</g>', shown)
    assert bars.count("<path") == 2
    assert area not in alone


@pytest.mark.parametrize(("months", "named"), [(1, [0]), (7, list(range(7))), (8, [1, 3, 5, 7])])
def test_the_last_month_is_always_named(months, named):
    assert line_drawings.named_months(months) == named


@given(st.lists(st.text("abcdefåäö-", min_size=1, max_size=20), min_size=1, max_size=16))
def test_a_label_fits_two_lines_and_keeps_its_beginning(words):
    label = " ".join(words)
    above, below = drawings.two_lines(label)
    assert max(len(above), len(below)) <= 49
    told = f"{above} {below}".strip().removesuffix(" …")
    assert label.startswith(told)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=24))
def test_the_scale_of_a_trend_holds_its_scores(scores):
    ticks = line_drawings._ticks(scores)
    assert ticks[0] <= min(scores)
    assert max(scores) <= ticks[-1]
    assert len({b - a for a, b in pairwise(ticks)}) == 1


def test_a_gap_in_a_trend_stays_a_gap():
    drawing = line_drawings.trend(((40.0, None, 44.0, 45.0),))
    assert len(re.findall(r'<path transform="translate\(', drawing.body)) == 3


def test_a_small_change_looks_small_in_a_trend():
    ticks = line_drawings._ticks([64.0, 62.0])
    assert ticks[-1] - ticks[0] >= 30


def test_a_label_of_two_lines_makes_its_row_taller_and_no_other():
    one, two = (drawings.comparison((Bar(3, lines=n), Bar(3)), (1, 5), 1) for n in (1, 2))
    assert two.height == one.height + 20
    assert "@above.0@" in two.body
    assert "@above.1@" not in two.body
    assert "@above" not in one.body
