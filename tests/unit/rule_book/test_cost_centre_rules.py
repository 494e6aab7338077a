"""The rule book's own cost-centre maps are read, and a wrong line is named with its cure."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from aspa_resources.rule_book import RuleBook, RuleError

SHIPPED = Path(__file__).parents[3] / "rules"
HEADER = "cost_centre,name,service_class,valid_from,valid_to\n"
GOOD = "41001,Terveysasema,2536,2024-01-01,2024-12-31\n"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def kept(folder, text, county="08"):
    path = folder / "aura" / "cost_centres" / f"{county}.csv"
    path.write_text(text, encoding="utf-8")
    return RuleBook.load(folder).cost_centres


def test_none_is_shipped():
    assert RuleBook.load().cost_centres == {}


def test_a_map_is_read_with_its_days(folder):
    text = f'{HEADER}{GOOD}41001,"Asema, uusi",2545,2025-01-01,\nK-2,,2602,,\n'
    assert kept(folder, text)["08"].rows() == [
        ("41001", "2536", date(2024, 1, 1), date(2024, 12, 31)),
        ("41001", "2545", date(2025, 1, 1), None),
        ("K-2", "2602", None, None),
    ]


def test_a_map_without_entries_is_one(folder):
    assert kept(folder, HEADER)["08"].is_empty()


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("cost_centre,service_class\n", 1, "header"),
        (f"{HEADER}{GOOD}41002,X\n", 3, "another number of columns"),
        (f"{HEADER}41002,a,b,2536,,\n", 2, "another number of columns"),
        (f"{HEADER}{GOOD}Maija,X,2536,,\n", 3, "not of the form"),
        (f"{HEADER},X,2536,,\n", 2, "not of the form"),
        (f"{HEADER}41002,X,9999,,\n", 2, "no service class 9999"),
        (f"{HEADER}41002,X,,,\n", 2, "no service class"),
        (f"{HEADER}41002,X,2540,,\n", 2, "the service class 2540 ended on 2021-12-31"),
        (f"{HEADER}41002,X,2536,1.1.2024,\n", 2, "not a date"),
        (f"{HEADER}41002,X,2536,2024-02-01,2024-01-01\n", 2, "ends before it begins"),
        (f"{HEADER}{GOOD}41001,X,2545,2024-12-31,\n", 3, "line 2 gives the cost centre"),
        (f"{HEADER}{GOOD}41001,X,2545,,\n", 2, "line 3 gives the cost centre"),
    ],
)
def test_a_wrong_line_is_named(folder, text, line, told):
    with pytest.raises(RuleError) as caught:
        kept(folder, text)
    assert caught.value.file == "aura/cost_centres/08.csv"
    assert caught.value.where == f"line {line}"
    assert told in caught.value.problem
    assert caught.value.cure.endswith(".")


def test_a_class_that_ended_with_its_entry_is_none_too_late(folder):
    assert kept(folder, f"{HEADER}41002,X,2540,2021-01-01,2021-12-31\n")["08"].height == 1


def test_what_a_line_holds_is_not_told(folder):
    with pytest.raises(RuleError) as caught:
        kept(folder, f"{HEADER}Maija Meikäläinen,Vastaanotto,2536,,\n")
    assert "Maija" not in str(caught.value)


def test_a_map_for_no_county_is_named(folder):
    with pytest.raises(RuleError, match=r"aura/cost_centres/77\.csv.*no such county"):
        kept(folder, HEADER + GOOD, county="77")
