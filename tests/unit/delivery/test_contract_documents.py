"""The published contract: what it says is what reading and judging do."""

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
import pytest

from aspa_resources.delivery.contract_documents import contract_page, table_schema, table_schemas
from aspa_resources.delivery.values import clean
from aspa_resources.rule_book import RuleBook


class Page(HTMLParser):
    """Collects a page's ids, links, first cells and sections; sees that elements are closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.ids, self.links, self.languages, self.rows = [], [], [], [], []
        self.labelled, self.words, self.levels = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known[name] for name in ("href", "src") if name in known]
        self.languages += [known["lang"]] if tag == "section" else []
        self.labelled += [known["aria-labelledby"]] if "aria-labelledby" in known else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        assert "scope" in known or tag != "th"
        assert tag not in {"img", "script", "link", "iframe"}
        if tag != "meta":
            self.open.append((tag, known))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.words.append(data)
        if self.open and self.open[-1][0] == "th" and self.open[-1][1]["scope"] == "row":
            self.rows.append(data)


# What the Table Schema specification lets a field have, by its type.
RANGES = {"minimum", "maximum"}
ALLOWED = {
    "string": {"required", "unique", "minLength", "maxLength", "pattern", "enum"},
    "integer": {"required", "unique", "enum"} | RANGES,
    "datetime": {"required", "unique", "enum"} | RANGES,
    "date": {"required", "unique", "enum"} | RANGES,
}
PROPERTIES = {"name", "title", "type", "format", "description", "constraints", "aspa"}


@pytest.fixture(scope="module")
def schemas(desk):
    return json.loads(json.dumps(table_schemas(desk.rules)))


@pytest.fixture(scope="module")
def schema(schemas):
    return schemas["feedback.schema.json"]


@pytest.fixture(scope="module")
def html(desk):
    return contract_page(desk.rules)


@pytest.mark.parametrize("kind", ["feedback", "sampling_counts", "cost_centre_map"])
def test_each_schema_keeps_to_the_specification(desk, schemas, kind):
    descriptor = schemas[f"{kind}.schema.json"]
    assert set(descriptor) <= {"$schema", "fields", "missingValues", "primaryKey", "aspa"}
    fields = {field["name"]: field for field in descriptor["fields"]}
    columns = desk.rules.contract.tables[kind].columns
    assert list(fields) == [column.header for column in columns]
    assert len(fields) == len(descriptor["fields"])
    for field in fields.values():
        assert set(field) <= PROPERTIES
        assert isinstance(field["title"], str)
        assert isinstance(field["description"], str)
        assert set(field["constraints"]) <= ALLOWED[field["type"]]
        enum = field["constraints"].get("enum", ["one"])
        assert enum
        assert len(set(enum)) == len(enum)
        assert re.compile(field["constraints"].get("pattern", ""))
        assert ("format" in field) is (field["type"] in {"datetime", "date"})
    assert all(isinstance(word, str) for word in descriptor["missingValues"])
    assert set(descriptor.get("primaryKey", [])) <= set(fields)


def test_the_schema_has_the_contracts_limits(schema, schemas):
    assert schema["primaryKey"] == ["palaute_id"]
    assert "" in schema["missingValues"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["palaute_id"]["constraints"] == {"required": True}
    assert fields["v1"]["constraints"] == {"minimum": 0, "maximum": 5}
    assert fields["l5"]["constraints"] == {"minimum": 0, "maximum": 5}
    assert set(fields["kustannuspaikka"]["constraints"]) == {"pattern"}
    assert fields["tapahtuma_aika"]["aspa"]["unless"] == ["vastattu_aika"]
    days = schemas["cost_centre_map.schema.json"]["fields"]
    assert {field["type"] for field in days if field["name"].startswith("voimassa")} == {"date"}
    assert "primaryKey" not in schemas["sampling_counts.schema.json"]


def test_the_schema_says_beyond_the_specification_what_the_contract_says(desk, schema):
    rules, said = desk.rules, schema["aspa"]
    assert [rule["id"] for rule in said["rules"]] == [r.id for r in rules.contract.feedback.rules]
    assert said["rules"][0]["columns"][0] == "tapahtuma_aika"
    assert all(set(rule["message"]) == {"fi", "sv", "en"} for rule in said["rules"])
    assert [one["code"] for one in said["statements"]] == list(rules.statements)
    assert {one["id"] for one in said["questionnaires"]} == set(rules.questionnaires)
    assert set(said["feedback_types"]) == set(rules.code_sets["feedback_types"].codes["code"])
    assert said["completeness_of"] == ["kustannuspaikka", "toimipaikka"]
    area = {code["code"]: code for code in said["code_sets"]["service_areas"]["codes"]}
    assert area["91"]["end"] == "2018-12-31"
    used = {column.code_set for column in rules.contract.columns if column.code_set}
    assert set(said["code_sets"]) == used


def test_every_word_for_no_value_is_one_that_reading_takes_for_none(desk, schema):
    words = schema["missingValues"]
    assert {"", "null", "NULL", "Null", "Ei tietoa", "EI TIETOA"} <= set(words)
    assert len(set(words)) == len(words)
    cells = clean(pl.DataFrame({"cell": words}), desk.rules.contract.missing_values)
    assert cells["cell"].null_count() == len(words)


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
            elif "pattern" in limits:
                assert re.fullmatch(limits["pattern"], value)


def test_every_word_of_the_schema_is_one_that_judging_accepts(desk, schema):
    columns = [field for field in schema["fields"] if "enum" in field["constraints"]]
    for field in columns:
        words = field["constraints"]["enum"]
        rows = desk.rows(len(words))
        for row, word in zip(rows, words, strict=True):
            row[field["name"]] = word
        codes = {f.code for f in desk.judge(desk.write(rows)).faults}
        assert codes <= {
            "code_not_valid_then", "contactless_contact_mode", "specialty_needed",
            "questionnaire_for_others",
        }, field["name"]  # fmt: skip


def test_the_page_tells_columns_codes_and_faults_in_three_languages(desk, html):
    page = Page(html)
    rules = desk.rules
    assert page.languages == ["fi", "sv", "en"]
    assert not page.open
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert set(page.labelled) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert not re.search(r"<script|@import|url\(|\{(file|row|field)\}", html)
    named = [column.header for column in rules.contract.columns] + list(rules.messages.messages)
    named += [rule.id for table in rules.contract.tables.values() for rule in table.rules]
    named += list(rules.contract.feedback_types)
    assert [name for name in named if page.rows.count(name) < 3] == []
    assert page.rows.count("22213") == 3


def test_the_page_says_each_thing_in_its_own_language(desk, html):
    parts = html.split("<section ")[1:]
    for language, part in zip(("fi", "sv", "en"), parts, strict=True):
        words = " ".join(" ".join(Page(f"<section {part.split('</main>')[0]}").words).split())
        for one in desk.rules.questionnaires.values():
            assert one.name.of(language) in words
        for one in desk.rules.statements.values():
            assert one.text.of(language) in words
        for one in desk.rules.contract.feedback_types.values():
            assert one.meaning.of(language) in words


def test_the_page_names_code_sets_and_forms_in_its_language(desk, html):
    parts = dict(zip(("fi", "sv", "en"), html.split("<section ")[1:], strict=True))
    assert "Tuotantotapa</a>" in parts["fi"]
    assert "Produktionssätt</a>" in parts["sv"]
    assert "Mode of production</a>" in parts["en"]
    assert "Tuotantotapa</a>" not in parts["sv"] + parts["en"]
    patterns = [c.pattern for c in desk.rules.contract.columns if c.pattern]
    assert not any(pattern in html for pattern in patterns)
    assert all(part.count("2024.1") > 1 for part in parts.values())


def test_a_code_without_a_name_in_the_language_is_marked_as_finnish(html):
    swedish, english = html.split("<section ")[2:]
    assert 'lang="fi"' in swedish
    assert re.search(r'<td lang="fi">[^<]', swedish + english)


def test_headings_do_not_skip_a_level(html):
    levels = Page(html).levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_changed_rule_changes_both_documents(rules_folder):
    path = rules_folder / "delivery" / "contract.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id: times-in-order", "id: times-as-they-went"), encoding="utf-8")
    changed = RuleBook.load(rules_folder)
    assert "times-as-they-went" in contract_page(changed)
    assert "times-as-they-went" in json.dumps(table_schema(changed))
