"""The auditor on small published tables, protected well and badly."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from aspa_assets.commands.audit import audit as command
from aspa_resources.audit import ContradictionError, NoTablesError, audit, read_folder
from aspa_resources.audit.figures import telling_figures
from aspa_resources.rule_book import RuleBook

BOOK = RuleBook.load()
TABLE = "indicators_by_age_group"
DECLARED = {TABLE: BOOK.published_tables[TABLE]}
AGES = ("0-6", "7-12", "ALL")
COUNTS = {"01": (5, 40, 45), "02": (30, 30, 60), "03": (50, 20, 70), "FI": (85, 90, 175)}
SQUARE = {(county, age) for county in ("01", "02") for age in AGES[:2]}


def table(hidden: set[tuple[str, str]], measure: str = "responses") -> pl.DataFrame:
    rows = [
        {
            "month": "2025-03",
            "county": county,
            "age_group": age,
            "measure": measure,
            "value": None if (county, age) in hidden else float(count),
            "n": None if (county, age) in hidden else count,
            "status": "suppressed" if (county, age) in hidden else "published",
        }
        for county, counts in COUNTS.items()
        for age, count in zip(AGES, counts, strict=True)
    ]
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "n": pl.Int64})


def one(measure: str, value: float, n: int) -> pl.DataFrame:
    row = table(set(), measure).head(1)
    return row.with_columns(value=pl.lit(value), n=pl.lit(n, pl.Int64))


def test_one_hidden_sibling_is_derivable() -> None:
    found = audit({TABLE: table({("01", "0-6")})}, DECLARED, BOOK.disclosure)
    assert (found.derivable, found.narrow) == (1, 0)
    assert found.cells.select("low", "high").rows() == [(5, 5)]


def test_a_rectangle_is_safe_only_as_far_as_it_can_turn() -> None:
    found = audit({TABLE: table(SQUARE)}, DECLARED, BOOK.disclosure)
    # 01 has 45 and 02 has 60 between two ages of 35 and 70: each may take 0 to 35 of the former.
    assert (found.derivable, found.narrow) == (0, 0)
    assert found.summary["safe"].sum() == 4
    strict = BOOK.disclosure.complementary.model_copy(update={"width": 36})
    rules = BOOK.disclosure.model_copy(update={"complementary": strict})
    found = audit({TABLE: table(SQUARE)}, DECLARED, rules)
    assert (found.derivable, found.narrow) == (0, 4)


def test_tables_that_show_the_same_cell_are_put_together() -> None:
    totals = BOOK.published_tables["indicators_by_contact_mode"]
    other = table(set()).filter(age_group="ALL").rename({"age_group": "contact_mode"})
    hidden = {("01", "ALL"), ("01", "0-6")}
    apart = audit({TABLE: table(hidden)}, DECLARED, BOOK.disclosure)
    both = audit(
        {TABLE: table(hidden), totals.name: other},
        DECLARED | {totals.name: totals},
        BOOK.disclosure,
    )
    assert apart.derivable == 2
    assert both.derivable == 2
    wide = {("01", "ALL"), ("01", "0-6"), ("FI", "0-6"), ("FI", "ALL")}
    assert audit({TABLE: table(wide)}, DECLARED, BOOK.disclosure).derivable == 0
    joined = {TABLE: table(wide), totals.name: other}
    found = audit(joined, DECLARED | {totals.name: totals}, BOOK.disclosure)
    assert found.derivable == 4


def test_tables_that_contradict_each_other_are_told() -> None:
    wrong = table(set()).with_columns(n=pl.when(pl.col("county") == "FI").then(1).otherwise("n"))
    with pytest.raises(ContradictionError):
        audit({TABLE: wrong}, DECLARED, BOOK.disclosure)


@pytest.mark.parametrize(
    ("measure", "value", "n", "tells"),
    [
        ("s4_felt_safe_mean", 5.0, 40, True),
        ("s4_felt_safe_mean", 4.95, 20, True),
        ("s4_felt_safe_mean", 4.2, 40, False),
        ("nps", 100.0, 40, True),
        ("nps", 30.0, 40, False),
        ("promoters_share", 0.2, 40, True),
        ("promoters_share", 0.25, 40, False),
        ("responses", 9.0, 9, True),
    ],
)
def test_figures_that_tell_answers(measure: str, value: float, n: int, *, tells: bool) -> None:
    found = telling_figures({TABLE: one(measure, value, n)}, [*DECLARED.values()], BOOK.disclosure)
    assert found["cells"].sum() == int(tells)


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_command_tells_counts_only(tmp_path: Path, file_format: str) -> None:
    write = {"csv": pl.DataFrame.write_csv, "parquet": pl.DataFrame.write_parquet}[file_format]
    write(table({("01", "0-6")}), tmp_path / f"{TABLE}.{file_format}")
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert result.exit_code == 1
    assert "1 hidden counts, 1 derivable" in result.output
    assert "0-6" not in result.output
    write(table(SQUARE), tmp_path / f"{TABLE}.{file_format}")
    assert CliRunner().invoke(command, [str(tmp_path), "--json"]).exit_code == 0


def test_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoTablesError):
        read_folder(tmp_path, BOOK)
