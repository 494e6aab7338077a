"""Whether a delivery was read exactly as it was written."""

from collections.abc import Iterator

import polars as pl
from delivery_mutations import Mutation, Records, Written

from aspa_resources.delivery import ReadDelivery, UnreadableDelivery, judge, read_delivery

COUNTY = "03"


def misreadings(mutation: Mutation, records: Records) -> Iterator[str]:
    """Give what of a file was not read as written, without its content."""
    written = records.write(mutation)
    try:
        read = read_delivery(written.content, COUNTY, records.rules)
    except UnreadableDelivery as refusal:
        yield f"refused: {refusal.fault.code}"
        return
    yield from _dialect(read, written, mutation)
    yield from _cells(read, written)
    judged = judge(read, COUNTY, "2025-03", records.rules)
    if judged.rows_accepted != len(written.cells):
        codes = sorted(set(judged.rejected["code"]))
        yield f"{judged.rows_rejected} of {len(written.cells)} rows rejected: {codes}"


def _dialect(read: ReadDelivery, written: Written, mutation: Mutation) -> Iterator[str]:
    told = read.dialect
    if (told.format, told.container or "none") != (mutation["format"], mutation["container"]):
        yield "format or container"
    if (told.separator, told.header_line) != (written.separator, written.header_line):
        yield "separator or header line"
    if read.missing:
        yield f"columns not understood: {read.missing}"


def _cells(read: ReadDelivery, written: Written) -> Iterator[str]:
    if read.frame["line"].to_list() != list(written.lines):
        yield "line numbers"
        return
    for name in written.cells[0]:
        cells = read.frame[name].fill_null("").str.strip_chars()
        truth = pl.Series([row[name].strip() for row in written.cells])
        if cells.to_list() != truth.to_list():
            yield f"cells of {name}"
