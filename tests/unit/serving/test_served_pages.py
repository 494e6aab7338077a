"""The app's own pages: three languages, and every link on them opens."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from served_home import FILES

from aspa_resources.home import AspaHome
from aspa_resources.reporting.room_wording import texts_of
from aspa_resources.reporting.wording import LANGUAGES, placeholders
from aspa_resources.serving.contents import contents_for
from aspa_resources.serving.pages import error_page, first_page, folder_page
from aspa_resources.serving.readers import Claims, Reader
from aspa_resources.serving.shelves import Shelves

HREF = re.compile(r'href="([^"#]+)(?:#(\w+))?"')


def crawl(reader) -> set[str]:
    """Return every address that the links reach from the first page; each has to open."""
    seen, ahead = set(), ["https://aspa.example/"]
    while ahead:
        address = ahead.pop()
        answer = reader.get(address)
        assert answer.status_code == 200, address
        seen.add(address)
        links = {urljoin(address, found) for found, _ in HREF.findall(answer.text)}
        ahead += links - seen - {*ahead}
    return {address.removeprefix("https://aspa.example/") for address in seen}


@pytest.mark.parametrize(
    ("group", "reached"),
    [
        ("aspa-county-08", {"reports/08/2025-02.html", "reports/08/2025-03.html",
                            "reports/FI/2025-03.html", "receipts/08/index.html"}),
        ("aspa-national", {"reports/08/2025-02.html", "reports/08/2025-03.html",
                           "reports/10/2025-03.html", "reports/FI/2025-03.html",
                           "receipts/08/index.html", "receipts/10/index.html", "thl/2025-03/",
                           "thl/2025-03/indicators.csv", "thl/2025-03/indicators.parquet",
                           "thl/receipts/2025-03/index.html"}),
        ("aspa-operator", {"reports/FI/2025-03.html", "operator/anonymization/index.html",
                           "operator/audit/", "operator/audit/2025-03.json",
                           "operator/what_happened/", "operator/what_happened/10/",
                           "operator/what_happened/10/2025-03.html"}),
    ],
)  # fmt: skip
def test_the_first_page_leads_to_all_that_a_reader_may_see(client, group, reached):
    assert crawl(client(group)) == reached | {""}
    assert {address for address in reached if not address.endswith("/")} <= {*FILES}


def test_links_keep_the_language(client):
    page = client("aspa-national").get("/").text
    for language in LANGUAGES:
        edition = page.split(f'<div class="edition" lang="{language}"')[1].split("<footer>")[0]
        assert {chosen for _, chosen in HREF.findall(edition)} == {language}


def test_the_newest_report_comes_first(client):
    def first_link(group: str) -> str:
        main = client(group).get("/").text.partition('class="headline"')[2]
        return HREF.search(main)[1]

    assert first_link("aspa-county-08") == "reports/08/2025-03.html"
    assert first_link("aspa-national") == "reports/FI/2025-03.html"


def test_an_empty_home_has_an_empty_list(tmp_path, rules):
    shelves = Shelves(AspaHome(tmp_path))
    claims = Claims("somebody", ("aspa-national", "aspa-operator"))
    reader = Reader.of(claims, rules.counties)
    page = first_page(reader, contents_for(reader, shelves, rules.counties), rules, demo=False)
    assert "Yhtään raporttia ei ole vielä julkaistu." in page
    assert "Det finns inga sidor ännu." in page
    assert "No tables have been published yet." in page
    assert not HREF.search(page)


@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_an_error_speaks_three_languages(status):
    page = error_page(status, 10)
    for language in LANGUAGES:
        assert texts_of("serving")[f"error.{status}"].of(language) in page


def test_a_folder_shows_how_large_its_files_are():
    page = folder_page("thl/2025-03", {"words.csv": 1_234_567, "older": None}, "../../", 10)
    assert "1\u00a0234,6" in page
    assert "1,234.6" in page
    assert '<a href="older/#en">older/</a>' in page
    assert 'href="../../#sv"' in page


def test_the_languages_name_the_same_values():
    for key, text in texts_of("serving").items():
        assert len({placeholders(text.of(language)) for language in LANGUAGES}) == 1, key
