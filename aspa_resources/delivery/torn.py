"""Rows that a line break without quotes tore: what is left of them looks whole and is not.

Belongs here: doubting a whole row beside a piece of a row. Does not belong here: the pieces
themselves, which are broken rows already (`records`).
"""

from collections.abc import Sequence

import polars as pl

from aspa_resources.delivery.body import Body, alike, same_form
from aspa_resources.delivery.header import TextHeader
from aspa_resources.delivery.layout import Layout
from aspa_resources.delivery.records import BROKEN_QUOTES, WRONG_WIDTH

_PIECES = (WRONG_WIDTH, BROKEN_QUOTES)


def doubt_torn_rows(
    rows: pl.DataFrame, body: Body, layout: Layout, header: TextHeader, texts: frozenset[str]
) -> pl.DataFrame:
    """Break the rows beside a line that may be a piece of them.

    A short line that does not begin as rows do may be the end of the row before, unless that ends
    with a quoted cell, or the beginning of the row after. Past a blank line only where a free text
    stands at that end of the row: a footnote is no doubt then.

    Args:
        rows: The rows of a `FoundTable`, in order.
        body: The lines they were read from.
        layout: How they are written.
        header: The header.
        texts: Columns of free text.

    Returns:
        The rows, the doubtful ones broken by `wrong_column_count`.
    """
    edges = {place for name in texts for place in header.places.get(name, ())}
    doubtful = set()
    for place in rows["code"].is_in(_PIECES).fill_null(value=False).arg_true().to_list():
        index = rows["line"][place] - body.number
        pieces = body.lines[index].rstrip("\r\n").split(layout.quoting.separator)
        near = [near for near in (place - 1, place + 1) if 0 <= near < rows.height]
        begins = any(_begins_alike(pieces, rows.row(one)[2:]) for one in near)
        if len(pieces) >= layout.width or begins:
            continue
        last = rows[f"field_{layout.named - 1}"][max(place - 1, 0)]
        if (layout.width - 1 in edges or _text_at(body, index - 1)) and not _closed(
            body, index, layout, last
        ):
            doubtful.add(place - 1)
        if 0 in edges or _text_at(body, index + 1):
            doubtful.add(place + 1)
    doubted = pl.int_range(rows.height).is_in(sorted(doubtful)) & pl.col("code").is_null()
    cells = pl.when(~doubted).then(pl.col(pl.String).exclude("code")).name.keep()
    code = pl.when(doubted).then(pl.lit(WRONG_WIDTH)).otherwise("code").alias("code")
    return rows.with_columns(code, cells) if doubtful else rows


def _begins_alike(pieces: Sequence[str], cells: Sequence[str | None]) -> bool:
    """Tell whether the first two cells of a line look like those of a row."""
    if len(pieces) < 2 or len(cells) < 2:  # noqa: PLR2004 - two
        return False
    return alike(pieces[0], cells[0] or "") and same_form(pieces[1], cells[1] or "")


def _text_at(body: Body, index: int) -> bool:
    """Tell whether a line is there and not blank."""
    return 0 <= index < len(body.lines) and bool(body.lines[index].strip())


def _closed(body: Body, index: int, layout: Layout, text: str | None) -> bool:
    """Tell whether the last cell before a line is quoted, so that nothing of it can follow.

    A quote on the line itself may be the true end of that cell.
    """
    if layout.quoting.quote in body.lines[index]:
        return False
    while index and not _text_at(body, index - 1):
        index -= 1
    line = body.lines[index - 1].rstrip() if index else ""
    return line.endswith(layout.quoting.quote) and not (text and line.endswith(text))
