"""From the lines under a separated text's header to its rows, without ever losing one.

Belongs here: lines that need no careful reading, and rows of a wrong width. Does not belong here:
rows whose neighbours make them doubtful (`torn`), what a cell means (`reading`, `judging`).
"""

from collections.abc import Iterator

import polars as pl

from aspa_resources.delivery.body import Body, ReadRecord
from aspa_resources.delivery.dialect import BLANKS, FOOTER, Record, cell_names, rows_frame
from aspa_resources.delivery.encoding import REPLACEMENT
from aspa_resources.delivery.header import TextHeader
from aspa_resources.delivery.layout import Layout
from aspa_resources.delivery.quoting import QUOTES
from aspa_resources.delivery.strays import FOOTER_FORM, is_footer

BROKEN_QUOTES, WRONG_WIDTH, UNDECODABLE = "broken_quotes", "wrong_column_count", "undecodable_row"

_CHUNK = 100_000  # lines split at a time
_LINE = pl.col("text")


def read_rows(
    body: Body, layout: Layout, header: TextHeader, *, carefully: bool = False
) -> pl.DataFrame:
    """Read the rows below a header.

    Most lines need no careful reading: those without a quote or escape character are split at
    their separators, and those whose cells are all quoted and hold no quote at the separators with
    a quote on either side. Both are exactly what the careful reading makes of them.

    Args:
        body: The lines below the header.
        layout: How they are written.
        header: The header.
        carefully: Read every line carefully.

    Returns:
        The rows of a `FoundTable`, in order.
    """
    lines = _lines(body, layout)
    asked = lines["index"] if carefully else lines.filter("careful")["index"]
    records = list(body.records(asked.to_list(), layout.quoting, layout.width))
    inside = pl.Series([i for one in records for i in range(one.start, one.end)], dtype=pl.UInt32())
    easy = lines.filter(~pl.col("blank")).join(inside.to_frame("index"), on="index", how="anti")
    quote, separator = layout.quoting.quote, layout.quoting.separator
    bare = easy.filter(~pl.col("wrapped"))
    wrapped = easy.filter("wrapped").with_columns(_LINE.str.slice(1, _LINE.str.len_chars() - 2))
    rows = pl.concat(
        [
            rows_frame(((one.start, _checked(one, body, layout)) for one in records), header),
            *_split(bare, separator, layout, damaged=body.damaged),
            *_split(wrapped, quote + separator + quote, layout, damaged=body.damaged),
        ]
    )
    whole = pl.when(pl.col("code").is_null())
    return rows.sort("line").with_columns(
        pl.col("line") + body.number, whole.then(pl.col(cell_names(header))).name.keep()
    )


def _lines(body: Body, layout: Layout) -> pl.DataFrame:
    """Return index and text (without line end) of each line, and how it is to be read.

    careful: with every character looked at; wrapped: all its cells are quoted and none holds a
    quote; blank: not at all, unless carefully.
    """
    quoting = layout.quoting
    quote, count = quoting.quote, _LINE.str.count_matches
    wrapped = (
        _LINE.str.starts_with(quote)
        & _LINE.str.ends_with(quote)
        & (count(quote, literal=True) == 2 * layout.width)
        & (count(quote + quoting.separator + quote, literal=True) == layout.width - 1)
    )
    if quoting.escape:
        wrapped &= ~_LINE.str.contains(quoting.escape, literal=True)
    marked = _LINE.str.contains_any(list(quoting.marks)) | _LINE.str.contains(FOOTER_FORM)
    nothing = BLANKS + quoting.separator + "".join(QUOTES)
    text = pl.Series("text", body.lines, dtype=pl.String()).str.strip_chars_end("\r\n")
    return (
        text.to_frame()
        .with_row_index("index")
        .with_columns(marked=marked, wrapped=wrapped, blank=_LINE.str.strip_chars(nothing) == "")
        .with_columns(careful=pl.col("marked") & ~pl.col("wrapped"))
    )


def _split(
    lines: pl.DataFrame, by: str, layout: Layout, *, damaged: bool
) -> Iterator[pl.DataFrame]:
    """Split lines of the right width; the others are broken rows."""
    names = [f"field_{place}" for place in range(layout.width)]
    surplus = pl.col(names[layout.named :]).str.strip_chars(BLANKS)
    line = pl.col("index").cast(pl.Int32).alias("line")
    faulty = (
        pl.when(pl.any_horizontal(surplus != "", pl.lit(value=False)))
        .then(pl.lit(WRONG_WIDTH))
        .when(pl.lit(damaged) & _LINE.str.contains(REPLACEMENT, literal=True))
        .then(pl.lit(UNDECODABLE))
    )
    fits = _LINE.str.count_matches(by, literal=True) == layout.width - 1
    for start in range(0, lines.height, _CHUNK):
        chunk = lines.slice(start, _CHUNK)
        cells = chunk.filter(fits).with_columns(
            line, cells=_LINE.str.split_exact(by, layout.width - 1)
        )
        yield cells.unnest("cells").select("line", faulty.alias("code"), *names[: layout.named])
        nothing = (pl.lit(None, pl.String()).alias(name) for name in names[: layout.named])
        yield chunk.filter(~fits).select(line, pl.lit(WRONG_WIDTH).alias("code"), *nothing)


def _checked(record: ReadRecord, body: Body, layout: Layout) -> Record:
    """Return a record's cells, or the code of what is wrong; a blank one has nothing wrong."""
    if is_footer(body.lines[record.start].rstrip("\r\n")):
        return FOOTER
    cells = record.cells
    if cells is None:
        return BROKEN_QUOTES
    if not any(cell.strip(BLANKS) for cell in cells):
        return cells
    surplus = cells[layout.named :]
    if len(cells) != layout.width or any(cell.strip(BLANKS) for cell in surplus):
        return WRONG_WIDTH
    if body.damaged and any(REPLACEMENT in cell for cell in cells):
        return UNDECODABLE
    return cells
