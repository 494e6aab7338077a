"""The lines below a separated text's header, and the careful reading of records among them.

Belongs here: physical lines, and where a record that needs a careful reading begins and ends. Does
not belong here: how many cells a row should have (`records`), what a quote means (`quoting`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from aspa_resources.delivery.quoting import Quoting

_FEW_COLUMNS = 3
_LONGEST_RECORD = 1000  # physical lines; a longer record is an opening quote that never closes


@dataclass(frozen=True)
class ReadRecord:
    """A record that was read carefully.

    Attributes:
        start: Index of its first physical line.
        end: Index of the first line after it.
        cells: Its cells; None: they cannot be told apart.
    """

    start: int
    end: int
    cells: list[str] | None = field(repr=False)


@dataclass(frozen=True, eq=False)
class Body:
    """The physical lines below a header, line ends kept.

    Attributes:
        lines: The lines.
        number: The first one's number in the file, from 1.
        damaged: Some bytes were not of the encoding; their characters are U+FFFD.
    """

    lines: Sequence[str] = field(repr=False)
    number: int
    damaged: bool

    @cached_property
    def text(self) -> str:
        """All lines."""
        return "".join(self.lines)

    def head(self, count: int) -> "Body":
        """Return the first lines alone."""
        return Body(self.lines[:count], self.number, self.damaged)

    def records(self, indices: Iterable[int], quoting: Quoting, width: int) -> Iterator[ReadRecord]:
        """Read the records that begin on some lines, passing over lines inside former ones.

        A record whose quotes do not close, that swallows lines which are whole rows by themselves
        or that is of several lines and a wrong width, is given as a broken one of its first line.

        Args:
            indices: The lines, in order.
            quoting: How cells are told apart.
            width: How many cells a row has.

        Yields:
            The records in order.
        """
        free = 0
        for start in indices:
            if start >= free:
                one = self._record(start, quoting, width)
                free = one.end
                yield one

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins in the text, and where the text ends."""
        return list(accumulate(map(len, self.lines), initial=0))

    def _record(self, start: int, quoting: Quoting, width: int) -> ReadRecord:
        limit = self._starts[min(start + _LONGEST_RECORD, len(self.lines))]
        read = quoting.cells(self.text, self._starts[start], limit)
        if read is not None:
            cells, stop = read
            end = bisect_left(self._starts, stop, lo=start + 1)
            whole = len(cells) == width and not _swallows(cells, quoting.separator, width)
            if end - start == 1 or whole:
                return ReadRecord(start, end, cells)
        return ReadRecord(start, start + 1, None)


def alike(one: str, other: str) -> bool:
    """Tell whether two cells are of one form with digits: F-000123 and F-000124, two times."""
    return same_form(one, other) and any(letter.isdigit() for letter in one)


def same_form(one: str, other: str) -> bool:
    """Tell whether two cells are alike once their digits and letters are put away."""
    return _shape(one) == _shape(other)


def _swallows(cells: Sequence[str], separator: str, width: int) -> bool:
    """Tell whether a quoted cell holds other rows: an opening quote of a text was never closed.

    A whole row inside has all its separators on one line; the last one, up to the next text's
    quote, as many as there are columns before the text. Where those are few, a text may have as
    many by chance: then the line must also begin as the row does, or the first line be a whole row
    by itself too.
    """
    for place, cell in enumerate(cells):
        if "\n" not in cell and "\r" not in cell:
            continue
        first, *lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if any(line.count(separator) >= max(width - 1, 1) for line in lines):
            return True
        if lines[-1].count(separator) < place:
            continue
        if place + first.count(separator) >= width - 1 > place:
            return True
        begins_alike = alike(lines[-1].split(separator)[0], cells[0])
        if place > _FEW_COLUMNS or (place and begins_alike):
            return True
    return False


def _shape(cell: str) -> str:
    """Return a cell with its runs of digits and letters collapsed: F-000123 as A-9."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", cell.strip()))
