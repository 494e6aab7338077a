"""Chapters by specialty, profession, mode of production, contact-mode group and SOTE class."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart
from aspa_resources.reporting import county_report
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import dimensions_of

MONTH: Final = "2025-03"
ROWS: Final = (
    ("2612", "30", "R10", "on_site", "doctors", "own", 60),
    ("2612", "20", "R52", "remote_real_time", "nurses", "bought", 50),
    ("2601", "70", "R10", "on_site", "psychologists", "other_county", 40),
    ("2601", "75", "R10", "on_site", "doctors", "voucher", 40),
    ("2536", None, "R71", "contactless", "nurses", "own", 30),
    ("2536", None, "R10", "on_site", "nurses", "own", 40),
)
SAID: Final = {
    "fi": ("Kirurgia", "Lääkärit", "Toiselta hyvinvointialueelta ostettu", "30 palautetta"),
    "sv": ("Kirurgi", "Läkare", "Köpt av ett annat välfärdsområde", "30 svar"),
    "en": ("Kirurgia", "Doctors", "Bought from another county", "30 responses"),
}


def responses(rules: RuleBook, rows: tuple[tuple[object, ...], ...] = ROWS) -> pl.DataFrame:
    columns = ("service_class", "service_specialty", "contact_mode", "contact_mode_group")
    columns += ("profession_group", "mode_of_production")
    dimensions = dimensions_of(rules.published_tables.values(), "indicator_mart")
    text = dict.fromkeys(("month", "county", *columns, *dimensions), pl.String)
    made = [
        {"month": MONTH, "county": county, **dict(zip(columns, values, strict=True))}
        | {"nps": (10, 8, 3)[i % 3]}
        for county in ("10", "08")
        for *values, count in rows
        for i in range(int(str(count)))
    ]
    answers = dict.fromkeys(("nps", *rules.statements), pl.Int8)
    return pl.DataFrame(made, schema=text | answers)


def page(rules: RuleBook, frame: pl.DataFrame) -> str:
    published: Mapping[str, pl.DataFrame] = protect(
        {"indicator_mart": indicator_mart(frame, rules)}, rules
    )
    return county_report(published, "10", MONTH, rules, {})


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_dimension_has_its_chapter_in_every_language(rules: RuleBook, language: str) -> None:
    shown = page(rules, responses(rules))
    for chapter in ("specialties", "professions", "production", "groups"):
        assert f'id="{chapter}-{language}"' in shown
    for words in SAID[language]:
        assert words in shown


def test_nothing_warns_of_contactless_feedback_where_there_is_none(rules: RuleBook) -> None:
    met = tuple(row for row in ROWS if row[3] != "contactless")
    assert "Feedback should not hang on these" not in page(rules, responses(rules, met))


def test_few_contactless_responses_are_warned_of_without_their_number(rules: RuleBook) -> None:
    few = tuple((*row[:-1], 8) if row[3] == "contactless" else row for row in ROWS)
    shown = page(rules, responses(rules, few))
    assert "the number is suppressed" in shown
    assert "8 responses are recorded under contact modes" not in shown


def test_sote_classes_are_on_the_page_only_once_switched_on(
    rules: RuleBook, tmp_path: Path
) -> None:
    assert "sote" not in page(rules, responses(rules)).lower()
    shutil.copytree(Path(__file__).parents[3] / "rules", tmp_path / "rules")
    file = tmp_path / "rules/aura/sote_allocation.yaml"
    switched = file.read_text("utf-8").replace(
        "shown_in_reports: false\nclasses", "shown_in_reports: true\nclasses"
    )
    file.write_text(switched, "utf-8")
    on = RuleBook.load(tmp_path / "rules")
    shown = page(on, responses(on).drop("sote_class"))
    assert 'id="sote-class-fi"' in shown
    assert "Erikoissairaanhoito" in shown
