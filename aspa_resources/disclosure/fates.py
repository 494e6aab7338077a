"""The fate of every figure of a mart: hidden or not.

Belongs here: laying out a mart's cells and figures, and protecting family after family. Does not
belong here: the rules on a figure (`primary`) and the search (`complementary`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from aspa_resources.disclosure.cells import Bools, Cells, Ints, Nesting, build_cells, wholes
from aspa_resources.disclosure.complementary import hide_complementary
from aspa_resources.disclosure.primary import Family, Figures, families
from aspa_resources.indicators.texts import OF_THE_TEXT
from aspa_resources.rule_book.published import ComplementaryRules, DisclosureRules


def decide(
    mart: pl.DataFrame,
    crossings: Sequence[tuple[str, ...]],
    unsummed: Sequence[str],
    rules: DisclosureRules,
    nestings: Iterable[Nesting] = (),
) -> pl.DataFrame:
    """Decide on every figure of one mart.

    Args:
        mart: A tidy mart with the measure `responses`.
        crossings: The crossings of dimensions that some table shows.
        unsummed: Dimensions whose categories do not add up to `ALL`.
        rules: The disclosure rules.
        nestings: Dimensions whose categories add up to those of another.

    Returns:
        The key columns of every cell (those without responses too), measure and hidden (Boolean).
    """
    cells = build_cells(mart, crossings, unsummed, nestings)
    figures = _figures(mart, cells)
    hidden: dict[str, Bools] = {}
    for family in families(figures, cells.whole, rules):
        given = family.primary | hidden[family.within] if family.within else family.primary
        mask = _protect(family, cells, given, rules.complementary)
        hidden |= dict.fromkeys(family.measures, mask)
    if "share" in hidden:
        # A share and its count tell the whole they are of.
        hidden["share"] = hidden["share"] | hidden["share"][wholes(cells.frame, OF_THE_TEXT)]
    return pl.concat(
        cells.frame.with_columns(measure=pl.lit(measure), hidden=pl.Series(mask))
        for measure, mask in hidden.items()
    )


def _figures(mart: pl.DataFrame, cells: Cells) -> Figures:
    """Return each measure's values and n over the cells; n is 0 where the mart has no row."""
    keys = cells.frame.columns
    found: Figures = {}
    for measure in mart["measure"].unique(maintain_order=True):
        rows = cells.frame.join(
            mart.filter(measure=measure), on=keys, how="left", maintain_order="left"
        )
        n = rows["n"].fill_null(0).to_numpy().astype(np.int64)
        found[measure] = (rows["value"].fill_null(np.nan).to_numpy(), n)
    return found


def _protect(family: Family, cells: Cells, given: Bools, rules: ComplementaryRules) -> Bools:
    """Protect the wholes first: a part is hidden with its whole, and is at most a shown whole."""
    is_whole = cells.whole == np.arange(given.size)
    mask: Bools = given & is_whole
    for counts in family.counts:
        mask = _protect_counts(counts, family, cells, mask, rules)
    if not is_whole.all():
        mask |= given | mask[cells.whole]
        for counts in family.counts:
            mask = _protect_counts(counts, family, cells, mask, rules)
    return mask


def _protect_counts(
    counts: Ints, family: Family, cells: Cells, mask: Bools, rules: ComplementaryRules
) -> Bools:
    within_shown = (cells.whole != np.arange(mask.size)) & ~mask[cells.whole]
    return hide_complementary(
        cells.lines,
        counts,
        hidden=mask,
        sensitive=family.sensitive,
        most=np.where(within_shown, counts[cells.whole].astype(float), np.inf),
        rules=rules,
    )
