"""What is known of a dropped file, and which of several is in force.

Belongs here: the records that the ledger keeps and the one rule of replacement. Not here: where
they are kept (ledger), which drops make up a month (stock).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

MANY: Final = 2  # drops of one place and look: which is the newer is not known
What = Literal["registered", "replaced", "settled", "dropped_again", "retracted", "reinstated"]


@dataclass(frozen=True)
class Reading:
    """What a first look into a file told.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map; empty where it could not be told.
        month: `YYYY-MM`; empty for a cost-centre map and for a refused file.
        supplier: which of the county's suppliers made it; empty where the county names none.
        fault: code of the fault that refused the file as a whole; empty where there is none.
        file_format: how it was written, as JSON (`delivery.formats`); empty where unknown.
    """

    kind: str = ""
    month: str = ""
    supplier: str = ""
    fault: str = ""
    file_format: str = ""


@dataclass(frozen=True)
class Arrival:
    """A file that lies in the landing zone in a place or with bytes the ledger does not know yet.

    Attributes:
        county: name of the folder it lies in.
        file_hash: SHA-256 of its bytes, in hex; of its name where its bytes cannot be had.
        content_hash: SHA-256 of what it says: of its bytes once decrypted.
        size: of its bytes.
        moved: whether a file of the same bytes left another name in the same look.
    """

    county: str
    file_name: str
    file_hash: str
    content_hash: str
    size: int
    encrypted: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Drop:
    """One registered file.

    Attributes:
        number: order of registration, rising.
        content_hash: SHA-256 of what it says, in hex.
        file_name: the name it was last seen under.
        look: number of the look that placed it; the newest of its kind is in force (`stock`).
        retracted: whether it was taken out.
        rules: version of the rules it was last read under.
        reading: what the first look told.
    """

    number: int
    county: str
    content_hash: str
    file_name: str
    size: int
    encrypted: bool
    look: int
    retracted: bool
    rules: str
    reading: Reading

    @property
    def refused(self) -> bool:
        """Whether the file as a whole could not be taken."""
        return bool(self.reading.fault)

    @property
    def slot(self) -> tuple[str, str, str, str]:
        """What a newer file must share with it to replace it: county, month, kind, supplier."""
        return self.county, self.reading.month, self.reading.kind, self.reading.supplier


@dataclass(frozen=True)
class Event:
    """One thing that happened to a drop.

    Attributes:
        number: of the drop.
        what: registered, replaced (by `other`), settled (taken of two that came at once),
            dropped_again, retracted or reinstated.
        other: number of the drop that replaced it; None where there is none.
        file_name: the name it came under.
        at: when, in UTC, for people to read.
    """

    sequence: int
    number: int
    what: What
    other: int | None
    file_name: str
    at: str


def placed(drops: Iterable[Drop]) -> tuple[Drop | None, list[Drop]]:
    """Return which of the drops of one slot is in force, and which wait for a decision.

    The one placed last is in force; nothing is where that one was retracted, since what it had
    replaced was wrong before. Where one look placed several, all of them wait, and the one placed
    before them stays.
    """
    newest_first = sorted(drops, key=lambda drop: drop.look, reverse=True)
    waiting: list[Drop] = []
    for _, of_look in groupby(newest_first, key=lambda drop: drop.look):
        standing = [drop for drop in of_look if not drop.retracted]
        if len(standing) < MANY:
            return (standing[0] if standing else None), waiting
        waiting += standing
    return None, waiting
