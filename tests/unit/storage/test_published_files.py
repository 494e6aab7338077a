"""The files of published tables: the same figures in every format, and what they mean."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from aspa_resources.published_form import write_files
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.dictionary import check_dictionary
from aspa_resources.rule_book.errors import RuleError

RULES = RuleBook.load()
NAME = "indicators_by_age_group"
FRAME = pl.DataFrame(
    [
        ("2025-03", "01", "ALL", "responses", 40.0, 40, "published"),
        ("2025-03", "01", "0-6", "responses", None, None, "suppressed"),
        ("2025-03", "FI", "ALL", "responses", 90.0, 90, "published"),
        ("2025-03", "FI", "ALL", "nps", 12.5, 88, "published"),
    ],
    schema={
        **dict.fromkeys(("month", "county", "age_group", "measure"), pl.String),
        "value": pl.Float64,
        "n": pl.Int64,
        "status": pl.String,
    },
    orient="row",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files({NAME: FRAME}, tmp_path, ["csv", "parquet", "json-stat"], RULES)
    return tmp_path


def test_every_format_holds_the_same_figures(folder: Path) -> None:
    assert pl.read_parquet(folder / f"{NAME}.parquet").equals(FRAME)
    assert pl.read_csv(folder / f"{NAME}.csv", schema=FRAME.schema).equals(FRAME)
    cube = json.loads((folder / f"{NAME}.json").read_text())
    places = product(*(cube["dimension"][key]["category"]["index"] for key in cube["id"]))
    told = dict(zip(map(str, range(1000)), places, strict=False))
    figures = {told[at]: value for at, value in cube["value"].items()}
    assert figures == {
        ("2025-03", "01", "ALL", "responses", "value"): 40.0,
        ("2025-03", "01", "ALL", "responses", "n"): 40,
        ("2025-03", "FI", "ALL", "responses", "value"): 90.0,
        ("2025-03", "FI", "ALL", "responses", "n"): 90,
        ("2025-03", "FI", "ALL", "nps", "value"): 12.5,
        ("2025-03", "FI", "ALL", "nps", "n"): 88,
    }
    hidden = {told[at] for at, status in cube["status"].items() if status == "suppressed"}
    assert hidden == {("2025-03", "01", "0-6", "responses", figure) for figure in ("value", "n")}
    assert cube["dimension"]["county"]["category"]["label"]["01"] == RULES.counties["01"].name_en


def test_the_same_figures_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    formats = ["csv", "parquet", "json-stat"]
    again = tmp_path / "again"
    again.mkdir()
    hashes = [
        [told["sha256"] for told in write_files({NAME: FRAME}, where, formats, RULES)]
        for where in (folder, again)
    ]
    assert hashes[0] == hashes[1]


def test_the_dictionary_tells_every_column_and_measure(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    paths = [resource["path"] for resource in package["resources"]]
    assert paths == [f"{NAME}.csv", f"{NAME}.parquet", f"{NAME}.json"]
    fields = {field["name"] for field in package["resources"][0]["schema"]["fields"]}
    assert fields == set(FRAME.columns)
    told = {measure["name"] for measure in package["resources"][0]["measures"]}
    assert told == set(RULES.published_tables[NAME].measures)
    page = (folder / "data_dictionary.md").read_text()
    assert RULES.statements["s1_got_help"].text.en in page


def test_a_published_measure_without_a_meaning_stops_the_rules_from_loading() -> None:
    table = RULES.published_tables[NAME]
    new = table.model_copy(update={"measures": (*table.measures, "joy")})
    book = replace(RULES, published_tables={NAME: new})
    with pytest.raises(RuleError, match="joy"):
        check_dictionary(book)
