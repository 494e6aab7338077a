"""The operators' pages: whole, in three languages, and with figures that add up."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import yaml
from made_up_logs import months_of

import aspa_resources.anonymization_log as room
from aspa_resources import anonymizer
from aspa_resources.anonymization_log.pages import Logged, county_page, index_page
from aspa_resources.reporting.room_wording import texts_of
from aspa_resources.reporting.wording import LANGUAGES, placeholders
from aspa_resources.rule_book import RuleBook

RULES = RuleBook.load()


@pytest.fixture(scope="module")
def year() -> list[Logged]:
    """Return a county's eight months; in the last no phone number is found any more."""
    return months_of("10", 8, PHONE=0)


@pytest.fixture(scope="module")
def page(year) -> str:
    return county_page(year, RULES)


def edition(page: str, language: str) -> str:
    """Return what one language's edition shows, as plain text."""
    start = page.index(f'<main id="main-{language}"')
    part = page[start : page.index("</main>", start)]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", part))).replace("\u00a0", " ")


def test_languages_agree_on_what_is_filled_in():
    for key, one in texts_of("anonymization_log").items():
        of_all = {placeholders(one.of(language)) for language in LANGUAGES}
        assert len(of_all) == 1, key


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("fi", "elokuu 2025: tavallisesta poikkeaa Puhelinnumero ↓."),
        ("sv", "augusti 2025: avviker från det vanliga: Telefonnummer ↓."),
        ("en", "August 2025: out of the ordinary: Phone number ↓."),
    ],
)
def test_a_silent_recogniser_is_the_news(page, language, headline):
    assert headline in edition(page, language)


def test_every_figure_is_there_without_the_pictures(page):
    told = edition(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL), "en")
    assert "Phone number 0 0.0" in told
    assert "fewer than expected" in told
    assert "the county's 7 earlier months" in told
    assert "person_recognizer 83 100% 0.91 0.70" in told
    assert "Name of a person name_left" in told
    assert "1 of 40; 95 % interval 0.1%–13.2%" in told
    assert "None in this period: Coordinates, IP address." in told
    assert "2+7" in told


def test_pictures_have_words_and_no_token_is_left(page):
    assert page.count('<svg class="chart" role="img" aria-label="') == 6
    assert not re.search(r"@[a-z]+(?:\.\d+)?@", page)


def test_the_page_states_the_leak_rate_of_the_model_card(page):
    assert "In 200 marked texts 2 of 183 names were left (1.1%" in edition(page, "en")
    card = (Path(anonymizer.__file__).parent / "training/MODEL_CARD.md").read_text("utf-8")
    measured = yaml.safe_load((Path(room.__file__).parent / "measured.yaml").read_text("utf-8"))
    recall = 1 - measured["names_left"] / measured["names"]
    texts = f"{measured['texts']} texts, {measured['names']} names"
    assert f"| feedback, held out ({texts}), whole anonymiser | {recall:.3f} |" in card


def test_a_first_month_says_that_there_is_nothing_to_compare_with():
    told = edition(county_page(months_of("18", 1), RULES), "en")
    assert "there are too few earlier deliveries to compare with" in told
    assert "A picture needs two months at least." in told


def test_the_list_has_the_latest_month_of_every_county(year):
    page = index_page([*year, *months_of("18", 1)], RULES)
    told = edition(page, "en")
    assert '<a href="10.html#en">' in page
    assert "Kymenlaakso August 2025 1,000 8 Phone number ↓" in told
    assert "Central Ostrobothnia January 2025 1,000 5 no history" in told
    assert "Counties with something out of the ordinary: 1 of 2." in told


def test_an_empty_list_says_so():
    assert "No delivery has been anonymised yet." in edition(index_page([], RULES), "en")
