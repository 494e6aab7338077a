"""A manual export says what the code server would say, however it was saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_workbooks import small_workbook

from aspa_resources.code_server.exports import read_export
from aspa_resources.code_server.lists import CodeListError

FINNISH = [
    ["Tunniste", "Lyhenne", "Lyhyt nimi", "Pitkä nimi", "Ylempi koodi", "Hierarkiataso",
     "Voimassaolo alkaa", "Voimassaolo päättyy", "Muutospvm", "Tila", "Määritelmä", "OID",
     "Långt_namn"],
    ["70", "psyk", "psykiatria", "Psykiatria", "7", "1", "1.1.1994", "31.12.2099", "2.3.2020",
     "ACTIVE", "", "", "Psykiatri"],
    ["71", "", "", "Vanha; ala", "", "1", "1994-01-01", "2018-12-31", "", "ACTIVE", "", "", ""],
    ["72", "", "", "Poistettu ala", "", "1", "", "", "", "DELETED", "", "", ""],
]  # fmt: skip
ENGLISH = [
    ["CodeId", "Abbreviation", "ShortName", "LongName", "BeginningDate", "ExpiringDate",
     "LastModifiedDate", "Status", "Description", "OID"],
    ["70", "psyk", "psykiatria", "Psykiatria", "1994-01-01T00:00:00", "", "", "ACTIVE", "", ""],
]  # fmt: skip


def text(rows: list[list[str]], separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_finnish_shape_is_read_however_it_was_saved(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(text(FINNISH, separator).encode(encoding))
    first, second = read_export(path).rows(named=True)
    assert first["code"] == "70"
    assert (first["name_fi"], first["name_sv"], first["name_en"]) == (
        "Psykiatria", "Psykiatri", None,
    )  # fmt: skip
    assert (first["begin"], first["end"]) == (date(1994, 1, 1), date(2099, 12, 31))
    assert first["parent"] == "7"
    assert (second["name_fi"], second["end"]) == ("Vanha; ala", date(2018, 12, 31))


def test_the_other_shape_is_read_and_an_open_end_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text([["Erikoisalat"], *ENGLISH], ";"), encoding="utf-8")
    (row,) = read_export(path).rows(named=True)
    assert (row["begin"], row["end"]) == (date(1994, 1, 1), None)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(small_workbook(FINNISH))
    codes = read_export(path)
    assert codes["code"].to_list() == ["70", "71"]
    assert codes["begin"].to_list() == [date(1994, 1, 1)] * 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"code": ""}, "line 2: it has no code"),
        ({"begin": "soon"}, "line 2: a day of validity is none"),
        ({"status": "unheard of"}, "line 2: the status is none of"),
        ({"name": ""}, "1 codes have no Finnish name"),
        ({"end": "31.12.1990"}, "1 codes end before they begin"),
        ({"status": "DELETED"}, "The list has no codes"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_never_quoted(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    places = {"code": 0, "name": 3, "begin": 6, "end": 7, "status": 9}
    row = ["70", "", "", "Psykiatria", *FINNISH[1][4:]]
    for name, value in change.items():
        row[places[name]] = value
    path = tmp_path / "export.csv"
    path.write_text(text([FINNISH[0], row], ";"), encoding="utf-8")
    with pytest.raises(CodeListError, match=told) as refused:
        read_export(path)
    assert "soon" not in str(refused.value)
    assert "unheard" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"code,name\n1,One\n", b"PK no workbook", b"\x00\xff"])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(CodeListError):
        read_export(path)


def test_a_line_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text(FINNISH[:2], ";") + "\r\n71;Vanha", encoding="utf-8")
    with pytest.raises(CodeListError, match="line 3: it has fewer cells"):
        read_export(path)
