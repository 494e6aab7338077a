"""What the table leaves undecided although it speaks about it is found, and nothing else."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from classified_rows import MONTH, frame, with_rules

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.condition_checks import codes_of
from aspa_resources.rule_book.gaps import gaps
from aspa_resources.service_classifier import NO_MAP, UNCLASSIFIED, classify

BOOK = RuleBook.load()
DAY = date(2025, 3, 1)
CODES = codes_of(BOOK.contract, BOOK.code_sets)
EXPECTED = yaml.safe_load(
    (Path(__file__).parents[2] / "data/service_classes/gaps.yaml").read_text("utf-8")
)


def test_the_gaps_of_the_shipped_table_are_those_we_know():
    found = gaps(BOOK.inference, CODES, DAY)
    assert {(gap.column, gap.codes) for gap in found} == {
        (case["column"], tuple(case["codes"])) for case in EXPECTED
    }
    by_codes = {(gap.column, gap.codes): gap.undecided_with for gap in found}
    for case in EXPECTED:
        undecided = by_codes[case["column"], tuple(case["codes"])]
        assert undecided.keys() == case["undecided_with"].keys()
        for column, values in undecided.items():
            assert set(case["undecided_with"][column]) <= set(values)
            assert not set(case["decided_with"][column]) & set(values)


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: case["reason"])
def test_rows_in_a_gap_are_unclassified_and_others_are_not(case):
    for key, inside in (("undecided_with", True), ("decided_with", False)):
        for column, values in case[key].items():
            rows = [{case["column"]: code, column: v} for code in case["codes"] for v in values]
            classes = classify(frame(*rows), NO_MAP, MONTH, BOOK)["service_class"]
            assert (classes == UNCLASSIFIED).to_list() == [inside] * len(rows)


def test_a_table_without_rules_about_codes_has_no_gaps():
    passing = with_rules(BOOK, BOOK.inference_rules[:2])
    assert gaps(passing.inference, CODES, DAY) == []
