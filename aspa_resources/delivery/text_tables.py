"""Separated text: the known headers decide encoding and separator.

Belongs here: choosing the reading of a text that fits the known headers best. Does not belong here:
the candidates (`encoding`, `header`), the rows below a header (`records`).
"""

import io
from collections.abc import Iterator

from aspa_resources.delivery.dialect import Dialect, FoundTable, Record
from aspa_resources.delivery.encoding import Decoded, decodings
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import KnownHeaders, TextHeader, find_header
from aspa_resources.delivery.json_lines import is_json, json_table
from aspa_resources.delivery.records import records

_HEAD = 200_000  # characters among which the header is looked for
_LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_CONTROLS = frozenset(map(chr, range(9))) | frozenset(map(chr, range(14, 32)))


def text_table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Find the reading of a text, separated or JSONL, that fits the known headers best.

    Args:
        content: The text's bytes.
        known: The known headers.

    Returns:
        The table; its records are read as they are asked for.

    Raises:
        UnreadableDelivery: `empty`, `undecodable`, `not_json_lines` or `no_known_header`.
    """
    best: FoundTable | None = None
    binary = False
    for decoded in decodings(content):
        binary = binary or not _CONTROLS.isdisjoint(decoded.text[:_HEAD])
        read = json_table if is_json(decoded.text) else _separated
        found = read(decoded, known)
        if found and (best is None or found.header.score > best.header.score):
            best = found
    if best is None:
        raise UnreadableDelivery(Fault("file", "undecodable" if binary else "no_known_header"))
    return best


def _separated(decoded: Decoded, known: KnownHeaders) -> FoundTable | None:
    lines = list(io.StringIO(decoded.text[:_HEAD], newline=""))
    header = find_header(lines, known)
    if header is None:
        return None
    first = lines[header.first_line]
    dialect = Dialect(
        "csv",
        encoding=decoded.encoding,
        separator=header.separator,
        line_end=_LINE_ENDS[first[len(first.rstrip("\r\n")) :] or "\n"],
        header_line=header.first_line + 1,
    )
    return FoundTable(header, _rows(decoded, header), dialect)


def _rows(decoded: Decoded, header: TextHeader) -> Iterator[Record]:
    lines = list(io.StringIO(decoded.text, newline=""))
    yield from records(lines, header, damaged=decoded.damaged)
