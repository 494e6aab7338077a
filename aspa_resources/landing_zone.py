"""The load layer: the folders that counties drop files into.

One folder a county; a file lands by atomic rename. Names, modification times and the wall clock
decide nothing: a drop is its county and what it says. A file whose bytes change while it is looked
at is still being written and waits for the next look.

Belongs here: finding files, keeping their bytes, registering them. Not here: what is in them
(delivery), which of them are in force (stock).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aspa_resources.arrivals import Arrivals
from aspa_resources.delivery import UnreadableDelivery
from aspa_resources.ledger import Arrival, Drop, Event, Ledger, Reading
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
        here = {(found.county, found.path.name): found for found in self._files()}
        lying = self.ledger.lying()
        refused = {
            drop.number
            for drop in self.ledger.drops()
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
        if new:
            time.sleep(self._settling_seconds)
        looks = (self._look(found, first_look, left) for found in new)
        arrivals = [look for look in looks if look is not None]
        return self.ledger.register(arrivals, [*lying.keys() - here.keys()], rules)

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

    def destroy(self, drop: Drop) -> None:
        """Remove a registered file from its county's folder, and its bytes for good."""
        for (county, name), (file_hash, number) in self.ledger.lying().items():
            path = (self._root if county == OUTSIDE else self._root / county) / name
            content = _content(path) if number == drop.number else None
            if content is not None and hashlib.sha256(content).hexdigest() == file_hash:
                path.unlink()
        shared = [
            other
            for other in self.ledger.drops()
            if (other.county, other.content_hash) == (drop.county, drop.content_hash)
            and not other.retracted
            and other.number != drop.number
        ]
        if not shared:  # counts of two months may have the same bytes
            self._arrivals.destroy(_folder(drop.county), drop.content_hash)

    def _look(
        self, found: _Found, first_look: FirstLook, left: set[tuple[str, str]]
    ) -> tuple[Arrival, Reading] | None:
        """Take one file in and tell what it is; None where it is still changing."""
        name, moved = found.path.name, (found.county, found.file_hash) in left
        if not found.readable:
            unreadable = Reading(fault="unreadable_file")
            return Arrival(found.county, name, found.file_hash, found.file_hash, 0), unreadable
        kept = _content(found.path)
        if kept is None or hashlib.sha256(kept).hexdigest() != found.file_hash:
            return None
        content, encrypted, reading = self._open(kept, found.path)
        content_hash = hashlib.sha256(content).hexdigest()
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

    def _files(self) -> Iterator[_Found]:
        """Give all that lies in the landing zone, by county and name."""
        if not self._root.is_dir():
            return
        for folder in sorted(self._root.iterdir()):
            if not folder.is_dir():
                if not _hidden(folder):
                    yield _found(OUTSIDE, folder)
                continue
            for path in sorted(folder.iterdir()):
                if not _hidden(path):
                    yield _found(folder.name, path)


def _found(county: str, path: Path) -> _Found:
    """Fingerprint a file: by its bytes, by its name where they cannot be had."""
    content = _content(path)
    if content is not None:
        return _Found(county, path, hashlib.sha256(content).hexdigest())
    named = hashlib.sha256(f"no bytes: {path.name}".encode(errors="surrogateescape"))
    return _Found(county, path, named.hexdigest(), readable=False)


def _read(first_look: FirstLook, county: str, name: str, content: bytes) -> Reading:
    try:
        return first_look(county, name, content)
    except UnreadableDelivery as refusal:
        return Reading(fault=refusal.fault.code)


def _folder(county: str) -> str:
    """Return the name under which a county's bytes are kept: a folder may be named anything."""
    return county if county.isalnum() else OUTSIDE


def _content(path: Path) -> bytes | None:
    """Return a file's bytes; None where it is gone, is no file, or may not be opened."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _unfinished(path: Path) -> bool:
    return path.name.lower().endswith(UNFINISHED_SUFFIXES)
