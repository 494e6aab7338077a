"""A key of a figure is read back as it was written; anything else is refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.figure_keys import FigureKey, NoFigureKeyError

NAMES = st.text(min_size=1, max_size=12).filter(str.strip)


@given(
    table=NAMES,
    county=NAMES,
    measure=NAMES,
    dimensions=st.dictionaries(NAMES, NAMES, max_size=3),
)
def test_a_key_is_read_back_whatever_its_names_are(
    table: str, county: str, measure: str, dimensions: dict[str, str]
) -> None:
    key = FigureKey("2025-03", table, county, measure, dimensions)
    assert FigureKey.parse(str(key)) == key


def test_a_key_reads_well() -> None:
    key = FigureKey("2025-03", "words", "10", "responses", {"word": "hyvä", "theme": "staff"})
    assert str(key) == "2025-03/words/10/responses?theme=staff&word=hyv%C3%A4"
    assert FigureKey.parse("2025-03/words/10/responses?word=hyvä&theme=staff") == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-03",
        "2025-13/words/10/nps",
        "2025-03//10/nps",
        "2025-03/words/10/nps?theme",
        "2025-03/words/10/nps?a=1&a=2",
        "2025-03/words/10/nps/more",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoFigureKeyError, match="looks like"):
        FigureKey.parse(text)
