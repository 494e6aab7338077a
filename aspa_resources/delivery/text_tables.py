"""Separated text: the known headers decide encoding and separator.

Belongs here: choosing the reading of a text that fits the known headers best. Does not belong here:
the candidates (`encoding`, `header`), the rows below a header (`layout`, `records`, `torn`).
"""

import io
from collections.abc import Callable
from functools import partial

import polars as pl

from aspa_resources.delivery.body import Body
from aspa_resources.delivery.dialect import Dialect, FoundTable
from aspa_resources.delivery.encoding import Decoded, decodings
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders, TextHeader, find_header
from aspa_resources.delivery.json_lines import is_json, json_table
from aspa_resources.delivery.layout import Layout, find_layout
from aspa_resources.delivery.records import BROKEN_QUOTES, UNDECODABLE, WRONG_WIDTH, read_rows
from aspa_resources.delivery.torn import doubt_torn_rows

_HEAD = 200_000  # characters among which the header is looked for
_LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_Reading = tuple[Header, Callable[[], FoundTable]]  # what decides, and the table when it has won
_CONTROLS = frozenset(map(chr, range(9))) | frozenset(map(chr, range(14, 32)))


def text_table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Find the reading of a text, separated or JSONL, that fits the known headers best.

    Args:
        content: The text's bytes.
        known: The known headers.

    Returns:
        The table.

    Raises:
        UnreadableDelivery: `empty`, `undecodable`, `not_json_lines` or `no_known_header`.
    """
    best: _Reading | None = None
    binary = False
    for decoded in decodings(content):
        binary = binary or not _CONTROLS.isdisjoint(decoded.text[:_HEAD])
        found = (_json if is_json(decoded.text) else _separated)(decoded, known)
        if found and (best is None or found[0].score > best[0].score):
            best = found
    if best is None:
        raise UnreadableDelivery(Fault("file", "undecodable" if binary else "no_known_header"))
    return best[1]()


def _json(decoded: Decoded, known: KnownHeaders) -> _Reading | None:
    table = json_table(decoded, known)
    return (table.header, lambda: table) if table else None


def _separated(decoded: Decoded, known: KnownHeaders) -> _Reading | None:
    header = find_header(list(io.StringIO(decoded.text[:_HEAD], newline="")), known)
    return (header, partial(_read, decoded, header, known)) if header else None


def _read(decoded: Decoded, header: TextHeader, known: KnownHeaders) -> FoundTable:
    lines = list(io.StringIO(decoded.text, newline=""))
    body = Body(lines[header.end_line :], header.end_line + 1, decoded.damaged)
    layout = find_layout(body, header)
    rows = doubt_torn_rows(read_rows(body, layout, header), body, layout, header, known.texts)
    first = lines[header.first_line]
    quoting = layout.quoting
    dialect = Dialect(
        "csv",
        encoding=decoded.encoding,
        separator=quoting.separator,
        line_end=_LINE_ENDS[first[len(first.rstrip("\r\n")) :] or "\n"],
        header_line=header.first_line + 1,
        quote=quoting.quote if header.quote or quoting.quote in body.text else None,
        escape=quoting.escape,
    )
    return FoundTable(header, rows, dialect, _is_cut_short(body, layout, rows))


def _is_cut_short(body: Body, layout: Layout, rows: pl.DataFrame) -> bool:
    """Tell whether the last line has no line end and its record is broken, or too short."""
    if rows.is_empty() or body.text.endswith(("\r", "\n")):
        return False
    code: str | None = rows["code"][-1]
    last: str = body.lines[rows["line"][-1] - body.number]
    if code == WRONG_WIDTH:
        return last.count(layout.quoting.separator) + 1 < layout.width
    return code in {BROKEN_QUOTES, UNDECODABLE}
