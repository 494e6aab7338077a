"""All figures of one county's month: what anonymous rows tell, before and after generalisation.

Belongs here: putting the measures together and what is promised of them. Does not belong here: the
measures (`measure`, `linking`), how they are told (`pages`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from aspa_resources.anonymizer.rows import weekday_class
from aspa_resources.residual_risk.linking import Linked, link
from aspa_resources.residual_risk.measure import (
    AFTER,
    ANY,
    BEFORE,
    RiskFigure,
    bare_and_few,
    broken_promises,
    guess_gain,
    scenario_figures,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import dimensions_of
from aspa_resources.rule_book.residual_risk import OURS

# So many standard errors no order reaches by chance: once in a thousand million months.
ORDER_TELLS_FROM: Final = 6.0


@dataclass(frozen=True)
class Assessment:
    """The residual risk of a county's month.

    Attributes:
        figures: everything measured.
        held: what is promised of them, by the name of the expectation.
    """

    figures: tuple[RiskFigure, ...]
    held: Mapping[str, float]

    def frame(self, county: str, month: str) -> pl.DataFrame:
        """Return the figures as rows: county, month, scenario, stage, measure, category, value."""
        return pl.DataFrame(
            [{"county": county, "month": month, **asdict(figure)} for figure in self.figures]
        )


def assess(
    validated: pl.DataFrame,
    anonymous: pl.DataFrame,
    generalised: Mapping[str, int],
    rules: RuleBook,
) -> Assessment:
    """Measure what is left of the risk.

    Args:
        validated: one or more rows of `validated_feedback`.
        anonymous: the `anonymized_feedback` made of them.
        generalised: rows that lost something of each column, and of any as `ALL`.
        rules: the rule book.
    """
    risk = rules.disclosure.residual_risk
    delivered = validated.with_columns(weekday_class().alias("weekday_class"))
    figures = [RiskFigure(ANY, AFTER, "rows", ANY, float(anonymous.height))]
    figures += [
        RiskFigure(ANY, AFTER, "generalised_rows", column, float(count))
        for column, count in generalised.items()
    ]
    for scenario in risk.scenarios:
        figures += scenario_figures(delivered, scenario, risk, BEFORE)
        figures += scenario_figures(anonymous, scenario, risk, AFTER)
    survivors = [c.name for c in rules.contract.columns if c.survives_anonymisation]
    coded = [*(name for name in survivors if name != "text"), *OURS]
    ids = ["feedback_id", "service_event_id"]
    linked = link(delivered, anonymous, coded, ids, risk)
    figures.append(RiskFigure(ANY, AFTER, "linked_rows", ANY, float(linked.rows)))
    if linked.order_correlation is not None:
        correlation = RiskFigure(ANY, AFTER, "order_correlation", ANY, linked.order_correlation)
        figures.append(correlation)
    shown = dimensions_of(rules.published_tables.values(), "indicator_mart")
    table_loss = max((count for c, count in generalised.items() if c in shown), default=0)
    dropped = {c.name for c in rules.contract.columns if not c.survives_anonymisation}
    held = {
        "rows_rarer_than_promised": broken_promises(anonymous, risk),
        "columns_that_identify": len(dropped & set(anonymous.columns)),
        "ids_of_the_delivery": linked.ids_shared,
        "order_of_the_delivery": _standard_errors(linked),
        "rows_too_few_to_promise": bare_and_few(anonymous, risk),
        "table_loss": table_loss / anonymous.height,
        "guess_gain": guess_gain(figures, risk),
    }
    figures += [RiskFigure(ANY, AFTER, name, ANY, float(value)) for name, value in held.items()]
    return Assessment(tuple(figures), held)


def _standard_errors(linked: Linked) -> float:
    """Return how far from chance the order is: the standard error of a rank correlation of 0."""
    if linked.order_correlation is None:
        return 0.0
    return abs(linked.order_correlation) * math.sqrt(linked.rows - 1)
