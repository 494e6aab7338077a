"""The runner judges as the suites say, and never tells a value."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl
import pytest

from expectations.expectation import (
    Suite,
    columns,
    figure,
    in_set,
    lacks,
    not_null,
    parameter,
    some_rows,
    unique,
)
from expectations.runner import SuiteError, judge
from expectations.suites import SUITES

MARK = "SALAINEN7"
SUITE = Suite(
    "step",
    "1",
    (
        columns(["code", "text"]),
        some_rows(),
        not_null("code"),
        in_set("code", parameter("codes")),
        unique("code"),
        unique("code", "text"),
        lacks("text", r"\d", "no_digit", "No digit."),
        figure("share", "Not too many.", most=parameter("share_at_most")),
    ),
)
PARAMETERS = {"codes": ["a", "b"], "share_at_most": 0.2}


def test_a_frame_that_fulfils_everything_passes() -> None:
    frame = pl.DataFrame({"code": ["a", "b"], "text": ["x", None]})
    assert all(o.passed for o in judge(SUITE, frame, {"share": 0.2}, PARAMETERS))


def test_every_broken_expectation_is_counted_and_no_value_is_told() -> None:
    frame = pl.DataFrame({"code": ["a", MARK, MARK, None], "text": [MARK, MARK, MARK, "x"]})
    outcomes = {o.name: o for o in judge(SUITE, frame, {"share": 0.3}, PARAMETERS)}
    broken = {name: o.unexpected_count for name, o in outcomes.items() if not o.passed}
    assert broken == {
        "code_present": 1,
        "code_known": 2,
        "code_unique": 2,
        "code_text_unique": 2,
        "no_digit": 3,
        "share": 1,
    }
    assert MARK not in str([asdict(o) for o in outcomes.values()])


def test_an_empty_frame_is_judged() -> None:
    frame = pl.DataFrame(schema={"code": pl.String, "text": pl.String})
    outcomes = {o.name: o.passed for o in judge(SUITE, frame, {"share": 0}, PARAMETERS)}
    assert outcomes.pop("some_rows") is False
    assert all(outcomes.values())


def test_a_figure_that_was_not_measured_is_an_error_and_not_a_pass() -> None:
    with pytest.raises(SuiteError, match="share"):
        judge(SUITE, pl.DataFrame({"code": ["a"], "text": ["x"]}), {}, PARAMETERS)


def test_a_frame_without_the_column_is_an_error() -> None:
    with pytest.raises(SuiteError, match="text"):
        judge(SUITE, pl.DataFrame({"code": ["a"]}), {"share": 0}, PARAMETERS)


def test_every_suite_names_its_expectations_once() -> None:
    for suite in SUITES.values():
        expectation_names = [e.name for e in suite.expectations]
        assert len(expectation_names) == len(set(expectation_names)), suite.step
