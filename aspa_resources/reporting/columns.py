"""Where the exhibits of a chapter stand: in two columns of about the same height.

Belongs here: which exhibit stands where on a wide screen. Does not belong here: style (`page.css`),
what an exhibit shows (`sections`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from aspa_resources.reporting.blocks import Exhibit

_WORDS: Final = 130
_ROW: Final = 40
_CLOUD: Final = 120
_CHART: Final = re.compile(r'viewBox="0 0 \d+ (\d+)"')

Column = tuple[Exhibit, ...]


def exhibit_rows(exhibits: Sequence[Exhibit]) -> list[tuple[Column, ...]]:
    """Return the exhibits in rows of one or two columns, in the order in which they are read.

    A wide exhibit has a row of its own; those between wide ones fill two columns, the left one
    first, so that unfolding a table moves nothing from one column to the other.
    """
    found: list[tuple[Column, ...]] = []
    for wide, within in groupby(exhibits, attrgetter("wide")):
        run = tuple(within)
        found += [((one,),) for one in run] if wide else [_columns(run)]
    return found


def _columns(run: Column) -> tuple[Column, ...]:
    def taller(left: int) -> int:
        return max(sum(map(_height, run[:left])), sum(map(_height, run[left:])))

    left = min(range(1, len(run)), key=taller, default=1)
    return tuple(column for column in (run[:left], run[left:]) if column)


def _height(exhibit: Exhibit) -> int:
    """Return about how tall an exhibit is while its table is folded, in pixels."""
    drawn = _CHART.search(exhibit.chart or "")
    height = _WORDS + (int(drawn[1]) if drawn else 0) + (_CLOUD if exhibit.cloud else 0)
    if exhibit.table and exhibit.table_open:
        height += _ROW * (1 + len(exhibit.table.rows))
    return height
