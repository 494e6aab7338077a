"""Tables of counts with all their margins, made up."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from aspa_resources.disclosure.cells import Cells, build_cells
from aspa_resources.rule_book.published import ALL, NATION

Ints = NDArray[np.int64]


def cube(rng: np.random.Generator, responses: int, **sizes: int) -> pl.DataFrame:
    """Return the mart of made-up responses over county and other dimensions, with all totals.

    Args:
        rng: Where chance comes from.
        responses: About how many there are.
        sizes: How many categories each dimension has; `county` is one of them. Some categories are
            many times as common as others.
    """
    names = list(sizes)
    weights = np.ones(1)
    for size in sizes.values():
        weights = np.multiply.outer(weights, rng.dirichlet(np.full(size, 0.8)))
    counts = rng.poisson(weights[0] * responses)
    places = np.indices(counts.shape).reshape(len(names), -1)
    inner = pl.DataFrame(
        {"month": ["2025-03"] * counts.size}
        | {name: [f"{at:02}" for at in place] for name, place in zip(names, places, strict=True)}
        | {"n": counts.ravel()}
    )
    totals = [
        inner.group_by("month", *(name for name in names if name not in over))
        .agg(pl.col("n").sum())
        .with_columns(pl.lit(NATION if name == "county" else ALL).alias(name) for name in over)
        .select(inner.columns)
        for size in range(1, len(names) + 1)
        for over in combinations(names, size)
    ]
    return pl.concat([inner, *totals]).with_columns(
        measure=pl.lit("responses"), value=pl.col("n").cast(pl.Float64)
    )


def counted(mart: pl.DataFrame) -> tuple[Cells, Ints]:
    """Return a cube's cells, all crossings shown, and their counts."""
    dimensions = [n for n in mart.columns if n not in {"month", "county", "measure", "value", "n"}]
    crossings = [
        crossing
        for size in range(len(dimensions) + 1)
        for crossing in combinations(dimensions, size)
    ]
    cells = build_cells(mart, crossings, ())
    keys = cells.frame.columns
    counts = cells.frame.join(mart, on=keys, how="left", maintain_order="left")["n"]
    return cells, counts.to_numpy()
