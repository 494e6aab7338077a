"""The key of one published figure: what a page links to and `aspa trace` looks up.

Belongs here: writing and reading a key. Does not belong here: the figure (`published_form`), what
stands behind it (`tracing`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode

from aspa_resources.errors import AspaError

_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_FORM: Final = "month/table/county/measure?dimension=category&..."


class NoFigureKeyError(AspaError):
    """A text is no key of a figure."""


@dataclass(frozen=True)
class FigureKey:
    """One figure of the published tables.

    Attributes:
        month: `YYYY-MM`.
        table: name in `rules/published_tables.yaml`.
        county: two-digit code, or the nation's.
        measure: one of the table's measures.
        dimensions: categories by dimension; a dimension that is not named is at its total.
    """

    month: str
    table: str
    county: str
    measure: str
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the key, such as `2025-03/words/10/responses?theme=waiting_time&word=jono`."""
        return self._text

    @cached_property
    def _text(self) -> str:
        parts = (self.month, self.table, self.county, self.measure)
        path = "/".join(quote(part, safe="") for part in parts)
        cell = urlencode(sorted(self.dimensions.items()), quote_via=quote)
        return f"{path}?{cell}" if cell else path

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the figure that a key names; the order of its dimensions does not matter.

        Raises:
            NoFigureKeyError: the text is no such key.
        """
        path, _, cell = text.strip().partition("?")
        parts = [unquote(part) for part in path.split("/")]
        try:
            month, table, county, measure = parts
            pairs = parse_qsl(cell, strict_parsing=True) if cell else []
        except ValueError as wrong:
            raise NoFigureKeyError(f"That is no key of a figure. One looks like {_FORM}") from wrong
        dimensions = dict(pairs)
        if not _MONTH.fullmatch(month) or not all(parts) or len(dimensions) < len(pairs):
            raise NoFigureKeyError(f"That is no key of a figure. One looks like {_FORM}")
        return cls(month, table, county, measure, dimensions)
