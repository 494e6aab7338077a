"""From the bytes of a file to its text and back without losing one of them.

Belongs here: gzip, the encoding, how far reading has come. Does not belong here: rows.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final, Self, TextIO, cast

from aspa_resources import atomic_files
from aspa_resources.table_files.forms import TableFileError

_GZIP: Final = b"\x1f\x8b"
_ARCHIVE_OR_WORKBOOK: Final = b"PK\x03\x04"
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
                (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_DAMAGED: Final = (EOFError, gzip.BadGzipFile, zlib.error)
_AT_ONCE: Final = 1 << 20  # bytes


@dataclass(frozen=True)
class Source:
    """A text file, its encoding known.

    Attributes:
        encoding: its encoding; bytes that are not of it live through reading and writing.
        zipped: it is gzipped.
    """

    path: Path
    encoding: str
    zipped: bool

    @classmethod
    def find(cls, path: Path) -> Self:
        """Look through a file once for its encoding.

        Raises:
            TableFileError: it is no text, a damaged gzip file, or can be read only once.
        """
        if not path.is_file():
            raise TableFileError("no plain file, which is read more than once. Save one first.")
        with path.open("rb") as file:
            start = file.read(4)
        if start == _ARCHIVE_OR_WORKBOOK:
            raise TableFileError("a workbook or an archive. Save the rows as CSV, UTF-8.")
        zipped = start.startswith(_GZIP)
        try:
            with _opened(path, zipped=zipped) as content:
                return cls(path, _encoding(content), zipped)
        except _DAMAGED:
            raise _damaged() from None

    @contextmanager
    def reading(self) -> Iterator[tuple[TextIO, BinaryIO]]:
        """Yield the text, line ends as they are, and the file below it, which tells how far.

        Raises:
            TableFileError: bytes of it are not of its encoding and cannot be kept.
        """
        with self.path.open("rb") as below:
            content = gzip.GzipFile(fileobj=below) if self.zipped else below
            try:
                yield (
                    TextIOWrapper(content, self.encoding, errors=self._errors, newline=""),
                    below,
                )
            except UnicodeDecodeError:
                raise TableFileError(f"not all of it is {self.encoding}. Save as UTF-8.") from None
            except _DAMAGED:
                raise _damaged() from None

    @contextmanager
    def writer(self, out: Path) -> Iterator[TextIO]:
        """Yield a text file in the same encoding that appears as `out` if the block ends well.

        It is gzipped where its name ends in `.gz`.
        """
        atomic_files.sweep_beside(out)
        with atomic_files.written_aside(out) as aside, aside.open("wb") as below:
            zipping = out.suffix.lower() == ".gz"
            content = gzip.GzipFile("", "wb", fileobj=below, mtime=0) if zipping else below
            with TextIOWrapper(
                cast("BinaryIO", content), self.encoding, errors=self._errors, newline=""
            ) as file:
                yield file

    def writable(self, text: str) -> str:
        """Return a text with `?` or U+FFFD for what the encoding cannot write."""
        return text.encode(self.encoding, errors="replace").decode(self.encoding)

    @property
    def _errors(self) -> str:
        return "strict" if self.encoding.startswith("utf-16") else "surrogateescape"


def _damaged() -> TableFileError:
    return TableFileError("the gzip file is damaged. Pack it again.")


@contextmanager
def _opened(path: Path, *, zipped: bool) -> Iterator[BinaryIO]:
    with gzip.open(path) if zipped else path.open("rb") as content:
        yield cast("BinaryIO", content)


def _encoding(content: BinaryIO) -> str:
    """Return the encoding of bytes: UTF-8 if all of them are, else what a delivery's would be."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    first = True
    while chunk := content.read(_AT_ONCE):
        if first:
            for bom, encoding in _BOMS:
                if chunk.startswith(bom):
                    return encoding
        try:
            decoded = utf8.decode(chunk)
        except UnicodeDecodeError:
            return _other_encoding(chunk)
        if "\0" in decoded:
            return _other_encoding(chunk)
        first = False
    return "utf-8"


def _other_encoding(chunk: bytes) -> str:
    from aspa_resources.delivery.encoding import decodings
    from aspa_resources.delivery.faults import UnreadableDelivery

    try:
        return next(decodings(chunk)).encoding
    except UnreadableDelivery:
        raise TableFileError("no text file. Save the rows as CSV, UTF-8.") from None
