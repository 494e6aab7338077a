"""Rare rows lose detail until enough rows agree with each: k-anonymity by local recoding.

A row is rare where fewer than k rows of the county's month agree with it in all that a scenario
knows (Sweeney 2002, "k-anonymity", and, for recoding of single rows instead of whole columns,
Sweeney 2002, "Achieving k-anonymity privacy protection using generalization and suppression").
Rare rows take the scenario's steps one after another and stop as soon as they are rare no more; all
others keep every value. Rows that were generalised must not be few themselves: whoever knows which
combinations are rare would know that the one row without a gender is the rare one. So they have to
reach k as well, and where all steps do not get them there, the smallest other groups join them,
whole: a part of a group would have to be chosen, and what is left of it could be rare then.

Everything is decided group by group, never row by row, so it owes nothing to the order of the rows.

Belongs here: what a row loses. Does not belong here: whether that is enough (`measure`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from aspa_resources.rule_book.residual_risk import REMOVED, ResidualRiskRules, Scenario, Step

_ROWS: Final = "_rows"
_GROUP: Final = "_group"


@dataclass(frozen=True)
class Generalised:
    """Rows after generalisation.

    Attributes:
        rows: as many as before in the same order; only columns that a step names have changed.
        count: rows that lost something.
        by_column: rows that lost something of each column that a step names.
    """

    rows: pl.DataFrame
    count: int
    by_column: Mapping[str, int]


def generalise(rows: pl.DataFrame, rules: ResidualRiskRules) -> Generalised:
    """Take from rare rows what the rules give up.

    Args:
        rows: a county's month, with every quasi-identifier (String) of the rules as a column.
        rules: what somebody may know, and what is given up for it.
    """
    if not rules.columns:
        return Generalised(rows, 0, {})
    before = rows.group_by(rules.columns).agg(pl.len().alias(_ROWS)).with_row_index(_GROUP)
    after = _settled(before, rules)
    lost = {c: before[c].ne_missing(after[c]) for c in rules.generalised}
    by_column = {c: _rows_of(after, changed) for c, changed in lost.items()}
    count = _rows_of(after, pl.DataFrame(lost).select(pl.any_horizontal(pl.all())).to_series())
    placed = rows.select(rules.columns).join(
        before.select(_GROUP, *rules.columns),
        on=rules.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    values = after.select(rules.generalised)[placed[_GROUP]]
    return Generalised(rows.with_columns(values.get_columns()), count, by_column)


def with_members(rows: pl.DataFrame, rules: ResidualRiskRules) -> pl.DataFrame:
    """Return the rows with a code of its group in the place of each coarser value.

    The rule book lets no group reach over a boundary that a service class hangs on: whatever is
    inferred from the member holds for every code of its group.
    """
    members = {
        column: {coarse: codes[0] for coarse, codes in rules.grouping_of(column).items()}
        for column in rules.generalised
    }
    return _recoded(rows, members)


def without_groups(rows: pl.DataFrame, rules: ResidualRiskRules) -> pl.DataFrame:
    """Return the rows with no value in the place of each coarser value: codes only."""
    return _recoded(rows, {c: dict.fromkeys(rules.grouping_of(c), None) for c in rules.generalised})


def is_coarse(column: str, rules: ResidualRiskRules) -> pl.Expr:
    """Tell whether a row's value of a column is a coarser one."""
    return pl.col(column).is_in(list(rules.grouping_of(column))).fill_null(value=False)


def coarser(column: str, to: str, rules: ResidualRiskRules) -> pl.Expr:
    """Return a column after a step; what has no value has none after it.

    Args:
        to: name of a grouping, or `removed`.
    """
    if to == REMOVED:
        return pl.lit(None, pl.String).alias(column)
    grouping = rules.groupings[to]
    mapped = {code: coarse for coarse, codes in grouping.items() for code in (*codes, coarse)}
    return pl.col(column).replace_strict(mapped, default=None, return_dtype=pl.String)


def _recoded(rows: pl.DataFrame, mapped: Mapping[str, Mapping[str, str | None]]) -> pl.DataFrame:
    return rows.with_columns(
        pl.col(column).replace(dict(values)) for column, values in mapped.items() if values
    )


def _rows_of(groups: pl.DataFrame, of: pl.Series) -> int:
    return int(groups.filter(of)[_ROWS].sum())


def _settled(groups: pl.DataFrame, rules: ResidualRiskRules) -> pl.DataFrame:
    """Apply the scenarios until none changes a group any more.

    What one scenario takes can make rows rare for another. Values only ever become coarser, so
    this ends.
    """
    while True:
        before = groups
        for scenario in rules.scenarios:
            groups = _applied(groups, scenario, rules)
        if groups.equals(before):
            return groups


def _applied(groups: pl.DataFrame, scenario: Scenario, rules: ResidualRiskRules) -> pl.DataFrame:
    rare = pl.col(_ROWS).sum().over(scenario.quasi_identifiers) < scenario.least_k
    for step in scenario.steps:
        groups = _taken(groups, rare, step, rules)
    if scenario.enforced:
        joining = _joining(groups, scenario)
        for step in scenario.steps:
            groups = _taken(groups, pl.col(_GROUP).is_in(joining), step, rules)
    return groups


def _taken(
    groups: pl.DataFrame, where: pl.Expr, step: Step, rules: ResidualRiskRules
) -> pl.DataFrame:
    """Return the groups with a step taken where the condition holds."""
    value = coarser(step.column, step.to, rules)
    return groups.with_columns(pl.when(where).then(value).otherwise(step.column).alias(step.column))


def _joining(groups: pl.DataFrame, scenario: Scenario) -> list[int]:
    """Return the groups that join the fully generalised rows so that these reach k.

    The smallest of the others, of equal ones the first by their values, until they suffice.
    """
    known = list(scenario.quasi_identifiers)
    sizes = groups.group_by(known).agg(pl.col(_ROWS).sum(), _GROUP)
    full = pl.all_horizontal(pl.col(known).is_null())
    present = int(sizes.filter(full)[_ROWS].sum())
    if not 0 < present < scenario.least_k:
        return []
    smallest = sizes.filter(~full).sort(_ROWS, *known)
    brought_before = pl.col(_ROWS).cum_sum() - pl.col(_ROWS)
    needed = smallest.filter(present + brought_before < scenario.least_k)
    return needed[_GROUP].explode(empty_as_null=False).to_list()
