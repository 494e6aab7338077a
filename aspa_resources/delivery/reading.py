"""Reading a delivered file: bytes in, a table of the contract's columns out.

Belongs here: what was understood of a file and the table that came of it, in whatever container
and format it came. Does not belong here: whether its values are right (`judging`, `companions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from aspa_resources.delivery.containers import is_document, unpack
from aspa_resources.delivery.dialect import Dialect, FoundTable, cell_names
from aspa_resources.delivery.envelopes import refuse_envelope
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import KnownHeaders, check_columns, known_headers
from aspa_resources.delivery.strays import without_strays
from aspa_resources.delivery.text_tables import text_table
from aspa_resources.delivery.values import clean, parse_times
from aspa_resources.delivery.workbooks import is_old_workbook, workbook_table
from aspa_resources.rule_book import RuleBook


@dataclass(frozen=True, eq=False)
class ReadDelivery:
    """A file as it was understood.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map.
        dialect: How it is written.
        understood: By column, the header that the county wrote.
        positions: By column, its place in the file from 1.
        ignored: Headers that no column knows, by their place (`#5`), or as the profile names them.
        missing: Columns of the contract that the file does not have.
        frame: row_number Int32 (1 = first data row), line Int32 (1-based: the first physical line
            of the record in the unpacked, decoded text, or the sheet's row) and every column of the
            contract as String, in contract order, values as delivered; null in a column the file
            lacks.
        broken: row_number Int32, code String: rows that could not be told apart.
        months: The months ("2025-03") of its events, the most frequent first (feedback only).
    """

    kind: str
    dialect: Dialect
    understood: Mapping[str, str]
    positions: Mapping[str, int]
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
        UnreadableDelivery: `encrypted_for_platform`, `empty`, `undecodable`, `no_known_header`,
            `column_twice`, `required_column_missing`, `cut_short`, `several_tables`,
            `too_many_columns`, `not_json_lines`, `unreadable_workbook`, or a fault of its packing
            (`containers`).
    """
    refuse_envelope(content)
    unpacked = unpack(content)
    known = known_headers(rules.contract, rules.profile(county))
    table = find_table(unpacked.content, known)
    header = table.header
    check_columns(header, rules.contract)
    names = [column.name for column in rules.contract.tables[header.kind].columns]
    if table.cut_short:
        raise UnreadableDelivery(Fault("file", "cut_short"))
    table = without_strays(table, known)
    frame = _columns(table, names)
    if frame.is_empty():
        raise UnreadableDelivery(Fault("file", "empty"))
    return ReadDelivery(
        kind=header.kind,
        dialect=replace(table.dialect, container=unpacked.container),
        understood=header.written,
        positions={name: places[0] + 1 for name, places in header.places.items()},
        ignored=header.ignored,
        missing=tuple(name for name in names if name not in header.places),
        frame=frame,
        broken=frame.select("row_number", table.rows["code"]).drop_nulls(),
        months=_months(frame, county, rules) if header.kind == "feedback" else (),
    )


def find_table(content: bytes, known: KnownHeaders) -> FoundTable:
    """Find the table of an unpacked file.

    Raises:
        UnreadableDelivery: as `read_delivery`, but for what is missing of the columns.
    """
    if is_old_workbook(content):
        raise UnreadableDelivery(Fault("file", "unreadable_workbook"))
    return workbook_table(content, known) if is_document(content) else text_table(content, known)


def _columns(table: FoundTable, names: list[str]) -> pl.DataFrame:
    """Turn the rows of a table into row_number, line and its kind's columns."""
    cells = cell_names(table.header)
    columns = []
    for name in names:
        places = [pl.col(cells[place]) for place in table.header.places.get(name, ())]
        if len(places) > 1:  # a row's several open texts, a line each
            filled = [pl.when(place != "").then(place) for place in places]
            joined = pl.concat_str(filled, separator="\n", ignore_nulls=True)
            places = [pl.when(joined != "").then(joined)]
        columns.append((places or [pl.lit(None, pl.String())])[0].alias(name))
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("row_number")
    return table.rows.select(number, "line", *columns)


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
