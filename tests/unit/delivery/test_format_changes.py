"""What a county's file has otherwise than the one before: every change told, nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.delivery import judge, read_delivery, receipt, receipt_html, receipt_text
from aspa_resources.delivery.formats import (
    FileFormat,
    FormatChange,
    file_format,
    format_changes,
)
from aspa_resources.delivery.labels import labels
from aspa_resources.delivery.notes import DeliveryNote, told_change

LANGUAGES = ("fi", "sv", "en")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
FORMATS = st.builds(
    FileFormat,
    kind=st.just("feedback"),
    writing=st.dictionaries(st.sampled_from(["format", "encoding", "separator", "quote"]), WORDS),
    headers=st.dictionaries(st.sampled_from(["nps", "site", "text", "event_time"]), WORDS),
    ignored=st.lists(WORDS, unique=True).map(tuple),
    time_forms=st.dictionaries(st.sampled_from(["event_time", "sent_time"]), WORDS),
    code_styles=st.dictionaries(st.just("gender"), st.sampled_from(["codes", "names"])),
)


def form(desk, content, county="08"):
    return file_format(read_delivery(content, county, desk.rules), county, desk.rules)


@pytest.fixture(scope="module")
def rows(desk):
    return desk.rows(30)


@pytest.fixture(scope="module")
def canonical(desk, rows):
    return form(desk, desk.write(rows))


def changed(desk, rows, **shape):
    return form(desk, desk.write(rows, replace(desk.shapes["canonical"], **shape)))


def test_a_file_written_the_same_way_tells_no_change(desk, rows, canonical):
    again = [row | {"nps": "3", "avoin_palaute": "Ääni", "sukupuoli": "mies"} for row in rows[:9]]
    assert format_changes(canonical, form(desk, desk.write(again))) == ()


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"encoding": "cp1252"}, ("encoding", "utf-8", None)),
        ({"encoding": "utf-16-le"}, ("encoding", "utf-8", "utf-16-le")),
        ({"separator": ","}, ("separator", ";", ",")),
        ({"separator": "\t"}, ("separator", ";", "\t")),
        ({"line_end": "\n"}, ("line_end", "CRLF", "LF")),
        ({"extra": ("Uusi tieto",)}, ("unknown_column_new", None, "#43")),
        ({"headers": {"kustannuspaikka": "KP"}}, ("column_renamed", "kustannuspaikka", "KP")),
        ({"contact_mode_names": True}, ("code_style", "codes", "names")),
    ],
)
def test_a_change_of_form_is_told_alone(desk, rows, canonical, shape, told):
    [change] = format_changes(canonical, changed(desk, rows, **shape))
    what, before, now = told
    assert (change.what, change.before) == (what, before)
    assert now is None or change.now == now


def test_another_order_of_the_columns_is_told(desk, rows, canonical):
    now = changed(desk, rows, order=(1, 0, *range(2, len(rows[0]))))
    assert format_changes(canonical, now) == (FormatChange("column_order", None, None),)


def test_a_new_form_of_times_is_told_of_each_column(desk, rows, canonical):
    now = changed(desk, rows, times="%d.%m.%Y %H:%M")
    told = {(c.what, c.before, c.now, c.field) for c in format_changes(canonical, now)}
    assert told == {
        ("time_form", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", column)
        for column in ("event_time", "sent_time", "answered_time")
    }


def test_a_column_that_goes_and_one_that_comes_are_told(desk, rows, canonical):
    without = [{k: v for k, v in row.items() if k != "kustannuspaikka"} for row in rows]
    fewer = form(desk, desk.write(without))
    gone = FormatChange("column_gone", "kustannuspaikka", None, "cost_centre")
    new = FormatChange("column_new", None, "kustannuspaikka", "cost_centre")
    assert format_changes(canonical, fewer) == (gone,)
    assert format_changes(fewer, canonical) == (new,)


def test_headers_that_differ_in_spelling_alone_are_the_same(desk, rows, canonical):
    spelled = {"toimipaikka": "Toimipaikka ", "kustannuspaikka": "KUSTANNUSPAIKKA:"}
    assert format_changes(canonical, changed(desk, rows, headers=spelled)) == ()


def test_an_unknown_header_that_may_be_content_is_known_by_its_place_alone(desk, rows):
    now = changed(desk, rows, extra=("Maija Meikäläinen 010190-999X",))
    assert "Maija" not in now.as_json()


def test_the_format_holds_no_value_of_the_file(desk, rows):
    secret = [row | {"palvelumuoto": "SALAISUUS", "sukupuoli": "SALAISUUS"} for row in rows]
    secret = [row | {"tapahtuma_aika": "SALAISUUS", "avoin_palaute": "SALAISUUS"} for row in secret]
    assert "SALAISUUS" not in form(desk, desk.write(secret)).as_json()


def test_a_header_is_kept_and_told_without_its_bracket(desk, rows, canonical):
    named = {"avoin_palaute": "Palaute (Maija Virtanen 010190-900X)"}
    now = changed(desk, rows, headers=named)
    assert "Virtanen" not in now.as_json()
    [change] = format_changes(canonical, now)
    assert (change.what, change.now) == ("column_renamed", "Palaute")
    kept = now.model_copy(update={"headers": {**now.headers, "text": named["avoin_palaute"]}})
    assert format_changes(kept, now) == ()
    assert {c.before for c in format_changes(kept, canonical)} == {"Palaute"}


def test_files_of_different_kinds_are_not_compared(canonical):
    assert format_changes(FileFormat(kind="sampling_counts"), canonical) == ()


def test_a_format_kept_by_another_version_is_still_read():
    kept = '{"kind": "feedback", "headers": {"nps": "NPS"}, "of_tomorrow": 1}'
    assert FileFormat.from_json(kept).headers == {"nps": "NPS"}


@given(FORMATS)
def test_a_format_comes_back_as_it_was_kept(kept):
    back = FileFormat.from_json(kept.as_json())
    assert back == kept
    assert [*back.headers] == [*kept.headers]
    assert format_changes(kept, back) == ()


@given(FORMATS, FORMATS)
def test_every_change_is_told_both_ways_and_in_words(before, now):
    there, back = format_changes(before, now), format_changes(now, before)
    assert len(there) == len(back)
    for change in there:
        told = told_change(change, {"nps": "nps"})
        assert all(told[language] for language in LANGUAGES)
        assert (change.before, change.now) in {(c.now, c.before) for c in back}


def test_a_change_is_a_remark_on_the_receipt_and_leaves_the_verdict(desk, rows, canonical):
    content = desk.write(rows, replace(desk.shapes["canonical"], separator="\t"))
    read = read_delivery(content, "08", desk.rules)
    changes = format_changes(canonical, file_format(read, "08", desk.rules))
    told = receipt(
        "x.csv", "08", "2025-03", desk.rules,
        read=read, judged=judge(read, "08", "2025-03", desk.rules),
        delivery=DeliveryNote(2, "3f9a0c12be77", "replaces", format_changes=changes),
    )  # fmt: skip
    assert told["verdict"] == "accepted"
    assert told["rows_accepted"] == 30
    assert "format_changed" in {fault["code"] for fault in told["faults"]}
    [change] = told["format_changes"]
    assert (change["what"], change["before"], change["now"]) == ("separator", ";", "\t")
    for language in LANGUAGES:
        assert labels()[language]["forms"]["\t"] in change[language]
        assert change[language] in receipt_text(told, language)
        assert change[language] in receipt_html(told)
