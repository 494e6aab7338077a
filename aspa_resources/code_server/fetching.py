"""Fetching the lists that the platform uses, and keeping what was fetched before.

Belongs here: which lists are read anew, whole, and which stay. Does not belong here: the protocol
(`client`), whether the lists may come into force (the gate of the asset).

An increment (`modifiedAfter`) is asked for first and only tells whether a list changed: of a code
it holds the changed periods alone, and does not say what became of the others. A list that did not
change stays; one that did is read whole, and so is any that was not for a month, since a code that
vanishes without a trace is in no increment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, get_args

import polars as pl

from aspa_resources.code_server import lists
from aspa_resources.code_server.client import (
    CodeServer,
    CodeServerError,
    CodeServerUnreachableError,
    Status,
)
from aspa_resources.code_server.exports import read_export
from aspa_resources.rule_book.code_sets import CodeSet

SCHEMA: Final = pl.Schema(
    {"code_set": pl.String(), **lists.SCHEMA, "source": pl.String(), "read_on": pl.Date()}
)
"""All fetched lists in one frame: `lists.SCHEMA`, and where and when each was read."""

WHOLE_AFTER: Final = timedelta(days=31)
_OVERLAP: Final = timedelta(days=1)  # clocks and zones differ


@dataclass(frozen=True)
class Fetched:
    """What came of asking for lists.

    Attributes:
        codes: A frame of `SCHEMA`.
        not_read: By code set, why its list could not be read; it stays as it was.
    """

    codes: pl.DataFrame
    not_read: Mapping[str, str]


def fetch(
    server: CodeServer, code_sets: Mapping[str, CodeSet], former: pl.DataFrame, day: date
) -> Fetched:
    """Read the lists that have an OID from the code server.

    Args:
        server: To read from.
        code_sets: The lists in force, by name.
        former: What was fetched before, of `SCHEMA`; empty: every list is read whole.
        day: Today.

    Raises:
        CodeServerUnreachableError: The server is not reached.
        CodeServerError: No list at all could be read.
    """
    not_read = {}
    codes = former
    oids = {name: one.oid for name, one in code_sets.items() if one.oid}
    for name, oid in oids.items():
        known = former.filter(pl.col("code_set") == name, pl.col("source") == "code_server")
        try:
            if _is_new(server, oid, known, day):
                read = lists.list_of(server.concepts(oid))
                codes = _with(codes, name, read, "code_server", day)
        except CodeServerUnreachableError:
            raise  # the other lists would wait as long in vain
        except (CodeServerError, lists.CodeListError) as problem:
            not_read[name] = str(problem)
    if not_read.keys() == oids.keys():
        raise CodeServerError(next(iter(not_read.values()), "No code set has an OID."))
    return Fetched(codes, not_read)


def take_export(
    path: Path, name: str, code_sets: Mapping[str, CodeSet], former: pl.DataFrame, day: date
) -> Fetched:
    """Read one list from a manual export; the others stay as they were.

    Args:
        path: The export.
        name: Of the code set that it is a list of.
        code_sets: The lists in force, by name.
        former: What was fetched before, of `SCHEMA`.
        day: Today.

    Raises:
        CodeListError: There is no such code set, or the file is no export.
    """
    if name not in code_sets:
        raise lists.CodeListError(f"There is no code set {name}. {', '.join(code_sets)} are known.")
    return Fetched(_with(former, name, read_export(path), "manual_export", day), {})


def each_list(codes: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give every fetched list with the name of its code set, by name."""
    for name in codes["code_set"].unique().sort():
        yield name, codes.filter(pl.col("code_set") == name)


def _is_new(server: CodeServer, oid: str, known: pl.DataFrame, day: date) -> bool:
    """Tell whether a list must be read whole."""
    if known.is_empty() or day - known["read_on"][0] > WHOLE_AFTER:
        return True
    since = datetime.combine(known["read_on"][0] - _OVERLAP, time.min)
    statuses: tuple[Status, ...] = get_args(Status)
    return any(server.concepts(oid, status=one, modified_after=since) for one in statuses)


def _with(
    codes: pl.DataFrame, name: str, read: pl.DataFrame, source: str, day: date
) -> pl.DataFrame:
    told = read.with_columns(
        code_set=pl.lit(name), source=pl.lit(source), read_on=pl.lit(day, pl.Date())
    )
    others = codes.filter(pl.col("code_set") != name)
    return pl.concat([others, told.select(SCHEMA.names())])
