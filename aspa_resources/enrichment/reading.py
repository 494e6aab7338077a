"""One file of figures held to its contract: rows in tidy form, and every fault with its place.

Belongs here: what makes a file, a row or a cell wrong. Does not belong here: where files lie
(`dropped`), how faults are worded (`texts.yaml`). No fault holds a value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from aspa_resources.rule_book.enrichment import SOURCE, EnrichmentColumn, EnrichmentTable
from aspa_resources.rule_book.published import NATION

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

SCHEMA: Final = pl.Schema(
    {
        "table": pl.String(),
        "county": pl.String(),
        "service_class": pl.String(),
        "year": pl.Int64(),
        "indicator": pl.String(),
        "measure": pl.String(),
        "value": pl.Float64(),
        "source": pl.String(),
    }
)
FAULTS: Final = (
    "not_utf8",
    "empty",
    "missing_column",
    "unknown_column",
    "column_twice",
    "wrong_width",
    "missing_value",
    "unknown_county",
    "unknown_class",
    "class_not_valid",
    "not_a_year",
    "unknown_indicator",
    "not_a_number",
    "out_of_range",
    "too_long",
    "twice",
)
"""Codes of what can be wrong; each has its words in `texts.yaml`."""

_SEPARATORS: Final = (";", ",", "\t")
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f]")
_NUMBER: Final = re.compile(r"-?\d+([.,]\d+)?")
_YEAR: Final = re.compile(r"20\d\d")
_LONGEST_SOURCE: Final = 200

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file.

    Attributes:
        code: one of `FAULTS`.
        line: line of the file, the header being the first; None where it is about the file.
        field: the column; empty where it is about the line or the file.
    """

    code: str
    line: int | None = None
    field: str = ""


def read_table(
    content: bytes, table: EnrichmentTable, rules: RuleBook
) -> tuple[pl.DataFrame, list[Fault]]:
    """Read one file.

    Args:
        content: Its bytes.
        table: What it must hold.
        rules: The rule book: counties and service classes.

    Returns:
        A row a figure in the columns of `SCHEMA`, and the faults in file order. A row with a fault
        gives no figures.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return SCHEMA.to_frame(), [Fault("not_utf8")]
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_SEPARATORS, key=first.count))
    header = [name.strip().lower() for name in next(reader, [])]
    faults = list(_header_faults(header, table))
    if faults:
        return SCHEMA.to_frame(), faults
    figures: list[dict[str, object]] = []
    seen: set[tuple[str, ...]] = set()
    for values in reader:
        if not any(value.strip() for value in values):
            continue
        line = reader.line_num
        if len(values) != len(header):
            faults.append(Fault("wrong_width", line))
            continue
        cells = {name: value.strip() for name, value in zip(header, values, strict=True)}
        wrong = [Fault(code, line, field) for field, code in _row_faults(cells, table, rules)]
        key = tuple(cells[name] for name in table.keys)
        if not wrong and key in seen:
            wrong = [Fault("twice", line, ", ".join(table.keys))]
        seen.add(key)
        faults += wrong
        figures += [] if wrong else _figures(cells, table)
    if not figures and not faults:
        faults = [Fault("empty")]
    return pl.DataFrame(figures, schema=SCHEMA), faults


def _header_faults(header: Sequence[str], table: EnrichmentTable) -> Iterator[Fault]:
    if not any(header):
        yield Fault("empty")
        return
    for name in table.header:
        if name not in header:
            yield Fault("missing_column", 1, name)
        elif header.count(name) > 1:
            yield Fault("column_twice", 1, name)
    # Its name might be anything: by its place alone.
    for place, name in enumerate(header, start=1):
        if name not in table.header:
            yield Fault("unknown_column", 1, f"#{place}")


def _row_faults(cells: Cells, table: EnrichmentTable, rules: RuleBook) -> Iterator[tuple[str, str]]:
    """Give the fields of a row that are wrong, each with the code of its fault."""
    optional = {column.name for column in table.columns if not column.required}
    checks: dict[str, Callable[[], str]] = {
        "county": lambda: _county_fault(cells["county"], rules),
        "year": lambda: "" if _YEAR.fullmatch(cells["year"]) else "not_a_year",
        "service_class": lambda: _class_fault(cells["service_class"], cells["year"], rules),
        "indicator": lambda: "" if cells["indicator"] in table.indicators else "unknown_indicator",
        SOURCE: lambda: "too_long" if len(cells[SOURCE]) > _LONGEST_SOURCE else "",
    }
    for field in (*table.keys, SOURCE):
        if fault := "missing_value" if not cells[field] else checks[field]():
            yield field, fault
    for column in table.columns:
        value = cells[column.name]
        if not value and column.name not in optional:
            yield column.name, "missing_value"
        elif value and (fault := _number_fault(value, column)):
            yield column.name, fault


def _county_fault(code: str, rules: RuleBook) -> str:
    return "" if code in rules.counties or code == NATION else "unknown_county"


def _class_fault(code: str, year: str, rules: RuleBook) -> str:
    """A class must be on the list, and valid on some day of the year."""
    classes = rules.code_sets["service_classes"]
    if code not in classes.codes["code"]:
        return "unknown_class"
    if not _YEAR.fullmatch(year):
        return ""
    days = (date(int(year), 1, 1), date(int(year), 12, 31))
    return "" if any(code in classes.valid_on(day)["code"] for day in days) else "class_not_valid"


def _number(value: str) -> float | None:
    bare = _BLANKS.sub("", value).replace("\u2212", "-")
    return float(bare.replace(",", ".")) if _NUMBER.fullmatch(bare) else None


def _number_fault(value: str, column: EnrichmentColumn) -> str:
    number = _number(value)
    if number is None or (column.type == "integer" and not number.is_integer()):
        return "not_a_number"
    return "" if column.minimum <= number <= column.maximum else "out_of_range"


def _figures(cells: Cells, table: EnrichmentTable) -> list[dict[str, object]]:
    """Return a row without faults in tidy form; an empty cell gives no figure."""
    keys = {
        "table": table.name,
        "county": cells["county"],
        "service_class": cells.get("service_class"),
        "year": int(cells["year"]),
        "indicator": cells.get("indicator"),
        "source": cells[SOURCE],
    }
    return [
        {**keys, "measure": column.name, "value": number}
        for column in table.columns
        if (number := _number(cells[column.name])) is not None
    ]
