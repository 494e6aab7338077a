"""The fate of every figure of a mart: hidden or not.

Belongs here: laying out a mart's cells and figures, and protecting family after family. Does not
belong here: the rules on a figure (`primary`) and the search (`complementary`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl

from aspa_resources.disclosure.cells import (
    Bools,
    Cells,
    Floats,
    Ints,
    Nesting,
    build_cells,
    wholes,
    with_rests,
)
from aspa_resources.disclosure.complementary import hide_complementary
from aspa_resources.disclosure.intervals import ranges_by_sums
from aspa_resources.disclosure.primary import Family, Figures, families
from aspa_resources.disclosure.releases import Change, changes_since, hide_changes
from aspa_resources.disclosure.rounding import rounded
from aspa_resources.indicators.texts import OF_THE_TEXT
from aspa_resources.rule_book.published import ALL, DisclosureRules


@dataclass(frozen=True)
class Settled:
    """What is decided already and stays as it is.

    Attributes:
        fates: Cells decided: the mart's key columns, measure and hidden.
        parts: Dimensions whose categories are decided as a whole: a cell inside one that `fates`
            lacks is not hidden, for nobody is there.
    """

    fates: pl.DataFrame
    parts: tuple[str, ...]


def decide(
    mart: pl.DataFrame,
    crossings: Sequence[tuple[str, ...]],
    unsummed: Sequence[str],
    rules: DisclosureRules,
    *,
    nestings: Iterable[Nesting] = (),
    among: pl.DataFrame | None = None,
    earlier: Sequence[pl.DataFrame] = (),
    settled: Settled | None = None,
) -> pl.DataFrame:
    """Decide on every figure of one mart.

    Args:
        mart: A tidy mart with the measure `responses`.
        crossings: The crossings of dimensions that some table shows.
        unsummed: Dimensions whose categories do not add up to `ALL`.
        rules: The disclosure rules.
        nestings: Dimensions whose categories add up to those of another.
        among: The fates of the responses that this mart's are among, as returned for another mart,
            without the measure. A dimension that only one of them has counts at `ALL` there.
        earlier: What each earlier release showed of this mart, in the mart's columns.
        settled: What is decided already.

    Returns:
        The key columns of every cell (those without responses too), measure, hidden (Boolean) and
        most: the largest count behind it that an attacker can think of.
    """
    cells = build_cells(mart, crossings, unsummed, nestings)
    figures = _figures(mart, cells)
    as_shown = _figures(mart.with_columns(rounded(rules.decimals)), cells)
    fates: dict[str, _Fate] = {}
    outside = _outside(cells, among)
    for family in families(figures, cells.whole, rules):
        outer = fates[family.within] if family.within else outside
        changes = changes_since(earlier, cells, family, as_shown, rules.threshold)
        fixed = _fixed(settled, cells, family.measures[0])
        hidden = _protect(family, cells, outer, fixed, changes, rules)
        n = figures[family.measures[0]][1]
        _, most = ranges_by_sums(cells.lines, n, hidden, outer.most)
        fates |= dict.fromkeys(family.measures, _Fate(hidden, most))
    if "share" in fates:
        # A share and its count tell the whole they are of.
        hidden, most = fates["share"].hidden, fates["share"].most
        fates["share"] = _Fate(hidden | hidden[wholes(cells.frame, OF_THE_TEXT)], most)
    return pl.concat(
        cells.frame.with_columns(
            measure=pl.lit(measure), hidden=pl.Series(fate.hidden), most=pl.Series(fate.most)
        )
        for measure, fate in fates.items()
    )


def _figures(mart: pl.DataFrame, cells: Cells) -> Figures:
    """Return each measure's values and n over the cells; n is 0 where the mart has no row."""
    keys = cells.frame.columns
    found: Figures = {}
    for measure in dict.fromkeys(["responses", *mart["measure"]]):
        rows = cells.frame.join(
            mart.filter(measure=measure), on=keys, how="left", maintain_order="left"
        )
        n = rows["n"].fill_null(0).to_numpy().astype(np.int64)
        found[measure] = (rows["value"].fill_null(np.nan).to_numpy(), n)
    return found


@dataclass(frozen=True)
class _Fate:
    """What is hidden of one kind of count, and the largest counts that an attacker can think of."""

    hidden: Bools
    most: Floats


@dataclass(frozen=True)
class _Fixed:
    """Cells whose fate is not to be decided, and those of them that are hidden."""

    cells: Bools
    hidden: Bools


def _fixed(settled: Settled | None, cells: Cells, measure: str) -> _Fixed:
    if settled is None:
        none = np.zeros(cells.frame.height, dtype=np.bool_)
        return _Fixed(none, none)
    told = cells.frame.join(
        settled.fates.filter(measure=measure).drop("measure"),
        on=cells.frame.columns,
        how="left",
        maintain_order="left",
    )
    in_part = pl.any_horizontal(pl.col(name) != ALL for name in settled.parts)
    return _Fixed(
        told.select(in_part | pl.col("hidden").is_not_null()).to_series().to_numpy(),
        told["hidden"].fill_null(value=False).to_numpy(),
    )


def _outside(cells: Cells, among: pl.DataFrame | None) -> _Fate:
    """Lay another mart's fates over the cells; a group it does not show bounds nothing."""
    size = cells.frame.height
    if among is None:
        return _Fate(np.zeros(size, dtype=np.bool_), np.full(size, np.inf))
    keys = [name for name in among.columns if name not in {"hidden", "most"}]
    on = [name for name in keys if name in cells.frame.columns]
    same = among.filter(*(pl.col(name) == ALL for name in keys if name not in on))
    laid = cells.frame.join(same, on=on, how="left", maintain_order="left")
    return _Fate(
        laid["hidden"].fill_null(value=False).to_numpy(),
        laid["most"].fill_null(np.inf).to_numpy(),
    )


def _protect(  # noqa: PLR0917 (what bears on one family)
    family: Family,
    cells: Cells,
    outer: _Fate,
    fixed: _Fixed,
    changes: Sequence[Sequence[Change]],
    rules: DisclosureRules,
) -> Bools:
    """Hide within the release and against the earlier ones, until neither asks for more."""
    given = family.primary | outer.hidden
    for change in chain.from_iterable(changes):
        given |= change.betrayed
    given = np.where(fixed.cells, fixed.hidden, given)
    while True:
        mask = _protect_release(family, cells, given, outer, ~fixed.cells, rules)
        given = mask.copy()
        for release in changes:
            for counts, change in zip(family.counts, release, strict=True):
                given = hide_changes(cells.lines, counts, given, change, rules.threshold)
        if (given == mask).all():
            return mask


def _protect_release(  # noqa: PLR0917 (what bears on one family)
    family: Family,
    cells: Cells,
    given: Bools,
    outer: _Fate,
    free: Bools,
    rules: DisclosureRules,
) -> Bools:
    """Protect the wholes first: a part is hidden with its whole, and is at most a shown whole.

    So it is with what a family is among: hidden where that is hidden, and at most that.
    """
    is_whole = cells.whole == np.arange(given.size)
    protection = _Protection(family, cells, outer, free, rules)
    mask = protection.extended(given & is_whole, parts=False)
    return mask if is_whole.all() else protection.extended(mask | given, parts=True)


class _Protection:
    """Protects all that a family's figures stand on.

    Args:
        family: The figures.
        cells: The cells and their sums.
        outer: The fate of what the family is among.
        free: Cells that may be hidden.
        rules: Thresholds and width.
    """

    def __init__(
        self, family: Family, cells: Cells, outer: _Fate, free: Bools, rules: DisclosureRules
    ) -> None:
        self._family, self._cells, self._outer = family, cells, outer
        self._free, self._rules = free, rules
        self._parts = np.flatnonzero(cells.whole != np.arange(cells.whole.size))
        self._settled: dict[str, tuple[Bools, Bools]] = {}

    def extended(self, mask: Bools, *, parts: bool) -> Bools:
        """Hide more until no kind of count asks for more; with `parts`, those of hidden wholes."""
        while True:
            before = mask
            mask = self._once(mask | mask[self._cells.whole] if parts else mask)
            if (mask == before).all():
                return mask

    def _once(self, mask: Bools) -> Bools:
        family, outer = self._family, self._outer
        if family.points is None:
            for kind, counts in enumerate(family.counts):
                mask = self._protected(str(kind), mask, counts, outer.most)
            return mask
        (n,), points = family.counts, family.points
        mask = self._protected("n", mask, n, np.full(n.size, np.inf))
        # Beside the responses n may be known, for all of them may have answered: no harm, if even
        # so what they answered stays open wherever it tells too much, or may be of too few.
        least, answered = ranges_by_sums(self._cells.lines, n, mask, outer.most)
        most, missed = points.each * answered, points.missed
        few = ~outer.hidden & (n > 0) & (least < self._rules.threshold)
        mask = self._protected(
            "telling", mask, missed, most, wanted=points.telling, width=points.few
        )
        return self._protected("few", mask, missed, most, wanted=few)

    def _protected(  # noqa: PLR0917 (what bears on one kind of count)
        self,
        kind: str,
        mask: Bools,
        counts: Ints,
        most: Floats,
        wanted: Bools | None = None,
        width: int | None = None,
    ) -> Bools:
        """Protect one kind of count, unless it is settled for this mask.

        It is where the search hid nothing last time; and, if no cell is within another, where all
        that is hidden since was found by that search: hiding more only opens more.
        """
        wanted = np.ones_like(mask) if wanted is None else wanted
        settled = self._settled.get(kind)
        if settled is not None and all(map(np.array_equal, settled, (mask, wanted))):
            return mask
        hidden = self._searched(mask, counts, most, wanted, width)
        if not self._parts.size or (hidden == mask).all():
            self._settled[kind] = hidden, wanted
        return hidden

    def _searched(
        self, mask: Bools, counts: Ints, most: Floats, wanted: Bools, width: int | None
    ) -> Bools:
        whole, parts = self._cells.whole, self._parts
        bound = most.copy()
        in_shown = parts[~mask[whole[parts]]]
        bound[in_shown] = np.minimum(bound[in_shown], counts[whole[in_shown]])
        # What a hidden whole has beside a part is no cell of any table, but not negative either.
        in_hidden = parts[mask[whole[parts]] & mask[parts]]
        rest = counts[whole[in_hidden]] - counts[in_hidden]
        never = np.zeros(rest.size, dtype=np.bool_)
        hidden = hide_complementary(
            with_rests(self._cells.lines, in_hidden, whole[in_hidden]),
            np.concatenate([counts, rest]),
            hidden=np.concatenate([mask, ~never]),
            free=np.concatenate([self._free, never]),
            sensitive=np.concatenate([self._family.sensitive, never]),
            most=np.concatenate([bound, np.full(rest.size, np.inf)]),
            rules=self._rules.complementary,
            worth=np.concatenate([self._family.counts[0], np.zeros_like(rest)]),
            wanted=np.concatenate([wanted, never]),
            width=width,
            rests=rest.size,
        )
        return hidden[: mask.size]
