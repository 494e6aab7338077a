"""Dagster's SQLite event log, made fit for many small runs in one process.

Dagster commits several times an event and opens a connection for each; with SQLite's defaults every
one of them waits for the disk, which costs more than the whole lineage. Here commits go to the
write-ahead log and reach the disk at checkpoints: a killed process loses nothing, a power cut may
lose the last events. Storage's own manifests are synced one by one and do not depend on this.

Belongs here: that setting and nothing else. Postgres, where it stores the events, is not touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def light_commits() -> Iterator[None]:
    """Let every SQLite database opened in this block commit without waiting for the disk."""
    keepers: dict[str, sqlite3.Connection] = {}

    def on_connect(connection: object, _record: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        (_, _, path), *_ = connection.execute("PRAGMA database_list").fetchall()
        if path and path not in keepers:
            # The last connection to close writes the log back and waits for the disk: keep one.
            keepers[path] = sqlite3.connect(path, check_same_thread=False)
            keepers[path].execute("SELECT count(*) FROM sqlite_master").fetchone()

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
        for keeper in keepers.values():
            keeper.close()
