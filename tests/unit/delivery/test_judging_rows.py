"""Judging: every fault is told at its row and field, and nothing else is."""

from datetime import datetime

import polars as pl
import pytest

from aspa_resources.delivery import check_file, judge, read_delivery
from aspa_resources.rule_book import RuleBook


@pytest.mark.parametrize("name", ["canonical", "finnish_titles", "question_texts"])
def test_every_planted_fault_is_told_and_no_other(desk, name):
    faults = desk.cases("planted_faults")
    rows = desk.rows(120)
    for fault in faults:
        rows[fault["row"] - 1][fault["field"]] = fault["value"]
    judged = desk.judge(desk.write(rows, name), desk.shapes[name].county)
    headers = {column.name: column.header for column in desk.rules.contract.columns}
    told = {(f.row, headers[f.field], f.code, f.level) for f in judged.faults}
    rejected = {f["row"] for f in faults if f["level"] == "row"}

    assert told == {(f["row"], f["field"], f["code"], f["level"]) for f in faults}
    assert set(judged.rejected["row_number"]) == rejected
    assert judged.rows_rejected == len(rejected)
    assert judged.rows_accepted == len(rows) - len(rejected)


def test_other_spellings_mean_the_same(desk):
    spelled = desk.cases("spellings")
    rows = desk.rows(len(spelled))
    for row, case in zip(rows, spelled, strict=True):
        row[case["field"]] = case["written"]
        if case["field"] == "tapahtuma_aika":
            row["vastattu_aika"] = ""
    judged = desk.judge(desk.write(rows))
    names = {column.header: column.name for column in desk.rules.contract.columns}
    rejected = dict(judged.rejected.select("row_number", "code").iter_rows())
    accepted = {row["row_number"]: row for row in judged.accepted.iter_rows(named=True)}
    for number, case in enumerate(spelled, start=1):
        value = accepted.get(number, {}).get(names[case["field"]])
        if isinstance(value, datetime):
            value = str(value)
        assert (case, value, rejected.get(number)) == (case, case["stored"], case.get("code"))


def test_accepted_rows_have_the_declared_types(desk):
    judged = desk.judge(desk.write(desk.rows(5)))
    columns = desk.rules.contract.columns
    types = {
        "row_number": pl.Int32(),
        **{column.name: pl.String() for column in columns},
        **{column.name: pl.Datetime("us") for column in columns if column.type == "time"},
        **{column.name: pl.Int8() for column in columns if column.maximum},
        "unit_type": pl.String(),
    }
    assert list(judged.accepted.schema.items()) == list(types.items())


def test_not_applicable_stays_apart_from_not_answered(desk):
    rows = desk.rows(2)
    rows[0]["v1"], rows[1]["v1"] = "0", ""
    assert desk.judge(desk.write(rows)).accepted["s1_got_help"].to_list() == [0, None]


def test_a_row_without_any_answer_is_rejected(desk):
    rows = desk.rows(2)
    rows[1] |= dict.fromkeys(["nps", "avoin_palaute", *(f"v{i}" for i in range(1, 8))], "")
    judged = desk.judge(desk.write(rows))
    assert judged.rejected.rows() == [(2, None, "nothing_answered")]


def test_an_expected_column_that_lacks_is_told_once(desk):
    rows = desk.rows(20)
    for row in rows:
        del row["kustannuspaikka"]
    judged = desk.judge(desk.write(rows))
    assert [(f.level, f.row, f.field, f.code) for f in judged.faults] == [
        ("file", None, "cost_centre", "expected_column_missing")
    ]
    assert judged.rows_accepted == 20
    assert judged.completeness["cost_centre"] == 0
    assert judged.completeness["site"] == 1


def test_the_answer_dates_an_event_without_a_time(desk):
    rows = desk.rows(3)
    for row in rows:
        row["tapahtuma_aika"] = ""
    rows[2]["vastattu_aika"] = ""
    judged = desk.judge(desk.write(rows))
    assert judged.rejected.rows() == [(3, "event_time", "missing_required")]


def test_only_the_first_of_equal_ids_is_taken_in(desk):
    rows = desk.rows(5)
    for row in rows[1:4]:
        row["palaute_id"] = rows[0]["palaute_id"]
    assert desk.judge(desk.write(rows)).accepted["row_number"].to_list() == [1, 5]


def test_a_file_whose_every_row_is_broken_is_judged_too(desk):
    header = desk.write(desk.rows(1)).decode().split("\r\n")[0]
    judged = desk.judge(f"{header}\r\na;b\r\nc\r\n".encode())
    assert (judged.rows_delivered, judged.rows_accepted, judged.rows_rejected) == (2, 0, 2)


def test_a_county_says_its_own_headers_values_units_and_dates(desk, rules_folder):
    (rules_folder / "counties" / "03.yaml").write_text(
        'county: "03"\nsupplier: Oma\ncolumns: {Tähdet: nps}\ntime_forms: ["%d/%m/%Y"]\n'
        'values: {contact_mode: {Livenä: R10}}\nunits: {"1.2.3": hospital}\n',
        encoding="utf-8",
    )
    own = RuleBook.load(rules_folder)
    content = (
        "palaute_id;tapahtuma_aika;Tähdet;Yhteystapa;Palveluyksikön OID\n"
        "F-1;14/03/2025;9;livenä;1.2.3\nF-2;15/03/2025;9;R10;9.9.9\n"
    ).encode()
    judged = judge(read_delivery(content, "03", own), "03", "2025-03", own)

    assert judged.accepted["contact_mode"].to_list() == ["R10", "R10"]
    assert judged.accepted["nps"].to_list() == [9, 9]
    assert judged.accepted["unit_type"].to_list() == ["hospital", None]
    assert check_file(content, "x.csv", "03", None, desk.rules)["verdict"] == "rejected"


@pytest.mark.parametrize(("bad", "refused"), [(5, False), (6, True)])
def test_a_delivery_with_too_many_rejected_rows_is_refused_whole_and_says_so(desk, bad, refused):
    rows = desk.rows(10)
    for row in rows[:bad]:
        row["nps"] = "11"
    content = desk.write(rows)
    judged = desk.judge(content)
    assert judged.refused is refused
    assert ("too_many_rows_rejected" in {f.code for f in judged.faults}) is refused
    verdict = check_file(content, "a.csv", "08", "2025-03", desk.rules)["verdict"]
    assert verdict == ("rejected" if refused else "partly")


@pytest.mark.parametrize(
    ("event", "sent", "answered", "told"),
    [
        ("2025-03-05T10:00:00", "2025-03-05T09:59:59", "2025-03-06T10:00:00", ["sent_time"]),
        ("2025-03-05T10:00:00", "2025-03-06T10:00:00", "2025-03-06T09:00:00", ["answered_time"]),
        (
            "2025-03-05T10:00:00",
            "2025-03-04T10:00:00",
            "2025-03-03",
            ["sent_time", "answered_time"],
        ),
        ("2025-03-05T10:00:00", "2025-03-05T10:00:00", "2025-03-05T10:00:00", []),
        ("2025-03-05T10:00:00", "2025-03-05", "2025-03-05", []),
        ("2025-03-05", "2025-03-05T10:00:00", "", []),
        ("2025-03-05T10:00:00", "2025-03-04", "", ["sent_time"]),
        ("2025-03-05T10:00:00", "", "2025-03-05T11:00:00", []),
    ],
)
def test_times_out_of_order_are_told_and_taken_in(desk, event, sent, answered, told):
    row = desk.rows(1)[0]
    row |= {"tapahtuma_aika": event, "kysely_lahetetty_aika": sent, "vastattu_aika": answered}
    judged = desk.judge(desk.write([row]))
    assert [(f.level, f.field, f.code) for f in judged.faults] == [
        ("field", name, "times_out_of_order") for name in told
    ]
    assert judged.rows_accepted == 1
    assert judged.accepted["event_time"].null_count() == 0


@pytest.mark.parametrize(
    ("event", "answered", "told"),
    [
        ("2025-03-10T23:59:00", "2025-03-12T10:00:00", False),
        ("2025-03-11T00:00:00", "2025-03-12T10:00:00", True),
        ("", "2025-03-10T10:00:00", False),
        ("", "2025-03-11T10:00:00", True),
    ],
)
def test_a_code_is_judged_by_the_day_of_the_event(desk, rules_folder, event, answered, told):
    path = rules_folder / "code_sets" / "visitor_groups.csv"
    header, first, *others = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("1,")
    ended = ",".join([*first.split(",")[:4], "2025-03-01", "2025-03-10"])
    path.write_text("\n".join([header, ended, *others]) + "\n", encoding="utf-8")
    own = RuleBook.load(rules_folder)
    row = desk.rows(1)[0]
    row |= {"tapahtuma_aika": event, "kysely_lahetetty_aika": "", "vastattu_aika": answered}
    judged = judge(read_delivery(desk.write([row]), "08", own), "08", "2025-03", own)
    assert [(f.field, f.code) for f in judged.faults] == (
        [("visitor_group", "code_not_valid_then")] if told else []
    )
    assert judged.accepted["visitor_group"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("41001", "41001"), ("KP-4101.2", "KP-4101.2"), ("Maija Merkkinen", None),
     ("010190-999P", None), ("0401234567", None), ("Aino 01011990", None),
     ("Mia 01011990", None), ("0401234-56", None), ("KP 1234567", "KP 1234567")],
)  # fmt: skip
def test_what_survives_anonymisation_is_a_short_code_or_nothing(desk, written, kept):
    rows = desk.rows(2)
    rows[0]["kustannuspaikka"] = written
    judged = desk.judge(desk.write(rows))
    assert judged.accepted["cost_centre"][0] == kept
    told = {(f.row, f.field) for f in judged.faults if f.code == "not_a_short_code"}
    assert told == (set() if kept else {(1, "cost_centre")})


def test_a_row_sent_again_because_its_first_writing_was_faulty_is_taken_in(desk):
    rows = desk.rows(4)
    rows[0]["nps"] = "99"
    for row in rows[1:3]:
        row["palaute_id"] = rows[0]["palaute_id"]
    judged = desk.judge(desk.write(rows))
    assert judged.accepted["row_number"].to_list() == [2, 4]
    assert [(f.row, f.code) for f in judged.faults] == [
        (1, "out_of_range"),
        (3, "duplicate_feedback_id"),
    ]


def test_a_version_that_is_not_listed_is_told_and_goes_no_further(desk):
    rows = desk.rows(2)
    rows[0]["kysely_versio"] = "Virtanen 040-123"
    judged = desk.judge(desk.write(rows))
    assert judged.accepted["questionnaire_version"].to_list() == [None, "2024.1"]
    assert [(f.row, f.code) for f in judged.faults] == [(1, "questionnaire_unknown")]
