"""The load layer: the landing zone's files, and the ledger that knows each by its content.

One folder a county; a file lands by atomic rename. Names, modification times and the wall clock
decide nothing: a drop is its county and the hash of its bytes. The ledger remembers hashes,
counts and outcomes, never content.

Belongs here: finding, registering and fetching files. Not here: reading what is in them (delivery).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aspa_resources.errors import AspaError

# Suffixes under which transfer programs write a file before they rename it into place.
UNFINISHED_SUFFIXES: Final = (".part", ".partial", ".tmp", ".filepart", ".writing", ".crdownload")

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS drops (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    county        TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    file_name     TEXT NOT NULL,
    bytes         INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    month         TEXT NOT NULL,
    fault         TEXT NOT NULL,
    UNIQUE (county, content_hash)
)
"""


class LandedFileMissingError(AspaError):
    """A registered file is no longer in the landing zone."""


@dataclass(frozen=True)
class Reading:
    """What a first look into a file told.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map; empty where it could not be told.
        month: `YYYY-MM`; empty for a cost-centre map and for a refused file.
        fault: code of the fault that refused the file as a whole; empty where there is none.
    """

    kind: str
    month: str
    fault: str = ""


@dataclass(frozen=True)
class Drop:
    """One registered file.

    Attributes:
        sequence: order of registration, rising.
        content_hash: SHA-256 of its bytes, in hex.
        reading: what the first look told.
    """

    sequence: int
    county: str
    content_hash: str
    file_name: str
    size: int
    reading: Reading

    @property
    def refused(self) -> bool:
        """Whether the file as a whole could not be taken."""
        return bool(self.reading.fault)


class LandingZone:
    """The folders that counties drop files into, and their ledger.

    Args:
        root: folder with one folder a county, named by its code.
        ledger: SQLite file of the ledger; made when missing.
    """

    def __init__(self, root: Path, ledger: Path) -> None:
        self._root = root
        self._ledger = ledger

    def scan(self, first_look: Callable[[str, str, bytes], Reading]) -> list[Drop]:
        """Register every file not yet in the ledger and return those newly registered.

        A refused file is looked at anew each time, since a mended rule may let it in.

        Args:
            first_look: given county, file name and bytes, tells what the file is.
        """
        known = {(d.county, d.content_hash): d.reading for d in self.drops()}
        new: list[Drop] = []
        for county, path in self._files():
            content = _content(path)
            if content is None:
                continue
            content_hash = hashlib.sha256(content).hexdigest()
            former = known.get((county, content_hash))
            if former is not None and not former.fault:
                continue
            reading = first_look(county, path.name, content)
            if reading != former:
                known[county, content_hash] = reading
                new.append(self._register(county, path.name, content_hash, len(content), reading))
        return new

    def drops(self) -> list[Drop]:
        """Return every registered drop, oldest first."""
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT sequence, county, content_hash, file_name, bytes, kind, month, fault "
                "FROM drops ORDER BY sequence"
            ).fetchall()
        return [Drop(s, c, h, n, b, Reading(k, m, f)) for s, c, h, n, b, k, m, f in rows]

    def current(self, county: str, month: str) -> list[Drop]:
        """Return the drops that make up a county's month: the newest of each kind.

        A newer file of the same kind replaces the older. Cost-centre maps belong to no month.
        """
        return self.months().get((county, month), [])

    def months(self) -> dict[tuple[str, str], list[Drop]]:
        """Return the current drops of every county's month, as `current` gives them."""
        newest: dict[tuple[str, str, str], Drop] = {}
        for drop in self.drops():
            if drop.reading.month and not drop.refused:
                newest[drop.county, drop.reading.month, drop.reading.kind] = drop
        months: dict[tuple[str, str], list[Drop]] = {}
        for county, month, kind in sorted(newest):
            months.setdefault((county, month), []).append(newest[county, month, kind])
        return months

    def cost_centre_map(self, county: str) -> Drop | None:
        """Return the county's newest cost-centre map, or None."""
        maps = [
            d for d in self.drops() if d.county == county and d.reading.kind == "cost_centre_map"
        ]
        return maps[-1] if maps else None

    def fetch(self, drop: Drop) -> bytes:
        """Return the bytes of a registered file, wherever in its county's folder it lies now.

        Raises:
            LandedFileMissingError: no file of that content is there any more.
        """
        content = self._content(drop)
        if content is None:
            raise LandedFileMissingError(
                f"{drop.file_name} of county {drop.county} was registered but is no longer in "
                "the landing zone. Drop the same file again."
            )
        return content

    def lies(self, drop: Drop) -> bool:
        """Tell whether a registered file is still in the landing zone."""
        return self._content(drop) is not None

    def unreadable(self) -> list[Path]:
        """Return what lies in the landing zone and cannot be taken as a county's file at all.

        Files that cannot be opened, files beside the county folders, folders inside them.
        """
        if not self._root.is_dir():
            return []
        beside = [p for p in self._root.iterdir() if not p.is_dir() and not _unfinished(p)]
        inside = [
            path
            for folder in self._root.iterdir()
            if folder.is_dir()
            for path in folder.iterdir()
            if not _unfinished(path) and (not path.is_file() or not os.access(path, os.R_OK))
        ]
        return sorted([*beside, *inside])

    def replaced(self) -> list[tuple[Drop, Drop]]:
        """Return each file that a newer one of its kind and month replaced, with that one."""
        newest: dict[tuple[str, str, str], Drop] = {}
        pairs: list[tuple[Drop, Drop]] = []
        for drop in reversed([d for d in self.drops() if not d.refused]):
            key = (drop.county, drop.reading.kind, drop.reading.month)
            if key in newest:
                pairs.append((drop, newest[key]))
            newest.setdefault(key, drop)
        return pairs

    def _content(self, drop: Drop) -> bytes | None:
        named = self._root / drop.county / drop.file_name
        others = (path for county, path in self._files() if county == drop.county and path != named)
        for path in (named, *others):
            content = _content(path)
            if content is not None and hashlib.sha256(content).hexdigest() == drop.content_hash:
                return content
        return None

    def _files(self) -> Iterator[tuple[str, Path]]:
        if not self._root.is_dir():
            return
        for folder in sorted(p for p in self._root.iterdir() if p.is_dir()):
            for path in sorted(folder.iterdir()):
                if path.is_file() and not _unfinished(path):
                    yield folder.name, path

    def _register(
        self, county: str, name: str, content_hash: str, size: int, reading: Reading
    ) -> Drop:
        values: Sequence[object] = (
            county, content_hash, name, size, reading.kind, reading.month, reading.fault
        )  # fmt: skip
        with self._connect() as connection:
            # Another process may have registered the same drop meanwhile: it keeps its place.
            connection.execute(
                "INSERT INTO drops (county, content_hash, file_name, bytes, kind, month, fault) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (county, content_hash) DO UPDATE "
                "SET kind = excluded.kind, month = excluded.month, fault = excluded.fault",
                values,
            )
            (sequence,) = connection.execute(
                "SELECT sequence FROM drops WHERE county = ? AND content_hash = ?",
                (county, content_hash),
            ).fetchone()
        return Drop(sequence, county, content_hash, name, size, reading)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._ledger, timeout=60)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)
            with connection:
                yield connection


def _content(path: Path) -> bytes | None:
    """Return a file's bytes; None where it is gone, is no file, or may not be opened."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _unfinished(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower().endswith(UNFINISHED_SUFFIXES)
