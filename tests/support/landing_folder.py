"""A landing zone in a temporary folder, with files whose first line tells what they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aspa_resources.arrivals import Arrivals
from aspa_resources.delivery import Fault, UnreadableDelivery
from aspa_resources.drops import Drop, Event, Reading
from aspa_resources.landing_zone import LandingZone
from aspa_resources.ledger import Ledger
from aspa_resources.storage import Storage
from aspa_resources.transport import TransportKeys
from aspa_resources.zones import ZoneKeys


def first_look(_county: str, name: str, content: bytes) -> Reading:
    """Read `kind month supplier` from the first line; the name tells the month of counts."""
    if not content:
        raise UnreadableDelivery(Fault("file", "empty"))
    kind, month, supplier = content.split(b"\n")[0].decode().split(" ")
    return Reading(kind, name[:7] if kind == "sampling_counts" else month, supplier.strip("-"))


def feedback(text: str, month: str = "2025-03", supplier: str = "-") -> bytes:
    """Return the bytes of a feedback file."""
    return f"feedback {month} {supplier}\n{text}".encode()


@dataclass
class Landing:
    """A landing zone and the folder it lies in."""

    root: Path
    rules: str = "rules 1"

    def __post_init__(self) -> None:
        self.zone = self.opened()

    def opened(self) -> LandingZone:
        """Return the landing zone as another process would open it."""
        storage = Storage(self.root / "storage", ZoneKeys(self.root / "keys"))
        return LandingZone(
            self.root / "landing",
            Ledger(self.root / "ledger.sqlite"),
            Arrivals(storage),
            TransportKeys(self.root / "keys"),
            settling_seconds=0,
        )

    def drop(self, name: str, content: bytes, county: str = "10") -> Path:
        """Put a file into a county's folder."""
        path = self.root / "landing" / county / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def look(self) -> list[Event]:
        """Look into the landing zone."""
        return self.zone.scan(first_look, self.rules)

    def told(self) -> list[tuple[str, str]]:
        """Look, and return what happened to which file."""
        return [(event.what, event.file_name) for event in self.look()]

    def drop_named(self, name: str) -> Drop:
        """Return the newest drop that was last seen under a name."""
        return next(d for d in reversed(self.zone.stock().drops) if d.file_name == name)

    def in_force(self, county: str = "10", month: str = "2025-03") -> list[str]:
        """Return the names of a month's files in force."""
        return [drop.file_name for drop in self.zone.stock().months.get((county, month), ())]
