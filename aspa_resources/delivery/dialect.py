"""How a file turned out to be written, and the table found in it.

Belongs here: what every format is turned into before its columns are understood. Does not belong
here: reading any one format (`text_tables`, `json_lines`, `workbooks`), containers (`containers`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from aspa_resources.delivery.header import Header

Container = Literal["gzip", "zip"]
Format = Literal["csv", "jsonl", "xlsx"]
Record = list[str] | str
"""One data row: its cells, as many as the header has, or the code of the fault that broke it."""


@dataclass(frozen=True)
class Dialect:
    """How a file turned out to be written; None where its format has no such thing.

    Attributes:
        format: csv (any separated text), jsonl or xlsx.
        container: What it was packed in; None: nothing.
        encoding: Its encoding (text formats).
        separator: Between cells (csv).
        line_end: LF, CRLF or CR (csv).
        header_line: The physical line (csv) or the sheet's row (xlsx) of the header, from 1.
    """

    format: Format
    container: Container | None = None
    encoding: str | None = None
    separator: str | None = None
    line_end: str | None = None
    header_line: int | None = None


@dataclass(frozen=True)
class FoundTable:
    """A header and the records under it.

    Attributes:
        header: The header and what it means.
        records: The data rows, read once.
        dialect: How the file is written.
    """

    header: Header
    records: Iterator[Record] = field(repr=False)
    dialect: Dialect
