"""Rows in and out of plain files: JSON Lines and CSV, for the commands that work without the rest.

Belongs here: reading rows as dictionaries with their order and other columns untouched, and
writing them back all at once. Not here: deliveries (their contract is richer: `delivery`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from aspa_resources import atomic_files
from aspa_resources.errors import AspaError

Row = dict[str, Any]

CSV_SUFFIXES: Final = (".csv", ".tsv", ".txt")
JSONL_SUFFIXES: Final = (".jsonl", ".ndjson", ".json")
LONGEST_FIELD: Final = 10_000_000  # characters
SEPARATORS: Final = (";", ",", "\t", "|")


class RecordFileError(AspaError):
    """A file of rows is not what it should be; names file, line and cure."""


@dataclass(frozen=True)
class RecordFile:
    """A file of rows.

    Attributes:
        path: its suffix tells JSON Lines (.jsonl) from CSV (.csv).
        separator: of a CSV file; None finds it in the header line.
    """

    path: Path
    separator: str | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order.

        Raises:
            RecordFileError: the file is missing, not UTF-8, or a line of it is malformed.
        """
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._csv_rows(file) if self.is_csv else self._json_rows(file)
        except FileNotFoundError:
            raise RecordFileError(f"{self.path}: there is no such file.") from None
        except UnicodeDecodeError:
            raise RecordFileError(f"{self.path}: not UTF-8. Save the file as UTF-8.") from None

    @contextmanager
    def writer(self) -> Iterator[RowWriter]:
        """Yield a writer; the file appears under its name when the block ends without error."""
        atomic_files.sweep_beside(self.path)
        with (
            atomic_files.written_aside(self.path) as aside,
            aside.open("w", encoding="utf-8", errors="replace", newline="") as file,
        ):
            yield RowWriter(file, self.separator or ",", as_csv=self.is_csv)

    def check_texts(self, rows: Sequence[Row], column: str, *, after: int) -> None:
        """Refuse rows whose text column is missing or holds anything but a text or nothing.

        Args:
            after: rows of the file before these, to name the one at fault.

        Raises:
            RecordFileError: a row has no such column, or no text in it.
        """
        for number, row in enumerate(rows, start=after + 1):
            if column not in row:
                raise RecordFileError(
                    f"{self.path}, row {number}: no column {column}. Name that of the texts so."
                )
            if not isinstance(row[column], str | None):
                raise RecordFileError(
                    f"{self.path}, row {number}: {column} is no text. Write it in quotes."
                )

    def found_separator(self) -> str:
        """Return the separator that parts a CSV file's header line into most columns."""
        if self.separator:
            return self.separator
        with self.path.open(encoding="utf-8-sig", errors="replace") as file:
            header = file.readline()
        return max(SEPARATORS, key=header.count)

    @property
    def is_csv(self) -> bool:
        """Whether it is CSV, not JSON Lines; RecordFileError where its name tells neither."""
        suffix = self.path.suffix.lower()
        if suffix in CSV_SUFFIXES:
            return True
        if suffix in JSONL_SUFFIXES:
            return False
        raise RecordFileError(f"{self.path}: name it .jsonl or .csv, so that its form is known.")

    def _csv_rows(self, file: IO[str]) -> Iterator[Row]:
        csv.field_size_limit(LONGEST_FIELD)
        reader = csv.DictReader(file, delimiter=self.found_separator(), strict=True)
        try:
            names = list(reader.fieldnames or [])
            if len(set(names)) < len(names):
                raise RecordFileError(f"{self.path}, line 1: two columns have the same name.")
            for row in reader:
                if None in row or None in row.values():
                    raise RecordFileError(
                        f"{self.path}, line {reader.line_num}: not as many fields as the header "
                        "names. Mend the line or its quotes."
                    )
                yield row
        except csv.Error:
            raise RecordFileError(
                f"{self.path}, line {reader.line_num}: quotes are not closed. Mend them."
            ) from None

    def _json_rows(self, file: IO[str]) -> Iterator[Row]:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                row = None
            if not isinstance(row, dict):
                raise RecordFileError(
                    f"{self.path}, line {number}: not a JSON object. Write one object a line."
                )
            yield row


class RowWriter:
    """Writes rows in the form of a file."""

    def __init__(self, file: IO[str], separator: str, *, as_csv: bool) -> None:
        self._file = file
        self._separator = separator
        self._as_csv = as_csv
        self._csv: csv.DictWriter[str] | None = None

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows; the first one names a CSV file's columns."""
        for row in rows:
            if not self._as_csv:
                self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
                continue
            if self._csv is None:
                self._csv = csv.DictWriter(self._file, list(row), delimiter=self._separator)
                self._csv.writeheader()
            if list(row) != list(self._csv.fieldnames):
                raise RecordFileError(
                    "The rows do not all have the same columns: write them to a .jsonl file."
                )
            self._csv.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value
