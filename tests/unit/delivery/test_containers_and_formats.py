"""Containers and formats: the same rows whatever they come in; what is damaged is told."""

import gzip
import io
import json
import re
import zipfile
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from aspa_resources.delivery import (
    UnreadableDelivery,
    check_file,
    containers,
    receipt_html,
    receipt_text,
    workbook_parts,
)
from aspa_resources.delivery.json_lines import KEYS_LIMIT

TIMES = ("tapahtuma_aika", "kysely_lahetetty_aika", "vastattu_aika")
NUMBERS = ("nps", *(f"v{i}" for i in range(1, 8)), "kustannuspaikka")
EPOCH = datetime.fromisoformat("1899-12-30")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TITLE = ("Palauteraportti 3/2025", *[""] * 5)


def cell_xml(value):
    if isinstance(value, datetime):
        return f's="1"><v>{(value - EPOCH).total_seconds() / 86_400!r}</v>'
    if isinstance(value, int | float):
        return f"><v>{value}</v>"
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return f't="inlineStr"><is><t xml:space="preserve">{escaped}</t></is>'


def column_letters(place):
    before, last = divmod(place, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def sheet_xml(rows, merged=""):
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{column_letters(place)}{number}" {cell_xml(value)}</c>'
            for place, value in enumerate(row)
            if value != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{merge}</worksheet>'


def workbook(*sheets, hidden=(), shared=()):
    """A workbook of sheets given as XML; hidden: numbers of sheets, shared: strings."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" state="{"hidden" if n in hidden else "visible"}"'
        f' r:id="rId{n}"/>'
        for n in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{WORKSHEET_TYPE}"/>'
            "</Types>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'{related}<Relationship Id="rId99" Type="{RELATIONS}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId98" Type="{RELATIONS}/sharedStrings"'
            ' Target="sharedStrings.xml"/>'
            "</Relationships>",
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
            + "".join(f"<si><t>{text}</t></si>" for text in shared)
            + "</sst>",
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
            **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in zip(numbers, sheets, strict=True)},
        }
    )


def zipped(files, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def typed(header, value):
    """A value as a spreadsheet holds it: times as dates, numbers as floats."""
    if value and header in TIMES:
        return datetime.fromisoformat(value)
    return float(value) if value and header in NUMBERS else value


def table(rows, headers=None):
    titles = [(headers or {}).get(header, header) for header in rows[0]]
    return [titles, *([typed(header, value) for header, value in row.items()] for row in rows)]


def json_lines(rows, headers=None):
    def plain(header, value):
        return float(value) if value and header in NUMBERS else value or None

    return "".join(
        json.dumps({(headers or {}).get(h, h): plain(h, v) for h, v in row.items()}) + "\n"
        for row in rows
    ).encode()


def encrypted(content):
    """An archive whose only member says that it is encrypted."""
    place = content.index(b"PK\x01\x02")
    return content[: place + 8] + b"\x01" + content[place + 9 :]


def refusal(desk, content):
    with pytest.raises(UnreadableDelivery) as refused:
        desk.read(content)
    assert refused.value.fault.level == "file"
    return refused.value.fault.code


@pytest.fixture(scope="module")
def formats(desk):
    rows = desk.rows(30)
    return {
        "csv": desk.write(rows),
        "jsonl": json_lines(rows),
        "xlsx": workbook(sheet_xml(table(rows))),
    }


PACKINGS = {
    None: lambda content: content,
    "gzip": gzip.compress,
    "zip": lambda content: zipped({"maaliskuu/": b"", "maaliskuu/x.bin": content}),
}


@pytest.mark.parametrize("container", PACKINGS)
@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_every_format_in_every_container_gives_the_same_rows(desk, formats, form, container):
    content = PACKINGS[container](formats[form])
    read, judged = desk.read(content), desk.judge(content)

    assert (read.dialect.format, read.dialect.container) == (form, container)
    assert (read.ignored, read.missing, read.months) == ((), (), ("2025-03",))
    assert_frame_equal(judged.accepted, desk.judge(formats["csv"]).accepted)
    assert judged.faults == ()


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_the_receipt_says_what_was_understood(desk, formats, form):
    told = check_file(gzip.compress(formats[form]), "x", "08", None, desk.rules)
    assert told["verdict"] == "accepted"
    assert (told["dialect"]["format"], told["dialect"]["container"]) == (form, "gzip")
    for shown in (receipt_html(told), *(receipt_text(told, lang) for lang in ("fi", "sv", "en"))):
        assert form.upper() in shown
        assert "gzip" in shown
        assert "None" not in shown


def test_a_workbook_with_a_merged_title_notes_and_a_sheet_before(desk):
    rows = desk.rows(12)
    shape = desk.shapes["question_texts"]
    data = table(rows, shape.headers)
    notes = sheet_xml([("Ohje",), ("palaute_id", "tunniste"), ("Laatija", "", "Laatutiimi")])
    sheet = sheet_xml([TITLE, (), ("Jakso", "3/2025"), *data, (), ("",)], merged="A1:F1")
    read = desk.read(workbook(notes, sheet), shape.county)
    judged = desk.judge(workbook(notes, sheet), shape.county)

    assert read.dialect.header_line == 4
    assert judged.rows_accepted == judged.rows_delivered == 12
    assert_frame_equal(judged.accepted, desk.judge(desk.write(rows)).accepted)


def test_a_cell_is_written_as_a_csv_file_would(desk):
    header = ("palaute_id", "tapahtuma_aika", "kustannuspaikka", "nps", "toimipaikka", "v1")
    almost = datetime.fromisoformat("2025-03-14T10:14:59.999700")
    row = (20250314000017, almost, 41001.0, 9.0, "007", 4.5)
    frame = desk.read(workbook(sheet_xml([header, row]))).frame
    assert frame.select(
        "feedback_id", "event_time", "cost_centre", "nps", "site", "s1_got_help"
    ).row(0) == ("20250314000017", "2025-03-14T10:15:00", "41001", "9", "007", "4.5")


@pytest.mark.parametrize("far", ["XFD2", "A1048576", "XFD1048576"])
def test_a_stray_cell_far_away_does_not_fill_the_memory(desk, monkeypatch, far):
    monkeypatch.setattr(workbook_parts, "CELLS_LIMIT", 30_000)
    number = far.lstrip("XFDA")
    stray = f'<row r="{number}"><c r="{far}"><v>1</v></c></row></sheetData>'
    sheet = sheet_xml(table(desk.rows(2))).replace("</sheetData>", stray)
    assert refusal(desk, workbook(sheet)) == "unpacked_too_large"


def test_workbooks_that_cannot_be_read(desk):
    sheet = sheet_xml(table(desk.rows(2)))
    assert refusal(desk, workbook(sheet[:-300])) == "unreadable_workbook"
    assert refusal(desk, zipped({"[Content_Types].xml": "", "word/document.xml": ""})) == (
        "unreadable_workbook"
    )
    assert refusal(desk, workbook(sheet)[:-400]) == "damaged_archive"
    for odd in ("A99999999", "A0", "XXXX1", "", "A1 r='B2'", 'A2" r="ZZZ9', 'A2"r="ZZZ9'):
        moved = sheet.replace('r="A2"', f'r="{odd}"')
        assert refusal(desk, workbook(moved)) == "unreadable_workbook"
    assert refusal(desk, workbook(sheet.replace(' r="A2"', ""))) == "unreadable_workbook"
    assert refusal(desk, workbook(sheet_xml([TITLE, ("a", "b")]))) == "no_known_header"
    assert refusal(desk, workbook(sheet_xml(table(desk.rows(2))[:1]))) == "empty"


def test_the_one_visible_sheet_with_rows_is_read(desk):
    rows = desk.rows(4)
    data, other = (sheet_xml(table(part)) for part in (rows, rows[:2]))
    empty = sheet_xml(table(rows)[:1])
    assert desk.read(workbook(other, data, hidden=[1])).frame.height == 4
    assert desk.read(workbook(empty, data)).frame.height == 4
    assert refusal(desk, workbook(other, data)) == "several_tables"
    assert refusal(desk, workbook(sheet_xml([TITLE]), data, hidden=[2])) == "no_known_header"


FLAWS = {
    "error": '<c r="{at}" t="e"><v>#N/A</v></c>',
    "formula": '<c r="{at}"><f>2+3</f><v></v></c>',
    "formula, no element": "<c r='{at}'><f>2+3</f></c>",
    "formula, closed element": '<c r="{at}" s="0"><f t="shared" si="0"/><v /></c>',
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_cell_without_its_value_breaks_the_row(desk, flaw):
    data = table(desk.rows(6))
    at = f"{column_letters(data[0].index('nps'))}3"
    cell = re.compile(f'<c r="{at}".*?</c>')
    sheet = cell.sub(FLAWS[flaw].format(at=at), sheet_xml(data))
    judged = desk.judge(workbook(sheet))
    assert judged.rejected.rows() == [(2, None, "cell_without_value")]
    stored = f'<c r="{at}"><f>2+3</f><v>5</v></c>'
    assert desk.judge(workbook(cell.sub(stored, sheet_xml(data)))).rows_accepted == 6
    empty = f'<c r="{at}" t="str"><f>A1</f><v></v></c>'
    assert desk.judge(workbook(cell.sub(empty, sheet_xml(data)))).rows_accepted == 6


def test_merged_cells_break_the_rows_they_cover(desk):
    judged = desk.judge(workbook(sheet_xml(table(desk.rows(8)), merged="B3:C4")))
    assert judged.rejected.rows() == [(n, None, "cell_without_value") for n in (2, 3)]


def test_cells_to_the_right_of_the_header_break_the_row(desk):
    data = table(desk.rows(6))
    data[2] = [*data[2], "", "lisä"]
    assert desk.judge(workbook(sheet_xml(data))).rejected.rows() == [
        (2, None, "wrong_column_count")
    ]


def test_columns_are_told_by_their_place_in_the_sheet(desk):
    rows = desk.rows(2)
    moved = [(), *(["", "", *row] for row in table(rows))]
    assert desk.read(workbook(sheet_xml(moved))).positions["feedback_id"] == 3
    assert_frame_equal(
        desk.judge(workbook(sheet_xml(moved))).accepted, desk.judge(desk.write(rows)).accepted
    )


def test_the_last_moment_of_a_calendar_is_no_time(desk):
    data = table(desk.rows(6))
    place = data[0].index("tapahtuma_aika")
    at = f"{column_letters(place)}3"
    sheet = re.sub(
        f'<c r="{at}".*?</c>', f'<c r="{at}" s="1"><v>2958465.9999999</v></c>', sheet_xml(data)
    )
    assert desk.judge(workbook(sheet)).rejected.rows() == [(2, "event_time", "not_a_time")]


def test_shared_strings_count_once_for_every_cell(desk, monkeypatch):
    data = table([row | {"avoin_palaute": "x"} for row in desk.rows(6)])
    place = column_letters(data[0].index("avoin_palaute"))
    sheet = sheet_xml(data)
    sheet = re.sub(f'<c r="({place}[2-7])".*?</c>', r'<c r="\1" t="s"><v>1</v></c>', sheet)
    content = workbook(sheet, shared=["lyhyt", "a" * 1000])
    monkeypatch.setattr(workbook_parts, "UNPACKED_LIMIT", 6 * len("<t></t>" + "a" * 1000))
    assert desk.read(content).frame.height == 6
    monkeypatch.setattr(workbook_parts, "UNPACKED_LIMIT", 6_000)
    assert sheet.count('t="s"') == 6
    assert refusal(desk, content) == "unpacked_too_large"


def test_archives_that_are_refused_say_why(desk, formats):
    content = formats["csv"]
    both = {"a.csv": content, "b.csv": content}
    cases = {
        "several_files_in_archive": [zipped(both)],
        "encrypted_archive": [encrypted(zipped({"a.csv": content}))],
        "archive_in_archive": [
            zipped({"a": zipped(both)}),
            zipped({"a": gzip.compress(content)}),
            gzip.compress(gzip.compress(content)),
            gzip.compress(zipped({"a.csv": content})),
        ],
        "damaged_archive": [
            zipped({"a.csv": content})[:-30],
            zipped({"a.csv": content}, zipfile.ZIP_STORED).replace(b"F-000001", b"F-000009", 1),
            gzip.compress(content)[:-9],
            gzip.compress(content)[:400],
            gzip.compress(content)[:-8] + bytes(8),
        ],
        "empty": [zipped({"tyhja/": b""}), zipped({"a.csv": b""}), gzip.compress(b"")],
    }
    for code, archives in cases.items():
        assert [refusal(desk, archive) for archive in archives] == [code] * len(archives)


def test_what_a_desktop_adds_to_an_archive_is_no_delivery(desk, formats):
    files = {
        "a.csv": formats["csv"],
        "__MACOSX/._a.csv": b"\x00\x05\x16\x07\x00\x02",
        ".DS_Store": b"\0\0\0\1Bud1",
    }
    assert desk.judge(zipped(files)).rows_accepted == 30


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a.csv": content})])
def test_a_small_file_that_unpacks_beyond_the_limit_is_refused(desk, formats, monkeypatch, pack):
    content = formats["csv"]
    monkeypatch.setattr(containers, "UNPACKED_LIMIT", len(content))
    assert desk.judge(pack(content)).rows_accepted == 30
    assert refusal(desk, pack(content + b" ")) == "unpacked_too_large"
    assert refusal(desk, pack(bytes(10_000_000))) == "unpacked_too_large"


def test_the_parts_of_a_workbook_share_the_limit(desk, formats, monkeypatch):
    with zipfile.ZipFile(io.BytesIO(formats["xlsx"])) as archive:
        size = sum(member.file_size for member in archive.infolist())
    monkeypatch.setattr(containers, "UNPACKED_LIMIT", size)
    assert desk.judge(formats["xlsx"]).rows_accepted == 30
    monkeypatch.setattr(containers, "UNPACKED_LIMIT", size - 1)
    assert refusal(desk, formats["xlsx"]) == "unpacked_too_large"


def test_the_message_tells_the_limits_that_hold(desk):
    message = desk.rules.messages.messages["unpacked_too_large"]
    for language in ("fi", "sv", "en"):
        assert f" {containers.UNPACKED_LIMIT // 2**20} M" in message.of(language).what
        assert f" {workbook_parts.CELLS_LIMIT // 10**6} mil" in message.of(language).what


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_json_lines_in_any_encoding_order_and_with_keys_left_out(desk, encoding):
    rows = desk.rows(9)
    titles = desk.shapes["finnish_titles"].headers
    lines = [
        json.dumps({titles.get(h, h): v for h, v in reversed(row.items()) if v}, ensure_ascii=False)
        for row in rows
    ]
    content = ("\r\n\r\n".join(lines)).encode(encoding)
    assert_frame_equal(desk.judge(content, "10").accepted, desk.judge(desk.write(rows)).accepted)


def test_broken_json_lines_are_rejected_by_number(desk):
    lines = json_lines(desk.rows(9)).splitlines()
    lines[1] = lines[1][:-20]
    lines[2] = lines[2].replace(b'"nps": 3.0', b'"nps": 3, "nps": 4')
    lines[3] = lines[3].replace(b'"nps": 4.0', b'"nps": [4]')
    lines[4] = lines[4].replace(b'"F-000005"', b'"\\ud83d"')
    lines[5] = b"[" * 100_000
    lines[6] = lines[6].replace(b"{", b'{"oma": {"kysymys": 1}, ', 1)
    lines[7] = lines[7].replace(b"Toimipaikka", b"Toimipaikka \xe4")
    lines.insert(8, b"{}")
    judged = desk.judge(b"\n".join([*lines, '"ä ö å"'.encode(), b""]))
    assert judged.rejected.rows() == [
        *((number, None, "broken_json") for number in (2, 3, 4, 5, 6)),
        (8, None, "undecodable_row"),
        (10, None, "broken_json"),
    ]
    assert judged.accepted["row_number"].to_list() == [1, 7, 9]


@pytest.mark.parametrize("form", ["[\n{}\n]\n", "[{}]", " [ {} ] "])
def test_an_array_of_objects_is_read_as_its_lines(desk, form):
    content = json_lines(desk.rows(6))
    listed = content.decode().strip().replace("\n", ",\n" if "\n" in form else ", ")
    read = desk.read(form.replace("{}", listed).encode())
    assert read.dialect.format == "jsonl"
    assert_frame_equal(
        desk.judge(content).accepted, desk.judge(form.replace("{}", listed).encode()).accepted
    )
    assert read.frame["line"].to_list() == ([2, 3, 4, 5, 6, 7] if "\n" in form else [1] * 6)


@pytest.mark.parametrize("odd", ["[{}", "[{},]", "[{},3]", "[{}] x", "[[{}]]"])
def test_an_array_that_is_not_well_formed_is_no_delivery(desk, odd):
    listed = json_lines(desk.rows(3)).decode().strip().replace("\n", ", ")
    assert refusal(desk, odd.replace("{}", listed).encode()) == "not_json_lines"


def test_a_key_in_two_spellings_is_one_column_where_they_never_meet(desk):
    lines = json_lines(desk.rows(6)).splitlines()
    lines[2] = lines[2].replace(b'"nps"', b'"NPS"')
    judged = desk.judge(b"\n".join(lines))
    assert_frame_equal(judged.accepted, desk.judge(json_lines(desk.rows(6))).accepted)
    lines[3] = lines[3].replace(b'"nps"', b'"NPS": 3, "nps"')
    assert refusal(desk, b"\n".join(lines)) == "column_twice"


def test_too_many_keys_are_refused_and_ignored_keys_take_no_columns(desk):
    lines = json_lines(desk.rows(6)).splitlines()
    keys = b", ".join(b'"k%d": 1' % number for number in range(KEYS_LIMIT))
    assert refusal(desk, b"\n".join([*lines, b"{" + keys + b"}"])) == "too_many_columns"
    message = desk.rules.messages.messages["too_many_columns"]
    for language in ("fi", "sv", "en"):
        assert f" {KEYS_LIMIT} " in message.of(language).what


@pytest.mark.parametrize("value", [b"true", b"false", b'"F-\\u0000"'])
def test_a_boolean_or_a_nul_is_no_value(desk, value):
    lines = json_lines(desk.rows(6)).splitlines()
    lines[1] = lines[1].replace(b'"F-000002"', value)
    assert desk.judge(b"\n".join(lines)).rejected.rows() == [(2, None, "broken_json")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_to_a_packed_file_raises_anything_else(desk, formats, data):
    form = data.draw(st.sampled_from(["csv", "jsonl", "xlsx"]))
    container = data.draw(st.sampled_from(list(PACKINGS)))
    content = bytearray(PACKINGS[container](formats[form]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 1, 2, 30]))
        content[start : start + length] = data.draw(st.binary(max_size=4))
    try:
        judged = desk.judge(bytes(content))
    except UnreadableDelivery as refused:
        assert refused.fault.code in desk.rules.messages.messages  # noqa: PT017 - or it is judged
    else:
        assert judged.rows_delivered == judged.rows_accepted + judged.rows_rejected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_inside_a_workbook_raises_anything_else(desk, data):
    sheet = bytearray(sheet_xml(table(desk.rows(3))).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(sheet)))
        length = data.draw(st.sampled_from([0, 1, 5, 40]))
        junk = st.one_of(st.binary(max_size=4), st.sampled_from([b"<", b'"', b"</c>", b"-1e400"]))
        sheet[start : start + length] = data.draw(junk)
    try:
        read = desk.read(workbook(bytes(sheet)))
    except UnreadableDelivery as refused:
        assert refused.fault.code in desk.rules.messages.messages  # noqa: PT017 - or it is read
    else:
        assert read.frame.height
