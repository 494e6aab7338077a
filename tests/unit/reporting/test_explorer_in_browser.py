"""Picking a group in a real browser: by keyboard, in three languages; skipped where there is none.

What the script writes is held against the same figures written in Python.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import pytest
from group_tables import MONTH, group_tables
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from aspa_resources.figure_keys import FigureKey
from aspa_resources.reporting import county_report, national_report
from aspa_resources.reporting.figures import PublishedView, nps_of
from aspa_resources.reporting.wording import Language, wording

AGE: Final = {"age_group": "85+"}
TABLE: Final = "indicators_by_age_group"
EVERY_FIGURE: Final = """
const chapter = document.querySelector(".edition:not([hidden]) section.explorer");
return [...chapter.querySelectorAll("button.figure")].map(
  (button) => [button.textContent, ...figureOf.get(button)]);
"""


@pytest.fixture
def tables(rules) -> dict[str, pl.DataFrame]:
    return group_tables(rules, seed=11, suppressed=0)


@pytest.fixture
def address(tmp_path, rules, tables) -> str:
    file = tmp_path / "page.html"
    file.write_text(county_report(tables, "10", MONTH, rules, {}), encoding="utf-8")
    return file.as_uri()


def _chapter(browser: WebDriver) -> WebElement:
    found = browser.find_elements(By.CSS_SELECTOR, "section.explorer")
    (shown,) = [chapter for chapter in found if chapter.is_displayed()]
    return shown


def _list(browser: WebDriver, name: str) -> Select:
    return Select(_chapter(browser).find_element(By.CSS_SELECTOR, f"select[id^=pick-{name}-]"))


def _answer(browser: WebDriver) -> str:
    return _chapter(browser).find_element(By.CSS_SELECTOR, "[role=status] .answer").text


def _cells(browser: WebDriver, figure: str) -> list[str]:
    cells = _chapter(browser).find_elements(By.CSS_SELECTOR, f"tr[data-figure='{figure}'] td")
    return [" ".join(cell.get_attribute("textContent").split()) for cell in cells]


def _written(
    tables: dict[str, pl.DataFrame], figure: str, language: Language, area: str
) -> list[str]:
    """Return what a row's cells must say: the group's, the same group's, everyone's."""
    view, voice = PublishedView(tables, MONTH, {area, "FI"}), wording(language, 10)
    places = [(TABLE, area, AGE), (TABLE, "FI", AGE), ("indicators_by_service_class", area, {})]
    texts = []
    for table, of, cell in places:
        shown = view.figure(table, figure, of, **cell)
        assert shown.value is not None
        n = f"n = {voice.whole(shown.n or 0)}"
        if figure == "nps":
            margin = nps_of(view, table, of, **cell).margin
            assert margin is not None
            texts.append(f"{voice.whole(shown.value)} ±{voice.whole(max(margin, 1))}, {n}")
        elif figure.endswith("_mean"):
            texts.append(f"{voice.decimal(shown.value, 2)} {n}")
        elif figure == "responses":
            texts.append(voice.whole(shown.value))
        else:
            texts.append(f"{voice.percent(shown.value)} {n}")
    return [" ".join(text.split()) for text in texts]


def test_a_group_is_picked_by_keyboard_and_its_figures_are_those_of_the_tables(
    browser, address, tables, rules
):
    browser.get(address)
    assert not _chapter(browser).find_element(By.CSS_SELECTOR, ".found").is_displayed()
    ages = _chapter(browser).find_element(By.CSS_SELECTOR, "select[id^=pick-age_group-]")
    ages.send_keys("85")
    for language in ("fi", "sv", "en"):
        browser.find_element(By.CSS_SELECTOR, f"button[value={language}]").send_keys(Keys.ENTER)
        assert browser.current_url.endswith(f"#explorer=age_group.85+-{language}")
        measures = rules.published_tables[TABLE].measures
        for figure in measures:
            assert _cells(browser, figure) == _written(tables, figure, language, "10"), figure
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(
    "key",
    ["service_class.2235", "service_class+service_specialty.2612.75", "profession_group.dental"],
)
def test_each_figure_of_a_group_opens_the_published_figure_that_it_shows(
    browser, address, tables, key
):
    view, voice = PublishedView(tables, MONTH, {"10", "FI"}), wording("en", 10)
    browser.get(f"{address}#explorer={key}-en")
    told = browser.execute_script(EVERY_FIGURE)
    assert len({text for _, text, _ in told}) > 20
    for shown, text, n in told:
        of = FigureKey.parse(text)
        figure = view.figure(of.table, of.measure, of.county, **of.dimensions)
        assert (str(figure.key), figure.n) == (text, n)
        assert figure.value is not None
        places = 2 if of.measure.endswith("_mean") else 0
        assert shown in {voice.decimal(figure.value, places), voice.whole(figure.value),
                         voice.percent(figure.value)}  # fmt: skip
    cell = _chapter(browser).find_element(By.CSS_SELECTOR, "tr:not([hidden]) button.figure")
    cell.send_keys(Keys.ENTER)
    dialog = next(one for one in browser.find_elements(By.TAG_NAME, "dialog") if one.is_displayed())
    assert voice.say("definitions.nps") in dialog.text
    assert "undefined" not in dialog.text
    assert browser.get_log("browser") == []


def test_the_figures_of_a_group_are_one_stop_of_the_tab_key_in_each_table(browser, address):
    browser.get(f"{address}#explorer=age_group.85+-en")
    parts = _chapter(browser).find_elements(By.CSS_SELECTOR, ".part")
    stops = [len(part.find_elements(By.CSS_SELECTOR, "button[tabindex='0']")) for part in parts]
    assert stops == [
        int(part.find_element(By.TAG_NAME, "table").is_displayed()) for part in parts
    ]  # fmt: skip


def test_a_second_group_replaces_the_first_and_the_page_says_so(browser, address):
    browser.get(f"{address}#en")
    _list(browser, "age_group").select_by_value("age_group.85+")
    assert _answer(browser).startswith("85 years and over: NPS is ")
    _list(browser, "service_class").select_by_value("service_class.2235")
    assert _answer(browser).startswith("Home care for older people: NPS is ")
    assert _list(browser, "age_group").first_selected_option.get_attribute("value") == ""
    note = _chapter(browser).find_element(By.CSS_SELECTOR, "[role=status] .note").text
    assert note == "The previous choice was removed: 85 years and over. Groups cannot be combined."
    themes = _cells(browser, "theme.access")
    assert len(themes) == 3
    assert all("%" in text for text in themes)

    _chapter(browser).find_element(By.CSS_SELECTOR, ".actions button").send_keys(Keys.ENTER)
    assert _answer(browser) == ""
    assert browser.current_url.endswith("#explorer-en")


def test_a_link_that_was_sent_on_opens_the_same_group_in_its_language(browser, address):
    key = "service_class+service_specialty.2612.75"
    browser.get(f"{address}#explorer={key}-sv")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "sv"
    assert _answer(browser).startswith("Somatisk specialiserad sjukvård – Barnpsykiatri: NPS är ")
    chosen = _list(browser, "service_class-service_specialty").first_selected_option
    assert chosen.is_displayed()
    assert chosen.get_attribute("value") == key
    link = _chapter(browser).find_element(By.CSS_SELECTOR, ".actions a").get_attribute("href")
    assert link == browser.current_url
    browser.execute_script("location.hash = '#themes-sv'")
    assert _answer(browser).startswith("Somatisk")
    browser.execute_script("location.hash = '#explorer=age_group.nobody-sv'")
    assert _answer(browser).startswith("Somatisk")


def test_suppressed_and_unpublished_figures_are_told_in_words(browser, tmp_path, rules, tables):
    name = "indicators_by_profession_group"
    own = (pl.col("profession_group") == "dental") & (pl.col("county") == "10")
    hidden = tables[name].with_columns(
        status=pl.when(own).then(pl.lit("suppressed")).otherwise(pl.col("status"))
    )
    file = tmp_path / "page.html"
    file.write_text(county_report({**tables, name: hidden}, "10", MONTH, rules, {}), "utf-8")
    browser.get(f"{file.as_uri()}#explorer=profession_group.dental-fi")
    assert _answer(browser).endswith(
        "NPS-lukua ei näytetä, koska vastauksia on alle 10 tai koska luvusta voisi päätellä "
        "toisen, pienen ryhmän luvun."
    )
    group, nation, whole = _cells(browser, "nps")
    assert group == "peitetty"
    assert "n = " in nation
    assert "n = " in whole
    option = _list(browser, "profession_group").first_selected_option.text
    assert option.endswith("(peitetty)")
    assert "Näitä lukuja ei julkaista tällä ryhmittelyllä." in _chapter(browser).text


@pytest.mark.parametrize("width", [390, 1280])
def test_the_nations_page_sets_a_group_beside_everyone_and_fits(browser, tmp_path, rules, width):
    tables = group_tables(rules, seed=5, suppressed=0.2)
    file = tmp_path / "page.html"
    file.write_text(national_report(tables, MONTH, rules, {}), encoding="utf-8")
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.get(f"{file.as_uri()}#explorer=cooperation_area.2-en")
    assert _answer(browser).startswith("Eastern Finland")
    assert len(_cells(browser, "responses")) == 2
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
