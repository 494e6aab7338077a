"""The audit log: what was done and read, by whom, in an order that nobody can change unseen.

Every entry is a line of JSON. It holds the seal of the entry before and a seal of its own, an
HMAC-SHA256 under a key that who can write the file need not have. A head beside the log, sealed
too, tells how many entries there are. So a changed, moved, added or removed byte is found, and
so are entries cut off at the end. Who puts back an older log together with its older head is found
by an anchor: the number and the seal of an entry, kept where they cannot reach, as in every
delivery to THL.

Belongs here: writing and checking the log. Does not belong here: what is worth an entry (those who
do it). Facts are counts, versions, partitions and names of actions: never a text or an id.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from aspa_resources import atomic_files
from aspa_resources.errors import AspaError
from aspa_resources.key_files import kept_secret

KEY_VARIABLE: Final = "ASPA_KEY_AUDIT"

_LEAST_KEY: Final = 32  # characters
_NOTHING: Final = "0" * 64
_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
_FACT: Final = re.compile(r"[0-9A-Za-z_.:|@+/-]{0,128}")


class AuditLogError(AspaError):
    """The log does not hold together, or has no proper key."""


@dataclass(frozen=True)
class Anchor:
    """How far the log had come: kept elsewhere, it tells whether entries were taken back since.

    Attributes:
        entries: how many entries there were.
        seal: the seal of the last of them.
    """

    entries: int
    seal: str


@dataclass(frozen=True)
class Checked:
    """What checking the log found.

    Attributes:
        entries: how many entries hold, from the first.
        first: when the first was written; empty where there is none.
        last: when the last that holds was written.
        problem: what is wrong with what follows; empty where nothing is.
        unfinished: whether a line was begun at the end and not ended, as by a power cut.
    """

    entries: int
    first: str
    last: str
    problem: str
    unfinished: bool


@dataclass(frozen=True)
class _Head:
    entries: int
    seal: str
    size: int  # bytes


class AuditLog:
    """The log of one installation.

    Args:
        root: the installation's folder (`$ASPA_HOME`). The key is `ASPA_KEY_AUDIT`, or else a demo
            key that is made once.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "audit_log"
        self._log, self._head_file = self._folder / "log.jsonl", self._folder / "head.json"
        self._demo_key = root / "keys" / "audit.key"

    def record(self, what: str, /, **facts: str | int) -> None:
        """Add an entry, safe on the disk once this returns.

        Args:
            what: the name of what happened, such as `retracted`.
            facts: whole numbers, and plain words of up to 128 characters.

        Raises:
            ValueError: a fact is no plain word.
            AuditLogError: the log does not go on where its head says.
        """
        _check_plain(what, facts)
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            head = self._mended_head()
            content = {
                "number": head.entries + 1,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "what": what,
                "facts": facts,
                "before": head.seal,
            }
            line, seal = self._sealed(content)
            with self._log.open("r+b" if self._log.exists() else "xb") as file:
                file.seek(head.size)
                file.truncate()
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            self._write_head(_Head(head.entries + 1, seal, head.size + len(line)))

    def anchor(self) -> Anchor:
        """Return how far the log has come.

        Raises:
            AuditLogError: its head is gone or changed.
        """
        head = self._head()
        return Anchor(head.entries, head.seal)

    def check(self, anchors: Iterable[Anchor] = ()) -> Checked:
        """Check every byte of the log, its head, and what was kept of it elsewhere."""
        with self._locked():
            told = self._log.read_bytes() if self._log.exists() else b""
            seals, times, problem = [_NOTHING], [""], ""
            *whole, rest = told.split(b"\n")
            for number, line in enumerate(whole, start=1):
                entry = self._opened(line)
                problem = _fault(entry, number, seals[-1])
                if entry is None or problem:
                    break
                seals.append(entry["seal"])
                times.append(entry["at"])
            found = problem or self._against_head(seals) or _against(seals, anchors)
        return Checked(len(seals) - 1, times[1] if times[1:] else "", times[-1], found, bool(rest))

    def _against_head(self, seals: list[str]) -> str:
        if not self._head_file.exists():
            return "" if len(seals) == 1 else "The head of the log is gone."
        try:
            head = self._head()
        except AuditLogError as problem:
            return str(problem)
        return _against(seals, [Anchor(head.entries, head.seal)])

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._folder.exists():
            yield
            return
        with (self._folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _mended_head(self) -> _Head:
        """Return the head; an entry that was written but not counted any more is counted."""
        head = self._head()
        size = self._log.stat().st_size if self._log.exists() else 0
        if size < head.size:
            raise AuditLogError(f"The audit log is shorter than its head says. {_CURE}")
        if size == head.size:
            return head
        with self._log.open("rb") as file:
            file.seek(head.size)
            line, ended, _ = file.read().partition(b"\n")
        entry = self._opened(line) if ended else None
        if entry is None or _fault(entry, head.entries + 1, head.seal):
            return head  # a line that was begun only: it is written over
        return _Head(entry["number"], entry["seal"], head.size + len(line) + 1)

    def _head(self) -> _Head:
        if not self._head_file.exists():
            if self._log.exists() and self._log.stat().st_size:
                raise AuditLogError(f"The head of the audit log is gone. {_CURE}")
            return _Head(0, _NOTHING, 0)
        told = self._opened(self._head_file.read_bytes())
        if told is None or told.keys() != {"entries", "last", "size", "seal"}:
            raise AuditLogError(f"The head of the audit log was changed. {_CURE}")
        return _Head(told["entries"], told["last"], told["size"])

    def _write_head(self, head: _Head) -> None:
        line, _ = self._sealed({"entries": head.entries, "last": head.seal, "size": head.size})
        atomic_files.write_bytes(self._head_file, line.rstrip(b"\n"))

    def _sealed(self, content: dict[str, Any]) -> tuple[bytes, str]:
        seal = hmac.new(self._key(), _plain(content), hashlib.sha256).hexdigest()
        return _plain({**content, "seal": seal}) + b"\n", seal

    def _opened(self, line: bytes) -> dict[str, Any] | None:
        """Return what a line says; None where it is not, byte by byte, what was sealed."""
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(content, dict) or not isinstance(content.pop("seal", None), str):
            return None
        sealed, seal = self._sealed(content)
        same = hmac.compare_digest(sealed.rstrip(b"\n"), line)
        return {**content, "seal": seal} if same else None

    def _key(self) -> bytes:
        key = os.environ.get(KEY_VARIABLE)
        if key is None:
            key = kept_secret(self._demo_key, secrets.token_hex)
        if len(key) < _LEAST_KEY:
            raise AuditLogError(
                f"{KEY_VARIABLE} is too short for a key: give it {_LEAST_KEY} characters or more."
            )
        return key.encode()


_CURE: Final = (
    "Copy the folder audit_log aside, find out who changed it, and put back the last good copy; "
    "aspa audit --log tells where it breaks."
)


def _check_plain(what: str, facts: dict[str, str | int]) -> None:
    words = [value for value in facts.values() if isinstance(value, str)]
    if not all(map(_NAME.fullmatch, [what, *facts])) or not all(map(_FACT.fullmatch, words)):
        raise ValueError("An entry of the audit log holds whole numbers and plain words only.")


def _plain(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()


def _fault(entry: dict[str, Any] | None, number: int, before: str) -> str:
    """Tell what is wrong with the entry found at a line; empty where nothing is."""
    if entry is None:
        return f"Line {number} was changed."
    if "number" not in entry or entry["number"] != number or entry["before"] != before:
        return f"Line {number} is not the entry that belongs there: some were removed or moved."
    return ""


def _against(seals: list[str], anchors: Iterable[Anchor]) -> str:
    """Tell whether entries that are known of are there no more."""
    for anchor in anchors:
        if anchor.entries >= len(seals):
            return f"Entries were removed at the end: there were {anchor.entries} at least."
        if seals[anchor.entries] != anchor.seal:
            return f"Entry {anchor.entries} is not the one that was anchored elsewhere."
    return ""
