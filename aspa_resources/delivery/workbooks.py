"""XLSX deliveries: the first sheet that has a known header line.

Belongs here: from a workbook to records, with cells as a CSV file would write them. Does not belong
here: what a cell means (`judging`).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice

from aspa_resources.delivery.containers import parts
from aspa_resources.delivery.dialect import FOOTER, Dialect, FoundTable, Record, rows_frame
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import PREAMBLE, Header, KnownHeaders, best_header
from aspa_resources.delivery.strays import is_footer

CELLS_LIMIT = 50_000_000
"""Cells of the rectangle that a sheet's used cells span; the reader holds all of them at once."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old .xls, and any workbook behind a password
_SHEET_DATA = b"sheetData"  # the element that only a sheet's part has
_CELL_OR_ROW = rb"<(?:[^\s<>:/]+:)?(?:c|row)(?=[\s>/])"
_OTHERS = rb"(?:\s+(?!r\s*=)[^\s=<>\"'/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*"  # attributes but r
_TAG = re.compile(_CELL_OR_ROW)
_REFERENCE = re.compile(
    _CELL_OR_ROW
    + _OTHERS
    + rb"\s+r\s*=\s*[\"']([A-Z]{0,3})([1-9]\d{0,6})[\"']"
    + _OTHERS
    + rb"\s*/?>"
)
_HALF_SECOND = timedelta(milliseconds=500)
_EXACT = 2**53


def is_old_workbook(content: bytes) -> bool:
    """Tell whether bytes are an old .xls file or a workbook behind a password."""
    return content.startswith(_OLE)


def workbook_table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Read the first sheet that has a known header line among its first rows.

    Args:
        content: The workbook's bytes.
        known: The known headers.

    Returns:
        The table; dates as 2025-03-14T10:15:00, whole numbers without a decimal part.

    Raises:
        UnreadableDelivery: `unreadable_workbook`, `no_known_header`, `empty`, or a fault of its
            packing (`containers`).
    """
    for rows in _sheets(_checked(content)):
        first_rows = list(islice(rows, PREAMBLE))
        found = [
            (number, header)
            for number, row in enumerate(first_rows, start=1)
            if (header := best_header(_header_cells(row), known))
        ]
        if found:
            number, header = max(found, key=lambda one: one[1].score)
            below = enumerate(chain(first_rows[number:], rows), start=number + 1)
            records = rows_frame(_records(below, header), header)
            return FoundTable(header, records, Dialect("xlsx", header_line=number))
    raise UnreadableDelivery(Fault("file", "no_known_header"))


def _checked(content: bytes) -> bytes:
    """Return a workbook packed anew from parts whose true sizes are known to be reasonable."""
    found = parts(content)
    sheets = [part for part in found.values() if _SHEET_DATA in part]
    if not sheets:
        raise UnreadableDelivery(Fault("file", "unreadable_workbook"))
    if any(_span(sheet) > CELLS_LIMIT for sheet in sheets):
        raise UnreadableDelivery(Fault("file", "unpacked_too_large"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in found.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _span(sheet: bytes) -> int:
    """Return the cells of the rectangle from A1 to the sheet's last row and column.

    One stray cell far away spans billions, and the reader would end the whole process for want of
    memory; so every row and cell must say where it is.

    Raises:
        UnreadableDelivery: `unreadable_workbook` when one does not.
    """
    columns: set[bytes] = set()
    height = told = 0
    for reference in _REFERENCE.finditer(sheet):
        letters, number = reference.groups()
        columns.add(letters)
        height = max(height, int(number))
        told += 1
    if told != sum(1 for _ in _TAG.finditer(sheet)):
        raise UnreadableDelivery(Fault("file", "unreadable_workbook"))
    return height * max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheets(content: bytes) -> Iterator[Iterator[Sequence[object]]]:
    """Give the rows of each sheet that has any."""
    from python_calamine import CalamineError, SheetTypeEnum, load_workbook

    try:
        with load_workbook(io.BytesIO(content)) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    yield iter(workbook.get_sheet_by_name(sheet.name).iter_rows())
    except CalamineError:
        raise UnreadableDelivery(Fault("file", "unreadable_workbook")) from None


def _header_cells(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(" ".join(_text(cell).split()) for cell in row)


def _records(
    rows: Iterable[tuple[int, Sequence[object]]], header: Header
) -> Iterator[tuple[int, Record]]:
    for line, row in rows:
        cells = [_text(cell) for cell in row]
        footer = is_footer("\t".join(cells).strip())
        yield line, FOOTER if footer else cells + [""] * (header.named - len(cells))


def _text(cell: object) -> str:
    """Write a cell as text: 9 for 9.0, times to the second they were rounded from."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return (cell + _HALF_SECOND).replace(microsecond=0).isoformat()
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
