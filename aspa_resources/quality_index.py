"""How far a county's month can be compared with the others': the quality index, y = f(x).

An item is the mean mark of the rows it is asked of; a component is the weighted mean of its items,
the index (0-100) that of the components (`rules/quality_index.yaml`). Items are told in steps:
a share of n rows rounded to the nearest step s leaves the count behind it uncertain over n * s rows
inside the scale and n * s / 2 at its ends, so the finest step with n * s / 2 >= width is taken.
Components and index are functions of rounded items, the nation's items of the counties': nothing
shown tells more than the rounded items.

Belongs here: marks, rounding and means. Does not belong here: the weights (data), hiding figures of
too few responses (`disclosure`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from aspa_resources.rule_book.conditions import holds
from aspa_resources.rule_book.quality_index import INDEX, Item, QualityIndexRules

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

_FULL = 100
_PLACES = 6


class Tally(NamedTuple):
    """How an item came out: rows it was asked of, and their mean mark (0-1; None of no rows)."""

    asked: int
    share: float | None


def tallies(classified: pl.DataFrame, month: str, rules: RuleBook) -> dict[str, dict[str, Tally]]:
    """Measure every item, exactly.

    Args:
        classified: `classified_feedback` of counties' months, with a column county.
        month: The month, as `2025-03`: codes count as valid that are so on its first day.
        rules: The rule book.

    Returns:
        By county and item id, the tally.
    """
    day = date.fromisoformat(f"{month}-01")
    items = rules.quality_index.items
    sums = []
    for item in items:
        # A condition on nothing is a single true value: of every row there is a county.
        asked = holds(item.asked_of) & pl.col("county").is_not_null()
        sums += [
            asked.sum().cast(pl.Int64).alias(f"{item.id}:asked"),
            _mark(item, day, rules).filter(asked).mean().alias(f"{item.id}:share"),
        ]
    return {
        row["county"]: {
            item.id: Tally(row[f"{item.id}:asked"], row[f"{item.id}:share"]) for item in items
        }
        for row in classified.group_by("county").agg(sums).sort("county").iter_rows(named=True)
    }


def county_figures(
    found: Mapping[str, Tally], rules: QualityIndexRules, width: int
) -> dict[str, float | None]:
    """Return the figures that may be told of a county's month.

    Args:
        found: Its items' tallies.
        rules: The index.
        width: Rows over which every count behind a figure must stay uncertain.

    Returns:
        By measure the index (0-100) and shares (0-1); None where too few rows were asked.
    """
    return _composed({item: _told(tally, rules, width) for item, tally in found.items()}, rules)


def nation_figures(
    counties: Iterable[Mapping[str, Tally]], rules: QualityIndexRules, width: int
) -> dict[str, float | None]:
    """Return the nation's figures: items as told of the counties, weighted by the rows asked.

    Args:
        counties: Tallies of each county.
        rules: The index.
        width: As in `county_figures`.
    """
    found = [*counties]
    items: dict[str, float | None] = {}
    for item in rules.items:
        told = [
            (tally.asked, share)
            for tally in (one[item.id] for one in found)
            if (share := _told(tally, rules, width)) is not None
        ]
        asked = sum(rows for rows, _ in told)
        mean = sum(rows * share for rows, share in told) / asked if asked else None
        items[item.id] = _told(Tally(asked, mean), rules, width)
    return _composed(items, rules)


def step_for(rows: int, steps: Sequence[float], width: int) -> float | None:
    """Return the finest step that so many rows can be told in; None where even the coarsest is not.

    Args:
        rows: Rows that a share is of.
        steps: The steps, finest first.
        width: Rows that half a step must span.
    """
    return next((step for step in steps if rows * step >= 2 * width), None)


def _told(tally: Tally, rules: QualityIndexRules, width: int) -> float | None:
    step = step_for(tally.asked, rules.steps, width)
    if step is None or tally.share is None:
        return None
    return round(math.floor(tally.share / step + 0.5) * step, _PLACES)


def _composed(
    items: Mapping[str, float | None], rules: QualityIndexRules
) -> dict[str, float | None]:
    """Return items, components and index; the index needs every component."""
    figures: dict[str, float | None] = dict(items)
    for component in rules.components:
        figures[component.id] = _mean((item.weight, items[item.id]) for item in component.items)
    parts = [(component.weight, figures[component.id]) for component in rules.components]
    complete = all(share is not None for _, share in parts)
    index = _mean(parts) if complete else None
    figures[INDEX] = None if index is None else round(_FULL * index, 1)
    return figures


def _mean(parts: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the weighted mean of those that have a value."""
    told = [(weight, value) for weight, value in parts if value is not None]
    if not told:
        return None
    weight = sum(weight for weight, _ in told)
    return round(sum(weight * value for weight, value in told) / weight, _PLACES)


def _mark(item: Item, day: date, rules: RuleBook) -> pl.Expr:
    """Return every row's mark, 0-1."""
    if item.of is not None:
        return pl.col(item.of).replace_strict(item.marks, default=0.0, return_dtype=pl.Float64)
    return pl.max_horizontal(_recorded(column, day, rules) for column in item.recorded)


def _recorded(column: str, day: date, rules: RuleBook) -> pl.Expr:
    """Return the mark of a column's code: none or not valid, vague, specific."""
    index = rules.quality_index
    code_set = rules.contract.feedback.column(column).code_set
    codes = rules.code_sets[code_set].valid_on(day)["code"] if code_set else ()
    patterns = index.vague.get(column, ())
    marks = {
        code: index.vague_counts if any(fnmatchcase(code, p) for p in patterns) else 1.0
        for code in codes
    }
    return pl.col(column).replace_strict(marks, default=0.0, return_dtype=pl.Float64)
