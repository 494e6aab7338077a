"""The layout of a separated text's rows: the quoting under which the fewest of them are odd.

Belongs here: deciding that from the first rows, for the whole file. Does not belong here: the rows
themselves (`records`); the separator, which the header decides (`header`).
"""

from dataclasses import dataclass

from aspa_resources.delivery.body import Body
from aspa_resources.delivery.dialect import BLANKS
from aspa_resources.delivery.header import TextHeader
from aspa_resources.delivery.quoting import ESCAPE, QUOTES, Quoting

_SAMPLE = 10_000  # lines


@dataclass(frozen=True)
class Layout:
    """How the rows below a header are written.

    Attributes:
        quoting: How their cells are told apart.
        width: How many cells every row has.
        named: How many of them have a header; what is to the right of them must be empty.
    """

    quoting: Quoting
    width: int
    named: int


def find_layout(body: Body, header: TextHeader) -> Layout:
    """Find how the rows are written.

    Where the header's cells have quotes, they decide the quote character. Rows have as many cells
    as the header: one with an empty cell more may as well have a separator in a text (or 5,0).

    Args:
        body: The lines below the header.
        header: The header.

    Returns:
        The layout; of equals the one with double quotes and without an escape.
    """
    sample = body.head(_SAMPLE)
    quotes = [header.quote] if header.quote else [q for q in QUOTES if q == '"' or q in sample.text]
    readings = [
        Quoting(header.separator, quote, escape)
        for quote in quotes
        for escape in (None, ESCAPE)
        if escape is None or escape + quote in sample.text
    ]
    width = len(header.cells)
    best = min(readings, key=lambda quoting: _odd(sample, quoting, width))
    return Layout(best, width, header.named)


def _odd(sample: Body, quoting: Quoting, width: int) -> int:
    """Count the records that are broken or have another width."""
    lines = sample.lines
    marked = [i for i, line in enumerate(lines) if any(mark in line for mark in quoting.marks)]
    odd = 0
    inside: set[int] = set()
    for record in sample.records(marked, quoting, width):
        odd += record.cells is None or len(record.cells) != width
        inside.update(range(record.start, record.end))
    for index, line in enumerate(lines):
        if index not in inside and line.strip(BLANKS + quoting.separator + "\r\n"):
            odd += line.count(quoting.separator) + 1 != width
    return odd
