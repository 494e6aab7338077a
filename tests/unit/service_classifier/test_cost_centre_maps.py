"""Which map a county has, and how far it reaches in a month."""

from dataclasses import replace
from datetime import date

from classified_rows import DAY, MAP, cost_centres, frame

from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import NO_MAP, county_map, measure_map

BOOK = RuleBook.load()


def test_the_delivered_map_comes_before_the_rule_books():
    kept = cost_centres(("1", "2545", None, None))
    book = replace(BOOK, cost_centres={"08": kept})
    assert county_map(MAP, "08", book).equals(MAP)
    assert county_map(None, "08", book).equals(kept)
    assert county_map(None, "10", book).equals(NO_MAP)
    assert county_map(NO_MAP, "08", book).is_empty()


def test_completeness_counts_rows_and_entries():
    centres = cost_centres(
        ("1", "2536", None, None),
        ("2", "2545", None, date(2025, 2, 28)),
        ("3", "2602", date(2023, 1, 1), None),
        ("4", "2561", date(2025, 4, 1), None),
        ("5", "9999", None, None),
    )
    rows = frame(*({"cost_centre": c} for c in ("1", "1", "2", "3", "4", "99")), {})
    assert measure_map(rows, centres, DAY, BOOK) == {
        "rows_with": 6,
        "rows_known": 3,
        "entries": 5,
        "entries_expired": 1,
        "classes_ended": 2,
    }


def test_without_a_map_no_row_is_known():
    measured = measure_map(frame({"cost_centre": "1"}, {}), NO_MAP, DAY, BOOK)
    assert measured == {
        "rows_with": 1, "rows_known": 0, "entries": 0, "entries_expired": 0, "classes_ended": 0,
    }  # fmt: skip
