"""The published contract: what it says is what reading and judging do."""

import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from aspa_resources.delivery.contract_documents import contract_page, table_schema


class Page(HTMLParser):
    """Collects a page's ids, links, first cells and sections; sees that elements are closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.ids, self.links, self.languages, self.rows = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known[name] for name in ("href", "src") if name in known]
        self.languages += [known["lang"]] if tag == "section" else []
        if tag != "meta":
            self.open.append((tag, known))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == ("th", {"scope": "row"}):
            self.rows.append(data)


@pytest.fixture(scope="module")
def schema(desk):
    return json.loads(json.dumps(table_schema(desk.rules)))


def test_the_schema_has_every_column_in_order(desk, schema):
    columns = desk.rules.contract.columns
    assert [field["name"] for field in schema["fields"]] == [column.header for column in columns]
    assert schema["primaryKey"] == ["palaute_id"]
    assert "" in schema["missingValues"]
    assert {field["type"] for field in schema["fields"]} == {"string", "integer", "datetime"}
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["palaute_id"]["constraints"] == {"required": True}
    assert fields["v1"]["constraints"] == {"minimum": 0, "maximum": 5}
    assert "vastattu_aika" in fields["tapahtuma_aika"]["description"]


def test_a_right_delivery_keeps_to_the_schema(desk, schema):
    for row in desk.rows(40):
        for field in schema["fields"]:
            value, limits = row[field["name"]], field["constraints"]
            if value in schema["missingValues"]:
                assert not limits.get("required")
            elif field["type"] == "integer":
                assert limits["minimum"] <= int(value) <= limits["maximum"]
            elif field["type"] == "datetime":
                assert datetime.strptime(value, field["format"])  # noqa: DTZ007 - local by contract
            elif "enum" in limits:
                assert value in limits["enum"]


def test_every_word_of_the_schema_is_one_that_judging_accepts(desk, schema):
    columns = [field for field in schema["fields"] if "enum" in field["constraints"]]
    for field in columns:
        words = field["constraints"]["enum"]
        rows = desk.rows(len(words))
        for row, word in zip(rows, words, strict=True):
            row[field["name"]] = word
        codes = {f.code for f in desk.judge(desk.write(rows)).faults}
        assert codes <= {"code_not_valid_then", "contactless_contact_mode"}, field["name"]


def test_the_page_tells_columns_codes_and_faults_in_three_languages(desk):
    html = contract_page(desk.rules)
    page = Page(html)
    rules = desk.rules
    assert page.languages == ["fi", "sv", "en"]
    assert not page.open
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert not re.search(r"<script|@import|url\(|\{(file|row|field)\}", html)
    named = [column.header for column in rules.contract.columns] + list(rules.messages.messages)
    assert all(page.rows.count(name) >= 3 for name in named)
    assert page.rows.count("22213") == 3
