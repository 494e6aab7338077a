"""Separated text (CSV): a header, and rows whose cells are told by where they stand.

Belongs here: separators, quotes, and refusing every row that could be told apart in two ways: a
text in a cell taken for another one would stay as it was. Does not belong here: headers further
down and sums below, which the delivery contract knows.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, TextIO

from aspa_resources.table_files.forms import LONGEST, Record, TableFileError, line_of

SAMPLE: Final = 50_000
"""Characters from which separator and quotes are told."""

_SEPARATORS: Final = (";", ",", "\t", "|")
_QUOTES: Final = ('"', "'")
_LINE_END: Final = "\r\n"
_BOM: Final = "\ufeff"

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Dialect:
    """How rows are written.

    Attributes:
        separator: between cells; empty where a row is one cell.
        quote: around cells that need it.
        escape: what stands before a quote inside a cell; empty: it is doubled.
    """

    separator: str
    quote: str = '"'
    escape: str = ""

    def spans(self, raw: str) -> Spans | None:
        """Return where the cells of a row stand; None where a quote is still open.

        Raises:
            ValueError: a quote stands where none can.
        """
        if self.quote not in raw:
            return self._unquoted(raw.rstrip(_LINE_END))
        found: Spans = []
        at = int(raw.startswith(_BOM))
        while True:
            cell = self._cell.match(raw, at)
            if cell is None:
                if self._open.match(raw, at):
                    return None
                raise ValueError
            found.append((at, cell.end(1)))
            at = cell.end()
            if cell[2] != self.separator or not cell[2]:
                return found

    def closes(self, line: str) -> bool:
        """Tell whether a quote that was open before a line closes in it."""
        inside = self._inside.match(line)
        return inside is not None and line.startswith(self.quote, inside.end())

    def text(self, cell: str) -> str:
        """Return what a cell says."""
        inside = cell.strip(" \t") if self.quote in cell else cell
        if not inside.startswith(self.quote):
            return cell
        inside = inside[1:-1].replace(self.quote * 2, self.quote)
        return self._escaped.sub(r"\1", inside) if self.escape else inside

    def written(self, text: str, cell: str) -> str:
        """Return a text as a cell: in quotes where it needs them or the cell before had them."""
        marks = (self.separator or self.quote, self.quote, *_LINE_END)
        if not cell.strip(" \t").startswith(self.quote) and not any(m in text for m in marks):
            return text
        if self.escape:
            text = text.replace(self.escape, self.escape * 2)
            return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote
        return self.quote + text.replace(self.quote, self.quote * 2) + self.quote

    def _unquoted(self, line: str) -> Spans:
        cells = line.split(self.separator) if self.separator else [line]
        ends = accumulate(len(cell) + 1 for cell in cells)
        return [(end - 1 - len(cell), end - 1) for cell, end in zip(cells, ends, strict=True)]

    @cached_property
    def _inner(self) -> str:
        quote = re.escape(self.quote)
        if self.escape:
            escape = re.escape(self.escape)
            return f"(?:[^{quote}{escape}]++|{quote}{quote}|{escape}(?s:.))*+"
        return f"(?:[^{quote}]++|{quote}{quote})*+"

    @cached_property
    def _inside(self) -> re.Pattern[str]:
        return re.compile(self._inner)

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        separator, quote = re.escape(self.separator), re.escape(self.quote)
        bare = f"(?![ ]*+{quote})[^{separator}\r\n]*+"
        return re.compile(
            rf"([ ]*+{quote}{self._inner}{quote}[ ]*+|{bare})({separator}|\r\n|\r|\n|\Z)"
            if separator
            else rf"([ ]*+{quote}{self._inner}{quote}[ ]*+|(?!{quote})[^\r\n]*+)(\r\n|\r|\n|\Z)"
        )

    @cached_property
    def _open(self) -> re.Pattern[str]:
        return re.compile(
            rf"[ ]*+{re.escape(self.quote)}{self._inner}(?:{re.escape(self.escape)})?\Z"
        )

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return re.compile(f"(?s){re.escape(self.escape)}(.)")


class Separated:
    """Rows of separated text below a header line.

    Args:
        sample: the beginning of the file, its last line whole.

    Raises:
        TableFileError: there is no header.
    """

    header = True

    def __init__(self, sample: str) -> None:
        if not sample.strip(_BOM + " \t\r\n"):
            raise TableFileError("the file is empty.")
        self.dialect = _likeliest(sample)
        rows = _rows(io.StringIO(sample, newline=""), self.dialect)
        _, raw, spans = next(row for row in rows if row[1].strip(_BOM + _LINE_END))
        names = [self.dialect.text(raw[s:e].removeprefix(_BOM)).strip() for s, e in spans]
        met = Counter(names)
        self._names = [n if met[n] == 1 else f"#{i}" for i, n in enumerate(names, start=1)]

    @property
    def columns(self) -> Sequence[str]:
        """The header's names in order; `#3` for one that is empty or stands twice."""
        return self._names

    def records(self, file: TextIO) -> Iterator[Record | str]:
        """Yield the header as it is, and the rows; blank lines as they are.

        Raises:
            TableFileError: a row has not as many cells as the header, or its quotes do not close.
        """
        header_met = False
        for number, raw, spans in _rows(_lines(file), self.dialect):
            if not header_met or not raw.strip(_LINE_END):
                header_met = header_met or bool(raw.strip(_BOM + _LINE_END))
                yield raw
            elif len(spans) != len(self._names):
                raise TableFileError(
                    f"line {number}: not as many cells as the header names. "
                    "Mend the line or its quotes."
                )
            else:
                yield Record(number, raw, dict(zip(self._names, spans, strict=True)))

    def text(self, record: Record, column: str) -> str | None:
        """Return what a cell says; None where it is empty."""
        return self.dialect.text(record.cell(column)) or None

    def written(self, text: str, cell: str) -> str:
        """Return a text as a cell."""
        return self.dialect.written(text, cell)


def _lines(file: TextIO) -> Iterator[str]:
    number = 1
    while line := line_of(file, number):
        yield line
        number += 1


def _rows(lines: Iterator[str], dialect: Dialect) -> Iterator[tuple[int, str, Spans]]:
    """Yield each row's first line number, its text and where its cells stand."""
    number = 1
    for line in lines:
        raw, first = line, number
        number += 1
        try:
            while (spans := dialect.spans(raw)) is None:
                more = _until_closed(lines, dialect)
                raw, number = raw + "".join(more), number + len(more)
        except ValueError:
            raise TableFileError(
                f"line {first}: its quotes are not closed, or stand inside a cell. Mend them."
            ) from None
        yield first, raw, spans


def _until_closed(lines: Iterator[str], dialect: Dialect) -> list[str]:
    """Return the lines up to the one in which an open quote closes.

    Raises:
        ValueError: it closes nowhere, or too far away.
    """
    more: list[str] = []
    length = 0
    for line in lines:
        more.append(line)
        length += len(line)
        if dialect.closes(line):
            return more
        if length > LONGEST:
            break
    raise ValueError


def _likeliest(sample: str) -> Dialect:
    """Return the dialect under which the fewest rows of a sample are odd."""
    header = sample.lstrip(_BOM + _LINE_END).partition("\n")[0]
    separators = [s for s in _SEPARATORS if s in header] or [""]
    quotes = [q for q in _QUOTES if q == '"' or re.search(rf"(?m)(^|[;,\t|]){q}", sample)]
    escapes = ["", "\\"] if '\\"' in sample or "\\'" in sample else [""]
    dialects = [Dialect(s, q, e) for s in separators for q in quotes for e in escapes]
    return min(dialects, key=lambda dialect: _odd(sample, dialect))


def _odd(sample: str, dialect: Dialect) -> tuple[float, int]:
    """Return the share of rows that are odd, up to the first broken one, and minus the columns.

    The last row may be cut off by the sample's end: one among many.
    """
    widths: list[int] = []
    broken = False
    try:
        widths.extend(
            len(spans)
            for _, raw, spans in _rows(io.StringIO(sample, newline=""), dialect)
            if raw.strip()
        )
    except TableFileError:
        broken = True
    if not widths:
        return (1.0, 0)
    odd = sum(width != widths[0] for width in widths) + broken
    return (odd / len(widths), -widths[0])
