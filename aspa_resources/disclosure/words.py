"""Protection of word lists.

Belongs here: words, counted by distinct responses, in an area, a theme, a sentiment. Does not
belong here: tables with several sums at once (that is `complementary`).

What can be worked out of word lists by subtraction, and why it is never few responses:

1. An area's total. Counties add up to the nation: the counties not listed for a word together hold
   nothing or at least the width.
2. An area's split of a total into sentiments, or into a theme and the rest (a response may have
   several themes, so themes do not add up, but a theme and its rest do). It is shown wholly or not
   at all: only where each part is nothing or enough. So a shown split hides nothing, and of an area
   without one the total alone is known. Where the nation's split is shown, what is left of each
   part after the counties that show theirs is nothing or at least the width. Areas without a split
   then form a table of which nothing but sums is known, each nothing or at least the width; a cell
   of such a table lies between max(0, r + c - N) and min(r, c) (Frechet 1940), an interval that is
   as long as the smallest of r, c, N - r and N - c.
3. The nation's split into a theme and the rest and sentiments at once: shown wholly or not at all,
   and only for themes that no county shows for the word; so of each sentiment the sums over
   counties and over the theme are known, and 2. holds in it.
4. The responses without the word, since the texts of an area, theme and sentiment are counted in
   other tables: a word that all texts but a few have is not listed.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from aspa_resources.rule_book.published import ALL, NATION, DisclosureRules

_WORD: Final = ("month", "measure", "word")
_KINDS: Final = ("theme", "sentiment")
_REST: Final = "rest"


def shown_words(mart: pl.DataFrame, themes: pl.DataFrame, rules: DisclosureRules) -> pl.DataFrame:
    """Return the rows of a word mart that may be listed.

    Args:
        mart: The exact word mart: month, county (or the nation), theme, sentiment, word, measure,
            value, n; theme and sentiment at `ALL` for the word's total in an area.
        themes: The exact theme mart of the same texts.
        rules: The thresholds.

    Returns:
        The rows that may be listed, in the mart's order.
    """
    least = max(rules.words.least_feedbacks, rules.threshold)
    width = max(rules.complementary.width, rules.threshold)
    counts = _with_texts(mart, themes).with_columns(safe=_safe(least))
    totals = _totals(counts.filter(*_at(*_KINDS)), width)
    sentiments = counts.filter(*_at("theme"), pl.col("sentiment") != ALL)
    by_sentiment = _splits(sentiments, ["sentiment"], [], totals, width)
    of_themes = _with_rest(counts.filter(*_at("sentiment"), pl.col("theme") != ALL), counts, least)
    by_theme = _splits(of_themes, ["part"], ["theme"], totals, width)
    both = _with_rest(
        counts.filter(*(pl.col(kind) != ALL for kind in _KINDS), pl.col("county") == NATION),
        counts,
        least,
    )
    nowhere_else = by_theme.filter(pl.col("county") != NATION).select(*_WORD, "theme").unique()
    nation = by_theme.join(nowhere_else, on=[*_WORD, "theme"], how="anti").join(
        by_sentiment, on=[*_WORD, "county"], how="semi"
    )
    by_both = _splits(both, ["sentiment", "part"], ["theme"], nation, width)
    listed = pl.concat(
        [
            _cells(totals.with_columns(theme=pl.lit(ALL), sentiment=pl.lit(ALL))),
            _cells(sentiments.join(by_sentiment, on=[*_WORD, "county"], how="semi")),
            _cells(of_themes.join(by_theme, on=[*_WORD, "county", "theme"], how="semi")),
            _cells(both.join(by_both, on=[*_WORD, "county", "theme"], how="semi")),
        ]
    )
    keys = listed.columns
    return mart.join(listed, on=keys, how="semi", maintain_order="left")


def _at(*kinds: str) -> list[pl.Expr]:
    return [pl.col(kind) == ALL for kind in kinds]


def _cells(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.select(*_WORD, "county", *_KINDS)


def _with_texts(mart: pl.DataFrame, themes: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of a word mart with how many texts each has, with the word or not."""
    dimensions = set(themes.columns) - {"month", "county", *_KINDS, "measure", "value", "n"}
    totals = [pl.col(name) == ALL for name in sorted(dimensions)]
    on = ["month", "county", *_KINDS]
    texts = themes.filter(pl.col("measure") == "responses", *totals).select(*on, texts="n")
    return mart.select(*_WORD, "county", *_KINDS, "n").join(texts, on=on, how="left")


def _safe(least: int) -> pl.Expr:
    """Tell whether enough responses have the word, and none or enough of the texts lack it."""
    lacking = pl.col("texts") - pl.col("n")
    return (pl.col("n") >= least) & ((lacking == 0) | (lacking >= least)).fill_null(value=False)


def _totals(counts: pl.DataFrame, width: int) -> pl.DataFrame:
    """Return the areas whose total of a word is listed: `_WORD`, county, n."""
    is_county = pl.col("county") != NATION
    unlisted = pl.col("n").filter(is_county & ~pl.col("safe")).sum().over(_WORD)
    listed_county = is_county & pl.col("safe")
    smallest_first = pl.when(listed_county).then(pl.col("n")).rank("ordinal").over(_WORD)
    nation_listed = (pl.col("safe") & ~is_county).any().over(_WORD)
    betrayed = listed_county & unlisted.is_between(1, width - 1) & nation_listed
    listed = counts.filter("safe", ~(betrayed & (smallest_first == 1)))
    return listed.select(*_WORD, "county", "n")


def _with_rest(parts: pl.DataFrame, counts: pl.DataFrame, least: int) -> pl.DataFrame:
    """Add to each theme's count that of the responses with the word without the theme.

    Where no response of a cell has the theme there is no row, though the rest is the whole: sums
    over the nation look at the counties that have the theme, which are those that can show it.
    """
    keys = [*_WORD, "county", "sentiment"]
    whole = counts.filter(*_at("theme")).select(*keys, all_n="n", all_texts="texts")
    themed = parts.with_columns(part=pl.col("theme"))
    rest = (
        themed.join(whole, on=keys, how="left")
        .with_columns(
            n=pl.col("all_n") - pl.col("n"),
            texts=pl.col("all_texts") - pl.col("texts"),
            part=pl.lit(_REST),
        )
        .filter(pl.col("n") > 0)
        .with_columns(safe=_safe(least))
    )
    return pl.concat([themed, rest.select(themed.columns)])


def _splits(
    parts: pl.DataFrame,
    part: Sequence[str],
    of: Sequence[str],
    totals: pl.DataFrame,
    width: int,
) -> pl.DataFrame:
    """Return the areas whose split of a word is shown.

    Args:
        parts: `_WORD`, county, n, safe, and the columns of `part` and `of`; a row a part.
        part: What tells the parts of one split apart.
        of: What tells the splits of one word apart.
        totals: Where the total is listed: `_WORD`, county, and perhaps `of`.
        width: The least that sums may leave.

    Returns:
        `_WORD`, `of` and county of the splits shown.
    """
    split = [*_WORD, *of]
    known = [name for name in (*split, "county") if name in totals.columns]
    areas = (
        parts.group_by([*split, "county"])
        .agg(pl.col("safe").all(), size=pl.col("n").sum())
        .filter("safe")
        .join(totals, on=known, how="semi")
    )
    nations = areas.filter(pl.col("county") == NATION)
    while True:
        shown = areas.filter(pl.col("county") != NATION)
        left = (
            parts.join(areas, on=[*split, "county"], how="semi")
            .join(nations, on=split, how="semi")
            .group_by([*split, *part])
            .agg(left=pl.when(pl.col("county") == NATION).then("n").otherwise(-pl.col("n")).sum())
            .filter(pl.col("left").is_between(1, width - 1))
        )
        betrayed = shown.join(left, on=split, how="semi")
        if betrayed.is_empty():
            return areas.select(*split, "county")
        smallest = betrayed.sort("size", "county").unique(split, keep="first")
        areas = areas.join(smallest, on=[*split, "county"], how="anti")
