"""Rewriting the text cells of a file: every dialect, and every other byte as it was."""

import csv
import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.table_files import TableFileError, open_table
from aspa_resources.table_files.separated import Dialect


def rewrite(path: Path, *columns: str, out: str | None = None) -> bytes:
    """Rewrite a file's texts to upper case without their digits and return the bytes written."""

    def change(texts: list[str]) -> list[str]:
        return ["".join(c for c in t.upper() if not c.isdigit()) for t in texts]

    target = path.with_name(out or f"out_{path.name}")
    open_table(path).rewrite(target, columns or ("text",), change, lambda *_: None)
    return target.read_bytes()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"id;text\r\n1;hei\r\n", b"id;text\r\n1;HEI\r\n", id="semicolon, CRLF"),
        pytest.param(b"id,text\n1,hei", b"id,text\n1,HEI", id="comma, LF, no last line end"),
        pytest.param(b"id\ttext\r1\thei\r", b"id\ttext\r1\tHEI\r", id="tab, CR"),
        pytest.param(b"text|id\nhei|1\n", b"text|id\nHEI|1\n", id="bar"),
        pytest.param(b"text\nhei; sitten, ei\n", b"text\nHEI; SITTEN, EI\n", id="one column"),
        pytest.param(
            b'text\n"hei, ""sin\xc3\xa4"""\n', b'text\n"HEI, ""SIN\xc3\x84"""\n', id="one, quoted"
        ),
        pytest.param(
            b'\xef\xbb\xbf"text";id\n"a\r\nb; ""c""\n";  007 \n',
            b'\xef\xbb\xbf"text";id\n"A\r\nB; ""C""\n";  007 \n',
            id="BOM, quoted header, new lines and quotes in a cell, blanks around others",
        ),
        pytest.param(
            b"id;text;n\n'1;2';'a;b';1,50\n", b"id;text;n\n'1;2';'A;B';1,50\n", id="single quotes"
        ),
        pytest.param(
            b'id;text\n1;"a \\"b\\"; c"\n',
            b'id;text\n1;"A \\"B\\"; C"\n',
            id="backslash before quotes",
        ),
        pytest.param(
            "id;text\n1;hyvä ääni\n".encode("cp1252"),
            "id;text\n1;HYVÄ ÄÄNI\n".encode("cp1252"),
            id="latin-1",
        ),
        pytest.param(
            "id;text\n1;hyvä € ääni\n".encode("cp1252"),
            "id;text\n1;HYVÄ € ÄÄNI\n".encode("cp1252"),
            id="cp1252",
        ),
        pytest.param(
            "\ufeffid;text\n1;hyvä\n".encode("utf-16-le"),
            "\ufeffid;text\n1;HYVÄ\n".encode("utf-16-le"),
            id="utf-16 with BOM",
        ),
        pytest.param(
            b"id;text\n\xffx\xc3\xa4\xc3\xa4\xc3\xa4;hei\n",
            b"id;text\n\xffx\xc3\xa4\xc3\xa4\xc3\xa4;HEI\n",
            id="a byte that is no UTF-8 in another column lives through",
        ),
        pytest.param(b"id;text\n1;\n\n2;b\n", b"id;text\n1;\n\n2;B\n", id="empty text, blank line"),
        pytest.param(b"id;text\n", b"id;text\n", id="a header alone"),
        pytest.param(
            b'id;text;;\n1;5" n\xc3\xa4ytt\xc3\xb6;;\n',
            b'id;text;;\n1;""" N\xc3\x84YTT\xc3\x96";;\n',
            id="a quote inside a cell without quotes; columns without a name",
        ),
    ],
)
def test_csv(tmp_path: Path, content: bytes, expected: bytes) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    assert rewrite(path) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('{"id": 1.50, "text": "a"}', '{"id": 1.50, "text": "A"}', id="a number stays"),
        pytest.param('{"text":null,"n":1e5}', '{"text":null,"n":1e5}', id="null"),
        pytest.param('{"id": 2}', '{"id": 2}', id="no such key on one line"),
        pytest.param(
            '{ "x" : {"text": "b"} , "text" : "a\\n" }',
            '{ "x" : {"text": "b"} , "text" : "A\\n" }',
            id="spaces and inner objects stay",
        ),
        pytest.param(
            '{"text": "\\u00e4"}', '{"text": "\\u00c4"}', id="escaped letters stay escaped"
        ),
        pytest.param('{"text": "ä"}', '{"text": "Ä"}', id="others are written as they are"),
        pytest.param("{}", "{}", id="an empty object"),
    ],
)
def test_json_lines(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{{"text": "x"}}\r\n\n{line}\n', encoding="utf-8")
    assert rewrite(path).decode() == f'{{"text": "X"}}\r\n\n{expected}\n'


def test_several_columns_and_gzip(tmp_path: Path) -> None:
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress(b"a,b,c\nx,y,z\n"))
    assert gzip.decompress(rewrite(path, "a", "c")) == b"a,b,c\nX,y,Z\n"
    assert rewrite(path, "a", "c", out="plain.csv") == b"a,b,c\nX,y,Z\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("in.csv", b"id,text\n1\n", "line 2: not as many cells"),
        ("in.csv", b'id,text\n1,a\n2,"a\nb\n', "line 3: its quotes"),
        ("in.csv", b'id,text\n1,"a" b"\n', "line 2: its quotes"),
        ("in.csv", b"", "the file is empty"),
        ("in.csv", b"\r\n\r\n", "the file is empty"),
        ("in.csv", bytes(range(256)) * 20, "no text file"),
        ("in.csv", b"PK\x03\x04rest", "a workbook or an archive"),
        (
            "in.csv.gz",
            gzip.compress(b"id,text\n1,salaisuus\n" * 99, mtime=0)[:-20],
            "gzip file is damaged",
        ),
        ("in.csv", b"text,text\n1,2\n", "no column text. Its columns are #1, #2"),
        ("in.csv", b"id,palaute\n1,2\n", "no column text. Its columns are id, palaute"),
        ("in.csv", b"a@b.fi,0401234567\n1,2\n", "Its columns are #1, #2"),
        # A file without a header: what stands in its first row is nobody's business.
        ("in.csv", b"10;salaisuus;F\n9;salaisuus;M\n", "Its columns are #1, #2, #3"),
        ("in.csv", b"Oma salaisuus\nid;text\n", "Its columns are #1:"),
        ("in.csv", b"id;Avoin palaute;Q1\n9;salaisuus;M\n", "Its columns are id, #2, Q1"),
        ("in.jsonl", b'{"text": "salaisuus"}\n{"text": "salaisuus"\n', "line 2: not a JSON object"),
        ("in.jsonl", b'{"text": "a", "text": "salaisuus"}\n', "line 1: not a JSON object"),
        ("in.jsonl", b"[1]\n", "line 1: not a JSON object"),
        ("in.jsonl", b"[" * 100_000, "line 1: not a JSON object"),
        ("in.jsonl", b'{"text": 5}\n', "line 1: the value in the text column is no text"),
        ("in.jsonl", b'{"id": 5}\n', "no column text. Its columns are id"),
        ("in.dat", b"x", "name it .jsonl or .csv"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_cure_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TableFileError, match="in\\.") as refused:
        rewrite(path)
    assert told in str(refused.value)
    assert "salaisuus" not in str(refused.value)
    assert [*tmp_path.iterdir()] == [path]


def test_what_can_be_read_only_once_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in.csv")
    with pytest.raises(TableFileError, match="no plain file"):
        open_table(tmp_path / "in.csv")


def test_a_header_known_to_be_one_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"text;Avoin palaute;1. Arvosana;;oma@osoite\n;;;;\n")
    shown = open_table(path).shown_columns(without=["text"])
    assert shown == ["Avoin palaute", "1. Arvosana", "#4", "#5"]


CELL = st.text(alphabet="aäB \t;,|'\"\n\r\\1", max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
    st.sampled_from(";,\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_python_writes_is_read_alike(
    rows: list[tuple[str, str, str]], separator: str, quoting: int
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, quoting=quoting).writerows(rows)
    dialect = Dialect(separator)
    raw, read = written.getvalue(), []
    while raw:
        end = 0
        while True:  # the shortest whole row, as lines are added
            end = min(i for i in (raw.find(c, end) for c in "\r\n") if i >= 0) + 1
            end += raw.startswith("\n", end) and raw[end - 1] == "\r"
            if (spans := dialect.spans(raw[:end])) is not None:
                break
        read.append(tuple(dialect.text(raw[start:stop]) for start, stop in spans))
        raw = raw[end:]
    assert read == rows


@given(CELL, CELL, st.sampled_from(["", "\\"]))
def test_a_cell_says_what_was_written_into_it(text: str, before: str, escape: str) -> None:
    dialect = Dialect(";", '"', escape)
    cell = dialect.written(text, dialect.written(before, '""'))
    assert dialect.spans(f"1;{cell};2\n") == [
        (0, 1),
        (2, 2 + len(cell)),
        (3 + len(cell), 4 + len(cell)),
    ]
    assert dialect.text(cell) == text


def test_json_lines_of_many_rows_come_through_whole(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows = [{"id": i, "text": f"teksti {i}", "x": [1, {"a": "b"}]} for i in range(2_500)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    read = [json.loads(line) for line in rewrite(path).decode().splitlines()]
    assert read == [{**row, "text": "TEKSTI "} for row in rows]
