"""The ledger: every file ever dropped, known by its content, and all that happened to it.

It remembers hashes, counts and outcomes, never content. Times of day stand beside events for
people to read; nothing is decided by them.

Belongs here: the SQLite file. Not here: its records and which of two is in force (drops), finding
files (landing_zone).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aspa_resources.drops import MANY, Arrival, Drop, Event, Reading, What, placed
from aspa_resources.errors import AspaError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS looks (look INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS drops (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    county        TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    month         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    supplier      TEXT NOT NULL,
    fault         TEXT NOT NULL,
    file_format   TEXT NOT NULL,
    file_name     TEXT NOT NULL,
    size          INTEGER NOT NULL,
    encrypted     INTEGER NOT NULL,
    rules         TEXT NOT NULL,
    look          INTEGER NOT NULL,
    retracted     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (county, content_hash, month)
);
CREATE TABLE IF NOT EXISTS lying (
    county     TEXT NOT NULL,
    file_name  TEXT NOT NULL,
    file_hash  TEXT NOT NULL,
    number     INTEGER NOT NULL,
    PRIMARY KEY (county, file_name)
);
CREATE TABLE IF NOT EXISTS events (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    number     INTEGER NOT NULL,
    what       TEXT NOT NULL,
    other      INTEGER,
    file_name  TEXT NOT NULL,
    at         TEXT NOT NULL,
    told       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS drops_by_slot ON drops (county, month, kind, supplier);
CREATE INDEX IF NOT EXISTS events_untold ON events (told) WHERE told = 0;
"""
_DROP: Final = (
    "number, county, content_hash, file_name, size, encrypted, look, retracted, rules, "
    "kind, month, supplier, fault, file_format"
)


class LedgerError(AspaError):
    """The ledger cannot be read."""


class Ledger:
    """The ledger's file.

    Args:
        path: the SQLite file; made at the first look.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def drops(self) -> list[Drop]:
        """Return every registered drop, oldest first."""
        if not self._path.exists():
            return []
        with self._connect() as connection:
            rows = connection.execute(f"SELECT {_DROP} FROM drops ORDER BY number").fetchall()  # noqa: S608 (our own words)
        return [_drop(row) for row in rows]

    def lying(self) -> dict[tuple[str, str], tuple[str, int]]:
        """Return what lay in the landing zone at the last look: hash and drop by folder, name."""
        if not self._path.exists():
            return {}
        with self._connect() as connection:
            rows = connection.execute("SELECT county, file_name, file_hash, number FROM lying")
            return {(county, name): (hashed, number) for county, name, hashed, number in rows}

    def events(self, *, untold: bool = False) -> list[Event]:
        """Return what happened, oldest first; if asked, only what no receipt tells yet."""
        if not self._path.exists():
            return []
        with self._connect() as connection:
            return _events(connection, "told = 0" if untold else "TRUE")

    def tell(self, events: Iterable[Event]) -> None:
        """Remember that the county was told of these events."""
        with self._connect() as connection:
            connection.executemany(
                "UPDATE events SET told = 1 WHERE sequence = ?", [(e.sequence,) for e in events]
            )

    def register(
        self,
        arrivals: Sequence[tuple[Arrival, Reading]],
        gone: Sequence[tuple[str, str, str]],
        rules: str,
    ) -> list[Event]:
        """Register what one look found, all of it or nothing.

        Args:
            arrivals: files in places or with bytes not known yet, and what was read of them.
            gone: folder, name and hash of files that no longer lie there.
            rules: version of the rules they were read under.

        Returns:
            What happened by it; nothing for what another process registered meanwhile.
        """
        with self._connect() as connection:
            first = _last_event(connection)
            slots = {(a.county, r.month, r.kind, r.supplier) for a, r in arrivals if not r.fault}
            with _telling_what_changes(connection, slots):
                connection.executemany(
                    "DELETE FROM lying WHERE county = ? AND file_name = ? AND file_hash = ?", gone
                )
                look = _next_look(connection) if arrivals else 0
                for arrival, reading in arrivals:
                    _register(connection, arrival, reading, rules, look)
            if arrivals or gone:
                _settle(connection)
            return _events(connection, f"sequence > {first}")

    def retract(self, drop: Drop) -> None:
        """Take a drop out of force; the one it replaced does not come back."""
        with self._connect() as connection, _telling_what_changes(connection, {drop.slot}):
            _update(connection, drop.number, {"retracted": 1})
            connection.execute("DELETE FROM lying WHERE number = ?", (drop.number,))
            _tell(connection, drop.number, "retracted", drop.file_name)

    def reinstate(self, drop: Drop) -> None:
        """Put a drop in force as the newest of its kind, whether retracted or replaced."""
        with self._connect() as connection, _telling_what_changes(connection, {drop.slot}):
            _update(connection, drop.number, {"retracted": 0, "look": _next_look(connection)})
            _tell(connection, drop.number, "reinstated", drop.file_name)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in one transaction, which another writer waits for."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = not self._path.exists()
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as connection:
            try:
                if new:
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.DatabaseError:
                raise LedgerError(
                    f"The ledger {self._path} is damaged, of another version, or locked by another "
                    "process. Restore it from a copy. Moved aside, it is begun anew, and files in "
                    "the landing zone are registered once more."
                ) from None
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _register(
    connection: sqlite3.Connection, arrival: Arrival, reading: Reading, rules: str, look: int
) -> None:
    """Register one arrival: a new drop, a refused one that is mended, or the same bytes again."""
    place = (arrival.county, arrival.file_name)
    lying = connection.execute(
        "SELECT file_hash, number FROM lying WHERE county = ? AND file_name = ?", place
    ).fetchone()
    arrived = lying is None or lying[0] != arrival.file_hash
    known = _known(connection, arrival, reading)
    record = _record(arrival, reading, rules, look)
    if known is None:
        number = _insert(connection, record)
        _tell(connection, number, "registered", arrival.file_name)
    elif known.refused and not known.retracted:
        number = known.number
        _update(connection, number, record)
        if arrived or reading != known.reading:
            _tell(connection, number, "registered", arrival.file_name)
    else:
        number = known.number
        if arrived and arrival.moved:
            _update(connection, number, {"file_name": arrival.file_name})
        elif arrived:
            _tell(connection, number, "dropped_again", arrival.file_name)
    connection.execute(
        "INSERT OR REPLACE INTO lying (county, file_name, file_hash, number) VALUES (?, ?, ?, ?)",
        (*place, arrival.file_hash, number),
    )


def _known(connection: sqlite3.Connection, arrival: Arrival, reading: Reading) -> Drop | None:
    """Return the drop of the same content and month, or the refused one of that content."""
    rows = connection.execute(
        f"SELECT {_DROP} FROM drops WHERE county = ? AND content_hash = ? "  # noqa: S608 (our own words)
        "AND (month = ? OR fault != '') ORDER BY fault = '' DESC",
        (arrival.county, arrival.content_hash, reading.month),
    ).fetchall()
    return _drop(rows[0]) if rows else None


def _record(arrival: Arrival, reading: Reading, rules: str, look: int) -> dict[str, object]:
    return {
        "county": arrival.county,
        "content_hash": arrival.content_hash,
        "file_name": arrival.file_name,
        "size": arrival.size,
        "encrypted": arrival.encrypted,
        **asdict(reading),
        "rules": rules,
        "look": look,
    }


def _insert(connection: sqlite3.Connection, record: Mapping[str, object]) -> int:
    names, marks = ", ".join(record), ", ".join("?" * len(record))
    inserted = connection.execute(
        f"INSERT INTO drops ({names}) VALUES ({marks})",  # noqa: S608 (our own names)
        [*record.values()],
    )
    return inserted.lastrowid or 0


def _update(connection: sqlite3.Connection, number: int, record: Mapping[str, object]) -> None:
    changes = ", ".join(f"{name} = ?" for name in record)
    connection.execute(
        f"UPDATE drops SET {changes} WHERE number = ?",  # noqa: S608 (our own names)
        [*record.values(), number],
    )


@contextmanager
def _telling_what_changes(
    connection: sqlite3.Connection, slots: Collection[Sequence[str]]
) -> Iterator[None]:
    """Note, for each slot, that its drop in force was replaced, or one taken that had waited."""
    before = {tuple(slot): placed(_in_slot(connection, slot)) for slot in slots}
    yield
    for slot, (former, waiting) in before.items():
        now, _ = placed(_in_slot(connection, slot))
        if now is None or (former and former.number == now.number):
            continue
        if former:
            _tell(connection, former.number, "replaced", former.file_name, now.number)
        if now.number in {drop.number for drop in waiting}:
            _tell(connection, now.number, "settled", now.file_name)


def _settle(connection: sqlite3.Connection) -> None:
    """Decide between drops that came at once where only one is left in the landing zone.

    The decision stays: the others' bytes, dropped again, change nothing.
    """
    lying = {number for (number,) in connection.execute("SELECT number FROM lying")}
    contests = connection.execute(
        "SELECT DISTINCT county, month, kind, supplier FROM drops "
        "WHERE fault = '' AND retracted = 0 "
        "GROUP BY county, month, kind, supplier, look HAVING count(*) > 1"
    ).fetchall()
    for slot in contests:
        drops = _in_slot(connection, slot)
        rivals = [drop for drop in drops if drop.look == drops[0].look and not drop.retracted]
        left = [drop for drop in rivals if drop.number in lying]
        if len(rivals) >= MANY and len(left) == 1:
            with _telling_what_changes(connection, [slot]):
                _update(connection, left[0].number, {"look": _next_look(connection)})
            for rival in rivals:
                if rival.number != left[0].number:
                    _tell(connection, rival.number, "replaced", rival.file_name, left[0].number)


def _in_slot(connection: sqlite3.Connection, slot: Sequence[str]) -> list[Drop]:
    """Return the drops of a slot, the one placed last first."""
    rows = connection.execute(
        f"SELECT {_DROP} FROM drops WHERE county = ? AND month = ? AND kind = ? "  # noqa: S608 (our own words)
        "AND supplier = ? AND fault = '' ORDER BY look DESC, number DESC",
        [*slot],
    ).fetchall()
    return [_drop(row) for row in rows]


def _tell(
    connection: sqlite3.Connection,
    number: int,
    what: What,
    file_name: str,
    other: int | None = None,
) -> None:
    connection.execute(
        "INSERT INTO events (number, what, other, file_name, at) VALUES (?, ?, ?, ?, ?)",
        (number, what, other, file_name, datetime.now(UTC).isoformat(timespec="seconds")),
    )


def _events(connection: sqlite3.Connection, condition: str) -> list[Event]:
    rows = connection.execute(
        "SELECT sequence, number, what, other, file_name, at FROM events "  # noqa: S608 (our own words)
        f"WHERE {condition} ORDER BY sequence"
    )
    return [Event(*row) for row in rows]


def _next_look(connection: sqlite3.Connection) -> int:
    return connection.execute("INSERT INTO looks DEFAULT VALUES").lastrowid or 0


def _last_event(connection: sqlite3.Connection) -> int:
    (last,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM events").fetchone()
    return int(last)


def _drop(row: Sequence[object]) -> Drop:
    number, county, content_hash, file_name, size, encrypted, look, retracted, rules, *read = row
    return Drop(
        int(str(number)), str(county), str(content_hash), str(file_name), int(str(size)),
        bool(encrypted), int(str(look)), bool(retracted), str(rules), Reading(*map(str, read)),
    )  # fmt: skip
