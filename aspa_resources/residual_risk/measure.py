"""How much the quasi-identifiers of anonymous rows still tell: figures of one county's month.

A class is the set of rows that agree in all that a scenario knows; its size is k.

Sources: k and the risk 1/k of picking the right row (Sweeney 2002; El Emam & Dankar 2008,
"Protecting privacy using k-anonymity": largest risk, and expected re-identifications, the sum of
1/k over rows, which is the number of classes); l, the distinct values of a sensitive attribute in a
class, and homogeneous classes (Machanavajjhala et al. 2007, "l-diversity"); t, the distance of a
class' distribution from that of all rows (Li, Li & Venkatasubramanian 2007, "t-closeness", with
equal ground distance, which makes it the total variation distance); the three questions of singling
out, linking and inference (Article 29 Working Party, Opinion 05/2014, WP216).

Belongs here: counting classes and what they tell. Does not belong here: making rows coarser
(`generalise`), comparing them with the delivery row by row (`linking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from aspa_resources.indicators.responses import DETRACTORS_TO, PROMOTERS_FROM
from aspa_resources.rule_book.residual_risk import ResidualRiskRules, Scenario

Stage = Literal["before", "after"]
BEFORE: Final[Stage] = "before"
AFTER: Final[Stage] = "after"
ANY: Final = "ALL"
"""The scenario, or category, of a figure that is of none in particular."""
SIZES: Final = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, None))
"""Bins of k, both ends included."""


@dataclass(frozen=True)
class RiskFigure:
    """One figure.

    Attributes:
        scenario: id of the scenario, or `ALL`.
        stage: before or after generalisation.
        measure: what is measured.
        category: the bin, column or sensitive attribute it is of, or `ALL`.
    """

    scenario: str
    stage: Stage
    measure: str
    category: str
    value: float


def class_sizes(rows: pl.DataFrame, scenario: Scenario) -> pl.Series:
    """Return for every row how many rows agree with it in all that the scenario knows."""
    return rows.select(pl.len().over(scenario.quasi_identifiers)).to_series().rename("k")


def broken_promises(rows: pl.DataFrame, rules: ResidualRiskRules) -> int:
    """Return the rows that an enforced scenario promises more company than they have.

    Rows that kept nothing of what the scenario knows can lose no more and are not among them.
    """
    return sum(
        rows.filter(class_sizes(rows, scenario) < scenario.least_k, ~_bare(scenario)).height
        for scenario in rules.scenarios
        if scenario.enforced
    )


def bare_and_few(rows: pl.DataFrame, rules: ResidualRiskRules) -> int:
    """Return the rows that kept nothing and are still fewer than promised: the month is small."""
    return sum(
        rows.filter(class_sizes(rows, scenario) < scenario.least_k, _bare(scenario)).height
        for scenario in rules.scenarios
        if scenario.enforced
    )


def scenario_figures(
    rows: pl.DataFrame, scenario: Scenario, rules: ResidualRiskRules, stage: Stage
) -> list[RiskFigure]:
    """Measure what a scenario's knowledge tells.

    Args:
        rows: one or more rows with every quasi-identifier and sensitive attribute as a column.
        scenario: what somebody knows.
        rules: say which attributes are sensitive.
        stage: what the rows are.

    Returns:
        classes (also the expected re-identifications), unique_rows, unique_share, rows_below_k,
        least_k, largest_risk, mean_risk; rows_of_size by bin; and by sensitive attribute
        homogeneous_rows, least_values, largest_distance, margin_rate (the commonest value of
        all rows), guess_rate (the commonest of the class) and general_rate (the commonest of the
        class' other rows).
    """
    sizes = class_sizes(rows, scenario)
    classes = rows.select(scenario.quasi_identifiers).n_unique()
    plain = {
        "classes": classes,
        "unique_rows": (sizes == 1).sum(),
        "unique_share": (sizes == 1).sum() / rows.height,
        "rows_below_k": (sizes < scenario.least_k).sum(),
        "least_k": int(sizes.min()),  # type: ignore[arg-type]  # a count
        "largest_risk": 1 / int(sizes.min()),  # type: ignore[arg-type]  # a count
        "mean_risk": classes / rows.height,
    }
    figures = [RiskFigure(scenario.id, stage, name, ANY, float(v)) for name, v in plain.items()]
    for low, high in SIZES:
        held = ((sizes >= low) & (sizes <= (high or rows.height))).sum()
        name = size_name(low, high)
        figures.append(RiskFigure(scenario.id, stage, "rows_of_size", name, float(held)))
    for attribute in rules.sensitive:
        if attribute not in scenario.quasi_identifiers:
            told = _told(rows, scenario, attribute)
            figures += [
                RiskFigure(scenario.id, stage, name, attribute, value) for name, value in told
            ]
    return figures


def size_name(low: int, high: int | None) -> str:
    """Return what a bin of k is called."""
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"


def guess_gain(figures: Iterable[RiskFigure], rules: ResidualRiskRules) -> float:
    """Return the most that an enforced scenario's knowledge tells of the rows' own people.

    That is the share of rows whose sensitive value the commonest one of their class is, less the
    share that the other rows of the class, or the commonest value of all rows, would tell as well:
    what is true of people in general is no inference about one.
    """
    enforced = {scenario.id for scenario in rules.scenarios if scenario.enforced}
    rates: dict[tuple[str, str], dict[str, float]] = {}
    for figure in figures:
        if figure.stage == AFTER and figure.scenario in enforced:
            rates.setdefault((figure.scenario, figure.category), {})[figure.measure] = figure.value
    gains = (
        of["guess_rate"] - max(of["general_rate"], of["margin_rate"])
        for of in rates.values()
        if "guess_rate" in of
    )
    return max(gains, default=0.0)


def _bare(scenario: Scenario) -> pl.Expr:
    return pl.all_horizontal(pl.col(scenario.quasi_identifiers).is_null())


def _told(rows: pl.DataFrame, scenario: Scenario, attribute: str) -> Iterator[tuple[str, float]]:
    """Give what a class tells of a sensitive attribute, over the rows that have it."""
    keys = list(scenario.quasi_identifiers)
    known = rows.select(*keys, value=_sensitive(attribute)).drop_nulls("value")
    if known.is_empty():
        return
    n = known.height
    count, k = pl.col("count"), pl.col("k")
    cells = (
        known.group_by(*keys, "value")
        .agg(count=pl.len())
        .with_columns(
            k=count.sum().over(keys),
            of_all=count.sum().over("value") / n,
            first=count.max().over(keys),
            ties=(count == count.max()).sum().over(keys),
            second=count.filter(count < count.max()).max().fill_null(0).over(keys),
        )
    )
    # Half the sum of |p - q|; the values that a class lacks add their whole shares q.
    distance = (count / k - pl.col("of_all")).abs().sum() + 1 - pl.col("of_all").sum()
    classes = cells.group_by(keys).agg(k.first(), values=pl.len(), distance=distance / 2)
    yield "homogeneous_rows", float(classes.filter(pl.col("values") == 1)["k"].sum())
    yield "least_values", float(classes.select(pl.col("values").min()).item())
    yield "largest_distance", float(classes.select(pl.col("distance").max()).item())
    yield "margin_rate", float(cells.select(pl.col("of_all").max()).item())
    modal = cells.unique(keys, keep="any")["first"].sum()
    yield "guess_rate", float(modal / n)
    yield "general_rate", float(cells.select((_told_by_others() * count).sum()).item() / n)


def _told_by_others() -> pl.Expr:
    """Return how surely the other rows of its class tell a row's value: 0, 1, or 0.5 for a tie.

    A row that is alone in its class is told by the commonest value of all rows.
    """
    count = pl.col("count")
    leads = (count == pl.col("first")) & (pl.col("ties") == 1)
    rival = pl.when(leads).then("second").otherwise("first")
    others = count - 1
    return (
        pl.when(pl.col("k") == 1)
        .then((pl.col("of_all") == pl.col("of_all").max()).cast(pl.Float64))
        .when(others > rival)
        .then(1.0)
        .when((others == rival) & (others > 0))
        .then(0.5)
        .otherwise(0.0)
    )


def _sensitive(attribute: str) -> pl.Expr:
    """Return an attribute as it is learnt: a recommendation by its group."""
    if attribute != "nps":
        return pl.col(attribute)
    score = pl.col("nps")
    return (
        pl.when(score >= PROMOTERS_FROM)
        .then(pl.lit("promoter"))
        .when(score <= DETRACTORS_TO)
        .then(pl.lit("detractor"))
        .when(score.is_not_null())
        .then(pl.lit("passive"))
    )
