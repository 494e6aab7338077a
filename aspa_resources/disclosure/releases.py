"""What a new release tells beside the releases before it.

Belongs here: the changes between releases of one month, and which figures are not shown anew for
them. Does not belong here: what one release tells by itself (`primary`, `complementary`).

Whoever kept an earlier release subtracts it: 103 responses where there were 100 tell of three, and
two scores tell their answers. So a figure that was shown before is shown anew only as it was, or
when at least the threshold of responses lies between. What is not shown anew must not follow from
sums either: where the changes of a whole and of all its other parts are known, what is left of the
change is nobody's or as large as the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from aspa_resources.disclosure.cells import Bools, Cells, Floats, Ints, Nesting
from aspa_resources.disclosure.primary import SHARES, Family, Figures
from aspa_resources.rule_book.published import ALL, NATION, PublishedTable

_SAME = 1e-9


@dataclass(frozen=True)
class Change:
    """What an earlier release showed of one kind of count, against the new figures.

    Attributes:
        known: Cells that it showed, or did not list where it lists others: nobody was there.
        by: By how much each count has changed since; 0 where it is not known.
        betrayed: Cells whose new figures, beside the earlier ones, tell of too few responses.
    """

    known: Bools
    by: Ints
    betrayed: Bools


def shown_before(
    earlier: Sequence[Mapping[str, pl.DataFrame]], mart: pl.DataFrame, tables: list[PublishedTable]
) -> list[pl.DataFrame]:
    """Return what each earlier release showed of one mart.

    Args:
        earlier: Published tables by name, a release each.
        mart: The mart, whose columns are taken.
        tables: The declarations of the mart's tables.

    Returns:
        For each release the mart's columns of what was listed, with its status; a dimension that a
        table lacks at `ALL`, every figure once.
    """
    keys = [name for name in mart.columns if name not in {"measure", "value", "n"}]
    found = []
    for release in earlier:
        shown = [
            release[table.name]
            .with_columns(
                pl.lit(ALL).alias(k) for k in keys if k not in release[table.name].columns
            )
            .select(*mart.columns, "status")
            for table in tables
            if table.name in release
        ]
        if shown:
            listed = pl.concat(shown).sort("status")  # published before suppressed
            found.append(listed.unique([*keys, "measure"], keep="first", maintain_order=True))
    return found


def without_betrayed_words(
    words: pl.DataFrame, earlier: Sequence[pl.DataFrame], counties: pl.Series, threshold: int
) -> pl.DataFrame:
    """Leave out every word that earlier lists betray: it could be told who used it since.

    That is a word with a listed count that has changed by less than the threshold, or of which less
    than that is left of the nation's change when those of the counties are taken off whose counts
    are known: listed in both, or listed before in a county that has no texts any more.

    Args:
        words: The word list: month, county, theme, sentiment, word, measure, value, n.
        earlier: The word lists published before, in published form.
        counties: Those that have texts now.
        threshold: The fewest responses that a change may tell of.

    Returns:
        The rows of the other words.
    """
    on = ["month", "theme", "sentiment", "word"]
    for listed in earlier:
        was = listed.select(*on, "county", was=pl.col("n").cast(pl.Int64))
        in_both = words.join(was, on=[*on, "county"])
        changed = in_both.select(*on, "county", by=pl.col("n").cast(pl.Int64) - pl.col("was"))
        went = was.filter(~pl.col("county").is_in(counties.implode()))
        left = (
            pl.concat([changed, went.select(*on, "county", by=-pl.col("was"))])
            .filter((pl.col("county") == NATION).any().over(on))
            .group_by(on)
            .agg(left=pl.when(pl.col("county") == NATION).then("by").otherwise(-pl.col("by")).sum())
        )
        few = [
            frame.filter(pl.col(name).abs().is_between(1, threshold - 1)).select("word")
            for frame, name in ((changed, "by"), (left, "left"))
        ]
        words = words.join(pl.concat(few), on="word", how="anti", maintain_order="left")
    return words


def changes_since(
    earlier: Sequence[pl.DataFrame],
    cells: Cells,
    family: Family,
    figures: Figures,
    threshold: int,
) -> list[list[Change]]:
    """Compare the new figures of a family with every earlier release.

    Args:
        earlier: What each release listed of this mart: its columns and status.
        cells: The cells of the new release.
        family: The figures compared.
        figures: All new figures of the mart, their values rounded as they are published.
        threshold: The fewest responses that a change may tell of.

    Returns:
        For every release one change for each count of the family. Where a county went since, the
        same once more as whoever takes its figures off the totals sees it.
    """
    found = []
    for shown in earlier:
        changes = _changes(shown, cells, family, figures, threshold)
        found.append(changes)
        gone = shown.filter(~pl.col("county").is_in(cells.frame["county"].unique().to_list()))
        if not gone.is_empty():
            found.append(_without_departed(gone, cells, family, changes, threshold))
    return found


def _without_departed(
    gone: pl.DataFrame, cells: Cells, family: Family, changes: Sequence[Change], threshold: int
) -> list[Change]:
    """Return the changes with those of the nation, and of areas, less the counties that went.

    What such a county had is no smaller a change of a total than its whole count; but where it was
    shown it is known, and beside it the total tells what changed in the others.
    """
    keys = cells.frame.columns
    shown, n = pl.col("status") == "published", pl.col("n").cast(pl.Int64)
    shares = family.measures == SHARES
    counts = (pl.col("value") * n).round().cast(pl.Int64) if shares else n
    told = _at_totals(gone.filter(shown), cells.nestings)
    by = []
    for measure, change in zip(family.measures[: len(changes)], changes, strict=True):
        of_measure = told.filter(measure=measure).group_by(keys).agg(went=counts.sum())
        laid = cells.frame.join(of_measure, on=keys, how="left", maintain_order="left")
        by.append(np.where(change.known, change.by + laid["went"].fill_null(0).to_numpy(), 0))
    # A total's own change is the county's that went. What is left of it betrays another's only
    # where it is small, and where somebody's is small: larger ones that even out tell of nobody.
    total = (cells.frame["county"] == NATION).to_numpy()
    of_county = np.any([change.betrayed for change in changes], axis=0) & ~total
    beside = _at_totals(cells.frame.filter(of_county), cells.nestings).unique()
    in_total = cells.frame.join(
        beside.with_columns(few=pl.lit(value=True)), on=keys, how="left", maintain_order="left"
    )["few"].fill_null(value=False)
    few = np.min(np.abs(by), axis=0) < threshold
    betrayed = np.where(total, in_total.to_numpy() & few, of_county)
    return [Change(change.known, one, betrayed) for change, one in zip(changes, by, strict=True)]


def _at_totals(rows: pl.DataFrame, nestings: Sequence[Nesting]) -> pl.DataFrame:
    """Return rows of counties as they stand in the totals that counties add up to."""
    at = [rows]
    for nesting in nestings:
        if nesting.inner == "county":
            groups = dict(nesting.groups)
            group = pl.col("county").replace_strict(groups, default=None, return_dtype=pl.String)
            of_all = rows.filter(pl.col(nesting.outer) == ALL)
            at.append(of_all.with_columns(group.alias(nesting.outer)).drop_nulls(nesting.outer))
    return pl.concat(at).with_columns(county=pl.lit(NATION))


@dataclass(frozen=True)
class _Listed:
    """One measure as an earlier release had it: n is 0 and value NaN where it is not shown."""

    value: Floats
    n: Ints
    known: Bools


def _changes(
    listed: pl.DataFrame, cells: Cells, family: Family, figures: Figures, threshold: int
) -> list[Change]:
    before = {m: _laid(listed, cells, m) for m in family.measures if m in figures}
    known = before[family.measures[0]].known
    differs = np.zeros_like(known)
    for measure, old in before.items():
        value, n = figures[measure]
        other_value = ~np.isnan(old.value) & (np.abs(old.value - np.nan_to_num(value)) > _SAME)
        differs |= old.known & ((old.n != n) | other_value)
    by = [
        np.where(known & differs, new - old, 0)
        for new, old in zip(family.counts, _counts(family, before), strict=True)
    ]
    few = np.min(np.abs(by), axis=0) < threshold
    return [Change(known, change, known & differs & few) for change in by]


def _laid(listed: pl.DataFrame, cells: Cells, measure: str) -> _Listed:
    keys = cells.frame.columns
    crossing = pl.concat_str(
        [(pl.col(k) == ALL).cast(pl.String) for k in keys if k not in {"month", "county"}]
        or [pl.lit("")]
    )
    of_measure = listed.filter(pl.col("measure") == measure)
    crossings = of_measure.select(crossing.alias("crossing"), here=pl.lit(value=True)).unique()
    rows = (
        cells.frame.with_columns(crossing.alias("crossing"))
        .join(crossings, on="crossing", how="left", maintain_order="left")
        .join(of_measure, on=keys, how="left", maintain_order="left")
    )
    shown = pl.col("status") == "published"
    nobody = pl.col("status").is_null() & pl.col("here").is_not_null()
    return _Listed(
        rows["value"].fill_null(np.nan).to_numpy(),
        rows["n"].fill_null(0).to_numpy().astype(np.int64),
        rows.select((shown | nobody).fill_null(value=False)).to_series().to_numpy(),
    )


def _counts(family: Family, before: Mapping[str, _Listed]) -> Iterator[Ints]:
    if family.measures == SHARES:
        for share in SHARES:
            yield np.rint(np.nan_to_num(before[share].value) * before[share].n).astype(np.int64)
    else:
        yield before[family.measures[0]].n


def hide_changes(
    lines: sparse.csr_array, counts: Ints, hidden: Bools, change: Change, threshold: int
) -> Bools:
    """Hide what is needed for no sum to give away the change of too few responses.

    Args:
        lines: Matrix lines x cells, as in `Cells`.
        counts: The new counts: of the figures that could be hidden the smallest is.
        hidden: Cells hidden already in the new release, those betrayed among them.
        change: The changes since one earlier release.
        threshold: The fewest responses that a change may tell of.

    Returns:
        The hidden cells, those given and those added.
    """
    hidden = hidden.copy()
    concerned = np.flatnonzero(abs(lines) @ ((change.by != 0) | change.betrayed))
    for line in concerned:
        inside = slice(lines.indptr[line], lines.indptr[line + 1])
        cells, signs = lines.indices[inside], lines.data[inside]
        while (cell := _needed(cells, signs, counts, hidden, change, threshold)) is not None:
            hidden[cell] = True
    return hidden


def _needed(  # noqa: PLR0917 (one sum as it lies in the matrix)
    cells: Ints, signs: Floats, counts: Ints, hidden: Bools, change: Change, threshold: int
) -> int | None:
    """Return the cell to hide where one sum gives a change away; None where it does not.

    The smallest count whose change makes what is left large enough, or which leaves a whole open
    with a part of it.
    """
    known = change.known[cells] & ~hidden[cells]
    open_sides = np.unique(signs[~known])
    if open_sides.size != 1 or not known.any():  # nothing open, or a whole and a part of it
        return None
    told = np.where(known, signs * change.by[cells], 0)
    left = abs(told.sum())
    guarded = bool(change.betrayed[cells[~known]].any())
    if left >= threshold or (left == 0 and not guarded):
        return None
    other_side = known & (signs != open_sides[0])
    enough = other_side | (np.abs(told.sum() - told) >= threshold)
    choice = known & (told != 0) & enough
    if not choice.any():
        choice = other_side
    return int(cells[choice][np.argmin(counts[cells[choice]])])
