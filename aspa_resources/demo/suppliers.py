"""Rows as a supplier's export writes them.

Belongs here: headers, order, separators, encodings and the looks of a value. Not which rows exist.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random

from aspa_resources.demo.catalogue import Supplier
from aspa_resources.demo.service_events import Row


def feedback_file(rng: Random, supplier: Supplier, rows: Sequence[Row], month: str) -> bytes:
    """A feedback delivery in the supplier's shape."""
    lines = [[*supplier.headers.values(), *supplier.extra]]
    for row in rows:
        values = [_written(supplier, column, row.get(column, "")) for column in supplier.headers]
        lines.append([*values, *(rng.choice(words) for words in supplier.extra.values())])
    preamble = "".join(f"{line.format(month=month)}\r\n" for line in supplier.preamble)
    return (preamble + _table(supplier.separator, lines)).encode(supplier.encoding)


def table_file(supplier: Supplier, headers: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A plain table in the supplier's encoding and separator."""
    return _table(supplier.separator, [headers, *lines]).encode(supplier.encoding)


def _written(supplier: Supplier, column: str, value: str | datetime) -> str:
    if isinstance(value, datetime):
        return value.strftime(supplier.time_form)
    names: Mapping[str, str] = supplier.contact_mode_names
    return names.get(value, value) if column == "contact_mode" else value


def _table(separator: str, lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue()
