"""Every rule decides what it is meant to, on the days it holds, and every row says by what."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from classified_rows import MAP, MONTH, Row, cost_centres, frame, with_rules

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import (
    NO_MAP,
    SOURCES,
    UNCLASSIFIED,
    classify,
    explain,
    explain_rows,
    missing_inputs,
)
from aspa_resources.service_groups import contact_mode_group, profession_group

BOOK = RuleBook.load()
CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "data/service_classes/rules.yaml").read_text("utf-8")
)


def decided(row: Row, centres=MAP, month: str = MONTH, rules: RuleBook = BOOK) -> dict[str, Any]:
    return classify(frame(row), centres, month, rules).row(0, named=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['reason']}")
def test_rule_decides_its_case(case):
    row = decided(case["row"])
    assert (row["service_class_rule"], row["service_class"]) == (
        case["rule"],
        case["service_class"],
    )


def test_every_rule_has_a_case_and_every_case_a_reason():
    ids = {rule.id for rule in BOOK.inference_rules} | {UNCLASSIFIED}
    assert ids == {case["rule"] for case in CASES}
    assert all(case["reason"] for case in CASES)


def test_every_ended_class_that_is_carried_forward_has_a_case():
    carried = {old for rule in BOOK.inference_rules for old in rule.carried_forward}
    assert carried <= {case["row"].get("delivered_service_class") for case in CASES}


@pytest.mark.parametrize(
    ("row", "source"),
    [
        ({"cost_centre": "41001"}, "cost_centre_map"),
        ({"delivered_service_class": "2536"}, "delivered"),
        ({"service_form": "T60"}, "inferred"),
        ({}, "none"),
    ],
)
def test_a_row_says_where_its_class_comes_from(row, source):
    assert decided(row)["service_class_source"] == source
    assert source in SOURCES


@pytest.mark.parametrize(
    ("month", "expected"), [("2024-12", "2536"), ("2025-01", "2545"), ("2025-02", "2561")]
)
def test_cost_centre_entry_valid_on_the_first_day_counts_the_newest_of_them(month, expected):
    centres = cost_centres(
        ("1", "2561", date(2025, 1, 31), None),
        ("1", "2545", date(2025, 1, 1), None),
        ("1", "2536", None, date(2025, 1, 31)),
    )
    assert decided({"cost_centre": "1"}, centres, month)["service_class"] == expected


def test_class_of_the_map_that_no_list_knows_leaves_the_decision_to_the_next_rule():
    centres = cost_centres(("1", "9999", None, None))
    row = decided({"cost_centre": "1", "service_form": "T60"}, centres)
    assert (row["service_class_rule"], row["service_class"]) == ("11-oral-health", "2545")


def test_no_cost_centre_map_is_no_obstacle():
    assert decided({"cost_centre": "41001"}, NO_MAP)["service_class"] == UNCLASSIFIED


@pytest.mark.parametrize(
    ("row", "specialty"),
    [
        ({"specialty": "10A"}, "10A"),
        ({"specialty": "70"}, "70"),
        ({"specialty": "20U", "delivered_service_class": "2612"}, "20U"),
        ({"specialty": "58", "service_form": "T60"}, None),
        ({"specialty": "98", "contact_mode": "R80"}, None),
        ({"urgency": "6"}, None),
    ],
)
def test_specialty_is_kept_for_specialised_care_only(row, specialty):
    assert decided(row)["service_specialty"] == specialty


def test_which_classes_carry_the_specialty_is_a_rule():
    table = BOOK.inference.model_copy(update={"specialty_carried_for": ("2561",)})
    other = replace(BOOK, inference=table)
    row = {"specialty": "98", "contact_mode": "R80"}
    assert decided(row, rules=other)["service_specialty"] == "98"
    assert decided({"specialty": "10A"}, rules=other)["service_specialty"] is None


def test_rule_outside_its_validity_is_not_tried():
    ended = with_rules(
        BOOK,
        [
            rule.model_copy(update={"valid_to": date(2025, 2, 28)})
            if rule.id == "11-oral-health"
            else rule
            for rule in BOOK.inference_rules
        ],
    )
    assert decided({"service_form": "T60"}, month="2025-02", rules=ended)["service_class"] == "2545"
    assert decided({"service_form": "T60"}, rules=ended)["service_class"] == UNCLASSIFIED


def test_a_rule_that_changes_on_a_day_keeps_its_id():
    (oral,) = [rule for rule in BOOK.inference_rules if rule.id == "11-oral-health"]
    former = oral.model_copy(update={"valid_to": date(2025, 2, 28)})
    later = oral.model_copy(update={"valid_from": date(2025, 3, 1), "service_class": "2536"})
    others = [rule for rule in BOOK.inference_rules if rule is not oral]
    changed = with_rules(BOOK, [*others, former, later])
    for month, service_class in (("2025-02", "2545"), ("2025-03", "2536")):
        row = decided({"service_form": "T60"}, month=month, rules=changed)
        assert (row["service_class_rule"], row["service_class"]) == (oral.id, service_class)


def test_more_rules_than_one_number_has_bits_are_tried_in_order():
    """The table is compiled to words of 62 rules."""
    (oral,) = [rule for rule in BOOK.inference_rules if rule.id == "11-oral-health"]
    never = [
        oral.model_copy(update={"id": f"never-{n}", "conditions": {"service_form": (f"X{n}",)}})
        for n in range(130)
    ]
    second = oral.model_copy(update={"id": "second", "service_class": "2536"})
    long = with_rules(BOOK, [*never, oral, second])
    assert decided({"service_form": "T60"}, rules=long)["service_class_rule"] == oral.id
    assert decided({"service_form": "X129"}, rules=long)["service_class_rule"] == "never-129"
    assert decided({}, rules=long)["service_class_rule"] == UNCLASSIFIED


def test_in_a_month_before_every_rule_nothing_is_decided():
    rows = frame({"urgency": "6"}, {"delivered_service_class": "2536"})
    result = classify(rows, MAP, "2022-01", BOOK)
    assert result["service_class"].to_list() == [UNCLASSIFIED] * 2
    assert missing_inputs(result, BOOK, date(2022, 1, 1), MAP) == {}
    assert [step.rule_id for step in explain({"urgency": "6"}, MAP, "2022-01", BOOK)] == [
        UNCLASSIFIED
    ]


def test_rows_and_columns_stay_as_they_are():
    rows = frame({"urgency": "6"}, {}, {"service_form": "T26"})
    result = classify(rows, MAP, MONTH, BOOK)
    assert result.select(rows.columns).equals(rows)
    assert classify(rows.clear(), MAP, MONTH, BOOK).is_empty()


def test_the_fingerprint_is_that_of_what_decides():
    base = {"service_form": "T60", "age_group": "25-44", "cost_centre": "41001"}
    same = decided(base)["inputs_fingerprint"]
    assert len(same) == 12
    assert set(same) <= set("0123456789abcdef")
    assert decided({**base, "cost_centre": "9"}, cost_centres(("9", "2536", None, None)))[
        "inputs_fingerprint"
    ] == same  # fmt: skip
    others = [{**base, "cost_centre": "41002"}, {**base, "age_group": "0-6"}, {"urgency": "6"}, {}]
    assert len({same, *(decided(row)["inputs_fingerprint"] for row in others)}) == 5


def test_the_fingerprint_tells_values_of_different_columns_apart():
    one, other = ({"service_area": "5"}, {"urgency": "5"})
    assert decided(one)["inputs_fingerprint"] != decided(other)["inputs_fingerprint"]


def test_a_step_says_what_it_looked_at_and_what_kept_it_from_matching():
    steps = explain(
        {"service_form": "T40", "cost_centre": "41009", "urgency": "E"}, MAP, MONTH, BOOK
    )
    by_rule = {step.rule_id: step for step in steps}
    first = by_rule["01-cost-centre-map"]
    assert first.looked_at == {"cost_centre": "41009", "cost_centre_class": None}
    assert first.failed == ("cost_centre_class",)
    care = by_rule["11-home-care-65-and-over"]
    assert care.looked_at == {"service_form": "T40", "age_group": None}
    assert care.failed == ("age_group",)
    assert by_rule["03-emergency-urgency"].failed == ("urgency",)
    assert by_rule["12-primary-care-professions"].failed == ("profession", "unit_type")
    last = steps[-1]
    assert (last.rule_id, last.matched, last.service_class) == (UNCLASSIFIED, True, UNCLASSIFIED)
    assert last.why_fi
    assert last.why_en


def test_many_rows_are_explained_as_one_by_one():
    rows = [case["row"] for case in CASES]
    assert list(explain_rows(rows, MAP, MONTH, BOOK)) == [
        explain(row, MAP, MONTH, BOOK) for row in rows
    ]


def test_reporting_groups_stand_beside_the_class():
    rows = frame({"profession": "22211", "contact_mode": "R10"}, {}, {"contact_mode": "R52"})
    day = date(2025, 3, 1)
    result = classify(rows, MAP, MONTH, BOOK)
    for group in (profession_group(BOOK, day), contact_mode_group(BOOK, day)):
        expected = rows.select(group).to_series()
        assert result[expected.name].to_list() == expected.to_list()
        assert expected.n_unique() > 1
