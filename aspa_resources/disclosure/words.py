"""Protection of word lists.

Belongs here: words, whose only sum is the one over counties. Does not belong here: tables with
several sums (that is `complementary`).

A word that too few responses hold is not listed. The counties not listed for a word together hold
either nothing or at least the width of responses: with one sum a word, hiding one more county is
always enough, so no search is needed.
"""

import polars as pl

from aspa_resources.rule_book.published import NATION, DisclosureRules


def shown_words(mart: pl.DataFrame, rules: DisclosureRules) -> pl.DataFrame:
    """Return the rows of a word mart that may be listed.

    Args:
        mart: The exact word mart, one row a county (or the nation) and word.
        rules: The thresholds.

    Returns:
        The rows that may be listed, in the mart's order.
    """
    least = max(rules.words.least_feedbacks, rules.threshold)
    width = max(rules.complementary.width, rules.threshold)
    word = [name for name in mart.columns if name not in {"county", "value", "n"}]
    is_county = pl.col("county") != NATION
    enough = pl.col("n") >= least
    unlisted = pl.col("n").filter(is_county & ~enough).sum().over(word)
    listed_county = is_county & enough
    smallest_first = pl.when(listed_county).then(pl.col("n")).rank("ordinal").over(word)
    betrayed = unlisted.is_between(1, width - 1)
    nation_listed = (enough & ~is_county).any().over(word)
    return mart.filter(enough & ~(listed_county & betrayed & nation_listed & (smallest_first == 1)))
