"""Whole pages against axe-core, in a real browser: no violation in any language at any width."""

from __future__ import annotations

from typing import Any

import pytest
from group_tables import MONTH, group_tables
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium_axe_python import Axe

from aspa_resources.reporting import county_report, national_report

GROUP = {"county": "age_group.85+", "nation": "cooperation_area.2"}
UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"
TELL = "document.querySelector('.edition:not([hidden]) .card button.figure').click()"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory, rules) -> dict[str, str]:
    """Where the two pages are, with some figures in every grouping and some of them hidden."""
    folder = tmp_path_factory.mktemp("pages")
    tables = group_tables(rules, seed=4, suppressed=0.2)
    provenance = {"release": "2025-03-r1", "text_models": "2025.2"}
    written = {
        "county": county_report(tables, "10", MONTH, rules, provenance),
        "nation": national_report(tables, MONTH, rules, provenance),
    }
    for name, html in written.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in written}


def _violations(browser: WebDriver) -> list[tuple[str, Any]]:
    axe = Axe(browser)
    axe.inject()
    found = axe.run()["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["county", "nation"])
def test_no_page_has_a_violation(browser, addresses, name, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    for language in ("fi", "sv", "en"):
        browser.get("about:blank")
        browser.get(f"{addresses[name]}#explorer={GROUP[name]}-{language}")
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
        browser.execute_script(UNFOLD)
        assert _violations(browser) == []
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        browser.execute_script(TELL)
        assert browser.find_element(By.CSS_SELECTOR, "dialog[open]").is_displayed()
        assert _violations(browser) == []


def test_a_violation_would_be_found(browser, addresses):
    browser.get(addresses["county"])
    browser.execute_script("document.querySelector('.edition:not([hidden]) select').id = 'lost'")
    assert "select-name" in dict(_violations(browser))
