"""Reading a sample: every column of a file, also those whose headers nobody knows.

The delivery reader does the reading: it is asked twice, first for the header line, then for all
that stands below it.

Belongs here: from bytes to columns of cells. Does not belong here: what a column means
(`matching`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from aspa_resources.delivery.containers import unpack
from aspa_resources.delivery.dialect import Dialect, cell_names
from aspa_resources.delivery.faults import UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders, known_headers
from aspa_resources.delivery.reading import find_table
from aspa_resources.delivery.values import clean
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.words import fold_header

_KIND: Final = "feedback"
_LONGEST_HEADER: Final = 80  # characters of a folded header; a question is longer than a title


@dataclass(frozen=True, eq=False)
class SampleColumn:
    """One column of a sample.

    Attributes:
        place: its number in the file, from 1.
        header: as the county wrote it.
        cells: String, stripped; null where there is no value.
    """

    place: int
    header: str
    cells: pl.Series = field(repr=False)

    @property
    def folded(self) -> str:
        """The header as headers are compared."""
        return fold_header(self.header)


@dataclass(frozen=True, eq=False)
class Sample:
    """A sample as it was read: rows that hold together, and how the file is written."""

    columns: tuple[SampleColumn, ...]
    rows: int
    dialect: Dialect


class _AnyWord(Mapping[str, str]):
    """Headers of a county that nobody knows: every short word with a letter in it is one."""

    def __getitem__(self, word: str) -> str:
        if not any(map(str.isalpha, word)) or len(word) > _LONGEST_HEADER:
            raise KeyError(word)
        return word

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_sample(content: bytes, county: str, rules: RuleBook) -> Sample:
    """Read every column of a sample.

    Args:
        content: the file's bytes, in any form that a delivery may have.
        county: the county's code: what its file in the rule book says already is known.
        rules: the rule book.

    Raises:
        UnreadableDelivery: the file cannot be read, or no line of it looks like a header.
    """
    unpacked = unpack(content).content
    header = _header(unpacked, known_headers(rules.contract, rules.profile(county)))
    words = {fold_header(cell): fold_header(cell) for cell in header.cells if fold_header(cell)}
    table = find_table(unpacked, _knowing(words))
    cells = table.rows.filter(pl.col("code").is_null())
    names, headers = cell_names(table.header), table.header.cells
    read = clean(cells.select(names), rules.contract.missing_values)
    found = sorted(places[0] for places in table.header.places.values())
    columns = tuple(SampleColumn(at + 1, headers[at], read[names[at]]) for at in found)
    return Sample(columns, cells.height, table.dialect)


def _header(content: bytes, known: KnownHeaders) -> Header:
    try:
        return find_table(content, known).header
    except UnreadableDelivery as refusal:
        if refusal.fault.code != "no_known_header":
            raise
        return find_table(content, _knowing(_AnyWord())).header


def _knowing(words: Mapping[str, str]) -> KnownHeaders:
    return KnownHeaders({_KIND: words}, {_KIND: ()}, frozenset(), frozenset())
