"""The load layer: the folders that counties drop files into.

One folder a county; a file lands by atomic rename. Names, modification times and the wall clock
decide nothing: a drop is its county and what it says. A file whose bytes change while it is looked
at is still being written and waits for the next look.

Belongs here: finding files, keeping their bytes, registering them. Not here: what is in them
(delivery), which of them are in force (stock).
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aspa_resources.arrivals import Arrivals
from aspa_resources.delivery import UnreadableDelivery
from aspa_resources.drops import Arrival, Drop, Event, Reading
from aspa_resources.ledger import Ledger
from aspa_resources.stock import Stock
from aspa_resources.transport import TransportKeys
from aspa_resources.zones import MissingKeyError

# Suffixes under which transfer programs write a file before they rename it into place.
UNFINISHED_SUFFIXES: Final = (".part", ".partial", ".tmp", ".filepart", ".writing", ".crdownload")
OUTSIDE: Final = "outside"  # stands for the county of what lies beside the counties' folders
SETTLING_SECONDS: Final = 0.5  # between the two looks that must see the same bytes

NO_KEY: Final = "not_for_this_key"

# Given county, file name and what the file says, tells what it is.
FirstLook = Callable[[str, str, bytes], Reading]


@dataclass(frozen=True)
class _Found:
    """Something in the landing zone; `file_hash` is of its name where it is not readable."""

    county: str
    name: str
    path: Path
    file_hash: str
    readable: bool = True


class LandingZone:
    """The counties' folders.

    Args:
        root: folder with one folder a county, named by its code.
        ledger: what is known of every drop.
        arrivals: where the bytes are kept.
        transport: keys of the envelopes that files may come in.
        settling_seconds: how long a new file must lie unchanged to be taken.
    """

    def __init__(
        self,
        root: Path,
        ledger: Ledger,
        arrivals: Arrivals,
        transport: TransportKeys,
        settling_seconds: float = SETTLING_SECONDS,
    ) -> None:
        self._root = root
        self.ledger = ledger
        self._arrivals = arrivals
        self._transport = transport
        self._settling_seconds = settling_seconds

    def scan(self, first_look: FirstLook, rules: str) -> list[Event]:
        """Register what is new in the landing zone, all of it or, if killed, nothing.

        A refused file is looked at anew when the rules are others, since a mended rule may let it
        in; one without its key at every look.

        Args:
            first_look: tells what a file is; raises UnreadableDelivery for what it refuses.
            rules: version of the rules that it looks by.

        Returns:
            What happened by it, as the ledger tells it.
        """
        if not self._root.is_dir():
            return []  # a share that is away for a moment has not lost its files
        # Read before the folders: what another process registers meanwhile is not taken for gone.
        lying = self.ledger.lying()
        here = {(found.county, found.name): found for found in self._files()}
        drops = self.ledger.drops()
        refused = {
            drop.number
            for drop in drops
            if drop.refused and (drop.rules != rules or drop.reading.fault == NO_KEY)
        }
        new = [
            found
            for place, found in here.items()
            if place not in lying
            or lying[place][0] != found.file_hash
            or lying[place][1] in refused
        ]
        left = {
            (place[0], hashed)
            for place, (hashed, _) in lying.items()
            if place not in here or here[place].file_hash != hashed
        }
        gone = [(*place, hashed) for place, (hashed, _) in lying.items() if place not in here]
        retracted = {(drop.county, drop.content_hash) for drop in drops if drop.retracted}
        if new:
            time.sleep(self._settling_seconds)
        looks = (self._look(found, first_look, left, retracted) for found in new)
        return self.ledger.register([look for look in looks if look], gone, rules)

    def stock(self) -> Stock:
        """Return which of the registered drops are in force now."""
        return Stock.of(self.ledger)

    def fetch(self, drop: Drop) -> bytes:
        """Return what a registered file says, decrypted.

        Raises:
            ArrivalMissingError: its bytes are not kept any more.
            UnreadableDelivery: its envelope cannot be opened.
        """
        kept = self._arrivals.fetch(_folder(drop.county), drop.content_hash)
        return self._transport.open(kept).content

    def keeps(self, drop: Drop) -> bool:
        """Tell whether a registered file's bytes are still there."""
        return self._arrivals.keeps(_folder(drop.county), drop.content_hash)

    def keep_again(self, drop: Drop) -> bool:
        """Keep a file's bytes once more where it lies there; tell whether they are kept now."""
        for found in self._lying(drop):
            content = _content(found.path)
            if content is not None and hashlib.sha256(content).hexdigest() == found.file_hash:
                self._arrivals.keep(_folder(drop.county), drop.content_hash, content)
        return self.keeps(drop)

    def remove(self, drop: Drop) -> None:
        """Remove a registered file from its county's folder, under whatever name it lies there."""
        for found in self._lying(drop):
            found.path.unlink(missing_ok=True)

    def destroy(self, drops: Collection[Drop]) -> None:
        """Remove registered files' bytes for good, but for those that another drop needs."""
        numbers = {drop.number for drop in drops}
        needed = {
            (drop.county, drop.content_hash)
            for drop in self.ledger.drops()
            if not drop.retracted and drop.number not in numbers
        }
        for drop in drops:
            # Counts of two months may have the same bytes.
            if self.keeps(drop) and (drop.county, drop.content_hash) not in needed:
                self._arrivals.destroy(_folder(drop.county), drop.content_hash)

    def _lying(self, drop: Drop) -> list[_Found]:
        """Return where a drop's file lies now, with the bytes it was registered by."""
        hashes = {
            place: file_hash
            for place, (file_hash, number) in self.ledger.lying().items()
            if number == drop.number
        }
        if not hashes:
            return []
        return [
            found
            for found in self._files(only=drop.county)
            if hashes.get((found.county, found.name)) == found.file_hash
        ]

    def _look(
        self,
        found: _Found,
        first_look: FirstLook,
        left: Collection[tuple[str, str]],
        retracted: Collection[tuple[str, str]],
    ) -> tuple[Arrival, Reading] | None:
        """Take one file in and tell what it is; None where it is still changing.

        Args:
            left: county and hash of files that left their place since the last look.
            retracted: county and content hash of what was taken out: it is not kept.
        """
        name, moved = found.name, (found.county, found.file_hash) in left
        if not found.readable:
            unreadable = Reading(fault="unreadable_file")
            return Arrival(found.county, name, found.file_hash, found.file_hash, 0), unreadable
        kept = _content(found.path)
        if kept is None or hashlib.sha256(kept).hexdigest() != found.file_hash:
            return None
        content, encrypted, reading = self._open(kept, found.path)
        content_hash = hashlib.sha256(content).hexdigest()
        if (found.county, content_hash) not in retracted:
            self._arrivals.keep(_folder(found.county), content_hash, kept)
        return (
            Arrival(found.county, name, found.file_hash, content_hash, len(kept), encrypted, moved),
            reading or _read(first_look, found.county, name, content),
        )

    def _open(self, kept: bytes, path: Path) -> tuple[bytes, bool, Reading | None]:
        """Return what a file says, whether it was encrypted, and what speaks against reading it."""
        if _unfinished(path):
            return kept, False, Reading(fault="unfinished_upload")
        try:
            opened = self._transport.open(kept)
        except UnreadableDelivery as refusal:
            return kept, True, Reading(fault=refusal.fault.code)
        except MissingKeyError:
            return kept, True, Reading(fault=NO_KEY)
        return opened.content, opened.encrypted, None

    def _files(self, only: str | None = None) -> Iterator[_Found]:
        """Give all that lies in the landing zone, or in one county's folder, in order."""
        for entry in sorted(self._root.iterdir()):
            if _hidden(entry):
                continue
            if entry.is_dir() and not entry.is_symlink():
                county = _name(entry)
                inside = sorted(entry.iterdir()) if only in {None, county} else []
                yield from (_found(county, path) for path in inside if not _hidden(path))
            elif only in {None, OUTSIDE}:
                yield _found(OUTSIDE, entry)


def _found(county: str, path: Path) -> _Found:
    """Fingerprint a file: by its bytes, by its name where they cannot be had."""
    name, content = _name(path), _content(path)
    if content is not None:
        return _Found(county, name, path, hashlib.sha256(content).hexdigest())
    by_name = hashlib.sha256(f"no bytes: {name}".encode()).hexdigest()
    return _Found(county, name, path, by_name, readable=False)


def _name(path: Path) -> str:
    r"""Return a name as it can be stored and shown: a byte that is no UTF-8 as \xe4."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def _read(first_look: FirstLook, county: str, name: str, content: bytes) -> Reading:
    try:
        return first_look(county, name, content)
    except UnreadableDelivery as refusal:
        return Reading(fault=refusal.fault.code)


def _folder(county: str) -> str:
    """Return the name under which a county's bytes are kept: a folder may be named anything."""
    return county if county.isalnum() else OUTSIDE


def _content(path: Path) -> bytes | None:
    """Return a file's bytes; None where it is gone, may not be opened, or is no plain file.

    A link is not followed: it would make one county's delivery of another's file, or of any file
    of this machine. A pipe is not waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read()
        except OSError:
            return None


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _unfinished(path: Path) -> bool:
    return path.name.lower().endswith(UNFINISHED_SUFFIXES)
