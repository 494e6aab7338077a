"""From a packed file to the one delivery inside, told by its bytes and never by its name.

Belongs here: gzip and zip, and the limits that keep a small file from filling the memory. Does not
belong here: what the delivery inside says (`text_tables`, `json_lines`, `workbooks`).
"""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from aspa_resources.delivery.dialect import Container
from aspa_resources.delivery.envelopes import is_envelope
from aspa_resources.delivery.faults import Fault, UnreadableDelivery

UNPACKED_LIMIT = 512 * 2**20
"""Bytes that a packed file may hold unpacked; the message of `unpacked_too_large` says it too."""

_GZIP, _ZIP, _EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_OFFICE_PARTS = frozenset({"[Content_Types].xml", "mimetype"})  # what workbooks have, archives not
_DESKTOP_LEFTOVERS = (b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1")  # AppleDouble, .DS_Store
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
           NotImplementedError, ValueError)  # fmt: skip


@dataclass(frozen=True)
class Unpacked:
    """The one delivery of a file.

    Attributes:
        content: Its bytes.
        container: What it was packed in; None: nothing.
    """

    content: bytes = field(repr=False)
    container: Container | None


def unpack(content: bytes) -> Unpacked:
    """Take the one delivery out of a file.

    Args:
        content: The file's bytes.

    Returns:
        The delivery; the file itself when it is no gzip or zip archive.

    Raises:
        UnreadableDelivery: `damaged_archive`, `encrypted_archive`, `several_files_in_archive`,
            `archive_in_archive`, `unpacked_too_large`, or `empty` for an archive without a file.
    """
    if content.startswith(_GZIP):
        return Unpacked(_single(_gunzip(content)), "gzip")
    if _is_archive(content):
        return Unpacked(_single(_only_file(content)), "zip")
    return Unpacked(content, None)


def parts(content: bytes) -> dict[str, bytes]:
    """Return every part of a zip-based document, within the limit together.

    Raises:
        UnreadableDelivery: `damaged_archive`, `encrypted_archive` or `unpacked_too_large`.
    """
    found: dict[str, bytes] = {}
    left = UNPACKED_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                found[member.filename] = _read_member(archive, member, left)
                left -= len(found[member.filename])
    except _DAMAGE:
        raise _refusal("damaged_archive") from None
    return found


def is_document(content: bytes) -> bool:
    """Tell whether bytes are a zip-based office document, not an archive of files."""
    return content.startswith(_ZIP) and not _OFFICE_PARTS.isdisjoint(_names(content))


def _is_archive(content: bytes) -> bool:
    return content.startswith((_ZIP, _EMPTY_ZIP)) and not is_document(content)


def _names(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except _DAMAGE:
        raise _refusal("damaged_archive") from None


def _single(content: bytes) -> bytes:
    """Check that what came out of an archive is no archive itself."""
    if content.startswith(_GZIP) or _is_archive(content):
        raise _refusal("archive_in_archive")
    if is_envelope(content):
        raise _refusal("envelope_in_archive")
    return content


def _gunzip(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            return _read(stream.read, UNPACKED_LIMIT)
    except _DAMAGE:
        raise _refusal("damaged_archive") from None


def _only_file(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [
                member
                for member in archive.infolist()
                if not member.is_dir() and not _is_leftover(archive, member)
            ]
            if not files:
                raise _refusal("empty")
            if len(files) > 1:
                raise _refusal("several_files_in_archive")
            return _read_member(archive, files[0], UNPACKED_LIMIT)
    except _DAMAGE:
        raise _refusal("damaged_archive") from None


def _is_leftover(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is what a desktop adds by itself to the files it packs."""
    if member.flag_bits & _ENCRYPTED:
        raise _refusal("encrypted_archive")
    with archive.open(member) as stream:
        return stream.read(8).startswith(_DESKTOP_LEFTOVERS)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        raise _refusal("encrypted_archive")
    with archive.open(member) as stream:
        return _read(stream.read, limit)


def _read(read: Callable[[int], bytes], limit: int) -> bytes:
    """Read a stream of unknown length, never more than the limit and a byte."""
    content = read(limit + 1)
    if len(content) > limit:
        raise _refusal("unpacked_too_large")
    return content


def _refusal(code: str) -> UnreadableDelivery:
    return UnreadableDelivery(Fault("file", code))
