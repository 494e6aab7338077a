"""From the lines under a separated text's header to records, without ever losing one.

Belongs here: quoting, blank lines, rows of a wrong width, rows with broken quotes. Does not belong
here: what a cell means (`reading`, `judging`).
"""

import csv
import re
from collections.abc import Iterator, Sequence

from aspa_resources.delivery.dialect import Record
from aspa_resources.delivery.encoding import REPLACEMENT
from aspa_resources.delivery.header import TextHeader

_FEW_COLUMNS = 3
_LONGEST_RECORD = 1000  # physical lines; a longer record is an opening quote that never closes


class _Lines:
    """The physical lines of one record after another, for a CSV reader that must be stoppable."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self._lines = lines
        self.start = start
        self.next = start

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.next >= len(self._lines):
            raise StopIteration
        if self.next - self.start >= _LONGEST_RECORD:
            raise csv.Error("a record of too many lines")
        self.next += 1
        return self._lines[self.next - 1]


def records(lines: Sequence[str], header: TextHeader, *, damaged: bool) -> Iterator[Record]:
    """Read the records below a header.

    A record whose quotes do not close, or that swallows lines which are whole rows by themselves,
    is given as one faulty row of its first line; reading goes on with the next line. Lines without
    any content are passed over.

    Args:
        lines: The physical lines of the file, line ends kept.
        header: The header found among them.
        damaged: The file has bytes that its encoding does not know: their rows are faulty.

    Yields:
        The records in order.
    """
    width = len(header.cells)
    least = max((place + 1 for place, cell in enumerate(header.cells) if cell), default=width)
    source = _Lines(lines, header.end_line)
    while source.next < len(lines):
        reader = csv.reader(source, delimiter=header.separator, strict=True)
        try:
            for cells in reader:
                start, source.start = source.start, source.next
                if source.next - start > 1 and _swallows(cells, header.separator, width):
                    yield "broken_quotes"
                    source = _Lines(lines, start + 1)
                    break
                if any(cells):
                    yield _record(cells, width, least, damaged=damaged)
        except csv.Error:
            yield "broken_quotes"
            source = _Lines(lines, source.start + 1)


def _record(cells: list[str], width: int, least: int, *, damaged: bool) -> Record:
    """Check one record's width and characters; empty cells past the header's end do not count."""
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if not least <= len(cells) <= width:
        return "wrong_column_count"
    if damaged and any(REPLACEMENT in cell for cell in cells):
        return "undecodable_row"
    return cells + [""] * (width - len(cells)) if len(cells) < width else cells


def _swallows(cells: Sequence[str], separator: str, width: int) -> bool:
    """Tell whether a quoted cell holds other rows: an opening quote of a text was never closed.

    A whole row inside has all its separators on one line; the last one, up to the next text's
    quote, as many as there are columns before the text. Where those are few, a text may have as
    many by chance: then the line must also begin as the row does.
    """
    for place, cell in enumerate(cells):
        _, *lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if any(line.count(separator) >= max(width - 1, 1) for line in lines):
            return True
        if lines and place and lines[-1].count(separator) >= place:
            begins_alike = _shape(lines[-1].split(separator)[0]) == _shape(cells[0])
            if place > _FEW_COLUMNS or begins_alike:
                return True
    return False


def _shape(cell: str) -> str:
    """Return a cell with its runs of digits and letters collapsed: F-000123 as A-9."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", cell.strip()))
