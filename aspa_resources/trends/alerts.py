"""Changes larger than chance.

Each month's figure is held against an earlier one by a z test: the difference over the root of the
two sampling variances, known from the published n and shares. Of all tests of a month those are
told that keep the expected share of false ones among them below the rules' (Benjamini and Hochberg
1995). Who answers in two months is taken to be independent.

Belongs here: tests, and which are told. Does not belong here: variances (`sampling`), words.
"""

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from aspa_resources.trends.sampling import with_variance
from aspa_resources.trends.series import CELL, in_published_form, months_back

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

CHANGE, LOW, HIGH = "change", "change_low", "change_high"
_NORMAL_95: Final = 1.959964


def alerts(series: pl.DataFrame, month: str, rules: "RuleBook") -> pl.DataFrame:
    """Tell which of the month's figures changed more than chance explains.

    Args:
        series: As `published_series` returns it.
        month: The month held against earlier ones.
        rules: The rule book; `rules/trends.yaml` says what is watched and against when.

    Returns:
        The table `alerts`: county, service_class, theme, sentiment, indicator (the measure that
        is watched), against (previous_month, previous_year), measure (change, and the ends of its
        95 % interval), value, n (responses behind the month's figure), status.
    """
    asked = rules.trends.alerts
    known = with_variance(series).filter(
        pl.col("measure").is_in(asked.measures), pl.col("variance").is_not_null()
    )
    now = known.filter(pl.col("period") == month)
    pairs = [
        now.join(
            known.filter(pl.col("period") == months_back(month, months)),
            on=[*CELL, "measure"],
            suffix="_then",
        ).with_columns(against=pl.lit(name))
        for name, months in asked.against.items()
    ]
    tested = pl.concat(pairs).with_columns(
        change=pl.col("value") - pl.col("value_then"),
        error=(pl.col("variance") + pl.col("variance_then")).sqrt(),
    )
    told = tested.filter(_beyond_chance(tested, asked.false_share))
    reach = _NORMAL_95 * pl.col("error")
    measured = told.select(
        *CELL,
        "against",
        "n",
        indicator="measure",
        **{CHANGE: pl.col("change"), LOW: pl.col("change") - reach, HIGH: pl.col("change") + reach},
    ).unpivot(
        [CHANGE, LOW, HIGH],
        index=[*CELL, "indicator", "against", "n"],
        variable_name="measure",
        value_name="value",
    )
    decimals = pl.when(pl.col("indicator") == "nps").then(1).otherwise(3)
    rounded = (pl.col("value") * 10.0**decimals).round() / 10.0**decimals
    found = measured.with_columns(value=rounded, status=pl.lit("published"))
    order = [*CELL, "indicator", "against", "measure", "value", "n", "status"]
    return in_published_form(found.select(order), month)


def _beyond_chance(tested: pl.DataFrame, false_share: float) -> pl.Series:
    """Return which tests are told, by Benjamini and Hochberg's step-up procedure."""
    from scipy.stats import false_discovery_control, norm

    if tested.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    z = tested["change"].to_numpy() / np.maximum(tested["error"].to_numpy(), 1e-9)
    return pl.Series(false_discovery_control(2 * norm.sf(np.abs(z))) <= false_share)
