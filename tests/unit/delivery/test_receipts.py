"""Receipts: one shape for every file, three languages, and never a value."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.delivery import (
    Fault,
    check_file,
    judge,
    read_delivery,
    receipt,
    receipt_html,
    receipt_text,
)
from aspa_resources.delivery.demands import Demands
from aspa_resources.delivery.history import HistoryEntry, history, history_html
from aspa_resources.delivery.labels import labels
from aspa_resources.delivery.notes import DeliveryNote
from aspa_resources.delivery.receipts import restated
from aspa_resources.delivery.shown_names import shown_header, shown_name
from aspa_resources.receipts import read_receipt, receipt_folder, write_history, write_receipt

LANGUAGES = ("fi", "sv", "en")
STANDINGS = {
    "new": "partly", "replaces": "partly", "adds_up": "partly", "replaced": "partly",
    "unchanged": "unchanged", "retracted": "retracted", "refused": "rejected",
    "contested": "rejected",
}  # fmt: skip


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


def test_the_receipt_accounts_for_every_row_and_fault(desk, told, faulty):
    lines = faulty.decode(desk.shapes["question_texts"].encoding).splitlines()
    of_third = next(at for at, line in enumerate(lines, start=1) if "TUNNISTE-3" in line)
    assert (told["rows_delivered"], told["rows_accepted"], told["rows_rejected"]) == (60, 59, 1)
    assert (told["verdict"], told["outcome"], told["delivery"]) == ("partly", "partly", None)
    assert told["month"] == "2025-03"
    of_rows = [fault for fault in told["faults"] if fault["row"]]
    assert [f["row"] for f in of_rows] == [3, *range(11, 41)]
    assert of_rows[0] | {"fi": "", "sv": "", "en": "", "rule": None, "column_number": None} == {
        "level": "row", "row": 3, "line": of_third, "field": "nps", "column": "nps",
        "header": "Kuinka todennäköisesti suosittelisit saamaasi palvelua lähe…",
        "column_number": None, "code": "out_of_range", "fi": "", "sv": "", "en": "", "rule": None,
    }  # fmt: skip
    assert told["completeness"]["kustannuspaikka"] == 0.5
    assert json.loads(json.dumps(told)) == told


def test_the_column_is_told_by_its_place(told):
    places = {fault["column"]: fault["column_number"] for fault in told["faults"]}
    assert places["nps"] == 29
    assert places["cost_centre"] == 6


def test_equal_faults_stand_together_rejected_rows_first(told):
    groups = [
        (g["level"], g["field"], g["code"], g["count"])
        for g in told["groups"]
        if g["level"] != "file"
    ]
    assert groups == [
        ("row", "nps", "out_of_range", 1),
        ("field", "kustannuspaikka", "missing_expected", 30),
    ]
    assert told["groups"][-1]["rows"] == list(range(11, 41))


def test_every_fault_of_a_row_is_told_by_the_line_that_the_county_sees(desk, told, faulty):
    lines = faulty.decode(desk.shapes["question_texts"].encoding).splitlines()
    for group in told["groups"]:
        assert len(group["lines"]) == len(group["rows"])
        for row, line in zip(group["rows"], group["lines"], strict=True):
            assert f"-{row}" in lines[line - 1] or f"-{row:06}" in lines[line - 1]


def test_every_sentence_names_the_field_and_a_cure(told):
    nps = next(fault for fault in told["faults"] if fault["column"] == "nps")
    for language in LANGUAGES:
        assert "(nps)" in nps[language]
        assert "NPS 0" in nps[language]
    assert len({nps[language] for language in LANGUAGES}) == 3


def test_the_rule_is_what_the_contract_demands_there(desk):
    demands = Demands(desk.rules, "feedback")
    for case in desk.cases("demands"):
        rule = demands.of(case["code"], case.get("column"))
        assert rule == case["rule"] if rule is None else rule["fi"] == case["rule"]
        assert rule is None or len({*rule.values()}) == 3


def test_every_column_of_the_contract_has_a_demand_in_every_language(desk):
    for kind, table in desk.rules.contract.tables.items():
        demands = Demands(desk.rules, kind)
        for column in table.columns:
            assert set(demands.of("any", column.name)) == {*LANGUAGES}


def test_a_demand_of_a_file_not_understood_is_the_strictest_of_its_column(desk):
    lost = check_file(b"palaute_id;nps\nF-1;9\n", "x.csv", "08", "2025-03", desk.rules)
    assert lost["faults"][0]["code"] == "required_column_missing"
    assert "pakollinen" in lost["faults"][0]["rule"]["fi"]


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
    assert len(told["faults"]) == 10_000
    assert told["faults_left_out"] == sum(group["count"] for group in told["groups"]) - 10_000
    assert told["faults_left_out"] > 2_000
    for language in LANGUAGES:
        said = labels()[language]["faults_left_out"].format(number=told["faults_left_out"])
        assert said in receipt_text(told, language)
        assert said in receipt_html(told)
    assert "fi" not in told["faults"][0]
    assert "rule" not in told["faults"][0]
    assert [group["count"] for group in told["groups"] if group["rows"]] == [6_000, 6_000]
    assert all(group["rule"] for group in told["groups"])
    assert len(receipt_html(told)) < 40_000


def test_faults_found_elsewhere_are_told_too(desk):
    told = receipt("x.csv", "77", None, desk.rules, faults=[Fault("file", "unknown_county")])
    assert told["county_name"] == {"fi": "77", "sv": "77", "en": "77"}
    assert told["faults"][0]["code"] == "unknown_county"
    assert "01-21" in receipt_text(told, "en")


@pytest.mark.parametrize(("standing", "verdict"), STANDINGS.items())
def test_where_a_delivery_stands_is_said_and_decides_the_verdict(desk, faulty, standing, verdict):
    note = DeliveryNote(12, "3f9a0c12be77", standing, "entinen.csv", 11)
    told = check_file(faulty, "aspa_18.csv", "18", None, desk.rules, delivery=note)
    assert (told["verdict"], told["outcome"]) == (verdict, "partly")
    assert told["delivery"]["number"] == 12
    assert len({told["delivery"][language] for language in LANGUAGES}) == 3
    for language in LANGUAGES:
        assert told["delivery"][language] in receipt_text(told, language)
    assert "3f9a0c12be77" in receipt_html(told)
    if standing not in {"new", "retracted", "refused"}:
        assert all("11" in told["delivery"][language] for language in LANGUAGES)
        assert all("entinen.csv" in told["delivery"][language] for language in LANGUAGES)


def test_a_receipt_told_anew_keeps_what_came_of_the_rows(told):
    note = DeliveryNote(12, "3f9a0c12be77", "retracted")
    anew = restated(told, note)
    assert {key for key in told if anew[key] != told[key]} == {"verdict", "delivery"}
    back = restated(anew, DeliveryNote(12, "3f9a0c12be77", "new"))
    assert back["verdict"] == "partly"
    again = restated(told, DeliveryNote(12, "3f9a0c12be77", "unchanged", "x.csv", 12), "y.csv")
    assert (again["file"], again["verdict"]) == ("y.csv", "unchanged")


def test_files_without_rows_to_judge_have_the_same_shape(desk, told):
    counts = (
        "ikaryhma;palvelumuoto;erikoisala;palvelutapahtumia;kyselyja_lahetetty\n45-64;T11;;90;40\n"
    )
    costs = "kustannuspaikka;aura_palveluluokka\n41001;2536\n"
    for content, kind in ((counts, "sampling_counts"), (costs, "cost_centre_map")):
        taken = check_file(content.encode(), "x_2025-03.csv", "08", None, desk.rules)
        assert (taken["verdict"], taken["kind"], taken["rows_accepted"]) == ("accepted", kind, 1)
        assert taken.keys() == told.keys()
        Page(receipt_html(taken))
        assert all(receipt_text(taken, language) for language in LANGUAGES)


def test_faulty_rows_of_a_companion_table_are_told_by_line_and_rule(desk):
    header = "Toukokuun luvut\n\nikaryhma;palvelutapahtumia;kyselyja_lahetetty\n"
    content = header + "45-64;90;40\n65-74;90;-1\n"
    told = check_file(content.encode(), "otanta_2025-05.csv", "08", None, desk.rules)
    [fault] = [fault for fault in told["faults"] if fault["row"]]
    assert (told["verdict"], told["month"]) == ("rejected", "2025-05")
    assert (fault["row"], fault["line"], fault["code"]) == (2, 5, "out_of_range")
    assert fault["rule"]["fi"] == "kokonaisluku 0–100000000; pakollinen"


@pytest.mark.parametrize(
    "head", [b"age-encryption.org/v1\n-> X25519 ", b"\n-----BEGIN AGE ENCRYPTED FILE-----\n"]
)
def test_an_encrypted_file_is_told_from_an_unreadable_one_where_there_is_no_key(desk, head):
    told = check_file(head, "aspa.csv.age", "08", None, desk.rules)
    assert [fault["code"] for fault in told["faults"]] == ["encrypted_for_platform"]


def test_every_demand_of_a_fault_is_of_a_known_fault(desk):
    for words in labels().values():
        assert set(words["demands"]["of_faults"]) <= set(desk.rules.messages.messages)


def test_every_language_has_the_same_labels():
    def keys(words):
        return {k: keys(v) for k, v in words.items()} if isinstance(words, dict) else None

    assert len({str(keys(words)) for words in labels().values()}) == 1
    assert set(labels()) == {*LANGUAGES}


def test_names_are_shown_without_identity_codes_and_what_cannot_be_printed(desk):
    for case in desk.cases("shown_names"):
        assert shown_name(case["name"]) == case["shown"]
    assert shown_name("\udcff\x1b[31m.csv") == "\ufffd\ufffd[31m.csv"


@given(st.text())
def test_a_shown_name_can_always_be_written_and_never_shows_more_of_it(name):
    shown = shown_name(name)
    shown.encode()
    assert shown.isprintable()
    assert shown_name(shown) == shown


@given(
    born=st.dates(date(1900, 1, 1)),
    sign=st.sampled_from(["-", "+", "A", "–", " ", "_", "", " - "]),
    number=st.integers(900, 999),
    check=st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXYy"),
)
def test_no_identity_code_is_ever_shown(born, sign, number, check):
    code = f"{born:%d%m%y}{sign}{number}{check}"
    told = shown_name(f"vienti_{code}.csv") + shown_name(code)
    assert str(number) not in told


def test_a_header_is_shown_without_what_never_decides_its_meaning(desk):
    for case in desk.cases("shown_headers"):
        assert shown_header(case["header"]) == case["shown"]
        assert len(case["shown"]) <= 60


@given(st.text())
def test_a_shown_header_is_short_printable_and_stays_as_it_is(header):
    shown = shown_header(header)
    assert len(shown) <= 60
    assert shown.isprintable()
    assert shown_header(shown) == shown


def test_a_name_in_the_bracket_of_a_header_is_told_nowhere(desk):
    rows = desk.rows(3)
    rows[0]["avoin_palaute"] = rows[0]["nps"] = ""
    content = desk.write(rows).decode()
    for known in ("avoin_palaute", "toimipaikka"):
        content = content.replace(known, f"{known} (Maija Virtanen 010190-900X)", 1)
    content = content.replace(rows[0]["toimipaikka"], "", 1)
    told = check_file(content.encode(), "x.csv", "08", None, desk.rules)
    shown = json.dumps(told) + receipt_html(told) + receipt_text(told)
    assert told["columns"]["understood"]["avoin_palaute"] == "avoin_palaute"
    assert "toimipaikka" in {fault["header"] for fault in told["faults"]}
    assert "Virtanen" not in shown
    assert "900X" not in shown


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (
            lambda row: row | {"tapahtuma_aika": "14/13/2025 10:15", "vastattu_aika": ""},
            "not_a_time",
        ),
        (lambda row: row | {"tapahtuma_aika": "", "vastattu_aika": ""}, "missing_required"),
    ],
)
def test_a_file_without_a_month_is_told_what_is_wrong_with_its_rows(desk, spoil, code):
    content = desk.write([spoil(row) for row in desk.rows(4)])
    told = check_file(content, "x.csv", "08", None, desk.rules)
    assert (told["verdict"], told["month"], told["rows_accepted"]) == ("rejected", None, 0)
    assert told["faults"][0]["code"] == "unknown_month"
    found = [group for group in told["groups"] if group["code"] == code]
    assert found[0]["count"] == 4
    assert "other_month" not in {group["code"] for group in told["groups"]}


def test_broken_rows_are_told_where_none_of_them_tells_a_month(desk):
    header = desk.write(desk.rows(1)).decode().splitlines()[0]
    told = check_file(f"{header}\r\na;b\r\nc;d;e\r\n".encode(), "x.csv", "08", None, desk.rules)
    codes = {fault["code"] for fault in told["faults"]}
    assert codes == {"unknown_month", "wrong_column_count"}


def test_a_value_that_was_left_out_is_said_to_be(desk):
    [row] = desk.rows(1)
    row |= {"kieli": "klingon", "kysely_versio": "uusin versio", "toimipaikka": ""}
    told = check_file(desk.write([row]), "x.csv", "08", None, desk.rules)
    said = {fault["code"]: fault for fault in told["faults"] if fault["row"]}
    assert told["verdict"] == "accepted"
    for language in LANGUAGES:
        left_out = labels()[language]["value_left_out"]
        assert said["not_in_code_set"][language].count(left_out) == 1
        assert said["not_a_short_code"][language].count(left_out) == 1
        assert left_out not in said["missing_expected"][language]
    rejected = check_file(desk.write([row | {"nps": "99"}]), "x.csv", "08", None, desk.rules)
    [of_nps] = [fault for fault in rejected["faults"] if fault["field"] == "nps"]
    assert labels()["fi"]["value_left_out"] not in of_nps["fi"]


def test_code_sets_and_patterned_columns_are_named_in_every_language(desk):
    columns = [c for table in desk.rules.contract.tables.values() for c in table.columns]
    for words in labels().values():
        assert {c.code_set for c in columns if c.code_set} == set(words["code_sets"])
        assert {c.name for c in columns if c.pattern} == set(words["demands"]["patterns"])
        for column in (column for column in columns if column.pattern):
            told = words["demands"]["patterns"][column.name].split()
            examples = [word for word in told if re.search(r"\d", word)]
            assert examples
            assert all(re.fullmatch(column.pattern, example) for example in examples)


def test_a_county_finds_every_file_it_sent_in_its_history(desk, tmp_path):
    entries = [
        HistoryEntry(
            DeliveryNote(number, "3f9a0c12be77", standing, "toinen.csv", 9),
            f"2025-04-{number:02}T09:30:00+00:00", f"<i>{number}</i> 010190-999X.csv",
            "feedback" if number % 2 else None, "2025-03" if number % 2 else None, verdict,
            f"2025-03/{number}/receipt.html" if number % 2 else None,
        )
        for number, (standing, verdict) in enumerate(STANDINGS.items(), start=1)
    ]  # fmt: skip
    told = history("08", entries, desk.rules)
    write_history(tmp_path, told)
    assert json.loads((tmp_path / "index.json").read_text("utf-8")) == told
    assert [one["number"] for one in told["deliveries"]] == [*range(len(STANDINGS), 0, -1)]
    html = (tmp_path / "index.html").read_text("utf-8")
    page = Page(html)
    assert not page.open
    assert "999X" not in html
    assert "<i>" not in html
    for entry in entries:
        for language in LANGUAGES:
            linked = f"{entry.receipt}#{language}" in page.loads
            assert linked == (entry.receipt is not None)
    assert html.count("toinen.csv") == 3 * sum("toinen.csv" in d["fi"] for d in told["deliveries"])
    Page(history_html(history("x<y", [], desk.rules)))


@pytest.mark.parametrize(
    ("county", "month", "folder"),
    [
        ("08", "2025-03", "08/2025-03"),
        ("08", None, "08/no-month"),
        ("hus", "", "hus/no-month"),
        ("..", None, "outside/no-month"),
        ("a b/c", None, "outside/no-month"),
        ("010190-999X", None, "outside/no-month"),
    ],
)
def test_receipts_lie_by_county_month_and_content(tmp_path, told, county, month, folder):
    place = receipt_folder(tmp_path, county, month, "3f9a0c12be77" + 52 * "0")
    assert place == tmp_path / folder / "3f9a0c12be77"
    assert read_receipt(place) is None
    write_receipt(place, told)
    assert read_receipt(place) == told
    assert sorted(file.name for file in place.iterdir()) == ["receipt.html", "receipt.json"]
