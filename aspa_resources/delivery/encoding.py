"""From bytes to text: which encoding a file is in.

Belongs here: the candidates worth reading a file with. Does not belong here: choosing between them
(the known headers do, in `header`).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from aspa_resources.delivery.faults import Fault, UnreadableDelivery

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_OTHER_SINGLE_BYTE = ("cp850", "mac_roman")
_DOS = (r"(?<=[A-Za-z])[„”†]+(?=[a-z])|„„|””", r"(?<![A-Za-z„”†])[„”](?=[A-Za-z])")
_MAC = (r"(?<=[a-z])[ŠŒ]", r"(?<![A-Za-z])[ŠŒ](?=[a-z])")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_NATIONAL_LETTERS = "äöåÄÖÅ"
_C1 = re.compile(rb"[\x80-\x9f]")
_BOM = "\ufeff"
_BOM_AT_LINE_START = re.compile(f"(?<![^\r\n]){_BOM}+")  # files with one were put one after another
_SAMPLE = 4096
_MANY_NULS = 0.3
REPLACEMENT = "�"


@dataclass(frozen=True)
class Decoded:
    """A file's text under one encoding.

    Attributes:
        text: The whole text, without a byte order mark and without NUL characters after its end.
        encoding: What it was read as.
        damaged: Some bytes were not of the encoding; each became U+FFFD.
        letters: How many of the letters ä, ö, å it has: the more, the likelier the encoding.
    """

    text: str = field(repr=False)
    encoding: str
    damaged: bool
    letters: int


def decodings(content: bytes) -> Iterator[Decoded]:
    """Read bytes in each encoding they may be in, the likeliest first.

    Args:
        content: The whole file.

    Yields:
        One decoded text for utf-8 and utf-16; several where single-byte encodings compete.

    Raises:
        UnreadableDelivery: `empty` without any character, `undecodable` for binary content.
    """
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableDelivery(Fault("file", "empty"))
    for decoded in _candidates(content):
        text = decoded.text.rstrip("\0")  # what a copied disk block pads a file with
        if "\0" in text:
            raise UnreadableDelivery(Fault("file", "undecodable"))
        if _BOM in text:
            text = _BOM_AT_LINE_START.sub("", text)
        yield replace(decoded, text=text)


def _candidates(content: bytes) -> Iterator[Decoded]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            yield _decode(content[len(bom) :], encoding)
            return
    if wide := _wide_encoding(content):
        yield _decode(content, wide)
        return
    try:
        yield Decoded(content.decode("utf-8"), "utf-8", damaged=False, letters=0)
    except UnicodeDecodeError:
        yield from sorted(_not_clean_utf8(content), key=lambda one: -one.letters)


def _not_clean_utf8(content: bytes) -> Iterator[Decoded]:
    """Read what is not wholly utf-8: as damaged utf-8 if most of it is, else in single bytes."""
    damaged = _decode(content, "utf-8")
    broken = damaged.text.count(REPLACEMENT)
    beyond_ascii = len(damaged.text.encode("utf-8")) - len(damaged.text) - 2 * broken
    if beyond_ascii > broken:
        yield damaged
        return
    if not _C1.search(content):
        yield _decode_single(content, "iso-8859-1")
        return
    windows = _decode_single(content, "cp1252")
    if windows.damaged or _written_by(_DOS, windows.text) or _written_by(_MAC, windows.text):
        others = (_decode_single(content, encoding) for encoding in _OTHER_SINGLE_BYTE)
        yield from sorted((windows, *others), key=lambda one: -one.letters)
    else:
        yield windows


def _written_by(letters: tuple[str, str], text: str) -> bool:
    """Tell whether cp1252's reading of a text has marks where only other letters can stand.

    In cp850 ä and ö have the bytes of „ and ”: then these stand within words more often than
    before them, as quotation marks would. In Mac Roman they have those of Š and š.
    """
    within, before = letters
    return len(re.findall(within, text)) > len(re.findall(before, text))


def _decode_single(content: bytes, encoding: str) -> Decoded:
    """Decode bytes of a single-byte encoding; a line that is utf-8 throughout is a damaged one."""
    lines = content.split(b"\n")
    strays = [number for number, line in enumerate(lines) if not line.isascii() and _is_utf8(line)]
    decoded = _decode(content, encoding)
    if not strays:
        return decoded
    for number in strays:
        lines[number] = _NOT_ASCII.sub(b"\x00", lines[number])
    text = b"\n".join(lines).decode(encoding, errors="replace").replace("\0", REPLACEMENT)
    return replace(decoded, text=text, damaged=True)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(content: bytes, encoding: str) -> Decoded:
    text = content.decode(encoding, errors="replace")
    damaged = REPLACEMENT in text and text.encode(encoding, errors="replace") != content
    letters = sum(text.count(letter) for letter in _NATIONAL_LETTERS)
    return Decoded(text, encoding, damaged=damaged, letters=letters)


def _wide_encoding(content: bytes) -> str | None:
    """Return the utf-16 of a file without a byte order mark, told by where its NUL bytes stand."""
    sample = content.rstrip(b"\0")[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > _MANY_NULS * len(sample) / 2 and not even:
        return "utf-16-le"
    if even > _MANY_NULS * len(sample) / 2 and not odd:
        return "utf-16-be"
    return None
