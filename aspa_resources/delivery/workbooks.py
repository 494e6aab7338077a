"""XLSX deliveries: the one visible sheet that has a known header line and rows.

Belongs here: from a workbook to records, with cells as a CSV file would write them. Does not belong
here: what a cell means (`judging`), what is inside the workbook's parts (`workbook_parts`).
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, repeat

from aspa_resources.delivery.dialect import (
    BLANKS,
    FOOTER,
    Dialect,
    FoundTable,
    Record,
    rows_frame,
)
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import PREAMBLE, Header, KnownHeaders, best_header
from aspa_resources.delivery.records import WRONG_WIDTH
from aspa_resources.delivery.strays import is_footer
from aspa_resources.delivery.workbook_parts import VALUELESS, checked

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old .xls, and any workbook behind a password
_HALF_SECOND = timedelta(milliseconds=500)
_EXACT = 2**53
_NO_VALUE = "cell_without_value"

_Corner = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True)
class _Sheet:
    """Every row of a sheet from its first, each cell at its column's place, and merged ranges."""

    rows: Iterator[Sequence[object]]
    merged: Sequence[tuple[_Corner, _Corner]]


def is_old_workbook(content: bytes) -> bool:
    """Tell whether bytes are an old .xls file or a workbook behind a password."""
    return content.startswith(_OLE)


def workbook_table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Read the visible sheet that has a known header line among its first rows, and rows below.

    Args:
        content: The workbook's bytes.
        known: The known headers.

    Returns:
        The table; dates as 2025-03-14T10:15:00, whole numbers without a decimal part. A header's
        place is its column in the sheet.

    Raises:
        UnreadableDelivery: `unreadable_workbook`, `no_known_header`, `several_tables`, or a fault
            of its packing (`containers`).
    """
    found = [table for sheet in _sheets(checked(content)) if (table := _table(sheet, known))]
    if not found:
        raise UnreadableDelivery(Fault("file", "no_known_header"))
    filled = [table for table in found if not table.rows.is_empty()]
    if len(filled) > 1:
        raise UnreadableDelivery(Fault("file", "several_tables"))
    return (filled or found)[0]


def _table(sheet: _Sheet, known: KnownHeaders) -> FoundTable | None:
    first_rows = list(islice(sheet.rows, PREAMBLE))
    found = [
        (number, header)
        for number, row in enumerate(first_rows, start=1)
        if (header := best_header(_header_cells(row), known))
    ]
    if not found:
        return None
    number, header = max(found, key=lambda one: one[1].score)
    below = enumerate(chain(first_rows[number:], sheet.rows), start=number + 1)
    rows = rows_frame(_records(below, header, _merged_lines(sheet, header)), header)
    return FoundTable(header, rows, Dialect("xlsx", header_line=number))


def _sheets(content: bytes) -> Iterator[_Sheet]:
    """Give each visible sheet that has any rows."""
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        with load_workbook(io.BytesIO(content)) as workbook:
            for told in workbook.sheets_metadata:
                if told.typ == SheetTypeEnum.WorkSheet and told.visible == SheetVisibleEnum.Visible:
                    sheet = workbook.get_sheet_by_name(told.name)
                    left = [""] * (sheet.start[1] if sheet.start else 0)
                    rows = ([*left, *row] for row in sheet.iter_rows())
                    yield _Sheet(rows, sheet.merged_cell_ranges or ())
    except CalamineError:
        raise UnreadableDelivery(Fault("file", "unreadable_workbook")) from None


def _header_cells(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(" ".join(_text(cell).replace(VALUELESS, "").split()) for cell in row)


def _merged_lines(sheet: _Sheet, header: Header) -> set[int]:
    """Return the sheet's rows, from 1, of which understood columns have merged cells."""
    columns = _understood(header)
    spans = sorted(
        (top, bottom)
        for (top, first), (bottom, last) in sheet.merged
        if any(first <= place <= last for place in columns)
    )
    lines: set[int] = set()
    done = 0
    for top, bottom in spans:  # each row once, however many ranges cover it
        lines.update(range(max(top, done) + 1, bottom + 2))
        done = max(done, bottom + 1)
    return lines


def _records(
    rows: Iterable[tuple[int, Sequence[object]]], header: Header, merged: set[int]
) -> Iterator[tuple[int, Record]]:
    columns = _understood(header)
    for line, row in rows:
        cells = [_text(cell) for cell in row]
        cells += repeat("", header.named - len(cells))
        if is_footer("\t".join(cells).replace(VALUELESS, "").strip()):
            yield line, FOOTER
        elif any(cell.strip(BLANKS) for cell in cells[header.named :]):
            yield line, WRONG_WIDTH
        elif any(cells[place] == VALUELESS for place in columns) or (
            line in merged and any(cells[place].strip(BLANKS) for place in columns)
        ):
            yield line, _NO_VALUE
        else:
            yield line, [cell.replace(VALUELESS, "") for cell in cells]


def _understood(header: Header) -> list[int]:
    return [place for places in header.places.values() for place in places]


def _text(cell: object) -> str:
    """Write a cell as text: 9 for 9.0, times to the second they were rounded from."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        try:
            return (cell + _HALF_SECOND).replace(microsecond=0).isoformat()
        except OverflowError:  # the last half second there is: no time of anything
            return str(cell.year)
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
