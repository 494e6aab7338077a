"""Taking stock of the landing zone: what each dropped file is, and a receipt for each refused one.

Belongs here: the link between the landing zone and the reading of deliveries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aspa_resources.delivery import (
    Fault,
    UnreadableDelivery,
    parse_cost_centre_map,
    parse_sampling_counts,
    read_delivery,
    receipt,
)
from aspa_resources.delivery.months import month_of
from aspa_resources.landing_zone import Drop, LandingZone, Reading
from aspa_resources.receipts import write_receipt
from aspa_resources.rule_book import RuleBook

UNKNOWN_COUNTY: Final = "unknown_county"
HASH_SHOWN: Final = 12  # hex digits of a content hash that name a receipt's folder


def take_stock(landing: LandingZone, rules: RuleBook, receipts: Path) -> list[Drop]:
    """Register what is new in the landing zone and tell counties of files that are refused.

    Args:
        receipts: folder of the receipts.

    Returns:
        The drops registered now.
    """
    faults: dict[tuple[str, str], Sequence[Fault]] = {}
    new = landing.scan(_first_look(rules, faults))
    for drop in new:
        if drop.refused:
            told = receipt(
                drop.file_name,
                drop.county,
                drop.reading.month or None,
                rules,
                faults=faults[drop.county, drop.file_name],
            )
            write_receipt(refusal_folder(receipts, drop), told)
    return new


def refusal_folder(receipts: Path, drop: Drop) -> Path:
    """Return where the receipt of a refused file lies."""
    return receipts / drop.county / "refused" / drop.content_hash[:HASH_SHOWN]


def _first_look(
    rules: RuleBook, faults: dict[tuple[str, str], Sequence[Fault]]
) -> Callable[[str, str, bytes], Reading]:
    """Return the first look under these rules; it notes the faults of refused files."""

    def first_look(county: str, file_name: str, content: bytes) -> Reading:
        try:
            return _read(county, file_name, content, rules)
        except UnreadableDelivery as refusal:
            faults[county, file_name] = refusal.faults
            return Reading("", "", refusal.fault.code)

    return first_look


def _read(county: str, file_name: str, content: bytes, rules: RuleBook) -> Reading:
    if county not in rules.counties:
        raise UnreadableDelivery(Fault("file", UNKNOWN_COUNTY))
    read = read_delivery(content, county, rules)
    month = month_of(read, file_name)
    if read.kind == "cost_centre_map":
        parse_cost_centre_map(read, county, rules)
    elif read.kind == "sampling_counts":
        parse_sampling_counts(read, county, month, rules)
    return Reading(read.kind, month)
