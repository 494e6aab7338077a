"""Figures from elsewhere: held to their contract, told in three languages, joined to figures."""

from __future__ import annotations

import re
from importlib.resources import files

import polars as pl
import pytest
import yaml

from aspa_resources import enrichment as room
from aspa_resources.enrichment import enriched_tables, lines, read_dropped, told
from aspa_resources.enrichment.reading import FAULTS, SCHEMA
from aspa_resources.rule_book import RuleBook

RULES = RuleBook.load()
NEED = "county;year;need_coefficient;source\n"
COSTS = "county,service_class,year,unit_cost,outputs,source\n"


def faults(name: str, content: str | bytes) -> list[tuple[str, int | None, str]]:
    data = content.encode() if isinstance(content, str) else content
    (one,) = [r for r in read_dropped({name: data}, RULES) if not r.absent]
    return [(fault.code, fault.line, fault.field) for fault in one.faults]


def published(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"month": m, "county": c, "service_class": s, "measure": "nps", "value": 40.0, "n": 12,
             "status": "published"}
            for m, c, s in rows
        ]
    )  # fmt: skip


def test_good_files_give_figures_and_absent_ones_none() -> None:
    dropped = {"need_coefficients": (NEED + "08;2024;1,03;THL\nFI;2024;1;THL\n").encode()}
    need, wellbeing, costs = read_dropped(dropped, RULES)
    assert need.figures["value"].to_list() == [1.03, 1.0]
    assert not need.faults
    assert wellbeing.absent
    assert costs.absent
    assert "ei ole pakollinen" in lines([costs], "fi")[0]


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("need_coefficients", "", ("empty", None, "")),
        ("need_coefficients", NEED, ("empty", None, "")),
        ("need_coefficients", b"\xff\xfe", ("not_utf8", None, "")),
        ("need_coefficients", "county;year;source\n", ("missing_column", 1, "need_coefficient")),
        ("need_coefficients", NEED.replace("source", "source;x"), ("unknown_column", 1, "#5")),
        ("need_coefficients", NEED + "08;2024\n", ("wrong_width", 2, "")),
        ("need_coefficients", NEED + "77;2024;1;THL\n", ("unknown_county", 2, "county")),
        ("need_coefficients", NEED + "08;24;1;THL\n", ("not_a_year", 2, "year")),
        ("need_coefficients", NEED + "08;2024;9;THL\n", ("out_of_range", 2, "need_coefficient")),
        ("need_coefficients", NEED + "08;2024;1;\n", ("missing_value", 2, "source")),
        ("need_coefficients", NEED + "08;2024;1;a\n08;2024;1;b\n", ("twice", 3, "county, year")),
        ("unit_costs", COSTS + "08,9999,2025,10,,own\n", ("unknown_class", 2, "service_class")),
        ("unit_costs", COSTS + "08,2536,2025,x,,own\n", ("not_a_number", 2, "unit_cost")),
        ("unit_costs", COSTS + "08,2536,2025,1,1.5,own\n", ("not_a_number", 2, "outputs")),
    ],
)
def test_what_is_wrong_is_named_by_place(
    name: str, content: str | bytes, wanted: tuple[str, int | None, str]
) -> None:
    assert wanted in faults(name, content)


def test_every_fault_has_its_words_and_none_tells_a_value() -> None:
    texts = yaml.safe_load(files(room).joinpath("texts.yaml").read_text(encoding="utf-8"))
    assert set(texts) == set(FAULTS)
    for languages in texts.values():
        assert set(languages) == {"fi", "sv", "en"}
        for words in languages.values():
            assert set(re.findall(r"{(\w+)}", words["what"] + words["cure"])) <= {"field"}
    found = read_dropped({"need_coefficients": (NEED + "08;2024;secret;THL\n").encode()}, RULES)
    assert "secret" not in str(told(found))
    assert "line 2" in lines(found, "en")[0]


def test_figures_stand_beside_the_newest_published_of_their_class_and_county() -> None:
    dropped = {
        "need_coefficients": (NEED + "08;2023;1,1;a\n08;2024;1,2;a\n08;2026;1,3;a\n").encode(),
        "unit_costs": (COSTS + "08,2536,2025,10,,own\n").encode(),
    }
    figures = pl.concat([r.figures for r in read_dropped(dropped, RULES) if not r.absent])
    tables = enriched_tables(
        figures,
        published(("2025-03", "08", "ALL"), ("2025-03", "08", "2536"), ("2025-03", "10", "ALL")),
        RULES,
    )
    assert set(tables) == {
        "enrichment_need_coefficients",
        "enrichment_unit_costs",
        "enriched_indicators_by_service_class",
    }
    joined = tables["enriched_indicators_by_service_class"]
    assert joined.select("service_class", "enrichment", "year", "enrichment_value").rows() == [
        ("2536", "unit_costs", 2025, 10.0),
        ("ALL", "need_coefficients", 2024, 1.2),
    ]


def test_without_files_the_warehouse_gets_nothing() -> None:
    assert enriched_tables(SCHEMA.to_frame(), published(), RULES) == {}
