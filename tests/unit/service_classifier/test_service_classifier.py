from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import UNCLASSIFIED, classify, explain, rules_in_force

BOOK = RuleBook.load()
MONTH = "2025-03"
CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "data/service_classifier/cases.yaml").read_text("utf-8")
)
INPUTS = (
    "cost_centre",
    "delivered_service_class",
    "service_form",
    "contact_mode",
    "profession",
    "specialty",
    "service_area",
    "urgency",
    "unit_type",
    "age_group",
)

Row = Mapping[str, str | None]
Entry = tuple[str, str, str, date | None, date | None]


def cost_centres(*entries: Entry) -> pl.DataFrame:
    columns = ("cost_centre", "name", "service_class", "valid_from", "valid_to")
    schema = {c: pl.Date if c.startswith("valid") else pl.String for c in columns}
    rows = [dict(zip(columns, entry, strict=True)) for entry in entries]
    return pl.DataFrame(rows, schema=schema)


def frame(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(
        [{name: row.get(name) for name in INPUTS} for row in rows],
        schema=dict.fromkeys(INPUTS, pl.String),
    )


MAP = cost_centres(("41001", "x", "2536", None, None))


def decided(
    row: Row, centres: pl.DataFrame = MAP, month: str = MONTH, rules: RuleBook = BOOK
) -> dict[str, str | None]:
    return classify(frame(row), centres, month, rules).row(0, named=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_rule_decides_its_case(case: dict[str, Any]) -> None:
    row = decided(case["row"])
    assert (row["service_class_rule"], row["service_class"]) == (
        case["rule"],
        case["service_class"],
    )


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in BOOK.inference_rules} | {UNCLASSIFIED} == {
        case["rule"] for case in CASES
    }


def _values() -> dict[str, st.SearchStrategy[str | None]]:
    """Per input the values that some rule names, prefixes lengthened, strangers and null."""
    known = {name: {None, "zzz"} for name in INPUTS}
    for rule in BOOK.inference_rules:
        for key, values in rule.conditions.items():
            known[key.removeprefix("not_")] |= {v.replace("*", "1") for v in values}
            known[key.removeprefix("not_")] |= {v.removesuffix("*") for v in values}
    known["cost_centre"] |= {"41001", "41002", "41003"}
    known["delivered_service_class"] |= {"2536", "2602"}
    return {name: st.sampled_from(sorted(v, key=str)) for name, v in known.items()}


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(_values()), min_size=1, max_size=40))
def test_frame_and_row_agree_and_every_row_is_decided(rows: list[Row]) -> None:
    centres = cost_centres(
        ("41001", "x", "2536", None, None), ("41002", "x", "2541", None, None), *_ENDED
    )
    result = classify(frame(*rows), centres, MONTH, BOOK)
    order = [rule.id for rule in rules_in_force(BOOK, date(2025, 3, 1))]
    for row, got in zip(rows, result.iter_rows(named=True), strict=True):
        steps = explain(row, centres, MONTH, BOOK)
        assert (steps[-1].rule_id, steps[-1].service_class) == (
            got["service_class_rule"],
            got["service_class"],
        )
        assert [step.rule_id for step in steps] == [*order, UNCLASSIFIED][: len(steps)]
        assert [step.matched for step in steps] == [False] * (len(steps) - 1) + [True]


_ENDED = [("41003", "x", "2561", date(2023, 1, 1), date(2025, 2, 28))]


@pytest.mark.parametrize(
    ("month", "expected"), [("2024-12", "2536"), ("2025-01", "2545"), ("2025-02", "2561")]
)
def test_cost_centre_entry_valid_on_the_first_day_counts_the_newest_of_them(
    month: str, expected: str
) -> None:
    centres = cost_centres(
        ("1", "x", "2561", date(2025, 1, 31), None),
        ("1", "x", "2545", date(2025, 1, 1), None),
        ("1", "x", "2536", None, date(2025, 1, 31)),
    )
    assert decided({"cost_centre": "1"}, centres, month)["service_class"] == expected


def test_class_of_the_map_that_no_list_knows_leaves_the_decision_to_the_next_rule() -> None:
    centres = cost_centres(("1", "x", "9999", None, None))
    row = decided({"cost_centre": "1", "service_form": "T60"}, centres)
    assert (row["service_class_rule"], row["service_class"]) == ("11-oral-health", "2545")


def test_no_cost_centre_map_is_no_obstacle() -> None:
    assert decided({"cost_centre": "41001"}, cost_centres())["service_class"] == UNCLASSIFIED


@pytest.mark.parametrize(
    ("row", "specialty"),
    [
        ({"specialty": "10A"}, "10A"),
        ({"specialty": "70"}, "70"),
        ({"specialty": "58", "service_form": "T60"}, None),
        ({"specialty": "98", "contact_mode": "R80"}, None),
        ({"urgency": "6"}, None),
    ],
)
def test_specialty_is_kept_for_specialised_care_only(row: Row, specialty: str | None) -> None:
    assert decided(row)["service_specialty"] == specialty


@pytest.mark.parametrize(
    ("profession", "group"),
    [
        ("22211", "doctors"),
        ("32312", "public_health_nurses"),
        ("3231", "nurses"),
        ("51325", "dental"),
        ("5132", "practical_nurses"),
        ("9", "other"),
        (None, "unknown"),
    ],
)
def test_longest_prefix_gives_the_profession_group(profession: str | None, group: str) -> None:
    assert decided({"profession": profession})["profession_group"] == group


def test_rule_outside_its_validity_is_not_tried() -> None:
    rules = tuple(
        rule.model_copy(update={"valid_to": date(2025, 2, 28)})
        if rule.id == "11-oral-health"
        else rule
        for rule in BOOK.inference_rules
    )
    ended = replace(BOOK, inference_rules=rules)
    assert decided({"service_form": "T60"}, month="2025-02", rules=ended)["service_class"] == "2545"
    assert decided({"service_form": "T60"}, rules=ended)["service_class"] == UNCLASSIFIED


def test_rows_and_columns_stay_as_they_are() -> None:
    rows = frame({"urgency": "6"}, {}, {"service_form": "T26"})
    result = classify(rows, MAP, MONTH, BOOK)
    assert result.select(rows.columns).equals(rows)
    assert classify(rows.clear(), MAP, MONTH, BOOK).is_empty()
