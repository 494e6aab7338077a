"""A fetched list of codes: one frame, whatever it was read from.

Belongs here: its columns, and making it of concepts. Does not belong here: reading concepts
(`client`) or files (`exports`), comparing it with the list that is in force (`differences`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from aspa_resources.code_server.client import Concept
from aspa_resources.errors import AspaError
from aspa_resources.rule_book.code_sets import COLUMNS

SCHEMA: Final = pl.Schema(
    {name: pl.Date() if name in {"begin", "end"} else pl.String() for name in COLUMNS}
    | {"parent": pl.String(), "replaced_by": pl.String(), "version": pl.String()}
)
"""A row for each code and period of validity; `version` is that of the server's list."""

_NAMES: Final = ("LongName", "ShortName", "Abbreviation")


class CodeListError(AspaError):
    """A fetched list cannot be taken for a code set; the message says why and what to do."""


def list_of(concepts: Sequence[Concept]) -> pl.DataFrame:
    """Return the list that concepts of one classification make.

    Args:
        concepts: As the code server gave them.

    Returns:
        A frame of `SCHEMA`.

    Raises:
        CodeListError: There are none, or one has no name or cannot be valid on any day.
    """
    return checked(
        [
            {
                "code": one.code,
                "name_fi": next(filter(None, map(one.attribute, _NAMES)), None),
                "name_sv": one.attribute("A:Långt_namn"),
                "begin": one.begin,
                "end": one.end,
                "parent": one.attribute("ParentId"),
                "replaced_by": one.attribute("A:Korvaava koodi"),
                "version": one.version,
            }
            for one in concepts
        ]
    )


def checked(rows: Sequence[Mapping[str, str | date | None]]) -> pl.DataFrame:
    """Return rows as a list, sorted by code and beginning, each period of a code once.

    Args:
        rows: By column of `SCHEMA`; a column that is missing is null.

    Raises:
        CodeListError: There are none, or one has no name or ends before it begins.
    """
    frame = pl.DataFrame([{**dict.fromkeys(SCHEMA), **row} for row in rows], schema=SCHEMA)
    if frame.is_empty():
        raise CodeListError("The list has no codes. Check the code set's OID or the file.")
    nameless = frame["name_fi"].null_count()
    if nameless:
        raise CodeListError(f"{nameless} codes have no Finnish name. Ask the list's keepers.")
    backwards = frame.filter(pl.col("end") < pl.col("begin")).height
    if backwards:
        raise CodeListError(
            f"{backwards} codes end before they begin. Ask the list's keepers; the list in force "
            "stays."
        )
    periods = ("code", "begin", "end")
    return frame.sort(*periods, "version").unique(periods, keep="last", maintain_order=True)
