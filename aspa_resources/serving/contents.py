"""What there is for one reader: months of reports, receipts, tables, operators' pages.

Belongs here: looking into the folders that the reader may read, and into no other. Does not belong
here: how the list looks (`pages`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aspa_resources.rule_book.published import NATION
from aspa_resources.serving.places import (
    OPERATOR,
    RECEIPTS,
    REPORTS,
    TABLES,
    Place,
    is_month,
)
from aspa_resources.serving.readers import Reader
from aspa_resources.serving.shelves import Shelves

_INDEX = "index.html"
_SENT = "receipts"  # of deliveries to THL


@dataclass(frozen=True)
class Contents:
    """What a reader can be shown.

    Attributes:
        reports: By area, the nation first, the months `YYYY-MM` that have a report, newest first.
        receipts: Areas that have receipts.
        tables: By month, newest first, whose published tables can be taken along, where the receipt
            of what THL was sent lies; empty where there is none.
        operator: By name, where a group of operators' pages begins, relative to the first page.
    """

    reports: Mapping[str, tuple[str, ...]]
    receipts: frozenset[str]
    tables: Mapping[str, str]
    operator: Mapping[str, str]


def contents_for(reader: Reader, shelves: Shelves, counties: Collection[str]) -> Contents:
    """Return what there is for a reader.

    Args:
        reader: Who reads.
        shelves: The folders.
        counties: The codes of all counties, in the order in which they are listed.
    """
    areas = [area for area in (NATION, *counties) if area in reader.areas]
    return Contents(
        reports={area: _months(shelves, Place(REPORTS, (area,)), ".html") for area in areas},
        receipts=frozenset(
            area for area in areas if _INDEX in (shelves.list(Place(RECEIPTS, (area,))) or ())
        ),
        tables=_tables(shelves) if reader.national else {},
        operator=_operator(shelves) if reader.operator else {},
    )


def _months(shelves: Shelves, folder: Place, ending: str) -> tuple[str, ...]:
    names = shelves.list(folder) or ()
    months = {name.removesuffix(ending) for name in names if name.endswith(ending)}
    return tuple(sorted(filter(is_month, months), reverse=True))


def _tables(shelves: Shelves) -> dict[str, str]:
    return {month: _receipt(shelves, month) for month in _months(shelves, Place(TABLES, ()), "")}


def _receipt(shelves: Shelves, month: str) -> str:
    names = (_SENT, month)
    there = _INDEX in (shelves.list(Place(TABLES, names)) or ())
    return "/".join((TABLES, *names, _INDEX)) if there else ""


def _operator(shelves: Shelves) -> dict[str, str]:
    begins = {}
    for name, size in (shelves.list(Place(OPERATOR, ())) or {}).items():
        if size is None:
            has_index = _INDEX in (shelves.list(Place(OPERATOR, (name,))) or ())
            begins[name] = f"{OPERATOR}/{name}/{_INDEX if has_index else ''}"
        else:
            begins[name] = f"{OPERATOR}/{name}"
    return begins
