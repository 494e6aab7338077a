"""An attack: whoever holds the delivery looks for each anonymous row among the delivered ones.

The county itself can do that, and nobody else should be able to: answers and codes of one visit are
seldom those of another. What the attack must not find is a shorter way, through ids or order.

Belongs here: the attack and what it finds. Does not belong here: what agrees among anonymous rows
alone (`measure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from aspa_resources.residual_risk.generalise import coarser, is_coarse
from aspa_resources.rule_book.residual_risk import REMOVED, ResidualRiskRules

ENOUGH_TO_CORRELATE: Final = 20
_EXACT, _COARSE, _NONE = "exact", "coarse", "none"


@dataclass(frozen=True)
class Linked:
    """What the attack found.

    Attributes:
        rows: anonymous rows that fit exactly one delivered row.
        order_correlation: Spearman's rank correlation of both places of these rows, -1 to 1; None
            where they are too few to tell.
        ids_shared: anonymous rows whose id is one of the delivered ids.
    """

    rows: int
    order_correlation: float | None
    ids_shared: int


def link(
    delivered: pl.DataFrame,
    anonymous: pl.DataFrame,
    answers: list[str],
    ids: list[str],
    rules: ResidualRiskRules,
) -> Linked:
    """Look for every anonymous row among the delivered ones.

    Args:
        delivered: rows as delivered, with weekday class.
        anonymous: the rows made of them.
        answers: the coded columns that both have.
        ids: the columns of `delivered` that identify.
        rules: what rows may have lost: a value that is not there fits any.
    """
    pairs = _pairs(delivered, anonymous, answers, rules)
    correlation = None
    if pairs.height >= ENOUGH_TO_CORRELATE:
        correlation = pairs.select(pl.corr("place", "first", method="spearman")).item()
    known = pl.concat([delivered[name].drop_nulls() for name in ids])
    return Linked(
        rows=pairs.height,
        order_correlation=correlation,
        ids_shared=int(anonymous["response_id"].is_in(known.to_list()).sum()),
    )


def _pairs(
    delivered: pl.DataFrame, anonymous: pl.DataFrame, answers: list[str], rules: ResidualRiskRules
) -> pl.DataFrame:
    """Return the places of each anonymous row that fits one delivered row, and of that one."""
    open_to = [name for name in rules.generalised if name in answers]
    fixed = pl.struct(name for name in answers if name not in open_to).hash().alias("fixed")
    columns = [pl.col(name) for name in open_to]
    there = delivered.select(fixed, *columns).with_row_index("first")
    sought = anonymous.select(fixed, *columns).with_row_index("place")
    kept = sought.with_columns(_kept(name, rules).alias(f"kept_{name}") for name in open_to)
    found = [sought.select("place", first="place").clear()]
    for kind, rows in kept.partition_by([f"kept_{n}" for n in open_to], as_dict=True).items():
        exact = [name for name, how in zip(open_to, kind, strict=True) if how == _EXACT]
        coarse = [name for name, how in zip(open_to, kind, strict=True) if how == _COARSE]
        keys = ["fixed", *exact, *coarse]
        fitting = (
            there.with_columns(_grouped(name, rules) for name in coarse)
            .group_by(keys)
            .agg(pl.col("first").first(), fitting=pl.len())
            .filter(pl.col("fitting") == 1)
        )
        found.append(rows.join(fitting, on=keys, nulls_equal=True).select("place", "first"))
    return pl.concat(found)


def _kept(name: str, rules: ResidualRiskRules) -> pl.Expr:
    return (
        pl.when(pl.col(name).is_null())
        .then(pl.lit(_NONE))
        .when(is_coarse(name, rules))
        .then(pl.lit(_COARSE))
        .otherwise(pl.lit(_EXACT))
    )


def _grouped(name: str, rules: ResidualRiskRules) -> pl.Expr:
    """Return a column by its one grouping."""
    steps = (step for scenario in rules.scenarios for step in scenario.steps)
    grouping = next(step.to for step in steps if step.column == name and step.to != REMOVED)
    return coarser(name, grouping, rules)
