"""Word lists: what is shown, and an attack that works out what is not."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aspa_resources.disclosure.releases import without_betrayed_words
from aspa_resources.disclosure.words import shown_words
from aspa_resources.indicators import theme_mart, word_mart
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL, NATION, dimensions_of

BOOK = RuleBook.load()
COUNTIES = ("01", "02", "03", "04")
SENTIMENTS = ("positive", "negative")
THEMES = ("access", "fees")
WORD = "jono"
Cell = tuple[str, str, str]


def marts(responses: list[tuple[str, str, tuple[str, ...], bool]]) -> tuple[pl.DataFrame, ...]:
    """Return theme and word mart of responses: county, sentiment, themes, has the word."""
    tables = BOOK.published_tables.values()
    dimensions = {*dimensions_of(tables, "theme_mart"), *dimensions_of(tables, "word_mart")}
    others = dimensions - {"theme", "sentiment", "word"}
    ids = [f"{i:032x}" for i in range(len(responses))]
    classified = pl.DataFrame(
        {"response_id": ids, "month": "2025-03", "county": [r[0] for r in responses]}
    ).with_columns(pl.lit("x").alias(name) for name in sorted(others))
    analyzed = pl.DataFrame(
        {
            "response_id": ids,
            "sentiment": [r[1] for r in responses],
            "themes": [list(r[2]) for r in responses],
            "words": [[WORD] if r[3] else [] for r in responses],
        },
        schema_overrides={"words": pl.List(pl.String), "themes": pl.List(pl.String)},
    )
    return theme_mart(classified, analyzed, BOOK), word_mart(classified, analyzed, BOOK)


def shown(responses: list[tuple[str, str, tuple[str, ...], bool]]) -> dict[Cell, int]:
    themes, words = marts(responses)
    rows = shown_words(words, themes, BOOK.disclosure)
    return {(c, t, s): n for c, t, s, n in rows.select("county", "theme", "sentiment", "n").rows()}


def many(
    count: int, county: str, sentiment: str, themes: tuple[str, ...], *, word: bool = True
) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(county, sentiment, themes, word)] * count


def test_a_word_is_told_by_theme_and_sentiment_where_every_part_is_large() -> None:
    found = shown(
        [
            *many(12, "01", "positive", ("access",)),
            *many(15, "01", "negative", ("access",)),
            *many(11, "01", "negative", ("fees",)),
            *many(30, "01", "positive", ("fees",), word=False),
            *many(30, "01", "positive", ("access",), word=False),
            *many(30, "01", "negative", ("access",), word=False),
            *many(30, "01", "negative", ("fees",), word=False),
        ]
    )
    assert found["01", ALL, ALL] == 38
    assert found["01", ALL, "positive"] == 12
    assert found["01", "access", ALL] == 27
    assert found["01", "fees", ALL] == 11


@pytest.mark.parametrize(
    ("few", "why"),
    [
        (many(3, "01", "negative", ("access",)), "a sentiment of few"),
        (many(3, "01", "positive", ("fees",)), "a theme of few"),
    ],
)
def test_a_split_with_few_in_a_part_is_not_shown(
    few: list[tuple[str, str, tuple[str, ...], bool]], why: str
) -> None:
    without = [
        row for s, t in product(SENTIMENTS, THEMES) for row in many(40, "01", s, (t,), word=False)
    ]
    found = shown([*many(20, "01", "positive", ("access",)), *few, *without])
    split = [cell for cell in found if cell[1:] != (ALL, ALL)]
    told = {
        "sentiment": [c for c in split if c[2] != ALL],
        "theme": [c for c in split if c[1] != ALL],
    }
    assert found["01", ALL, ALL] == 23, why
    assert not told["sentiment" if few[0][1] == "negative" else "theme"], why


@pytest.mark.parametrize(("more", "listed"), [(0, True), (4, False), (15, True)])
def test_a_county_that_goes_betrays_no_word_of_one_that_is_not_listed(
    more: int,
    listed: bool,  # noqa: FBT001 (a case's outcome)
) -> None:
    goes = [*many(30, "01", "positive", ("fees",)), *many(30, "01", "positive", ("access",))]
    nearly_all = [
        *many(40, "02", "positive", ("fees",)),
        *many(3, "02", "positive", ("fees",), word=False),
    ]
    stays = [
        *many(30, "03", "positive", ("fees",)),
        *many(60, "03", "positive", ("fees",), word=False),
    ]
    themes, words = marts([*goes, *nearly_all, *stays])
    before = shown_words(words, themes, BOOK.disclosure)
    assert before["county"].unique().sort().to_list() == ["01", "03", NATION]
    themes, words = marts([*nearly_all, *nearly_all[:more], *stays])
    now = shown_words(words, themes, BOOK.disclosure)
    left = without_betrayed_words(now, [before], themes["county"].unique(), 10)
    assert left.equals(now.clear()) != listed


def test_a_word_that_nearly_every_text_has_is_not_listed() -> None:
    assert not shown(
        [
            *many(40, "01", "positive", ("access",)),
            *many(4, "01", "positive", ("access",), word=False),
        ]
    )


Response = tuple[str, str, tuple[str, ...], bool]


@st.composite
def gathered(draw: st.DrawFn) -> list[Response]:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows: list[Response] = []
    for county, s in product(COUNTIES, SENTIMENTS):
        for themes in (("access",), ("fees",), THEMES):
            size = int(random.choice([0, 3, 9, 10, 14, 30]))
            rows += many(size, county, s, themes)
            rows += many(int(random.choice([0, 25])), county, s, themes, word=False)
    return rows


def interval(known: list[tuple[np.ndarray, int]], wanted: np.ndarray) -> tuple[float, float]:  # type: ignore[type-arg]  # of floats
    """Return the least and the largest sum of the wanted cells that fits everything shown."""
    sums = np.array([row for row, _ in known]) if known else None
    totals = [n for _, n in known] if known else None
    ends = [
        linprog(sign * wanted, A_eq=sums, b_eq=totals, bounds=(0, 1000), method="highs").fun
        for sign in (1, -1)
    ]
    return float(ends[0]), float(-ends[1])


@settings(max_examples=60, deadline=None)
@given(rows=gathered(), theme=st.sampled_from(THEMES))
def test_no_small_count_of_a_word_can_be_worked_out(rows: list[Response], theme: str) -> None:
    """The attacker knows every row shown, and that counties, sentiments and themes add up."""
    found = shown(rows)
    assert all(n >= BOOK.disclosure.threshold for n in found.values())
    cells = list(product(COUNTIES, SENTIMENTS, (True, False)))

    def inside(cell: Cell) -> np.ndarray:  # type: ignore[type-arg]  # of floats
        county, of, s = cell
        return np.array(
            [
                float(
                    county in (NATION, c)
                    and s in (ALL, sentiment)
                    and (of == ALL or (of == theme) == has)
                )
                for c, sentiment, has in cells
            ]
        )

    known = [(inside(cell), n) for cell, n in found.items() if cell[1] in (ALL, theme)]
    for cell in product((NATION, *COUNTIES), (ALL, theme, "rest"), (ALL, *SENTIMENTS)):
        true = sum(
            has
            and cell[0] in (NATION, c)
            and cell[2] in (ALL, s)
            and (cell[1] == ALL or (theme in themes) == (cell[1] == theme))
            for c, s, themes, has in rows
        )
        if 0 < true < BOOK.disclosure.threshold:
            low, high = interval(known, inside(cell))
            assert high - low >= BOOK.disclosure.complementary.width - 1e-6, cell
