"""Lists come into force whole or not at all, and nothing else in the rules folder changes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from aspa_resources.code_server.fetching import SCHEMA
from aspa_resources.code_server.installing import install, merged, with_entry
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.errors import RuleError

SHIPPED = Path(__file__).parents[3] / "rules"
DAY = date(2025, 6, 1)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def fetched(name: str, codes: pl.DataFrame, **values: str) -> pl.DataFrame:
    """Return a list as fetching makes it, all of it there but English names."""
    told = {"code_set": name, "source": "code_server", "version": "2025"} | values
    empty = pl.DataFrame(schema=SCHEMA)
    return pl.concat(
        [
            empty,
            codes.select(pl.exclude("name_en")).with_columns(
                **{key: pl.lit(value) for key, value in told.items()}, read_on=pl.lit(DAY)
            ),
        ],
        how="diagonal",
    ).select(SCHEMA.names())


def specialties() -> CodeSet:
    return RuleBook.load().code_sets["specialties"]


def test_a_list_comes_into_force_and_only_it(rules: Path) -> None:
    of = specialties()
    changed = of.codes.with_columns(
        name_fi=pl.when(code="70").then(pl.lit("Uusi nimi")).otherwise("name_fi")
    )
    install(rules, fetched("specialties", changed), ["specialties"])
    book = RuleBook.load(rules)
    now = book.code_sets["specialties"]
    assert now.name("70") == "Uusi nimi"
    assert (now.version, now.fetched) == ("2025", DAY)
    differing = [
        path.relative_to(rules).as_posix()
        for path in sorted(rules.rglob("*.*"))
        if path.read_bytes() != (SHIPPED / path.relative_to(rules)).read_bytes()
    ]
    assert differing == ["code_sets/index.yaml", "code_sets/specialties.csv"]
    assert not [*rules.glob(".*")]


def test_a_list_as_we_have_it_changes_no_line_of_its_file(rules: Path) -> None:
    install(rules, fetched("professions", _codes("professions")), ["professions"])
    file = "code_sets/professions.csv"
    assert (rules / file).read_text("utf-8") == (SHIPPED / file).read_text("utf-8")


def test_a_list_that_rules_do_not_fit_changes_nothing(rules: Path) -> None:
    gone = fetched("specialties", specialties().codes.filter(pl.col("code") != "70F"))
    before = {path: path.read_bytes() for path in rules.rglob("*.*")}
    with pytest.raises(RuleError, match=r"inference_rules.yaml.*there is no code 70F"):
        install(rules, gone, ["specialties"])
    assert {path: path.read_bytes() for path in rules.rglob("*.*")} == before


def test_what_the_server_does_not_say_stays() -> None:
    of = RuleBook.load().code_sets["municipalities"]
    new = {"code": "999", "name_fi": "Uusi"}
    codes = pl.concat([of.codes, pl.DataFrame([new])], how="diagonal")
    now = merged(fetched("municipalities", codes).drop("code_set"), of)
    assert now.columns == of.codes.columns
    assert now.head(of.codes.height).equals(of.codes)
    assert now.row(-1, named=True)["county"] is None


def test_what_the_server_says_of_our_columns_counts() -> None:
    codes = specialties().codes.with_columns(replaced_by=pl.lit("99"))
    now = merged(fetched("specialties", codes).drop("code_set"), specialties())
    assert set(now["replaced_by"]) == {"99"}


def test_an_entry_is_changed_and_every_other_character_stays() -> None:
    index = (SHIPPED / "code_sets" / "index.yaml").read_text("utf-8")
    once = with_entry(index, "urgency", {"version": '"of June"', "fetched": "2025-06-01"})
    twice = with_entry(once, "urgency", {"fetched": "2025-07-01"})
    before, after = (yaml.safe_load(text)["code_sets"] for text in (index, twice))
    changed = [one["name"] for one, other in zip(before, after, strict=True) if one != other]
    assert changed == ["urgency"]
    (entry,) = [one for one in after if one["name"] == "urgency"]
    assert (entry["version"], entry["fetched"]) == ("of June", date(2025, 7, 1))
    kept = [line for line in twice.splitlines() if line in index.splitlines()]
    assert len(kept) == len(index.splitlines()) - 1
    assert len(twice.splitlines()) == len(index.splitlines()) + 1


def _codes(name: str) -> pl.DataFrame:
    return RuleBook.load().code_sets[name].codes
