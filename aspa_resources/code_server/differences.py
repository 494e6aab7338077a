"""What a fetched list changes of the list in force.

Belongs here: naming each change. Does not belong here: whether a change may be (`uses` says which
codes are in use, the gate of the asset refuses), putting the list into force (`installing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, Literal

import polars as pl

Change = Literal["added", "ended", "renamed", "vanished", "validity_changed"]
CHANGES: Final[tuple[Change, ...]] = ("vanished", "ended", "added", "renamed", "validity_changed")
TAKES_AWAY: Final[tuple[Change, ...]] = ("vanished", "ended")
SCHEMA: Final = pl.Schema(dict.fromkeys(("change", "code", "before", "after"), pl.String()))

_FOREVER: Final = date(2099, 12, 31)  # how the code server writes an open end

Row = dict[str, Any]


def differences(before: pl.DataFrame, after: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what changes, code by code.

    A code can be renamed and end at once; then it stands twice. Of names, the newest period's
    count; a name that the fetched list does not give stays as it is.

    Args:
        before: The codes in force: code, name_fi, name_sv, name_en, begin, end.
        after: The fetched ones, the same columns.
        day: Today: a code has ended when its last period is over.

    Returns:
        A frame of `SCHEMA`, what takes codes away first: names before and after of what is added,
        renamed or vanished, periods of what ended or changed its validity.
    """
    old, new = _by_code(before), _by_code(after)
    found = [
        *((("vanished", code, _name(old[code]), None)) for code in old.keys() - new.keys()),
        *((("added", code, None, _name(new[code]))) for code in new.keys() - old.keys()),
        *(
            (change, code, was, now)
            for code in old.keys() & new.keys()
            for change, was, now in _changes(old[code], new[code], day)
        ),
    ]
    ordered = sorted(found, key=lambda one: (CHANGES.index(one[0]), one[1]))
    return pl.DataFrame(ordered, schema=SCHEMA, orient="row")


def _by_code(codes: pl.DataFrame) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in codes.sort("begin", nulls_last=False).iter_rows(named=True):
        rows.setdefault(row["code"], []).append(row)
    return rows


def _changes(
    old: Sequence[Row], new: Sequence[Row], day: date
) -> Iterator[tuple[Change, str, str]]:
    named = [name for name in ("name_fi", "name_sv", "name_en") if new[-1][name] is not None]
    if any(old[-1][name] != new[-1][name] for name in named):
        yield "renamed", _name(old), _name(new)
    was, now = _periods(old), _periods(new)
    if was != now:
        ended = _last_day(old) >= day > _last_day(new)
        yield "ended" if ended else "validity_changed", _written(was), _written(now)


def _name(rows: Sequence[Row]) -> str:
    return " / ".join(
        rows[-1][name] for name in ("name_fi", "name_sv", "name_en") if rows[-1][name]
    )


def _periods(rows: Sequence[Row]) -> list[tuple[date, date]]:
    return sorted((row["begin"] or date.min, _end(row)) for row in rows)


def _end(row: Row) -> date:
    return min(row["end"] or _FOREVER, _FOREVER)


def _last_day(rows: Sequence[Row]) -> date:
    return max(map(_end, rows))


def _written(periods: Sequence[tuple[date, date]]) -> str:
    return ", ".join(
        f"{begin if begin > date.min else ''}..{end if end < _FOREVER else ''}"
        for begin, end in periods
    )
