"""What a figure rests on, asked in a real browser by keyboard; skipped where there is none."""

from __future__ import annotations

import shlex

import polars as pl
import pytest
from group_tables import MONTH, group_tables
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from aspa_resources.figure_keys import FigureKey
from aspa_resources.reporting import county_report
from aspa_resources.reporting.figures import PublishedView
from aspa_resources.reporting.wording import wording

PROVENANCE = {"release": "2025-03-r1", "rules": "0123456789ab", "text_models": "2025.2"}
SCORE = FigureKey(MONTH, "indicators_by_service_class", "10", "nps", {})
EVERY_KEY = """
const { tables, figures } = JSON.parse(document.getElementById("figures").textContent);
return figures.map(([table, rest, n]) => [`${tables[table]}/${rest}`, n ?? null]);
"""


@pytest.fixture(scope="module")
def tables(rules) -> dict[str, pl.DataFrame]:
    return group_tables(rules, seed=9, suppressed=0)


@pytest.fixture
def opened(browser, tmp_path, rules, tables) -> WebDriver:
    file = tmp_path / "page.html"
    file.write_text(county_report(tables, "10", MONTH, rules, PROVENANCE), encoding="utf-8")
    browser.get(file.as_uri())
    return browser


def _shown(browser: WebDriver, selector: str) -> WebElement:
    found = browser.find_elements(By.CSS_SELECTOR, selector)
    return next(element for element in found if element.is_displayed())


def _focused(browser: WebDriver) -> WebElement:
    return browser.switch_to.active_element


def test_a_figure_tells_its_n_definition_versions_and_key(opened, tables, rules):
    n = PublishedView(tables, MONTH, {"10"}).figure(SCORE.table, "nps", "10").n
    for language in ("fi", "sv", "en"):
        voice = wording(language, rules.disclosure.threshold)
        _shown(opened, f"button[value={language}]").send_keys(Keys.ENTER)
        figure = _shown(opened, ".card button.figure")
        figure.send_keys(Keys.ENTER)
        dialog = _shown(opened, "dialog")
        said = dialog.text
        assert figure.text in said.splitlines()[0]
        assert " ".join(voice.whole(n).split()) in " ".join(said.split())
        assert voice.say("definitions.nps") in said
        assert "0123456789ab" in said
        assert "2025.2" not in said  # no text model stands behind a score
        command = dialog.find_element(By.TAG_NAME, "code").text
        assert FigureKey.parse(shlex.split(command)[-1]) == SCORE
        assert shlex.split(command)[:2] == ["aspa", "trace"]
        assert _focused(opened).tag_name == "h2"
        _focused(opened).send_keys(Keys.ESCAPE)
        assert not dialog.is_displayed()
        assert _focused(opened) == figure
    assert opened.get_log("browser") == []


def test_arrows_go_from_figure_to_figure_and_a_table_is_one_stop(opened):
    chapter = _shown(opened, "section.service-class")
    chapter.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    table = chapter.find_element(By.TAG_NAME, "table")
    first, *others = table.find_elements(By.CSS_SELECTOR, "button.figure")
    assert first.get_attribute("tabindex") == "0"
    assert {other.get_attribute("tabindex") for other in others} == {"-1"}
    first.send_keys(Keys.ARROW_DOWN)
    below = _focused(opened)
    assert below != first
    assert below.get_attribute("tabindex") == "0"
    below.send_keys(Keys.ENTER)
    key = FigureKey.parse(shlex.split(_shown(opened, "dialog code").text)[-1])
    assert key.dimensions.keys() == {"service_class"}
    _shown(opened, "dialog .close").send_keys(Keys.ENTER)
    below.send_keys(Keys.ARROW_UP)
    assert _focused(opened) == first


def test_a_suppressed_figure_says_why_and_has_a_key_but_no_n(browser, tmp_path, rules, tables):
    hidden = {
        name: table.with_columns(status=pl.lit("suppressed")) for name, table in tables.items()
    }
    file = tmp_path / "page.html"
    file.write_text(county_report(hidden, "10", MONTH, rules, {}), encoding="utf-8")
    browser.get(f"{file.as_uri()}#en")
    _shown(browser, ".card button.figure").send_keys(Keys.ENTER)
    dialog = _shown(browser, "dialog")
    assert wording("en", rules.disclosure.threshold).say("status.suppressed_note") in dialog.text
    assert not dialog.find_element(By.CSS_SELECTOR, ".n").is_displayed()
    assert dialog.find_element(By.TAG_NAME, "code").text == f"aspa trace '{SCORE}'"


def test_every_key_in_the_page_is_a_published_figure_with_its_n(opened, tables):
    view = PublishedView(tables, MONTH, {"10", "FI", "08"})
    told = opened.execute_script(EVERY_KEY)
    assert len(told) > 100
    for text, n in told:
        key = FigureKey.parse(text)
        figure = view.figure(key.table, key.measure, key.county, **key.dimensions)
        assert (figure.key, figure.n) == (key, n)
