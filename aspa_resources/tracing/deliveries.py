"""Where a walk ends: each county's month, how many rows went on at each step, and its files.

Belongs here: those counts, and the ledger's record of each file's hash. Does not belong here: the
ledger itself, what a receipt says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aspa_resources.tracing.steps import shown_texts

if TYPE_CHECKING:
    from aspa_resources.drops import Drop, Event
    from aspa_resources.stock import Stock
    from aspa_resources.storage import Manifest


@dataclass(frozen=True)
class RowCounts:
    """How many rows of a county's month went on at each step; None where not computed or hidden.

    Attributes:
        with_text: classified rows whose text was read; hidden where few have one, or few have none.
    """

    delivered: int | None = None
    rejected: int | None = None
    accepted: int | None = None
    anonymized: int | None = None
    quarantined: int | None = None
    classified: int | None = None
    with_text: int | None = None

    @property
    def add_up(self) -> bool:
        """Whether every row delivered is accounted for, as far as the steps went."""
        return (
            _is_sum(self.delivered, self.accepted, self.rejected)
            and _is_sum(self.accepted, self.anonymized)
            and _is_sum(self.anonymized, self.classified, self.quarantined)
        )


@dataclass(frozen=True)
class Delivery:
    """A file as the ledger knows it.

    Attributes:
        number: in the ledger; None where the ledger does not know the hash.
        kind: feedback, sampling_counts or cost_centre_map.
        content_hash: SHA-256 of what it says.
        registered_at: ISO 8601 in UTC.
        standing: in_force, replaced, retracted, refused or contested, now.
    """

    number: int | None
    kind: str
    content_hash: str
    size: int | None
    encrypted: bool | None
    registered_at: str
    standing: str


@dataclass(frozen=True)
class CountyMonth:
    """One county's month behind a figure; the month is empty for a cost-centre map."""

    county: str
    month: str
    rows: RowCounts
    deliveries: Sequence[Delivery]


def row_counts(of_month: Mapping[str, Manifest], threshold: int) -> RowCounts:
    """Return the counts of a county's month.

    Args:
        of_month: manifests of one county's month by asset.
        threshold: the fewest responses that a count may tell of.
    """
    validated, anonymized, verified, classified, analyzed = (
        of_month.get(asset)
        for asset in (
            "validated_feedback",
            "anonymized_feedback",
            "verification_run",
            "classified_feedback",
            "analyzed_feedback",
        )
    )
    told = validated.statistics if validated else {}
    passed = None
    if anonymized and verified:
        passed = anonymized.rows - int(verified.statistics["quarantined"])
    return RowCounts(
        delivered=told.get("rows_delivered"),
        rejected=told.get("rows_rejected"),
        accepted=told.get("rows_accepted"),
        anonymized=anonymized.rows if anonymized else None,
        quarantined=verified.statistics["quarantined"] if verified else None,
        classified=classified.rows if classified else None,
        with_text=shown_texts(analyzed.rows, passed, threshold)
        if analyzed and passed is not None
        else None,
    )


def registered_at(events: Sequence[Event]) -> dict[int, str]:
    """Return when each delivery was first registered, by its number."""
    return {e.number: e.at for e in reversed(events) if e.what == "registered"}


def deliveries(manifest: Manifest, stock: Stock, registered: Mapping[int, str]) -> list[Delivery]:
    """Return the files that a version was taken from, by its hashes.

    Args:
        manifest: of `raw_delivery` or `cost_centre_map`.
        registered: when each delivery was registered, by its number.
    """
    county, _, month = manifest.partition.partition("|")
    known = {
        drop.content_hash: drop
        for drop in stock.drops
        if drop.county == county and drop.reading.month == month
    }
    hashes: Sequence[str] = manifest.statistics.get("content_hashes", ())
    return [delivery_of(h, known.get(h), stock, registered) for h in hashes]


def delivery_of(
    content_hash: str, drop: Drop | None, stock: Stock, registered: Mapping[int, str]
) -> Delivery:
    """Return a file as the ledger knows it, or that it does not know the hash."""
    if drop is None:
        return Delivery(None, "", content_hash, None, None, "", "unknown")
    return Delivery(
        number=drop.number,
        kind=drop.reading.kind,
        content_hash=content_hash,
        size=drop.size,
        encrypted=drop.encrypted,
        registered_at=registered.get(drop.number, ""),
        standing=stock.standing(drop),
    )


def _is_sum(whole: int | None, *parts: int | None) -> bool:
    """Tell whether parts make up a whole; what is not known contradicts nothing."""
    known = [part for part in parts if part is not None]
    return whole is None or len(known) < len(parts) or whole == sum(known)
