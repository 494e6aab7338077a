"""JSON Lines: one object a line, its values told by where they stand.

Belongs here: finding the members of an object without changing the line. Does not belong here:
arrays of objects, which are not read a row at a time.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, TextIO

from aspa_resources.table_files.forms import Record, TableFileError, line_of

_DECODER: Final = json.JSONDecoder()
_OPENING: Final = re.compile(r"\ufeff?\s*\{\s*(\})?")
_COLON: Final = re.compile(r"\s*:\s*")
_BETWEEN: Final = re.compile(r"\s*(?:,\s*(?=\")|(\}))")
_MOST_COLUMNS: Final = 1_000


class JsonLines:
    """Rows as JSON objects; each may have other keys than the one before."""

    header = False

    def __init__(self) -> None:
        self._columns: dict[str, None] = {}

    @property
    def columns(self) -> list[str]:
        """The keys met so far, the first thousand of them."""
        return list(self._columns)

    def records(self, file: TextIO) -> Iterator[Record | str]:
        """Yield the objects; blank lines as they are.

        Raises:
            TableFileError: a line is no JSON object, or one of its keys stands twice.
        """
        number = 1
        while line := line_of(file, number):
            if not line.strip():
                yield line
            else:
                record = Record(number, line, _members(line, number))
                if len(self._columns) < _MOST_COLUMNS:
                    self._columns |= dict.fromkeys(record.cells)
                yield record
            number += 1

    def text(self, record: Record, column: str) -> str | None:
        """Return a value that is a text; None for null and where the key is missing."""
        if column not in record.cells:
            return None
        value = json.loads(record.cell(column))
        if not isinstance(value, str | None):
            raise TableFileError(
                f"line {record.line}: the value in the text column is no text. Write it in quotes."
            )
        return value

    def written(self, text: str, cell: str) -> str:
        r"""Return a text in quotes, with `\u` escapes where the value before had some."""
        return json.dumps(text, ensure_ascii="\\u" in cell)


def _members(line: str, number: int) -> dict[str, tuple[int, int]]:
    """Return where the value of each key of an object stands."""
    found: dict[str, tuple[int, int]] = {}
    opening = _OPENING.match(line)
    try:
        if opening is None:
            raise ValueError  # noqa: TRY301  # one refusal for every way of being no object
        at = opening.end()
        closed = opening[1] is not None
        while not closed:
            key, at = _DECODER.raw_decode(line, at)
            start = _found(_COLON, line, at).end()
            _, end = _DECODER.raw_decode(line, start)
            if not isinstance(key, str) or key in found:
                raise ValueError  # noqa: TRY301
            found[key] = (start, end)
            after = _found(_BETWEEN, line, end)
            at, closed = after.end(), after[1] is not None
        if line[at:].strip():
            raise ValueError  # noqa: TRY301
    except (ValueError, RecursionError):
        raise TableFileError(
            f"line {number}: not a JSON object with each key once. Write one object a line."
        ) from None
    return found


def _found(pattern: re.Pattern[str], line: str, at: int) -> re.Match[str]:
    match = pattern.match(line, at)
    if match is None:
        raise ValueError
    return match
