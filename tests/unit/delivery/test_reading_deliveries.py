"""Reading: any reasonable dialect is understood, no row is lost, nothing else is taken for one."""

import csv
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from aspa_resources.delivery import UnreadableDelivery, check_file, read_delivery
from aspa_resources.delivery.strays import is_footer
from aspa_resources.rule_book import RuleBook

SHAPES = ("canonical", "finnish_titles", "question_texts")
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "cp1252", "cp850",
    "mac_roman",
)  # fmt: skip
PREAMBLES = ((), ("sep=;",), ("Palauteraportti 3/2025", "", "Jakso; maaliskuu"))
EXTRAS = ((), ("Oma kysymys",), ("", "Yksikön oma väittämä"))
DAMAGES = (b'"', b"\n", b";;", b",", b'""\n')


@pytest.mark.parametrize("name", SHAPES)
def test_every_supplier_gives_the_same_rows(desk, name):
    rows, shape = desk.rows(40), desk.shapes[name]
    read = desk.read(desk.write(rows, shape), shape.county)

    assert read.kind == "feedback"
    assert read.dialect.separator == shape.separator
    assert read.ignored == ()
    assert read.missing == ()
    assert read.months == ("2025-03",)
    assert_frame_equal(
        desk.judge(desk.write(rows, shape), shape.county).accepted,
        desk.judge(desk.write(rows)).accepted,
    )


@pytest.mark.parametrize("name", SHAPES)
def test_a_county_without_a_file_is_understood_alike(desk, name):
    assert "03" not in desk.rules.profiles
    assert desk.judge(desk.write(desk.rows(12), name), "03").rows_accepted == 12


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_known_headers_find_any_dialect(desk, data):
    rows = desk.rows(8)
    shape = replace(
        desk.shapes[data.draw(st.sampled_from(SHAPES))],
        encoding=data.draw(st.sampled_from(ENCODINGS)),
        separator=data.draw(st.sampled_from(";,\t|")),
        line_end=data.draw(st.sampled_from(["\r\n", "\n", "\r"])),
        quoting=data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        preamble=data.draw(st.sampled_from(PREAMBLES)),
        order=data.draw(st.permutations(range(len(rows[0])))),
        extra=data.draw(st.sampled_from(EXTRAS)),
    )
    content = desk.write(rows, shape)
    read, judged = desk.read(content, shape.county), desk.judge(content, shape.county)

    assert read.dialect.separator == shape.separator
    assert read.dialect.header_line == len(shape.preamble) + 1
    assert read.ignored == tuple(
        f"#{len(rows[0]) + at}" for at, extra in enumerate(shape.extra, start=1) if extra
    )
    assert judged.rows_accepted == judged.rows_delivered == len(rows)
    assert judged.accepted["text"].to_list() == [row["avoin_palaute"] or None for row in rows]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_loses_a_row_or_raises_anything_else(desk, data):
    name = data.draw(st.sampled_from(SHAPES))
    content = bytearray(desk.write(desk.rows(6), name))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[start : start + length] = data.draw(
            st.one_of(st.binary(max_size=8), st.sampled_from(DAMAGES))
        )
    try:
        read = desk.read(bytes(content), desk.shapes[name].county)
    except UnreadableDelivery as refusal:
        assert refusal.fault.code in desk.rules.messages.messages  # noqa: PT017 - or it is read
        return
    if read.kind == "feedback":
        judged = desk.judge(bytes(content), desk.shapes[name].county)
        numbers = {*judged.accepted["row_number"], *judged.rejected["row_number"]}
        assert numbers == set(range(1, judged.rows_delivered + 1))
        assert judged.rows_delivered == judged.rows_accepted + judged.rows_rejected


def test_files_that_are_no_delivery_are_refused_with_their_reason(desk):
    for case in desk.cases("unreadable"):
        content = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
        with pytest.raises(UnreadableDelivery) as refusal:
            desk.read(content)
        fault = refusal.value.fault
        assert (case["name"], fault.level, fault.code, fault.field) == (
            case["name"], "file", case["code"], case.get("field"),
        )  # fmt: skip


@pytest.mark.parametrize("closed_by", ['"Kiitos"', 'Kiitos"', '""'])
def test_an_open_quote_swallows_no_neighbour(desk, closed_by):
    rows = desk.rows(9)
    for row in rows:
        row["avoin_palaute"] = "Kiitos"
    lines = desk.write(rows).decode().split("\r\n")
    lines[3] = lines[3].replace("Kiitos", '"Kiitos')
    lines[7] = lines[7].replace("Kiitos", closed_by)
    judged = desk.judge("\r\n".join(lines).encode())
    lost = [3, 7] if closed_by == 'Kiitos"' else [3]  # a closing quote alone has lost its opening

    assert judged.rejected.rows() == [(number, None, "broken_quotes") for number in lost]
    assert judged.accepted["row_number"].to_list() == [n for n in range(1, 10) if n not in lost]
    assert "\n" not in judged.accepted["text"].drop_nulls().str.join("").item()


def test_rows_that_cannot_be_told_apart_are_rejected_by_number(desk):
    rows = desk.rows(7)
    for row in rows:
        row["avoin_palaute"] = "Kiitos"
    lines = desk.write(rows).decode().splitlines()
    lines[2] += ";liikaa"
    lines[4] = ";".join(lines[4].split(";")[:20])
    lines[6] = lines[6].replace(";T11", ';"T"11')
    lines[7] += ";;"  # a text that ends in semicolons, or an empty cell more: who knows
    lines.insert(3, "")
    lines.append(";" * 34)
    judged = desk.judge("\n".join([*lines, ""]).encode())

    assert judged.rejected.rows() == [
        (2, None, "wrong_column_count"),
        (4, None, "wrong_column_count"),
        (6, None, "broken_quotes"),
        (7, None, "wrong_column_count"),
    ]
    assert judged.rows_delivered == 7


def test_bytes_of_another_encoding_reject_their_row_alone(desk):
    lines = desk.write(desk.rows(30)).split(b"\r\n")
    hurt = next(i for i, line in enumerate(lines) if "lång".encode() in line)
    lines[hurt] = lines[hurt].replace("lång".encode(), "lång".encode("latin-1"))
    content = b"\r\n".join(lines)
    judged = desk.judge(content)

    assert desk.read(content).dialect.encoding == "utf-8"
    assert judged.rejected["code"].to_list() == ["undecodable_row"]
    assert judged.rows_accepted == 29
    assert "ääneen" in judged.accepted["text"].drop_nulls().str.join(" ").item()


def test_several_open_texts_become_one(desk):
    content = (
        "palaute_id;tapahtuma_aika;nps;Avoin palaute;Vapaa sana\n"
        "F-1;2025-03-02;9;Ensin;Sitten\nF-2;2025-03-02;9;;Vain toinen\nF-3;2025-03-02;9;;\n"
    )
    assert desk.read(content.encode()).frame["text"].to_list() == [
        "Ensin\nSitten", "Vain toinen", None,
    ]  # fmt: skip


def test_months_are_told_by_the_rows_most_frequent_first(desk):
    rows = desk.rows(9)
    for row in rows[:2]:
        row["tapahtuma_aika"] = "2025-04-02T10:00:00"
    rows[2]["tapahtuma_aika"] = ""
    rows[2]["vastattu_aika"] = "2025-05-02T10:00:00"
    assert desk.read(desk.write(rows)).months == ("2025-03", "2025-04", "2025-05")


def test_what_a_reading_shows_of_itself_holds_no_value(desk):
    content = desk.write(desk.rows(3))
    judged = desk.judge(content)
    shown = repr(desk.read(content)) + repr(judged) + repr(judged.faults)
    assert "F-000001" not in shown
    assert "kiitos" not in shown


def test_a_stray_quote_in_the_header_swallows_no_row_into_the_receipt(desk):
    rows = desk.rows(30)
    content = desk.write(rows).replace(b"\r\n", b';"Lis\xc3\xa4\r\n', 1)
    secret = rows[0]["palaute_id"]
    for written in (content, content.replace(b"\r\n", b'"\r\n', 3)):
        receipt = check_file(written, "a.csv", "08", None, desk.rules)
        assert secret not in json.dumps(receipt)
        assert receipt["rows_delivered"] == 0 or receipt["rows_delivered"] >= len(rows)


def test_an_unknown_header_may_be_content_and_is_told_by_its_place():
    content = (
        "palaute_id;tapahtuma_aika;nps;avoin_palaute;F-1;2025-03-14;9;Maija Virtanen oli ihana\n"
        "F-2;2025-03-14;9;Hyvä;;;;\n"
    )
    assert read_delivery(content.encode(), "08", RuleBook.load()).ignored == (
        "#5",
        "#6",
        "#7",
        "#8",
    )


def test_rows_that_a_quote_or_a_line_break_may_have_merged_are_refused_all(desk):
    for case in desk.cases("merged_rows"):
        judged = desk.judge("\n".join(case["lines"]).encode() + b"\n")
        found = (judged.rows_delivered, judged.accepted["feedback_id"].to_list())
        assert (case["name"], *found) == (case["name"], case["delivered"], case["accepted"])


def test_a_long_line_that_begins_as_a_sum_is_no_footer():
    assert not is_footer("yhteensä" + " " * 200 + "5")
    assert is_footer("yhteensä 5")


TEXT = "palaute_id;tapahtuma_aika;nps;avoin_palaute\nF-1;2025-03-14;9;{}\nF-2;2025-03-14;9;{}\n"


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("cp1252", ("Lääkäri sanoi ”odota” ja ”kiitos”", "”hei” ”moi”")),
        ("cp1252", ("Doctor said ”wait”", "ok")),
        ("cp1252", ("Krešimir Šimik Škoda", "ok")),
        ("cp850", ("Hyvää työtä, kiitos äidin puolesta", "Söin eväitä, jäi hyvä mieli")),
        ("mac_roman", ("Hyvää työtä, kiitos äidin puolesta", "Söin eväitä, jäi hyvä mieli")),
    ],
)
def test_the_encoding_is_told_by_the_letters_within_words(desk, encoding, texts):
    read = read_delivery(TEXT.format(*texts).encode(encoding), "08", desk.rules)
    assert read.frame["text"].to_list() == [*texts]


def test_a_line_in_another_encoding_is_refused_and_not_misread(desk):
    content = TEXT.format("Hyvää työtä", "Söin eväitä").encode("latin-1").splitlines(keepends=True)
    content.append("F-3;2025-03-14;9;Hyvää työtä\n".encode())
    read = read_delivery(b"".join(content), "08", desk.rules)
    assert read.broken.rows() == [(3, "undecodable_row")]
    assert read.frame["text"].to_list()[:2] == ["Hyvää työtä", "Söin eväitä"]
