"""Rules between the columns of a row: told where they are broken, and nowhere else."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aspa_resources.delivery import check_file, judge, read_delivery
from aspa_resources.delivery.cross_field import cross_field_faults
from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import UNCLASSIFIED, classify

NO_MAP = pl.DataFrame(
    schema={
        "cost_centre": pl.String, "service_class": pl.String,
        "valid_from": pl.Date, "valid_to": pl.Date,
    }
)  # fmt: skip
TIMES = ("event_time", "sent_time", "answered_time", "stored_time", "delivered_time")


@pytest.fixture(scope="module")
def cases(desk):
    return desk.cases("cross_field")


def test_each_case_is_told_as_listed_and_nothing_else(desk, cases):
    rows = desk.rows(len(cases))
    for row, case in zip(rows, cases, strict=True):
        row |= {
            "tapahtuma_aika": "2025-03-02T10:15:00",
            "kysely_lahetetty_aika": "2025-03-02T13:15:00",
            "vastattu_aika": "2025-03-03T10:15:00",
            **case["row"],
        }
    judged = desk.judge(desk.write(rows))
    headers = {column.name: column.header for column in desk.rules.contract.columns}
    told: dict[int, list[list[str]]] = {}
    for fault in judged.faults:
        told.setdefault(fault.row, []).append([headers[fault.field], fault.code])
    accepted = set(judged.accepted["row_number"])
    for number, case in enumerate(cases, start=1):
        assert sorted(told.get(number, [])) == sorted(case["told"]), case
        assert (number in accepted) is not case.get("rejected", False), case


def test_every_rule_of_the_contract_has_a_case_that_breaks_it(desk, cases):
    broken = {case["rule"] for case in cases if "rule" in case}
    assert broken == {rule.id for rule in desk.rules.contract.feedback.rules}


def test_what_needs_an_age_group_is_classified_by_it(desk, cases):
    """The rules follow the inference table: without the age these classes are not the same."""
    columns = [c.name for c in desk.rules.contract.columns if c.code_set or c.name == "cost_centre"]
    names = {column.header: column.name for column in desk.rules.contract.columns}
    ages = desk.rules.code_sets["age_groups"].codes["code"].to_list()
    needing = [c for c in cases if ["ikaryhma", "age_group_needed"] in c["told"]]
    assert needing
    for case in needing:
        codes = {names[header]: value or None for header, value in case["row"].items()}
        rows = [
            {**dict.fromkeys(columns), "unit_type": None, **codes, "age_group": a} for a in ages
        ]
        frame = pl.DataFrame(rows, schema=dict.fromkeys([*columns, "unit_type"], pl.String))
        classes = classify(frame, NO_MAP, "2025-03", desk.rules)["service_class"]
        assert classes.n_unique() > 1, case


def test_a_row_without_any_input_is_unclassified(desk):
    names = [c.name for c in desk.rules.contract.columns if c.survives_anonymisation]
    frame = pl.DataFrame(
        [dict.fromkeys([*names, "unit_type"]) | {"contact_mode": "R10", "age_group": "45-64"}],
        schema=dict.fromkeys([*names, "unit_type"], pl.String),
    )
    assert classify(frame, NO_MAP, "2025-03", desk.rules)["service_class"][0] == UNCLASSIFIED


time_or_none = st.none() | st.datetimes(
    min_value=datetime(2025, 3, 1),  # noqa: DTZ001 - local, as delivered
    max_value=datetime(2025, 3, 4),  # noqa: DTZ001 - local, as delivered
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(*[time_or_none] * len(TIMES)), min_size=1, max_size=20))
def test_times_are_told_exactly_where_one_precedes_the_last_given_before_it(desk, rows):
    table = desk.rules.contract.feedback
    schema = {c.name: pl.Datetime("us") if c.type == "time" else pl.String for c in table.columns}
    frame = pl.DataFrame(
        [dict(zip(TIMES, row, strict=True)) for row in rows], schema_overrides=schema
    )
    empty = [pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in TIMES]
    values = frame.with_columns(*empty, unit_type=pl.lit(None, pl.String)).with_row_index(
        "row_number", offset=1
    )
    faults = pl.concat(
        f.with_columns(pl.col("row_number").cast(pl.Int32))
        for f in cross_field_faults(values, values, table, desk.rules)
    )
    told = set(
        faults.filter(pl.col("code") == "times_out_of_order")
        .select("row_number", "field")
        .iter_rows()
    )
    assert told == {
        (number, name) for number, row in enumerate(rows, start=1) for name in _early(row)
    }


def _early(row):
    last = None
    for name, moment in zip(TIMES, row, strict=True):
        if moment is None:
            continue
        if last is not None:
            days = moment.time() == moment.min.time() or last.time() == last.min.time()
            if (moment.date() < last.date()) if days else (moment < last):
                yield name
        last = moment


def test_a_rule_at_row_level_keeps_the_row_out(desk, rules_folder):
    path = rules_folder / "delivery" / "contract.yaml"
    text = path.read_text(encoding="utf-8")
    place = text.index("id: times-in-order")
    path.write_text(
        text[:place] + text[place:].replace("level: field", "level: row", 1), encoding="utf-8"
    )
    strict = RuleBook.load(rules_folder)
    rows = desk.rows(4)
    rows[2]["vastattu_aika"] = "2025-03-01T00:00:01"
    judged = judge(read_delivery(desk.write(rows), "08", strict), "08", "2025-03", strict)
    assert judged.rejected.rows() == [(3, "answered_time", "times_out_of_order")]
    assert (judged.rows_accepted, judged.rows_rejected) == (3, 1)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_childrens_statements_are_known_by_their_text(desk, language):
    rows = desk.rows(1)
    rows[0] |= {"kysely_versio": "lapset 2024.1", "ikaryhma": "7-12", "l1": "5", "l2": "0"}
    rows[0] |= {f"v{i}": "" for i in range(1, 8)}
    names = {column.header: column.name for column in desk.rules.contract.columns}
    texts = {h: desk.rules.statements[names[h]].text.of(language) for h in ("l1", "l2")}
    shown = [{texts.get(header, header): value for header, value in row.items()} for row in rows]
    judged = desk.judge(desk.write(shown))
    assert judged.faults == ()
    assert judged.accepted.select("c1_got_help", "c2_was_listened_to").row(0) == (5, 0)


@pytest.mark.parametrize(("empty", "told"), [(2, False), (3, True)])
def test_the_county_is_told_when_too_few_rows_have_a_cost_centre(desk, empty, told):
    rows = desk.rows(10)
    for row in rows[:empty]:
        row["kustannuspaikka"] = ""
    judged = desk.judge(desk.write(rows))
    files = [(f.code, f.field) for f in judged.faults if f.level == "file"]
    assert files == ([("completeness_below_threshold", "cost_centre")] if told else [])
    assert judged.rows_accepted == 10
    assert not judged.refused


@pytest.mark.parametrize(("threshold", "told"), [("0.5", False), ("0.95", True)])
def test_the_threshold_of_completeness_is_the_countys_own(desk, rules_folder, threshold, told):
    (rules_folder / "counties" / "03.yaml").write_text(
        f'county: "03"\ncompleteness_at_least: {threshold}\n', encoding="utf-8"
    )
    own = RuleBook.load(rules_folder)
    rows = desk.rows(10)
    rows[0]["toimipaikka"] = ""
    receipt = check_file(desk.write(rows), "a.csv", "03", "2025-03", own)
    codes = [(f["code"], f["field"]) for f in receipt["faults"] if f["level"] == "file"]
    assert codes == ([("completeness_below_threshold", "toimipaikka")] if told else [])
    assert receipt["verdict"] == "accepted"
    assert receipt["completeness"]["toimipaikka"] == 0.9


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("pistemainen", "point"),
        ("jakso_alle_1v", "period_under_1y"),
        ("Palvelujakso yli vuoden", "period_over_1y"),
        ("ketju", "chain"),
        ("Servicekedja", "chain"),
    ],
)
def test_every_feedback_type_is_stored(desk, written, stored):
    rows = desk.rows(1)
    rows[0]["palautetyyppi"] = written
    judged = desk.judge(desk.write(rows))
    assert judged.accepted["feedback_type"].to_list() == [stored]
    assert judged.faults == ()


CELLS = {
    "palaute_id": ["", "F-1", "F-2"], "kustannuspaikka": ["", "41001", "Maija"],
    "yhteystapa": ["R80", "R71", "R10", "?"], "erikoisala": ["", "10", "74", "999"],
    "ikaryhma": ["", "7-12", "85+", "x"], "vastaajarooli": ["", "asiakas", "laheinen"],
    "kysely_versio": ["", "2024.1", "lapset 2024.1", "9.9"], "l1": ["", "0", "5", "6"],
    "v1": ["", "0", "5", "6"], "nps": ["", "10", "11"],
    "toimitettu_aika": ["", "eilen", "2025-03-01"],
    "tapahtuma_aika": ["", "2025-03-02T10:00:00", "2025-04-02T10:00:00"],
}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CELLS.items()}),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_every_row_is_accepted_or_rejected_for_a_reason(desk, changes):
    rows = [row | change for row, change in zip(desk.rows(len(changes)), changes, strict=True)]
    judged = desk.judge(desk.write(rows))
    accepted = judged.accepted["row_number"].to_list()
    rejected = judged.rejected["row_number"].unique().to_list()
    assert sorted([*accepted, *rejected]) == list(range(1, len(rows) + 1))
    assert (judged.rows_accepted, judged.rows_rejected) == (len(accepted), len(rejected))
    assert {f.row for f in judged.faults if f.level == "row"} == set(rejected)
    known = set(desk.rules.messages.messages)
    assert {f.code for f in judged.faults} <= known


def test_a_value_that_is_there_but_faulty_is_not_told_as_lacking_too(desk):
    header = "palaute_id;tapahtuma_aika;yhteystapa;erikoisala;ikaryhma;kustannuspaikka;nps"
    rows = ("F-1;2025-03-14;R80;;25-44;;9", "F-2;2025-03-14;R80;9999;25-44;;9")
    read = read_delivery("\n".join([header, *rows, ""]).encode(), "08", desk.rules)
    told = {(f.row, f.code) for f in judge(read, "08", "2025-03", desk.rules).faults}
    assert (1, "specialty_needed") in told
    assert (2, "not_in_code_set") in told
    assert (2, "specialty_needed") not in told
