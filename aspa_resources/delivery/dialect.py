"""How a file turned out to be written, and the table found in it.

Belongs here: what every format is turned into before its columns are understood. Does not belong
here: reading any one format (`text_tables`, `json_lines`, `workbooks`), containers (`containers`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

import polars as pl

from aspa_resources.delivery.header import Header

Container = Literal["gzip", "zip"]
Format = Literal["csv", "jsonl", "xlsx"]
Record = list[str] | str
"""One data row: a cell for each named header at least, or the code of the fault that broke it."""

FOOTER = "footer_line"
"""Code of a record that is a sum or a note if nothing but such records follow it."""

BLANKS = " \t\xa0"
"""What a cell or a line may hold and still be empty."""

_CHUNK = 50_000  # records turned into columns at a time


@dataclass(frozen=True)
class Dialect:
    """How a file turned out to be written; None where its format has no such thing.

    Attributes:
        format: csv (any separated text), jsonl or xlsx.
        container: What it was packed in; None: nothing.
        encoding: Its encoding (text formats).
        separator: Between cells (csv).
        line_end: LF, CRLF or CR (csv): that of the header line.
        header_line: The physical line (csv) or the sheet's row (xlsx) of the header, from 1.
        quote: The character around cells (csv); None: no cell has one.
        escape: What stands before a quote inside a cell in place of a second quote (csv).
        repeated_headers: How many times the header line stands again among the rows.
        footer_lines: Sums and notes under the rows.
    """

    format: Format
    container: Container | None = None
    encoding: str | None = None
    separator: str | None = None
    line_end: str | None = None
    header_line: int | None = None
    quote: str | None = None
    escape: str | None = None
    repeated_headers: int | None = None
    footer_lines: int | None = None


@dataclass(frozen=True, eq=False)
class FoundTable:
    """A header and the records under it.

    Attributes:
        header: The header and what it means.
        rows: line Int32 (1-based: the first physical line of the record, or the sheet's row), code
            String (what broke it; null: nothing) and a String column for each header up to the
            last named one (`cell_names`), null in a broken record.
        dialect: How the file is written.
        cut_short: The last record is broken, and the file ends before its line does.
    """

    header: Header
    rows: pl.DataFrame = field(repr=False)
    dialect: Dialect
    cut_short: bool = False


def cell_names(header: Header) -> list[str]:
    """Return the names of the columns of a table's cells: by place, up to the last named header."""
    return [f"field_{place}" for place in range(header.named)]


def rows_frame(records: Iterable[tuple[int, Record]], header: Header) -> pl.DataFrame:
    """Turn records and their lines into the rows of a table; blank records are left out."""
    names = cell_names(header)
    schema = {"line": pl.Int32(), "code": pl.String(), **dict.fromkeys(names, pl.String())}
    frames = [pl.DataFrame(schema=schema)]
    broken: list[str | None] = [None] * len(names)
    for chunk in _chunked(one for one in records if isinstance(one[1], str) or _filled(one[1])):
        kept = (broken if isinstance(r, str) else r[: len(names)] for _, r in chunk)
        columns = zip(names, zip(*kept, strict=True), strict=True)
        frames.append(
            pl.DataFrame(
                {
                    "line": [line for line, _ in chunk],
                    "code": [r if isinstance(r, str) else None for _, r in chunk],
                    **dict(columns),
                },
                schema=schema,
            )
        )
    return pl.concat(frames)


def _filled(cells: list[str]) -> bool:
    return any(cell.strip(BLANKS) for cell in cells)


def _chunked(records: Iterable[tuple[int, Record]]) -> Iterator[list[tuple[int, Record]]]:
    source = iter(records)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk
