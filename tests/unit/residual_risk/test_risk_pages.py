"""The operators' pages: three questions with their figures, in three languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest

from aspa_resources.reporting.room_wording import texts_of, voice
from aspa_resources.reporting.wording import LANGUAGES, placeholders
from aspa_resources.residual_risk.measure import (
    AFTER,
    ANY,
    BEFORE,
    SIZES,
    RiskFigure,
    size_name,
)
from aspa_resources.residual_risk.month_list import Month, index_page
from aspa_resources.residual_risk.pages import month_page
from aspa_resources.rule_book import RuleBook

RULES = RuleBook.load()
RISK = RULES.disclosure.residual_risk
PLAIN = (
    "classes", "unique_rows", "unique_share", "rows_below_k", "least_k", "largest_risk",
    "mean_risk",
)  # fmt: skip
OF_ATTRIBUTE = (
    "homogeneous_rows", "least_values", "largest_distance", "margin_rate", "guess_rate",
    "general_rate",
)  # fmt: skip
ROWS, LINKED, FEW = 977, 613, 3


def figures(few: int = 0) -> list[RiskFigure]:
    """Return figures of every kind that a page shows."""
    told = [
        RiskFigure(ANY, AFTER, "rows", ANY, ROWS),
        RiskFigure(ANY, AFTER, "generalised_rows", ANY, 131),
        RiskFigure(ANY, AFTER, "linked_rows", ANY, LINKED),
        RiskFigure(ANY, AFTER, "rows_too_few_to_promise", ANY, few),
        RiskFigure(ANY, AFTER, "guess_gain", ANY, 0.17),
    ]
    for scenario in RISK.scenarios:
        for stage in (BEFORE, AFTER):
            told += [RiskFigure(scenario.id, stage, name, ANY, 5) for name in PLAIN]
            told += [
                RiskFigure(scenario.id, stage, "rows_of_size", size_name(*size), 139)
                for size in SIZES
            ]
            told += [RiskFigure(scenario.id, stage, name, "nps", 0.4) for name in OF_ATTRIBUTE]
    return told


@pytest.fixture(scope="module")
def page() -> str:
    return month_page("10", "2025-03", figures(), RULES)


def edition(page: str, language: str) -> str:
    """Return the words of one edition."""
    after = page.split(f'<div class="edition" lang="{language}"')[1]
    html = after.split('<div class="edition"')[0].split("<script>")[0]
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_has_its_answer_in_every_language(page: str, language: str) -> None:
    words = edition(page, language)
    say = voice("residual_risk", language, 10).say
    for question in ("singling", "linking", "inference"):
        assert say(f"section.{question}") in words
    assert say("inference.answer", gain=voice("residual_risk", language, 10).percent(0.17)) in words
    assert voice("residual_risk", language, 10).percent(LINKED / ROWS) in words
    for scenario in RISK.scenarios:
        assert scenario.knows.of(language) in words
    assert "{" not in words


def test_the_promise_is_not_told_where_the_month_is_too_small(page: str) -> None:
    small = edition(month_page("10", "2025-03", figures(FEW), RULES), "en")
    assert "too few rows for what is promised" in small
    assert "The promise is kept" not in small
    assert "The promise is kept" in edition(page, "en")


def test_the_page_leads_to_the_list_and_to_the_anonymisation_of_its_county(page: str) -> None:
    links = set(re.findall(r'href="([^"#]+)#fi"', page))
    assert links == {"../index.html", "../../anonymization/10.html"}


def test_the_chart_shows_each_size_before_and_after(page: str) -> None:
    charts = re.findall(r'<svg class="chart".*?</svg>', page, flags=re.DOTALL)
    assert len(charts) == len(LANGUAGES)  # one promise, three languages
    assert all(f"k = {size_name(*size).replace('-', '–')}" in charts[0] for size in SIZES)


def test_ids_are_unique_and_headings_in_order(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(b - a <= 1 for a, b in pairwise(levels))


def months(*of: tuple[str, str], **changed: float) -> list[Month]:
    statistics = {"rows": 200, "generalised_rows": 50, **changed}
    return [Month(county, month, statistics) for county, month in of]


def test_the_list_shows_each_countys_newest_month_and_leads_to_all() -> None:
    known = months(("10", "2025-02"), ("10", "2025-03"), ("08", "2025-01"))
    page = index_page(known, RULES)
    first = page.split("<tbody>")[1].split("</tbody>")[0]
    assert re.findall(r'href="([^#]+)#fi"', first) == [
        "08/2025-01.html",
        "10/2025-03.html",
        "10/2025-02.html",
    ]
    assert first.count("<tr>") == 2
    assert re.sub(r"\s", " ", "25 %") in re.sub(r"\s", " ", first)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ["verdict.good"]),
        ({"rows_too_few_to_promise": 1}, ["verdict.rows_too_few_to_promise"]),
        ({"table_loss": 0.9, "guess_gain": 0.9}, ["verdict.table_loss", "verdict.guess_gain"]),
    ],
)
def test_the_list_says_what_is_to_be_looked_at(
    changed: dict[str, float], told: Sequence[str]
) -> None:
    page = edition(index_page(months(("10", "2025-03"), **changed), RULES), "en")
    assert ", ".join(texts_of("residual_risk")[name].en for name in told) in page


def test_an_empty_list_says_so_and_older_statistics_are_shown_as_far_as_they_go() -> None:
    assert texts_of("residual_risk")["index.none"].sv in index_page([], RULES)
    assert "–" in index_page([Month("10", "2025-03", {})], RULES)


def test_nothing_comes_from_elsewhere(page: str) -> None:
    for html in (page, index_page(months(("10", "2025-03")), RULES)):
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_every_sentence_has_the_same_placeholders_in_each_language() -> None:
    for key, worded in texts_of("residual_risk").items():
        assert len({placeholders(text) for text in worded.every}) == 1, key


def test_without_a_promise_none_is_told() -> None:
    measured = tuple(s.model_copy(update={"enforced": False}) for s in RISK.scenarios)
    risk = RISK.model_copy(update={"scenarios": measured})
    rules = replace(RULES, disclosure=RULES.disclosure.model_copy(update={"residual_risk": risk}))
    page = month_page("10", "2025-03", figures(), rules)
    assert texts_of("residual_risk")["kept.none"].en in page
    assert "<svg" not in page
