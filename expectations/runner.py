"""The one runner: judges a frame by a suite with Great Expectations and tells counts only.

Belongs here: everything that touches Great Expectations. Its results are asked for in a form that
holds counts and no values, and its error texts are dropped, since they may quote a value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from expectations.expectation import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

COUNTS_ONLY: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}


class SuiteError(RuntimeError):
    """An expectation could not be evaluated at all: the suite does not fit the frame."""


@dataclass(frozen=True)
class Outcome:
    """How one expectation came out.

    Attributes:
        unexpected_count: rows that broke it; 1 for a broken expectation on the whole table.
        element_count: rows it was evaluated on.
    """

    name: str
    passed: bool
    blocking: bool
    unexpected_count: int
    element_count: int
    description: str


def judge(
    suite: Suite,
    frame: pl.DataFrame,
    figures: Mapping[str, float | int | None],
    parameters: Mapping[str, Any],
) -> list[Outcome]:
    """Evaluate a suite.

    Args:
        suite: what must hold.
        frame: the candidate's rows.
        figures: what was measured beside them, by name.
        parameters: values for the suite's `$PARAMETER`s.

    Returns:
        One outcome an expectation, in the suite's order.

    Raises:
        SuiteError: an expectation could not be evaluated.
    """
    on_figures = [e for e in suite.expectations if e.on == "figures"]
    on_rows = [e for e in suite.expectations if e.on == "rows"]
    outcomes = _validate(suite, on_rows, _rows(frame, on_rows), parameters)
    if on_figures:
        unmeasured = [e.name for e in on_figures if figures.get(e.name) is None]
        if unmeasured:
            raise SuiteError(f"The step did not measure {', '.join(unmeasured)}.")
        row = pl.DataFrame([{e.name: figures[e.name] for e in on_figures}])
        outcomes |= _validate(suite, on_figures, row.to_pandas(), parameters)
    return [outcomes[e.name] for e in suite.expectations]


def _rows(frame: pl.DataFrame, expectations: list[Expectation]) -> pd.DataFrame:
    """Hand over full rows only of the columns that an expectation looks into."""
    looked_into = {
        name
        for e in expectations
        for name in [e.kwargs.get("column"), *e.kwargs.get("column_list", [])]
        if name
    }
    missing = looked_into - set(frame.columns)
    if missing:
        raise SuiteError(f"The frame lacks the columns {', '.join(sorted(missing))}.")
    pandas = frame.select(sorted(looked_into)).to_pandas()
    unseen = [name for name in frame.columns if name not in looked_into]
    return pandas.reindex(columns=[*pandas.columns, *unseen], index=range(frame.height))


def _validate(
    suite: Suite,
    expectations: list[Expectation],
    rows: pd.DataFrame,
    parameters: Mapping[str, Any],
) -> dict[str, Outcome]:
    if not expectations:
        return {}
    batch = _batch_definition().get_batch({"dataframe": rows})
    import great_expectations as gx
    import great_expectations.expectations as gxe

    asked = gx.ExpectationSuite(
        name=suite.step,
        expectations=[
            getattr(gxe, _class_name(e.type))(**e.kwargs, meta={"name": e.name})
            for e in expectations
        ],
    )
    result = batch.validate(
        asked, result_format=COUNTS_ONLY, expectation_parameters=dict(parameters)
    )
    by_name = {e.name: e for e in expectations}
    return {
        r.expectation_config.meta["name"]: _outcome(by_name[r.expectation_config.meta["name"]], r)
        for r in result.results
    }


def _outcome(expectation: Expectation, result: Any) -> Outcome:  # noqa: ANN401 (GE has no types)
    if result.exception_info.get("raised_exception", False):
        raise SuiteError(f"Expectation {expectation.name} could not be evaluated.")
    unexpected = result.result.get("unexpected_count", 0 if result.success else 1)
    return Outcome(
        name=expectation.name,
        passed=bool(result.success),
        blocking=expectation.blocking,
        unexpected_count=int(unexpected),
        element_count=int(result.result.get("element_count", 1)),
        description=expectation.description,
    )


@cache
def _batch_definition() -> Any:  # noqa: ANN401 (GE has no types)
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # or it reports home when first imported
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    source = context.data_sources.add_pandas("candidates")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


def _class_name(snake: str) -> str:
    return "".join(part.capitalize() for part in snake.split("_"))
