"""Reading a delivered file: bytes in, a table of the contract's columns out.

Belongs here: what was understood of a file and the table that came of it, in whatever container
and format it came. Does not belong here: whether its values are right (`judging`, `companions`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import polars as pl

from aspa_resources.delivery.containers import is_document, unpack
from aspa_resources.delivery.dialect import Dialect, FoundTable, Record
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders, check_columns, known_headers
from aspa_resources.delivery.text_tables import text_table
from aspa_resources.delivery.values import clean, parse_times
from aspa_resources.delivery.workbooks import is_old_workbook, workbook_table
from aspa_resources.rule_book import RuleBook

_CHUNK = 50_000  # records turned into columns at a time


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
    """Read a delivered file; its bytes decide container and format, the known headers the rest.

    Args:
        content: The file's bytes: separated text, JSONL or XLSX, as such or in gzip or zip.
        county: The county's code, for its profile.
        rules: The rule book.

    Returns:
        The file as it was understood.

    Raises:
        UnreadableDelivery: `empty`, `undecodable`, `no_known_header`, `column_twice`,
            `required_column_missing`, `not_json_lines`, `unreadable_workbook`, or a fault of its
            packing (`containers`).
    """
    unpacked = unpack(content)
    known = known_headers(rules.contract, rules.profile(county))
    table = _table(unpacked.content, known)
    header = table.header
    check_columns(header, rules.contract)
    names = [column.name for column in rules.contract.tables[header.kind].columns]
    frame, broken = _columns(table.records, header, names)
    if frame.is_empty():
        raise UnreadableDelivery(Fault("file", "empty"))
    return ReadDelivery(
        kind=header.kind,
        dialect=replace(table.dialect, container=unpacked.container),
        understood=header.written,
        ignored=header.ignored,
        missing=tuple(name for name in names if name not in header.places),
        frame=frame,
        broken=broken,
        months=_months(frame, county, rules) if header.kind == "feedback" else (),
    )


def _table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Find the table of an unpacked file."""
    if is_old_workbook(content):
        raise UnreadableDelivery(Fault("file", "unreadable_workbook"))
    return workbook_table(content, known) if is_document(content) else text_table(content, known)


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
