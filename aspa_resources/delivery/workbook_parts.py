"""The parts inside an XLSX workbook, made safe to read: sizes bounded, lost values marked.

Belongs here: what must be known of the XML before a reader may hold it all in memory. Does not
belong here: sheets, headers and rows (`workbooks`), the archive around the parts (`containers`).
"""

import io
import re
import zipfile
from collections.abc import Collection
from itertools import chain

from aspa_resources.delivery.containers import UNPACKED_LIMIT, parts
from aspa_resources.delivery.faults import Fault, UnreadableDelivery

CELLS_LIMIT = 50_000_000
"""Cells of the rectangle that a sheet's used cells span; the reader holds all of them at once."""

VALUELESS = "\ufdd0"
"""What stands in a cell with an error, or a formula without a stored value; never a character."""

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
_SHARED_STRING = re.compile(rb"<(?:[^\s<>:/]+:)?si>([^<]*+(?:<(?!/?(?:[^\s<>:/]+:)?si>)[^<]*+)*+)")
_SHARED_CELL = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_SHARED_INDEX = re.compile(
    _SHARED_CELL.pattern + rb"[^<>]*>\s*<(?:[^\s<>:/]+:)?v>(\d{1,9})</(?:[^\s<>:/]+:)?v>"
)
_MAYBE_VALUELESS = re.compile(rb"\st\s*=\s*[\"']e[\"']|<(?:[^\s<>:/]+:)?f[\s/>]")
_CELL = re.compile(
    rb"<((?:[^\s<>:/]+:)?)c(\s[^<>]*)(?<!/)>([^<]*+(?:<(?!/?\1c[\s>])[^<]*+)*+)</\1c\s*>"
)
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_FORMULA = re.compile(rb"<(?:[^\s<>:/]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[^\s<>:/]+:)?v(?:\s[^<>]*)?(?<!/)>[^<]")
_EMPTY_TEXT = re.compile(rb"<(?:[^\s<>:/]+:)?v[\s/>]")


def checked(content: bytes) -> bytes:
    """Return a workbook packed anew from parts whose true sizes are known to be reasonable.

    Args:
        content: The workbook's bytes.

    Returns:
        The workbook, `VALUELESS` in each cell whose value is not there.

    Raises:
        UnreadableDelivery: `unreadable_workbook`, `unpacked_too_large`, or a fault of its packing
            (`containers`).
    """
    found = parts(content)
    sheets = {name: part for name, part in found.items() if _SHEET_DATA in part}
    if not sheets:
        raise UnreadableDelivery(Fault("file", "unreadable_workbook"))
    if any(_span(sheet) > CELLS_LIMIT for sheet in sheets.values()):
        raise UnreadableDelivery(Fault("file", "unpacked_too_large"))
    if _shared_bytes(found.values(), sheets.values()) > UNPACKED_LIMIT:
        raise UnreadableDelivery(Fault("file", "unpacked_too_large"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in found.items():
            archive.writestr(name, _marked(part) if name in sheets else part)
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


def _shared_bytes(found: Collection[bytes], sheets: Collection[bytes]) -> int:
    """Return the bytes that shared strings take once every cell has its own copy, or more.

    One long string costs a workbook nothing more in a million cells, but the reader copies it.
    """
    shared = chain.from_iterable(map(_SHARED_STRING.finditer, found))
    lengths = [one.end(1) - one.start(1) for one in shared]
    longest = max(lengths, default=0)
    cells = sum(1 for sheet in sheets for _ in _SHARED_CELL.finditer(sheet))
    if cells * longest <= UNPACKED_LIMIT:
        return cells * longest
    total = told = 0
    for index in chain.from_iterable(map(_SHARED_INDEX.finditer, sheets)):
        place = int(index[1])
        total += lengths[place] if place < len(lengths) else longest
        told += 1
    return total + max(cells - told, 0) * longest


def _marked(sheet: bytes) -> bytes:
    """Write `VALUELESS` into cells of errors and formulas that the reader would give as empty."""
    return _CELL.sub(_mark, sheet) if _MAYBE_VALUELESS.search(sheet) else sheet


def _mark(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, inner = cell.groups()
    kind = _TYPE.search(attributes)
    formula = _FORMULA.search(inner) and not _VALUE.search(inner)
    if formula and kind and kind[1] == b"str" and _EMPTY_TEXT.search(inner):
        return cell[0]  # a formula whose value is the empty text
    if not formula and not (kind and kind[1] == b"e"):
        return cell[0]
    place = _TYPE.sub(b"", attributes)
    text = b"<%bis><%bt>%b</%bt></%bis>" % (prefix, prefix, VALUELESS.encode(), prefix, prefix)
    return b'<%bc%b t="inlineStr">%b</%bc>' % (prefix, place, text, prefix)
