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


@pytest.mark.parametrize(
    ("missed", "verdict"),
    [
        ((0, 3), "narrow"),  # both groups together miss three points: nearly all are promoters
        ((0, 30), "safe"),
        ((0, 0), "derivable"),
    ],
)
def test_a_hidden_score_must_not_follow_from_the_others(
    missed: tuple[int, int], verdict: str
) -> None:
    ages, n = ("0-6", "7-12", "13-17", "ALL"), (20, 25, 40, 85)
    points = (*missed, 20, sum(missed) + 20)
    rows = [
        {
            "month": "2025-03",
            "county": county,
            "age_group": age,
            "measure": measure,
            "value": None if is_hidden else value,
            "n": None if is_hidden else answered,
            "status": "suppressed" if is_hidden else "published",
        }
        for county in ("01", "FI")
        for age, answered, lost in zip(ages, n, points, strict=True)
        for measure, value in (
            ("responses", float(answered)),
            ("nps", round(100.0 * (answered - lost) / answered, 1)),
        )
        for is_hidden in (measure == "nps" and age in {"0-6", "7-12"},)
    ]
    shown = pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "n": pl.Int64})
    summary = audit({TABLE: shown}, DECLARED, BOOK.disclosure).summary
    told = {name: summary.filter(measure=name)[verdict].sum() for name in ("nps", "nps points")}
    assert told == {"nps": 4 if verdict == "safe" else 0, "nps points": 4}


def test_what_may_be_the_answers_of_too_few_stays_open() -> None:
    # Nine to twelve of twelve answered, and whose points are open by eight: too little.
    answered, points = {"0-6": 9, "7-12": 40, "ALL": 49}, {"0-6": 4, "7-12": 4, "ALL": 8}
    rows = [
        {
            "month": "2025-03",
            "county": county,
            "age_group": age,
            "measure": measure,
            "value": None if is_hidden else value,
            "n": None if is_hidden else n,
            "status": "suppressed" if is_hidden else "published",
        }
        for county in ("01", "FI")
        for age in AGES
        for measure, value, n in (
            ("responses", float(answered[age] + 3 * (age != "7-12")), answered[age] + 3),
            ("nps", round(100 - 100 * points[age] / answered[age], 1), answered[age]),
        )
        for n in (n - 3 * (measure == "responses" and age == "7-12"),)
        for is_hidden in (measure == "nps" and age != "ALL",)
    ]
    shown = pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "n": pl.Int64})
    found = audit({TABLE: shown}, DECLARED, BOOK.disclosure)
    assert found.summary.filter(measure="nps")["narrow"].sum() == 0
    told = found.cells.filter(measure="nps points").select("low", "high").unique()
    assert told.rows() == [(0, 8)]


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
