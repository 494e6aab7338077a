"""A manual export of a code set: what a person downloads where no machine reaches the server.

Belongs here: its two shapes, as CSV and as a workbook. Does not belong here: what comes of the
list (`lists`, `differences`). Delivered files are read by `aspa_resources.delivery`, which allows
for far more: an export has one of two known headers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from aspa_resources.code_server.lists import CodeListError, checked

_SHAPES: Final[tuple[Mapping[str, str], ...]] = (
    {
        "code": "Tunniste", "abbreviation": "Lyhenne", "short": "Lyhyt nimi", "long": "Pitkä nimi",
        "parent": "Ylempi koodi", "begin": "Voimassaolo alkaa", "end": "Voimassaolo päättyy",
        "status": "Tila", "name_sv": "Långt_namn",
    },
    {
        "code": "CodeId", "abbreviation": "Abbreviation", "short": "ShortName", "long": "LongName",
        "begin": "BeginningDate", "end": "ExpiringDate", "status": "Status",
    },
)  # fmt: skip
_TAKEN: Final = {"", "active", "aktiivinen", "voimassa", "voimassa oleva"}
_LEFT_OUT: Final = {"deleted", "poistettu", "proposal", "ehdotus"}
_WORKBOOK: Final = b"PK"
_SEPARATORS: Final = (";", ",", "\t", "|")
_FIRST_LINES: Final = 20  # a title may stand above the header

Cells = Sequence[str | date]


def read_export(path: Path) -> pl.DataFrame:
    """Read a manual export.

    Args:
        path: Of a CSV file (UTF-8 or cp1252; `;`, `,`, tab or `|`) or an XLSX workbook with the
            headers of one of the two shapes. Codes that are deleted or proposed are left out.

    Returns:
        A frame of `lists.SCHEMA`.

    Raises:
        CodeListError: It is none; the message names line and cure.
    """
    content = path.read_bytes()
    tables = [_sheet(content)] if content.startswith(_WORKBOOK) else _texts(content)
    for table in tables:
        for number, line in enumerate(table[:_FIRST_LINES]):
            places = _places(line)
            if places:
                rows = _rows(table[number + 1 :], places, number + 2)
                return checked([*rows])
    raise CodeListError(
        f"{path.name}: no line has the headers of an export of the code server, such as Tunniste "
        "and Pitkä nimi or CodeId and LongName. Export the list anew, as CSV or XLSX."
    )


def _places(line: Cells) -> dict[str, int]:
    """Return the place of each column of the shape that a line is the header of; else nothing."""
    written = [str(cell).strip().removeprefix("A:").casefold() for cell in line]
    for shape in _SHAPES:
        places = {
            name: written.index(header.casefold())
            for name, header in shape.items()
            if header.casefold() in written
        }
        if {"code", "long", "begin", "end", "status"} <= places.keys():
            return places
    return {}


def _rows(
    lines: Sequence[Cells], places: Mapping[str, int], first: int
) -> Iterator[dict[str, str | date | None]]:
    for number, line in enumerate(lines, start=first):
        if not any(line):
            continue
        if len(line) <= max(places.values()):
            raise CodeListError(f"line {number}: it has fewer cells than the header. Export anew.")
        cells = {name: line[place] for name, place in places.items()}
        if not _is_taken(cells, number):
            continue
        said = {name: str(cell).strip() or None for name, cell in cells.items()}
        if said["code"] is None:
            raise CodeListError(f"line {number}: it has no code. Export anew.")
        yield {
            "code": said["code"],
            "name_fi": said["long"] or said.get("short") or said.get("abbreviation"),
            "name_sv": said.get("name_sv"),
            "begin": _day(cells["begin"], number),
            "end": _day(cells["end"], number),
            "parent": said.get("parent"),
        }


def _is_taken(cells: Mapping[str, str | date], number: int) -> bool:
    status = str(cells["status"]).strip().casefold()
    if status not in _TAKEN | _LEFT_OUT:
        raise CodeListError(
            f"line {number}: the status is none of {', '.join(sorted((_TAKEN | _LEFT_OUT) - {''}))}"
            ". Write one of these in its place."
        )
    return status in _TAKEN


def _day(cell: str | date, number: int) -> date | None:
    if isinstance(cell, date):
        return cell
    text = cell.strip()
    if not text:
        return None
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.replace("T", " ").split(" ")[0], form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise CodeListError(
        f"line {number}: a day of validity is none. Write days as YYYY-MM-DD or DD.MM.YYYY."
    )


def _texts(content: bytes) -> Iterator[list[Cells]]:
    """Give the cells of a text as each separator would tell them apart."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    for separator in _SEPARATORS:
        try:
            yield [*csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
        except csv.Error:  # a cell longer than any
            continue


def _sheet(content: bytes) -> list[Cells]:
    """Return the cells of a workbook's first sheet."""
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(content)) as workbook:
            rows = workbook.get_sheet_by_index(0).to_python()
    except CalamineError:
        raise CodeListError("The workbook cannot be read. Save it anew as XLSX.") from None
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: object) -> str | date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, date) else str(cell)
