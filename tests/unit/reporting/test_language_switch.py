"""The page's script in a real browser: languages, keyboard, memory; skipped where there is none."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from aspa_resources.reporting import county_report


def _shown(browser: WebDriver) -> list[str]:
    parts = browser.find_elements(By.CSS_SELECTOR, ".edition")
    return [part.get_attribute("lang") for part in parts if part.is_displayed()]


def test_language_is_chosen_by_keyboard_and_remembered_in_the_address(
    browser, tmp_path, published, rules
):
    file = tmp_path / "page.html"
    file.write_text(county_report(published, "10", "2025-03", rules, {}), encoding="utf-8")
    browser.get(file.as_uri())
    assert _shown(browser) == ["fi"]

    browser.find_element(By.CSS_SELECTOR, "button[value=sv]").send_keys(Keys.ENTER)
    assert _shown(browser) == ["sv"]
    assert browser.current_url.endswith("#sv")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "sv"
    assert browser.title.startswith("Kundrespons")

    browser.find_element(By.CSS_SELECTOR, ".edition:not([hidden]) a[href='#words-sv']").click()
    browser.refresh()
    assert _shown(browser) == ["sv"]
    browser.find_element(By.CSS_SELECTOR, "button[value=en]").send_keys(Keys.SPACE)
    assert browser.current_url.endswith("#words-en")

    wide = browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert wide
    assert browser.get_log("browser") == []
