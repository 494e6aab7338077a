"""What the page of a county's month is made of.

Belongs here: plain records. Does not belong here: gathering them (`gathering`), the page (`pages`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aspa_resources.delivery.notes import ToldNote
    from aspa_resources.tracing.deliveries import RowCounts


@dataclass(frozen=True)
class File:
    """A file that came.

    Attributes:
        verdict: accepted, partly, rejected, or waiting while nobody has judged it.
        note: where it stands now, in three languages.
        receipt: its receipt's page, relative to this one; empty where there is none.
    """

    number: int
    registered_at: str
    kind: str
    fingerprint: str
    verdict: str
    note: ToldNote
    receipt: str


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    Attributes:
        what: an event of the ledger, an asset, or `refused`, `held`, `withheld`.
        values: what its sentence names.
        version: short form of the version that came of it; empty where none did.
    """

    at: str
    what: str
    values: Mapping[str, Any]
    version: str = ""


@dataclass(frozen=True)
class Failed:
    """A check that did not hold.

    Attributes:
        unexpected: how many rows broke it.
        blocking: whether the version was refused for it.
    """

    at: str
    asset: str
    check: str
    unexpected: int
    blocking: bool


@dataclass(frozen=True)
class MonthTold:
    """All that the page tells.

    Attributes:
        told_at: when this was gathered, ISO 8601 in UTC.
        purged: whether what was delivered has been removed at the end of its retention time.
        versions: of rules, models and code that the versions in force stand on.
        report: the county's report, relative to the page; empty where there is none.
        receipts: the county's list of deliveries, as above.
    """

    county: str
    month: str
    told_at: str
    files: Sequence[File]
    happenings: Sequence[Happening]
    failed: Sequence[Failed]
    rows: RowCounts
    purged: bool
    versions: Mapping[str, Sequence[str]]
    report: str
    receipts: str
