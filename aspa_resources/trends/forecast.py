"""What the next months' figures will probably be.

The model is the local level (Durbin and Koopman 2012, chapter 2): a level that drifts month by
month, seen through sampling error. The sampling error of each month is known from its n; how much
the level drifts is not, and a few months tell little of it: so forecasts are averaged over a grid
of drifts, each weighing what the series says for it. There is no season: series of this survey are
too short for one.

Belongs here: scales, the model, intervals. Does not belong here: where series come from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from aspa_resources.trends.sampling import held, with_variance
from aspa_resources.trends.series import CELL, in_published_form, months_back

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

EXPECTED, LOW, HIGH = "expected", "low", "high"
Array = npt.NDArray[np.float64]

_DRIFTS: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Variance of the level's monthly step, as a multiple of the mean sampling variance."""
_DECIMALS: Final = {"responses": 0, "nps": 1, "share": 3}


@dataclass(frozen=True)
class _Scale:
    """Where a measure is modelled: to it and back, and its slope there, for the variance."""

    to: Callable[[Array], Array]
    back: Callable[[Array], Array]
    slope: Callable[[Array], Array]


_SCALES: Final = {
    "responses": _Scale(np.log, np.exp, lambda value: 1 / value),
    "nps": _Scale(np.asarray, lambda level: np.clip(level, -100, 100), np.ones_like),
    "share": _Scale(
        lambda value: np.log(value / (1 - value)),
        lambda level: 1 / (1 + np.exp(-level)),
        lambda value: 1 / (value * (1 - value)),
    ),
}


def forecasts(series: pl.DataFrame, month: str, rules: "RuleBook") -> pl.DataFrame:
    """Forecast every series that has enough published months, the last month among them.

    Args:
        series: As `published_series` returns it.
        month: The last month.
        rules: The rule book; `rules/trends.yaml` says what, how far and how surely.

    Returns:
        The table `forecast`: county, period (a month to come), service_class, theme, sentiment,
        indicator (the measure forecast), measure (expected, low, high), value, n (responses behind
        the last month's figure), status.
    """
    asked = rules.trends.forecast
    rows: list[dict[str, Any]] = []
    known = with_variance(series).filter(
        pl.col("measure").is_in(asked.measures), pl.col("value").is_not_null(), pl.col("n") > 0
    )
    for key, one in known.group_by([*CELL, "measure"], maintain_order=True):
        cell = dict(zip((*CELL, "indicator"), key, strict=True))
        if one.height < asked.least_months or one["period"].max() != month:
            continue
        expected, low, high = _forecast(one, month, asked.months_ahead, asked.chance)
        n = int(one.filter(pl.col("period") == month)["n"][0])
        rows += [
            {
                **cell,
                "period": months_back(month, -1 - ahead),
                "measure": name,
                "value": value,
                "n": n,
            }
            for ahead in range(asked.months_ahead)
            for name, value in ((EXPECTED, expected[ahead]), (LOW, low[ahead]), (HIGH, high[ahead]))
        ]
    columns = ("period", *CELL, "indicator", "measure")
    schema = {**dict.fromkeys(columns, pl.String), "value": pl.Float64, "n": pl.Int64}
    found = pl.DataFrame(rows, schema=schema).with_columns(status=pl.lit("published"))
    return in_published_form(found, month)


def _forecast(one: pl.DataFrame, month: str, ahead: int, chance: float) -> tuple[Array, ...]:
    """Return the middle and the ends of the interval of the coming months' published figures."""
    measure = one["measure"][0]
    scale = _SCALES[measure]
    first = one["period"].min()
    places = np.array([_place(period) - _place(str(first)) for period in one["period"]])
    value = one.select(held(pl.col("value"), pl.col("n")) if measure == "share" else "value")
    figures = value.to_series().to_numpy()
    seen = np.full(_place(month) - _place(str(first)) + 1, np.nan)
    error = np.ones_like(seen)
    seen[places] = scale.to(figures)
    error[places] = one["variance"].to_numpy() * scale.slope(figures) ** 2
    middle, variance = _local_level(seen, error, ahead)
    reach = NormalDist().inv_cdf(0.5 + chance / 2) * np.sqrt(variance + np.median(error[places]))
    decimals = _DECIMALS[measure]
    return tuple(
        np.round(scale.back(level), decimals) for level in (middle, middle - reach, middle + reach)
    )


def _local_level(seen: Array, error: Array, ahead: int) -> tuple[Array, Array]:
    """Return mean and variance of the level in the months ahead.

    Args:
        seen: The series on its scale, NaN where nothing is published.
        error: The sampling variance of each month.
        ahead: Months.
    """
    from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

    typical = float(error[~np.isnan(seen)].mean())
    likelihoods, means, variances = [], [], []
    for drift in _DRIFTS:
        model = KalmanFilter(k_endog=1, k_states=1, k_posdef=1, loglikelihood_burn=1)
        model.bind(np.append(seen, np.full(ahead, np.nan))[:, None])
        model["design"] = model["transition"] = model["selection"] = [[1.0]]
        model["obs_cov"] = np.append(error, np.full(ahead, typical)).reshape(1, 1, -1)
        model["state_cov"] = [[drift * typical]]
        model.initialize_approximate_diffuse()
        result = model.filter()
        likelihoods.append(float(result.llf_obs.sum()))
        means.append(result.predicted_state[0, -ahead - 1 : -1])
        variances.append(result.predicted_state_cov[0, 0, -ahead - 1 : -1])
    weights = np.exp(np.array(likelihoods) - max(likelihoods))
    weights /= weights.sum()
    mean = weights @ np.array(means)
    spread = weights @ (np.array(variances) + (np.array(means) - mean) ** 2)
    return mean, spread


def _place(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:])
