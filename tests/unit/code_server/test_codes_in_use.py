"""A code is in use wherever a rule names it, and where classified rows have it."""

from __future__ import annotations

import polars as pl
import pytest

from aspa_resources.code_server.uses import codes_in_rows, codes_in_rules
from aspa_resources.rule_book import RuleBook


@pytest.mark.parametrize(
    ("code_set", "code", "named_by"),
    [
        ("specialties", "70F", "a condition of an inference rule"),
        ("service_classes", "2531", "the class that an inference rule gives"),
        ("service_classes", "2545", "the class that ended ones are carried to"),
        ("contact_modes", "R60", "the contract, which warns of it"),
        ("unit_types", "hospital", "a condition on the unit"),
        ("age_groups", "18-24", "the contract's spellings"),
    ],
)
def test_what_rules_name_is_in_use(code_set: str, code: str, named_by: str) -> None:
    assert code in codes_in_rules(RuleBook.load())[code_set], named_by


def test_prefixes_and_unknown_values_are_no_codes() -> None:
    book = RuleBook.load()
    for name, codes in codes_in_rules(book).items():
        assert codes <= set(book.code_sets[name].codes["code"]), name


def test_what_rows_have_is_in_use_and_nothing_else() -> None:
    rows = pl.DataFrame(
        {"specialty": ["10A", None], "service_class": ["2612", "2545"], "cost_centre": ["1", "2"]}
    )
    assert codes_in_rows([rows, rows.head(0)], RuleBook.load()) == {
        "specialties": {"10A"}, "service_classes": {"2612", "2545"},
    }  # fmt: skip
