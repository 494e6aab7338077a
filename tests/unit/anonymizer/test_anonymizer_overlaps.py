"""Whose placeholder a character gets where findings overlap, and that none is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from presidio_analyzer import RecognizerResult

from aspa_resources.anonymizer import ENTITY_TYPES
from aspa_resources.anonymizer.overlaps import parts_of

Found = tuple[str, int, int, float]


def result(kind: str, start: int, end: int, score: float) -> RecognizerResult:
    return RecognizerResult(
        kind, start, end, score, recognition_metadata={"recognizer_name": f"of_{kind}"}
    )


def replaced(text: str, found: list[Found]) -> str:
    """Return the text with the parts of what was found replaced."""
    for part in reversed(parts_of([result(*one) for one in found], text)):
        text = f"{text[: part.start]}<{part.entity_type}>{text[part.end :]}"
    return text


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        pytest.param(
            "Asun Matinkatu 5",
            [("ADDRESS", 5, 16, 0.9), ("PERSON", 5, 11, 0.99), ("NUMBER", 15, 16, 0.3)],
            "Asun <ADDRESS>",
            id="a name inside an address is part of it, however sure",
        ),
        pytest.param(
            "Kirjoita matti.m@esimerkki.fi nyt",
            [("EMAIL", 9, 29, 1.0), ("PERSON", 9, 14, 0.7), ("PERSON", 15, 16, 0.6)],
            "Kirjoita <EMAIL> nyt",
            id="an e-mail that contains a name",
        ),
        pytest.param(
            "Matti Meri matti@esimerkki.fi",
            [("PERSON", 0, 16, 0.8), ("EMAIL", 11, 29, 1.0)],
            "<PERSON> <EMAIL>",
            id="what is left of a name before an e-mail keeps the space between them outside",
        ),
        pytest.param(
            "huone 12-0401234567-3",
            [("PHONE", 9, 19, 0.9), ("NUMBER", 6, 21, 0.3)],
            "huone <NUMBER>-<PHONE>-<NUMBER>",
            id="numbers at the edges of a telephone number",
        ),
        pytest.param(
            "140271-9123",
            [("HETU", 0, 11, 1.0), ("PHONE", 0, 11, 0.8), ("NUMBER", 0, 11, 0.3)],
            "<HETU>",
            id="of equals the surest",
        ),
        pytest.param(
            "Marja-Liisa  Virta Oja",
            [("PERSON", 0, 11, 0.9), ("PERSON", 13, 18, 0.6), ("PERSON", 14, 22, 0.5)],
            "<PERSON>",
            id="parts of one name with spaces between are one",
        ),
        pytest.param(
            "Koetie 5 , , 00100 Kuopio",
            [("ADDRESS", 0, 8, 0.94), ("ADDRESS", 13, 25, 0.9)],
            "<ADDRESS> , , <ADDRESS>",
            id="with signs between they are two",
        ),
        pytest.param(
            "Ari.",
            [("PERSON", 0, 4, 0.5), ("EMAIL", 0, 3, 0.9)],
            "<PERSON>",
            id="the outer one stays, its sign too",
        ),
        pytest.param(
            "Ari. Oja",
            [("PERSON", 0, 5, 0.5), ("EMAIL", 0, 3, 0.5), ("GPS", 3, 8, 0.9)],
            "<PERSON><GPS>",
            id="the surer of two that cross keeps what they share",
        ),
        pytest.param(
            "Anna <PERSON> <EMAIL> kiitos",
            [("PERSON", 0, 13, 0.9), ("PERSON", 15, 20, 0.8)],
            "<PERSON> <PERSON> <EMAIL> kiitos",
            id="a placeholder that stands there already stays",
        ),
    ],
)
def test_case(text: str, found: list[Found], expected: str) -> None:
    assert replaced(text, found) == expected


SPANS = st.lists(
    st.tuples(
        st.sampled_from(ENTITY_TYPES),
        st.integers(0, 28),
        st.integers(1, 12),
        st.sampled_from([0.3, 0.5, 0.5, 0.9, 1.0]),
    ),
    max_size=12,
)


@given(SPANS, st.text(alphabet="ab1 .-", min_size=40, max_size=40))
def test_every_letter_found_is_covered_once_and_nothing_else(
    spans: list[tuple[str, int, int, float]], text: str
) -> None:
    found = [(kind, start, start + length, score) for kind, start, length, score in spans]
    parts = parts_of([result(*one) for one in found], text)
    covered = [i for part in parts for i in range(part.start, part.end)]
    wanted = {i for _, start, end, _ in found for i in range(start, end)}
    assert len(covered) == len(set(covered))
    assert {i for i in wanted if text[i].isalnum()} <= set(covered)
    assert {i for i in covered if text[i] != " "} <= wanted
    assert parts == sorted(parts, key=lambda part: part.start)
