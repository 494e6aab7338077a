"""Whether the last release of a month stays instead of a new one.

Belongs here: what readers would lose and gain. Does not belong here: any decision to hide; a
release is safe beside every earlier one, held or not.

Figures that changed by too few responses are hidden (`releases`). Where only a few were mended,
that is nearly all that changed: readers would lose the totals for next to nothing. So the last
release stays until a total can be shown anew, or until it is wrong by more than a few responses.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from aspa_resources.disclosure.rounding import rounded
from aspa_resources.rule_book.published import ALL, DisclosureRules

PUBLISHED, SUPPRESSED = "published", "suppressed"
_INDICATORS: Final = "indicator_mart"
_KEYS: Final = ("month", "county", "measure")

Tables = Mapping[str, pl.DataFrame]


def is_held(tables: Tables, last: Tables, marts: Tables, rules: DisclosureRules) -> bool:
    """Tell whether a release would take figures away and show no total anew.

    A county that came or went is never held back, nor a table.

    Args:
        tables: The new release, in published form.
        last: The last one.
        marts: The exact marts that the new one is made of.
        rules: Threshold and decimals.
    """
    lost = False
    for name, table in tables.items():
        if table.is_empty():
            continue
        if name not in last or set(table["county"]) != set(last[name]["county"]):
            return False
        keys = [column for column in table.columns if column not in {"value", "n", "status"}]
        both = table.join(last[name], on=keys, how="full", coalesce=True, suffix="_last")
        now, was = (pl.col(c).eq_missing(PUBLISHED) for c in ("status", "status_last"))
        totals = [pl.col("measure") == "responses", *_totals(keys)]
        anew = now & pl.col("n").ne_missing(pl.col("n_last"))
        if not both.filter(*totals, anew).is_empty():
            return False
        lost |= not both.filter(was & ~now).is_empty()
    return lost and not _mended_many(last, marts, rules)


def _mended_many(last: Tables, marts: Tables, rules: DisclosureRules) -> bool:
    """Tell whether a total of the last release is wrong by the threshold of answers or more.

    At least so many answers must have changed for a value to have moved so far, whatever rounding
    did to both: one answer moves the sum behind a score by 200 at most, behind a mean of 1-5 by 4,
    behind a share by 1.
    """
    if _INDICATORS not in marts:
        return False
    mart = marts[_INDICATORS].with_columns(rounded(rules.decimals))
    exact = mart.filter(*_totals(mart.columns)).select(*_KEYS, "value", "n")
    measure = pl.col("measure")
    of_mean, of_score = measure.str.ends_with("_mean"), measure == "nps"
    each = pl.when(of_score).then(200.0).when(of_mean).then(4.0).otherwise(1.0)
    decimals = (
        pl.when(of_score).then(rules.decimals.nps).when(of_mean).then(rules.decimals.mean)
    ).otherwise(rules.decimals.share)
    surely = (pl.col("value") - pl.col("value_last")).abs() - pl.lit(10.0).pow(-decimals)
    moved = surely * pl.min_horizontal("n", "n_last") / each
    for table in last.values():
        shown = table.filter(*_totals(table.columns), pl.col("status") == PUBLISHED)
        both = exact.join(shown, on=list(_KEYS), suffix="_last").filter(_is_answered(measure))
        if not both.filter(moved >= rules.threshold).is_empty():
            return True
    return False


def _is_answered(measure: pl.Expr) -> pl.Expr:
    return (measure == "nps") | measure.str.ends_with("_mean") | measure.str.ends_with("_share")


def _totals(columns: list[str]) -> list[pl.Expr]:
    """Tell rows that have `ALL` in every dimension."""
    return [pl.col(d) == ALL for d in columns if d not in {*_KEYS, "value", "n", "status"}]
