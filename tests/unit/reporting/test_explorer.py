"""The data behind the chapter on one group, and the chapter itself: published figures alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from group_tables import CATEGORIES, MONTH, group_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.reporting import county_report, national_report
from aspa_resources.reporting.explorer.data import explorer_data
from aspa_resources.reporting.explorer.groups import groupings
from aspa_resources.reporting.figures import PublishedView, nps_of
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL

RULES = RuleBook.load()
DATA = re.compile(r'<script type="application/json" id="explorer-data">(.*?)</script>')
CHAPTER = re.compile(r'<section id="explorer-(?:fi|sv|en)".*?</section>', re.DOTALL)
DIMENSION_KEYS = ("month", "county", "measure", "value", "n", "status")


def view_of(tables: Mapping[str, pl.DataFrame], area: str) -> PublishedView:
    return PublishedView(tables, MONTH, {area, "FI"})


def block_of(tables: Mapping[str, pl.DataFrame], area: str) -> dict[str, Any]:
    return json.loads(explorer_data(view_of(tables, area), area, RULES))


def rows_of(block: dict[str, Any]) -> Iterator[list[Any]]:
    yield block["whole"]
    for group in block["groups"].values():
        yield from group["rows"]


def figures_of(tables: Mapping[str, pl.DataFrame], *areas: str) -> pl.DataFrame:
    columns = ("county", "measure", "value", "n", "status")
    return pl.concat([t.select(columns) for t in tables.values()]).filter(
        pl.col("county").is_in(areas)
    )


def row_in(tables: Mapping[str, pl.DataFrame], name: str, area: str, **of: str) -> dict[str, Any]:
    table = tables[name]
    cell = {d: of.get(d, ALL) for d in table.columns if d not in DIMENSION_KEYS}
    return table.filter(county=area, measure=of["measure"], **cell).row(0, named=True)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return group_tables(RULES, seed=7, suppressed=0.3)


@pytest.mark.parametrize(
    ("key", "figure", "table", "of"),
    [
        ("service_class.2235", "nps", "indicators_by_service_class",
         {"service_class": "2235", "measure": "nps"}),
        ("age_group.85+", "s4_felt_safe_mean", "indicators_by_age_group",
         {"age_group": "85+", "measure": "s4_felt_safe_mean"}),
        ("age_group.7-12", "response_rate", "coverage",
         {"age_group": "7-12", "measure": "response_rate"}),
        ("profession_group.dental", "theme.fees", "themes_by_profession_group",
         {"profession_group": "dental", "theme": "fees", "measure": "share"}),
        ("service_class.2612", "tone.negative", "sentiment_by_service_class",
         {"service_class": "2612", "sentiment": "negative", "measure": "share"}),
        ("service_class+service_specialty.2612.75", "responses", "indicators_by_specialty",
         {"service_class": "2612", "service_specialty": "75", "measure": "responses"}),
        ("channel.sms", "detractors_share", "indicators_by_channel",
         {"channel": "sms", "measure": "detractors_share"}),
    ],
)  # fmt: skip
def test_a_groups_figure_is_the_tables_of_the_county_and_of_the_nation(key, figure, table, of):
    tables = group_tables(RULES, seed=1, suppressed=0)
    block = block_of(tables, "10")
    for area, row in zip(("10", "FI"), block["groups"][key]["rows"], strict=True):
        expected = row_in(tables, table, area, **of)
        assert row[block["figures"].index(figure)][:2] == [expected["value"], expected["n"]]


def test_the_whole_area_is_told_from_the_tables_totals():
    tables = group_tables(RULES, seed=1, suppressed=0)
    block = block_of(tables, "10")
    whole = dict(zip(block["figures"], block["whole"], strict=False))
    total = row_in(tables, "indicators_by_service_class", "10", measure="nps")
    assert whole["nps"][0] == total["value"]
    tone = row_in(tables, "themes_by_sentiment", "10", sentiment="positive", measure="share")
    assert whole["tone.positive"] == [tone["value"], tone["n"]]


def test_margin_and_differences_are_those_of_the_other_chapters():
    tables = group_tables(RULES, seed=3, suppressed=0)
    block, view = block_of(tables, "10"), view_of(tables, "10")
    group = block["groups"]["age_group.85+"]
    own, nation = (
        nps_of(view, "indicators_by_age_group", area, age_group="85+") for area in ("10", "FI")
    )
    whole = nps_of(view, "indicators_by_service_class", "10")
    assert own.margin is not None
    assert group["rows"][0][block["figures"].index("nps")][2] == int(max(own.margin, 1) + 0.5)
    points = [points for points, _ in group["against"]]
    assert points == [own.rounded - nation.rounded, own.rounded - whole.rounded]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    suppressed=st.floats(0, 1),
    area=st.sampled_from(["08", "10", "FI"]),
)
def test_no_suppressed_value_nor_another_countys_can_be_in_the_data(seed, suppressed, area):
    tables = group_tables(RULES, seed, suppressed)
    block = block_of(tables, area)
    told = {(cell[0], cell[1]) for row in rows_of(block) for cell in row if isinstance(cell, list)}
    open_to = figures_of(tables, area, "FI").filter(status="published")
    assert told <= set(open_to.select("value", "n").iter_rows())
    for row in rows_of(block):
        assert all(cell is None or cell == 0 or len(cell) in (2, 3) for cell in row)


def test_nothing_but_figures_of_one_county_and_the_nation_is_in_the_page(tables):
    html = county_report(tables, "10", MONTH, RULES, {})
    (text,) = DATA.findall(html)
    assert json.loads(text) == block_of(tables, "10")
    hidden = figures_of(tables, "08", "10", "FI").filter(
        (pl.col("status") == "suppressed") | (pl.col("county") == "08")
    )
    open_to = figures_of(tables, "10", "FI").filter(status="published")
    written = set(re.findall(r"\d+(?:\.\d+)?", text))
    telling = {f"{v:.10g}" for v in hidden["value"]} - {f"{v:.10g}" for v in open_to["value"]}
    assert len(telling) > 500
    assert not written & {value for value in telling if len(value) > 5}


def test_suppressed_is_told_apart_from_not_published(tables):
    whole = pl.col("service_class") == "2235"
    name = "indicators_by_service_class"
    hidden = tables[name].with_columns(
        status=pl.when(whole).then(pl.lit("suppressed")).otherwise(pl.col("status"))
    )
    block = block_of({**tables, name: hidden}, "10")
    row = block["groups"]["service_class.2235"]["rows"][0]
    at = block["figures"].index
    assert row[at("nps")] == 0
    assert row[at("theme.safety")] is None
    assert block["groups"]["service_class.2235"]["against"] == [None, None]


def test_every_grouping_that_is_published_can_be_picked(tables):
    ids = {key.split(".")[0] for key in block_of(tables, "10")["groups"]}
    shown = {"theme", "sentiment", "cooperation_area", "service_specialty"}
    assert ids == {*(CATEGORIES.keys() - shown), "service_class+service_specialty"}
    national = {key.split(".")[0] for key in block_of(tables, "FI")["groups"]}
    assert national == {*ids, "cooperation_area", "cooperation_area+service_class"}


def test_a_crossing_that_rule_makers_declare_can_be_picked_at_once():
    crossed = RULES.published_tables["indicators_by_specialty"].model_copy(
        update={
            "name": "indicators_by_class_and_age",
            "dimensions": ("service_class", "age_group"),
            "crossings": (("service_class", "age_group"),),
        }
    )
    rules = replace(RULES, published_tables={**RULES.published_tables, crossed.name: crossed})
    assert "service_class+age_group" in [way.id for way in groupings(rules)]
    tables = group_tables(rules, seed=2, suppressed=0.2)
    html = county_report(tables, "10", MONTH, rules, {})
    assert '<option value="service_class+age_group.2235.85+">85 years and over</option>' in html
    assert ">Service class – Age group</label>" in html


def test_a_category_cannot_end_the_data(tables):
    name = "indicators_by_contact_mode"
    hostile = tables[name].with_columns(pl.col("contact_mode").replace("R10", "</script><b>"))
    html = county_report({**tables, name: hostile}, "10", MONTH, RULES, {})
    (text,) = DATA.findall(html)
    assert "contact_mode.</script><b>" in json.loads(text)["groups"]
    assert "</script><b>" not in html


@pytest.mark.parametrize("area", ["10", "FI"])
def test_the_chapter_waits_for_its_script_in_every_language_alike(tables, area):
    if area == "FI":
        html = national_report(tables, MONTH, RULES, {})
    else:
        html = county_report(tables, area, MONTH, RULES, {})
    chapters = CHAPTER.findall(html)
    assert len(chapters) == 3
    offered = [re.findall(r'<option value="([^"]+)"', chapter) for chapter in chapters]
    assert offered[0] == offered[1] == offered[2]
    assert sorted(offered[0]) == sorted(block_of(tables, area)["groups"])
    rows = [re.findall(r'data-figure="([^"]+)"', chapter) for chapter in chapters]
    assert rows[0] == rows[1] == rows[2]
    assert sorted(rows[0]) == sorted(block_of(tables, area)["figures"])
    for chapter in chapters:
        assert chapter.split(">", 1)[0].endswith("data-scripted hidden")
        assert not re.search(r'<td role="cell">[^<]', chapter)


def test_lists_stand_in_the_order_of_their_codes(tables):
    finnish = CHAPTER.findall(county_report(tables, "10", MONTH, RULES, {}))[0]
    labels = re.findall(r"<label[^>]*>([^<]+)</label>", finnish)
    assert labels[:4] == ["Palveluluokka", "Yhteystapa", "Ammattiryhmä", "Ikäryhmä"]
    assert finnish.index('value="age_group.7-12"') < finnish.index('value="age_group.85+"')


def test_a_page_without_figures_has_neither_chapter_nor_script(tables):
    html = county_report(tables, "02", MONTH, RULES, {})
    assert not DATA.findall(html)
    assert "explorer" not in html


def test_a_missing_table_leaves_its_list_out(tables):
    left = {name: table for name, table in tables.items() if name != "indicators_by_channel"}
    html = county_report(left, "10", MONTH, RULES, {})
    assert 'value="channel.' not in html
    assert 'value="respondent_role.' in html
