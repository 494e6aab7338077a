"""Reading a delivered file: bytes in, a table of the contract's columns out.

Belongs here: what was understood of a file and the table that came of it. Does not belong here:
whether its values are right (`judging`, `companions`).
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from aspa_resources.delivery.encoding import Decoded, decodings
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, check_columns, find_header
from aspa_resources.delivery.records import Record, records
from aspa_resources.delivery.values import clean, parse_times
from aspa_resources.rule_book import RuleBook

_HEAD = 200_000  # characters among which the header is looked for
_CHUNK = 50_000  # records turned into columns at a time
_LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_CONTROLS = frozenset(map(chr, range(9))) | frozenset(map(chr, range(14, 32)))


@dataclass(frozen=True)
class Dialect:
    """How a file turned out to be written.

    Attributes:
        encoding: Its encoding.
        separator: Between cells.
        line_end: LF, CRLF or CR.
        header_line: The physical line of the header, from 1.
    """

    encoding: str
    separator: str
    line_end: str
    header_line: int


@dataclass(frozen=True, eq=False)
class ReadDelivery:
    """A file as it was understood.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map.
        dialect: How it is written.
        understood: By column, the header that the county wrote.
        ignored: Headers that no column knows, as written.
        missing: Columns of the contract that the file does not have.
        frame: row_number Int32 (1 = first data row) and every column of the contract as String, in
            contract order, values as delivered; null in a column the file lacks.
        broken: row_number Int32, code String: rows that could not be told apart.
        months: The months ("2025-03") of its events, the most frequent first (feedback only).
    """

    kind: str
    dialect: Dialect
    understood: Mapping[str, str]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    frame: pl.DataFrame = field(repr=False)
    broken: pl.DataFrame = field(repr=False)
    months: tuple[str, ...]


def read_delivery(content: bytes, county: str, rules: RuleBook) -> ReadDelivery:
    """Read a delivered file; the known headers decide encoding, separator and kind.

    Args:
        content: The file's bytes.
        county: The county's code, for its profile.
        rules: The rule book.

    Returns:
        The file as it was understood.

    Raises:
        UnreadableDelivery: `empty`, `undecodable`, `no_known_header`, `column_twice` or
            `required_column_missing`.
    """
    decoded, header = _understand(content, county, rules)
    check_columns(header, rules.contract)
    lines = list(io.StringIO(decoded.text, newline=""))
    names = [column.name for column in rules.contract.tables[header.kind].columns]
    frame, broken = _columns(records(lines, header, damaged=decoded.damaged), header, names)
    if frame.is_empty():
        raise UnreadableDelivery(Fault("file", "empty"))
    first = lines[header.first_line]
    return ReadDelivery(
        kind=header.kind,
        dialect=Dialect(
            encoding=decoded.encoding,
            separator=header.separator,
            line_end=_LINE_ENDS[first[len(first.rstrip("\r\n")) :] or "\n"],
            header_line=header.first_line + 1,
        ),
        understood=header.written,
        ignored=header.ignored,
        missing=tuple(name for name in names if name not in header.places),
        frame=frame,
        broken=broken,
        months=_months(frame, county, rules) if header.kind == "feedback" else (),
    )


def _understand(content: bytes, county: str, rules: RuleBook) -> tuple[Decoded, Header]:
    """Find the reading of a file that fits the known headers best."""
    best: tuple[Decoded, Header] | None = None
    binary = False
    for decoded in decodings(content):
        head = decoded.text[:_HEAD]
        binary = binary or not _CONTROLS.isdisjoint(head)
        header = find_header(
            list(io.StringIO(head, newline="")), rules.contract, rules.profile(county)
        )
        if header and (best is None or header.score > best[1].score):
            best = decoded, header
    if best is None:
        raise UnreadableDelivery(Fault("file", "undecodable" if binary else "no_known_header"))
    return best


def _columns(
    rows: Iterable[Record], header: Header, names: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn records into the table of understood columns and the list of broken rows."""
    chunks = [pl.DataFrame(schema=dict.fromkeys(names, pl.String()))]
    numbers, codes, count = [], [], 0
    for chunk in _chunked(rows):
        for number, record in enumerate(chunk, start=count + 1):
            if isinstance(record, str):
                numbers.append(number)
                codes.append(record)
        count += len(chunk)
        chunks.append(_chunk_frame(chunk, header, names))
    numbered = pl.concat(chunks).with_row_index("row_number", offset=1)
    return (
        numbered.with_columns(pl.col("row_number").cast(pl.Int32)),
        pl.DataFrame(
            {"row_number": numbers, "code": codes},
            schema={"row_number": pl.Int32, "code": pl.String},
        ),
    )


def _chunk_frame(chunk: list[Record], header: Header, names: list[str]) -> pl.DataFrame:
    """Turn records into columns; every cell of a broken row is null."""
    nothing: list[str | None] = [None] * len(header.cells)
    columns = list(
        zip(*(nothing if isinstance(record, str) else record for record in chunk), strict=True)
    )
    series = []
    for name in names:
        places = header.places.get(name, ())
        cells: Iterable[str | None] = columns[places[0]] if places else [None] * len(chunk)
        if len(places) > 1:  # a row's several open texts, a line each
            cells = [
                "\n".join(filter(None, texts)) or None
                for texts in zip(*(columns[place] for place in places), strict=True)
            ]
        series.append(pl.Series(name, cells, dtype=pl.String()))
    return pl.DataFrame(series)


def _chunked(rows: Iterable[Record]) -> Iterator[list[Record]]:
    source = iter(rows)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def _months(frame: pl.DataFrame, county: str, rules: RuleBook) -> tuple[str, ...]:
    """Return the months of the events, the most frequent first."""
    forms = (*rules.profile(county).time_forms, *rules.contract.time_forms)
    cells = clean(frame.select("event_time", "answered_time"), rules.contract.missing_values)
    times = [parse_times(cells[name], forms) for name in ("event_time", "answered_time")]
    months = times[0].zip_with(times[0].is_not_null(), times[1]).dt.strftime("%Y-%m")
    counts = (
        months.drop_nulls().value_counts().sort(["count", months.name], descending=[True, False])
    )
    return tuple(counts[months.name])
