"""What both pages must be, whatever their figures: whole, closed to the outside, accessible."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

LANGUAGES = ("fi", "sv", "en")
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """A page's elements, with what an accessibility check needs of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self.headings: dict[str, list[int]] = {}
        self.text: dict[str, list[str]] = {}
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    @property
    def language(self) -> str:
        return next(a["lang"] for _, a in reversed(self.open) if "lang" in a)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append((tag, attributes))
        language = attributes.get("lang") or (self.language if self.open else "")
        self.elements.append((tag, attributes, language))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.setdefault(language, []).append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened, _ = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and self.open[-1][0] not in {"style", "script"}:
            self.text.setdefault(self.language, []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


@pytest.fixture(params=["county", "nation"])
def html(request, pages):
    return pages[request.param]


@pytest.fixture
def page(html):
    return Page(html)


def test_ids_are_unique_and_references_meet_one(page):
    ids = Counter(a["id"] for _, a, _ in page.elements if "id" in a)
    assert max(ids.values()) == 1
    targets = [a["aria-labelledby"] for _, a, _ in page.elements if "aria-labelledby" in a]
    targets += [a["href"].removeprefix("#") for a in page.all("a")]
    assert len(targets) > 30
    assert set(targets) <= set(ids)


def test_every_edition_has_the_same_structure(page):
    assert page.headings["fi"] == page.headings["sv"] == page.headings["en"]
    counts = {
        lang: Counter(tag for tag, _, language in page.elements if language == lang)
        for lang in LANGUAGES
    }
    for tag in ("section", "svg", "table", "tr", "td", "details"):
        assert counts["fi"][tag] == counts["sv"][tag] == counts["en"][tag] > 5


def test_headings_descend_one_level_at_a_time(page):
    for levels in page.headings.values():
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))


def test_editions_differ_in_language(page):
    said = {lang: set(page.text[lang]) for lang in LANGUAGES}
    sentences = {lang: {t for t in texts if t.count(" ") > 4} for lang, texts in said.items()}
    assert not sentences["fi"] & sentences["sv"]
    assert not sentences["fi"] & sentences["en"]
    assert not sentences["sv"] & sentences["en"]


def test_tables_and_charts_can_be_heard(page):
    assert all(a.get("scope") in {"col", "row"} for a in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert len(page.all("summary")) == len(page.all("details"))
    assert len(page.all("main")) == len(LANGUAGES)
    assert all(a["role"] == "img" and len(a["aria-label"]) > 10 for a in page.all("svg"))


def test_one_edition_is_shown_until_another_is_chosen(page):
    parts = [(a, language) for _, a, language in page.elements if "data-language" in a]
    assert {language for a, language in parts if "hidden" not in a} == {"fi"}
    assert {language for _, language in parts} == set(LANGUAGES)


def test_nothing_is_fetched_from_outside(html, page):
    loaded = [
        a.get(name, "") for _, a, _ in page.elements for name in ("src", "href", "xlink:href")
    ]
    assert all(target == "" or target.startswith("#") for target in loaded)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/)", html)


def test_policy_allows_this_style_and_this_script_alone(html, page):
    policy = page.all("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "unsafe" not in policy["content"]
    assert policy["content"].startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy["content"]
    assert not any("style" in a or any(n.startswith("on") for n in a) for _, a, _ in page.elements)


def test_page_is_light(html):
    assert len(html.encode()) < 400_000


def test_no_token_of_a_chart_is_left(html):
    assert not re.search(r"@[a-z]+(?:\.\d+)?@", html)


def test_no_sentence_is_left_unfilled(page):
    for texts in page.text.values():
        assert not [t for t in texts if re.search(r"[{}]|\bnan\b", t)]


def test_suppressed_values_are_told_in_words_only(html, page, hidden_writings):
    for writing in hidden_writings:
        assert writing not in html
    for language, word in (("fi", "peitetty"), ("sv", "dolt"), ("en", "suppressed")):
        assert page.text[language].count(word) > 10


def test_provenance_is_shown_and_escaped(html, page):
    for language in LANGUAGES:
        assert {"2025-03-r1", "0123456789ab", "unheard_of", "v<9>"} <= set(page.text[language])
    assert "v<9>" not in html
