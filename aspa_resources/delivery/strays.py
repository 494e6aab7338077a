"""Lines among the rows that are no rows: the header again, sums under the rows, another table.

Belongs here: telling them, and what becomes of the file. Does not belong here: finding the header
of the table (`header`), whether a row is a good one (`records`, `judging`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from aspa_resources.delivery.dialect import FOOTER, FoundTable, cell_names
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders
from aspa_resources.rule_book.words import fold_header

_FOOTER_WORDS = (
    "yhteensä", "yht", "summa", "rivejä", "rivimäärä", "rivien määrä", "lukumäärä", "keskiarvo",
    "vastauksia", "tulostettu", "raportti luotu", "totalt", "sammanlagt", "antal rader", "antal",
    "medelvärde", "total", "sum", "rows", "row count", "count", "average",
)  # fmt: skip
FOOTER_FORM = (
    r"(?i)^[\s;,|\"'(]*(?:" + "|".join(_FOOTER_WORDS) + r")"
    r"(?:[\s:=;,|\"'][\s:=;,|\"'\d.%)]*(?:kpl|st|pcs|riviä|rader|rows)?[\s;,|\"'.)]*)?$"
)
"""A whole line of a sum under the rows: its word, figures, and nothing else."""

_FOOTER = re.compile(FOOTER_FORM)
_LONGEST_FOOTER = 200  # characters; matching takes the square of a line's length
_FEW = 5000  # distinct cells of a column; of more only those without a digit can be headers


def is_footer(line: str) -> bool:
    """Tell whether a line, without its line end, is a sum or a count as stands under the rows."""
    return len(line) <= _LONGEST_FOOTER and _FOOTER.search(line) is not None


def without_strays(table: FoundTable, known: KnownHeaders) -> FoundTable:
    """Leave out repeated header lines, and sums at the end of the rows or before such a header.

    Args:
        table: The table as found.
        known: The known headers.

    Returns:
        The table with nothing but rows, its dialect telling how many lines were left out. A sum
        line elsewhere is a broken row, `sum_among_rows`.

    Raises:
        UnreadableDelivery: `several_tables` when another header stands among the rows.
    """
    rows = table.rows
    again = _repeated(rows, table.header, known)
    footers = rows["code"].eq_missing(FOOTER).arg_true().to_list()
    last = _at_end(footers, again, rows.height)
    kept = rows.with_row_index("place").filter(~pl.col("place").is_in(sorted(again | last)))
    return replace(
        table,
        rows=kept.drop("place").with_columns(pl.col("code").replace({FOOTER: "sum_among_rows"})),
        dialect=replace(
            table.dialect,
            repeated_headers=len(again) or None,
            footer_lines=len(last) or None,
        ),
    )


def _at_end(footers: Sequence[int], again: set[int], height: int) -> set[int]:
    """Return the sums after which the rows end, or begin anew under the header."""
    found: set[int] = set()
    for place in reversed(footers):
        if place + 1 == height or place + 1 in again or place + 1 in found:
            found.add(place)
    return found


def _repeated(rows: pl.DataFrame, header: Header, known: KnownHeaders) -> set[int]:
    """Return the places of the rows that are the header line again."""
    found = set()
    for place in _suspects(rows, header, known):
        cells = rows.row(place)[2:]
        words = {at: fold_header(cell) for at, cell in enumerate(cells) if cell and cell.strip()}
        heads = {at for at, word in words.items() if known.knows(word)}
        if len(heads) < 2 or 2 * len(heads) <= len(words):  # noqa: PLR2004 - a half
            continue
        meant = known.words[header.kind]
        if any(at not in header.places.get(meant.get(words[at], ""), ()) for at in heads):
            raise UnreadableDelivery(Fault("file", "several_tables"))
        found.add(place)
    return found


def _suspects(rows: pl.DataFrame, header: Header, known: KnownHeaders) -> list[int]:
    """Return the places of rows with a known header in a column that is no free text."""
    names = cell_names(header)
    suspect = pl.repeat(value=False, n=rows.height, eager=True)
    for column, places in header.places.items():
        for place in () if column in known.texts else places:
            spelled = rows[names[place]].drop_nulls().unique()
            if spelled.len() > _FEW:
                spelled = spelled.filter(~spelled.str.contains(r"\d"))
            heads = [cell for cell in spelled if known.knows(fold_header(cell))]
            if heads:
                suspect |= rows[names[place]].is_in(heads).fill_null(value=False)
    return suspect.arg_true().to_list()
