"""Sampling counts and cost-centre maps: taken in whole or refused whole."""

from datetime import date

import pytest

from aspa_resources.delivery import (
    UnreadableDelivery,
    check_file,
    parse_cost_centre_map,
    parse_sampling_counts,
)

COUNTS = (
    "ikaryhma;palvelumuoto;erikoisala;palvelutapahtumia;kyselyja_lahetetty\r\n"
    "0-6;T11;;10;4\r\n0-6;;20;30;12\r\n0-6;T11;;5;1\r\n"
)
MAP = (
    "kustannuspaikka;nimi;aura_palveluluokka;voimassa_alkaen;voimassa_paattyen\r\n"
    "41001;Terveysasema;2536;2023-01-01;\r\n41002;Vuodeosasto;;01.01.2023;31.12.2024\r\n"
    "41003;Suun hoito;2545;1.1.2023;31.12.2024\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_sampling_counts_are_added_up_by_their_keys(desk, encoding):
    read = desk.read(COUNTS.encode(encoding))
    counts = parse_sampling_counts(read, "08", "2025-03", desk.rules)
    assert read.kind == "sampling_counts"
    assert counts.rows() == [
        ("08", "2025-03", "0-6", "T11", None, 15, 5),
        ("08", "2025-03", "0-6", None, "20", 30, 12),
    ]


def test_a_cost_centre_without_a_class_says_nothing(desk):
    read = desk.read(MAP.encode())
    assert read.kind == "cost_centre_map"
    assert parse_cost_centre_map(read, "08", desk.rules).rows() == [
        ("41001", "Terveysasema", "2536", date(2023, 1, 1), None),
        ("41003", "Suun hoito", "2545", date(2023, 1, 1), date(2024, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (COUNTS.replace("10;4", "kymmenen;4"), [(1, "service_events", "not_a_number")]),
        (COUNTS + "0-6;T11;;10;4\r\n", [(4, None, "duplicate_row")]),
        (COUNTS.replace("10;4", "100000001;4"), [(1, "service_events", "out_of_range")]),
        (MAP + "41003;Sama;2536;31.12.2024;\r\n", [(4, "cost_centre", "overlapping_validity")]),
        (MAP + "41001;Sama;2545;;1.1.2023\r\n", [(1, "cost_centre", "overlapping_validity")]),
        (COUNTS.replace("10;4", "10;-4"), [(1, "surveys_sent", "out_of_range")]),
        (COUNTS.replace("0-6;;20", ";;20"), [(2, "age_group", "missing_required")]),
        (COUNTS + "0-6;T11;;1;1;9;9\r\n", [(4, None, "wrong_column_count")]),
        (MAP.replace("2536", "9999"), [(1, "service_class", "not_in_code_set")]),
        (MAP.replace("41003", ""), [(3, "cost_centre", "missing_required")]),
        (MAP.replace("2023-01-01", "joskus"), [(1, "valid_from", "not_a_time")]),
        (
            MAP.replace("2023-01-01;", "2023-01-01;2022-12-31"),
            [(1, "valid_to", "validity_out_of_order")],
        ),
    ],
)
def test_a_faulty_row_refuses_the_table_and_is_named(desk, content, faults):
    told = check_file(content.encode(), "x.csv", "08", "2025-03", desk.rules)
    listed = [(f["row"], f["column"], f["code"]) for f in told["faults"]]
    assert listed == [(None, None, "companion_rows_invalid"), *faults]
    assert told["verdict"] == "rejected"
    assert told["rows_accepted"] == 0


def test_a_refusal_names_no_value(desk):
    read = desk.read(MAP.replace("2536", "SALAINEN").encode())
    with pytest.raises(UnreadableDelivery) as refusal:
        parse_cost_centre_map(read, "08", desk.rules)
    assert "SALAINEN" not in f"{refusal.value}{refusal.value.faults!r}"


def test_a_cost_centre_may_change_its_class_and_be_listed_twice(desk):
    changed = MAP + "41003;Suun hoito;2536;1.1.2025;\r\n41001;Terveysasema;2536;2024-01-01;\r\n"
    assert parse_cost_centre_map(desk.read(changed.encode()), "08", desk.rules).height == 4


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_counts_may_have_a_space_between_thousands(desk, space):
    read = desk.read(COUNTS.replace("10;4", f"12{space}010;1{space}004").encode())
    counts = parse_sampling_counts(read, "08", "2025-03", desk.rules)
    assert counts.select("service_events", "surveys_sent").row(0) == (12015, 1005)
