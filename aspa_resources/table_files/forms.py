"""What the forms of a file have in common: records that know where their cells stand.

Belongs here: the record, what a form must tell, the error. Does not belong here: any one form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TextIO

from aspa_resources.errors import AspaError

LONGEST: Final = 10_000_000
"""Characters that one record may have: more is a quote that never closes."""

_LONGEST_NAME: Final = 60
_MOST_DIGITS: Final = 3


class TableFileError(AspaError):
    """A file of rows is not what it should be; names line and cure, never what stands there."""


@dataclass(frozen=True)
class Record:
    """One row as it stands in its file.

    Attributes:
        line: number of its first line, from 1.
        raw: the row with its line end.
        cells: by column, the cell's first character and the one after its last, quotes included.
    """

    line: int
    raw: str = field(repr=False)
    cells: Mapping[str, tuple[int, int]]

    def cell(self, column: str) -> str:
        """Return a cell as it stands."""
        start, end = self.cells[column]
        return self.raw[start:end]

    def rewritten(self, cells: Mapping[str, str]) -> str:
        """Return the row with some cells replaced and everything else as it was."""
        whole, last = [], 0
        for column, (start, end) in sorted(self.cells.items(), key=lambda one: one[1]):
            if column in cells:
                whole += [self.raw[last:start], cells[column]]
                last = end
        return "".join([*whole, self.raw[last:]])


class Form(Protocol):
    """How the rows of a file are written."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns, as far as they are known."""

    @property
    def header(self) -> bool:
        """Whether the columns are known before the rows are read."""

    def records(self, file: TextIO) -> Iterator[Record | str]:
        """Yield the rows, and whatever else stands in the file (header, blank lines) as it is."""

    def text(self, record: Record, column: str) -> str | None:
        """Return the text of a cell, None where there is none.

        Raises:
            TableFileError: the cell holds something else than a text.
        """

    def written(self, text: str, cell: str) -> str:
        """Return how a text is written in the place of a cell."""


def line_of(file: TextIO, number: int) -> str:
    """Return the next line with its end, empty at the end of the file.

    Raises:
        TableFileError: it is too long to be a line of rows.
    """
    line = file.readline(LONGEST + 1)
    if len(line) > LONGEST:
        raise TableFileError(f"line {number}: longer than {LONGEST} characters.")
    return line


def shown_names(names: Sequence[str], *, sure: bool) -> list[str]:
    """Return the columns' names, by their place (`#3`) where they might be content.

    Args:
        names: as they stand in the header.
        sure: whether it is one. Files come without a header too, and then the first row is taken
            for it: names of several words might be answers, and where one is what only a row
            holds, none is shown.
    """
    a_row = not sure and any(_is_of_a_row(name) for name in names)
    return [
        f"#{place}" if a_row or _is_doubtful(name, sure=sure) else name.strip()
        for place, name in enumerate(names, start=1)
    ]


def _is_of_a_row(name: str) -> bool:
    digits = sum(c.isdigit() for c in name)
    return "@" in name or digits > _MOST_DIGITS or (digits > 0 and not any(map(str.isalpha, name)))


def _is_doubtful(name: str, *, sure: bool) -> bool:
    words = len(name.split())
    return (
        not words
        or (words > 1 and not sure)
        or not name.isprintable()
        or len(name) > _LONGEST_NAME
        or "@" in name
        or sum(c.isdigit() for c in name) > _MOST_DIGITS
    )
