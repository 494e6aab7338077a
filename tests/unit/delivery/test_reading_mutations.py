"""The mutation corpus, and that the quick reading is the careful one."""

import io

import polars as pl
import pytest
from delivery_mutations import OPTIONS, Records, corpus
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from reading_checks import misreadings
from small_workbooks import small_workbook

from aspa_resources.delivery import read_delivery
from aspa_resources.delivery.body import Body
from aspa_resources.delivery.header import find_header, known_headers
from aspa_resources.delivery.layout import find_layout
from aspa_resources.delivery.records import read_rows
from aspa_resources.rule_book import RuleBook

SAMPLE = 60  # of the corpus; tests/benchmarks/bench_reading.py reads all of it
LINES = st.lists(
    st.one_of(
        st.lists(st.sampled_from(['a', '"b"', '"c;d"', "", "'e'", '"', '""', '"f\n', '\\"', "9"]))
        .map(";".join),
        st.text('a";\\\' \t9', max_size=14),
        st.sampled_from(["", ";;", "Yhteensä;9", '"";"";""', '"x";"y";"z"', "palaute_id;nps;text"]),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def records():
    return Records(RuleBook.load())


def test_every_file_of_the_corpus_is_read_as_it_was_written(records):
    files = corpus(SAMPLE)
    assert {str(one): wrong for one in files if (wrong := list(misreadings(one, records)))} == {}
    for name, options in OPTIONS.items():
        assert {one[name] for one in files} == set(options)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n", "\r"]), closed=st.booleans())
def test_the_quick_reading_is_the_careful_one(records, lines, end, closed):
    text = end.join(["palaute_id;nps;text", *lines]) + (end if closed else "")
    physical = list(io.StringIO(text, newline=""))
    known = known_headers(records.rules.contract, records.rules.profile("03"))
    header = find_header(physical[:1], known)
    body = Body(physical[1:], 2, damaged=False)
    layout = find_layout(body, header)
    # Both refuse the same rows; a row with stray quotes may be refused for its cells' number too.
    refused = pl.col("code").is_not_null()
    assert_frame_equal(
        read_rows(body, layout, header).with_columns(refused),
        read_rows(body, layout, header, carefully=True).with_columns(refused),
    )


def test_a_line_number_is_that_of_the_records_first_line(records):
    rows = ["palaute_id;tapahtuma_aika;Palaute", "", 'F-1;2025-03-01;"a\nb"', "F-2;2025-03-02;c"]
    physical = list(io.StringIO("\r\n".join(["sep=;", *rows, ""]), newline=""))
    known = known_headers(records.rules.contract, records.rules.profile("03"))
    header = find_header(physical, known)
    body = Body(physical[header.end_line :], header.end_line + 1, damaged=False)
    found = read_rows(body, find_layout(body, header), header)
    assert found["line"].to_list() == [4, 6]


def test_a_workbooks_line_is_the_sheets_row_also_below_empty_ones(records):
    header = ["palaute_id", "tapahtuma_aika", "nps"]
    rows = [[], [], header, ["F-1", "2025-03-01", "9"], [], ["F-2", "2025-03-02", "8"]]
    read = read_delivery(small_workbook(rows), "03", records.rules)
    assert read.dialect.header_line == 3
    assert read.frame["line"].to_list() == [4, 6]
