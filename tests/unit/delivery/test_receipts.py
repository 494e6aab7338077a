"""Receipts: one shape for every file, three languages, and never a value."""

import json
import re
from html.parser import HTMLParser

import pytest

from aspa_resources.delivery import (
    Fault,
    check_file,
    judge,
    read_delivery,
    receipt,
    receipt_html,
    receipt_text,
)

LANGUAGES = ("fi", "sv", "en")


class Page(HTMLParser):
    """Counts elements and what they load, and sees that every one is closed."""

    VOID = frozenset({"meta", "br", "link", "img", "input"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.loads = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.loads += [value for name, value in attrs if name in {"src", "href"} and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def faulty(desk):
    rows = desk.rows(60)
    rows[2] |= {"nps": "77777", "palaute_id": "TUNNISTE-3", "avoin_palaute": "SALATEKSTI"}
    for row in rows[10:40]:
        row["kustannuspaikka"] = ""
    return desk.write(rows, "question_texts")


@pytest.fixture(scope="module")
def told(desk, faulty):
    return check_file(faulty, "aspa_18.csv", "18", None, desk.rules)


def test_the_receipt_accounts_for_every_row_and_fault(told):
    assert (told["rows_delivered"], told["rows_accepted"], told["rows_rejected"]) == (60, 59, 1)
    assert told["verdict"] == "partly"
    assert told["month"] == "2025-03"
    assert [f["row"] for f in told["faults"]] == [3, *range(11, 41)]
    assert told["faults"][0] | {"fi": "", "sv": "", "en": ""} == {
        "level": "row", "row": 3, "field": "nps", "column": "nps", "code": "out_of_range",
        "header": "Kuinka todennäköisesti suosittelisit saamaasi palvelua läheisellesi?",
        "fi": "", "sv": "", "en": "",
    }  # fmt: skip
    assert told["completeness"]["kustannuspaikka"] == 0.5
    assert json.loads(json.dumps(told)) == told


def test_equal_faults_stand_together_rejected_rows_first(told):
    groups = [(g["level"], g["field"], g["code"], g["count"]) for g in told["groups"]]
    assert groups == [
        ("row", "nps", "out_of_range", 1),
        ("field", "kustannuspaikka", "missing_expected", 30),
    ]
    assert told["groups"][1]["rows"] == list(range(11, 41))


def test_every_sentence_names_the_field_and_a_cure(told):
    nps = told["faults"][0]
    for language in LANGUAGES:
        assert "(nps)" in nps[language]
        assert "NPS 0" in nps[language]
    assert len({nps[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize("secret", ["77777", "TUNNISTE-3", "SALATEKSTI", "F-0000", "41001"])
def test_no_value_of_the_delivery_is_told(told, secret):
    shown = json.dumps(told) + receipt_html(told)
    assert secret not in shown + "".join(receipt_text(told, lang) for lang in LANGUAGES)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"a;b\n1;2\n", "palaute_id;nps\nF-1;9\n".encode("utf-16")]
)
def test_a_file_that_cannot_be_read_gets_the_same_shape(desk, told, content):
    refused = check_file(content, "x.csv", "10", "2025-03", desk.rules)
    assert refused.keys() == told.keys()
    assert refused["verdict"] == "rejected"
    assert refused["faults"][0]["level"] == "file"
    assert all(refused["faults"][0][language] for language in LANGUAGES)
    assert all("x.csv" in receipt_text(refused, language) for language in LANGUAGES)
    Page(receipt_html(refused))


def test_the_page_is_one_accessible_self_contained_file(told):
    html = receipt_html(told)
    page = Page(html)
    sections = [attrs for tag, attrs in page.tags if tag == "section"]
    assert not page.open
    assert [section["lang"] for section in sections] == list(LANGUAGES)
    assert all(link.startswith("#") for link in page.loads)
    assert not re.search(r"<script|@import|url\(", html)
    tables = [tag for tag, _ in page.tags if tag == "table"]
    captions = [tag for tag, _ in page.tags if tag == "caption"]
    assert len(tables) == len(captions) > 3
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")


def test_a_file_name_cannot_break_the_page_or_the_message(desk):
    name = "{file}<script>alert(1)</script>{0}.csv"
    told = check_file(b"", name, "10", None, desk.rules)
    assert name in told["faults"][0]["en"]
    assert "<script>" not in receipt_html(told)


def test_a_very_long_list_of_faults_keeps_its_rows_and_says_each_sentence_once(desk):
    rows = desk.rows(1)
    lines = desk.write(rows).decode().splitlines()
    empty = lines[1].replace("41001", "").replace("Toimipaikka 3", "")
    body = "\n".join(empty.replace("F-000001", f"F-{number}") for number in range(6_000))
    read = read_delivery(f"{lines[0]}\n{body}\n".encode(), "08", desk.rules)
    judged = judge(read, "08", "2025-03", desk.rules)
    told = receipt("x.csv", "08", "2025-03", desk.rules, read=read, judged=judged)

    assert told["verdict"] == "accepted"
    assert len(told["faults"]) == 12_000
    assert "fi" not in told["faults"][0]
    assert [group["count"] for group in told["groups"]] == [6_000, 6_000]
    assert len(receipt_html(told)) < 40_000


def test_faults_found_elsewhere_are_told_too(desk):
    told = receipt("x.csv", "77", None, desk.rules, faults=[Fault("file", "unknown_county")])
    assert told["county_name"] == {"fi": "77", "sv": "77", "en": "77"}
    assert told["faults"][0]["code"] == "unknown_county"
    assert "01-21" in receipt_text(told, "en")
