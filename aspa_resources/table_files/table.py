"""A file of rows: its columns, a look at its first rows, and rewriting its text cells.

Belongs here: the way from one file to the other, a batch of rows in memory at a time. Does not
belong here: how a form is written (`separated`, `json_lines`), bytes (`source`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from aspa_resources.table_files.forms import Form, Record, TableFileError, line_of, shown_names
from aspa_resources.table_files.json_lines import JsonLines
from aspa_resources.table_files.separated import SAMPLE, Separated
from aspa_resources.table_files.source import Source

_CSV: Final = (".csv", ".tsv", ".txt")
_JSONL: Final = (".jsonl", ".ndjson", ".json")
_ROWS_AT_ONCE: Final = 1_000
_CHARACTERS_AT_ONCE: Final = 1_000_000

Change = Callable[[list[str]], list[str]]
"""Takes texts and returns as many."""


@dataclass(frozen=True)
class Rewritten:
    """What was done to a file: its rows, and how many of their text cells held a text."""

    rows: int
    texts: int


@dataclass(frozen=True)
class Table:
    """A file of rows.

    Attributes:
        form: how its rows are written.
    """

    path: Path
    source: Source
    form: Form

    def shown_columns(self, without: Sequence[str] = ()) -> list[str]:
        """Return the names of columns whose header is known to be one; see `shown_names`."""
        names = self.form.columns
        shown = zip(names, shown_names(names, sure=True), strict=True)
        return [as_shown for name, as_shown in shown if name not in without]

    def first_rows(self, amount: int) -> dict[str, list[str]]:
        """Return the cells of the first rows by column, as they stand.

        Raises:
            TableFileError: the file is malformed.
        """
        found: dict[str, list[str]] = {}
        with self._told(), self.source.reading() as (file, _):
            for record in self.form.records(file):
                if isinstance(record, Record):
                    for column in record.cells:
                        found.setdefault(column, []).append(record.cell(column))
                    amount -= 1
                if amount <= 0:
                    break
        return found

    def check_columns(self, columns: Sequence[str]) -> None:
        """Refuse columns that the file does not have.

        Raises:
            TableFileError: names the columns there.
        """
        missing = [column for column in columns if column not in self.form.columns]
        if missing:
            raise TableFileError(
                f"{self.path}: no column {', '.join(missing)}. Its columns are "
                f"{', '.join(shown_names(self.form.columns, sure=False))}: name the one of the "
                "texts (--text-column)."
            )

    def rewrite(
        self, out: Path, columns: Sequence[str], change: Change, told: Callable[[int, int], None]
    ) -> Rewritten:
        """Write the file anew with its texts changed and every other byte as it was.

        Args:
            out: where to; the file appears there whole when all is done.
            columns: the columns of texts.
            change: changes texts, all those of some rows at a time.
            told: told now and then how many rows are done and how far the file is read (bytes).

        Raises:
            TableFileError: a row is malformed, or no row has one of the columns.
        """
        rows = texts = 0
        if self.form.header:
            self.check_columns(columns)
        with (
            self._told(),
            self.source.reading() as (file, below),
            self.source.writer(out) as target,
        ):
            for batch in _batches(self.form.records(file)):
                rows += sum(isinstance(record, Record) for record in batch)
                texts += self._write(batch, target, columns, change)
                told(rows, below.tell())
            if rows:
                self.check_columns(columns)
        return Rewritten(rows, texts)

    def _write(
        self, batch: list[Record | str], target: TextIO, columns: Sequence[str], change: Change
    ) -> int:
        """Write some rows and return how many texts they had."""
        places = [
            (i, column, text)
            for i, record in enumerate(batch)
            if isinstance(record, Record)
            for column in columns
            if (text := self.form.text(record, column)) is not None
        ]
        changed: dict[int, dict[str, str]] = {}
        for (i, column, text), new in zip(places, change([t for *_, t in places]), strict=True):
            record = batch[i]
            if new != text and isinstance(record, Record):
                cell = self.form.written(self.source.writable(new), record.cell(column))
                changed.setdefault(i, {})[column] = cell
        for i, record in enumerate(batch):
            whole = record if isinstance(record, str) else record.rewritten(changed.get(i, {}))
            target.write(whole)
        return len(places)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Put the file's name before whatever is said of it."""
        try:
            yield
        except TableFileError as fault:
            name = str(self.path)
            said = str(fault)
            raise TableFileError(said if said.startswith(name) else f"{name}, {said}") from None


def open_table(path: Path) -> Table:
    """Return the table of a file; its name tells JSON Lines from CSV.

    Raises:
        TableFileError: the name tells neither, or the file is no text, empty or malformed.
    """
    if is_json(path):
        return Table(path, _source(path), JsonLines())
    source = _source(path)
    try:
        with source.reading() as (file, _):
            sample = file.read(SAMPLE)
            sample += line_of(file, 1)  # the rest of the line that the sample ends in
        return Table(path, source, Separated(sample))
    except TableFileError as fault:
        raise TableFileError(f"{path}, {fault}") from None


def is_json(path: Path) -> bool:
    """Tell whether a file holds JSON Lines and not CSV, by its name.

    Raises:
        TableFileError: the name tells neither.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    suffix = next((s for s in reversed(suffixes) if s != ".gz"), "")
    if suffix not in (*_CSV, *_JSONL):
        raise TableFileError(f"{path}: name it .jsonl or .csv, so that its form is known.")
    return suffix in _JSONL


def _source(path: Path) -> Source:
    try:
        return Source.find(path)
    except TableFileError as fault:
        raise TableFileError(f"{path}: {fault}") from None


def _batches(records: Iterator[Record | str]) -> Iterator[list[Record | str]]:
    """Yield the rows in batches of bounded number and length."""
    batch: list[Record | str] = []
    length = 0
    for record in records:
        batch.append(record)
        length += len(record if isinstance(record, str) else record.raw)
        if len(batch) == _ROWS_AT_ONCE or length > _CHARACTERS_AT_ONCE:
            yield batch
            batch, length = [], 0
    yield batch
