"""How much chance there is in a published figure, from what is published beside it.

Belongs here: sampling variances. Does not belong here: what is made of them.
"""

import polars as pl

from aspa_resources.trends.series import CELL

_PROMOTERS, _DETRACTORS = "promoters_share", "detractors_share"


def held(share: pl.Expr, n: pl.Expr) -> pl.Expr:
    """Return a share a little drawn to a half, so that 0 and 1 vary and have a logit."""
    return (share * n + 0.5) / (n + 1)


def with_variance(series: pl.DataFrame) -> pl.DataFrame:
    """Add the sampling variance of each published figure, in the square of its unit.

    NPS: 100^2 (p + d - (p - d)^2) / n with the published shares p and d, and without passives,
    the largest there is, where they are hidden. A share: p (1 - p) / n, with p a little drawn to a
    half so that it is never 0. A mean of answers 1 to 5: at most (m - 1) (5 - m) / n, as though
    everybody answered 1 or 5 (Bhatia and Davis 2000): such an alert errs on the side of silence.
    A count: itself (Poisson).
    """
    keys = ["period", *CELL]
    extremes = (
        series.filter(pl.col("measure").is_in([_PROMOTERS, _DETRACTORS]))
        .group_by(keys)
        .agg(extremes=pl.when(pl.col("value").count() == 2).then(pl.col("value").sum()))  # noqa: PLR2004 (both)
    )
    value, n = pl.col("value"), pl.col("n")
    score = value / 100
    of_score = 1e4 * (pl.col("extremes").fill_null(1.0) - score**2).clip(lower_bound=0.01)
    of_mean = ((value - 1) * (5 - value)).clip(lower_bound=0.01)
    variance = (
        pl.when(pl.col("measure") == "responses")
        .then(value * n)
        .when(pl.col("measure") == "nps")
        .then(of_score)
        .when(pl.col("measure").str.ends_with("_mean"))
        .then(of_mean)
        .otherwise(held(value, n) * (1 - held(value, n)))
    )
    return series.join(extremes, on=keys, how="left").with_columns(variance=variance / n)
