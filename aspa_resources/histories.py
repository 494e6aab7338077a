"""Each county's page of all its deliveries, from the ledger and the receipts.

Belongs here: gathering it, and what the ledger knows of a drop as a receipt's note. Not here: how
the page looks (delivery.history), the single receipts (receipts).
"""

from __future__ import annotations

import os
from pathlib import Path

from aspa_resources.delivery.formats import FileFormat, FormatChange, format_changes
from aspa_resources.delivery.history import HistoryEntry, history
from aspa_resources.delivery.notes import DeliveryNote, Standing, fingerprint
from aspa_resources.drops import Drop
from aspa_resources.ledger import Ledger
from aspa_resources.receipts import county_folder, read_receipt, receipt_folder, write_history
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock


def write_county_history(ledger: Ledger, county: str, rules: RuleBook, receipts: Path) -> None:
    """Write the page that lists a county's deliveries, newest first.

    Args:
        county: the county's code, or the name of a folder that is none.
        receipts: folder of all receipts.
    """
    stock = Stock.of(ledger)
    registered = {
        event.number: event.at for event in reversed(ledger.events()) if event.what == "registered"
    }
    folder = county_folder(receipts, county)
    entries = [
        _entry(drop, stock, registered[drop.number], folder, receipts)
        for drop in stock.drops
        if county_folder(receipts, drop.county) == folder
    ]
    write_history(folder, history(county, entries, rules))


def note_of(
    stock: Stock,
    drop: Drop,
    standing: Standing,
    other: Drop | None,
) -> DeliveryNote:
    """Return what a receipt says of a drop beyond what is in it.

    Args:
        other: the drop that its standing is about.
    """
    before = stock.delivered_before(drop)
    return DeliveryNote(
        number=drop.number,
        fingerprint=fingerprint(drop.content_hash),
        standing=standing,
        other_file=other.file_name if other else None,
        other_number=other.number if other else None,
        encrypted=drop.encrypted,
        format_changes=changes_between(
            before.reading.file_format if before else "", drop.reading.file_format
        ),
    )


def changes_between(former: str, now: str) -> tuple[FormatChange, ...]:
    """Return what of the form differs, given both forms as JSON; empty where one is unknown."""
    if not former or not now:
        return ()
    return format_changes(FileFormat.from_json(former), FileFormat.from_json(now))


def _entry(
    drop: Drop, stock: Stock, registered_at: str, folder: Path, receipts: Path
) -> HistoryEntry:
    own = receipt_folder(receipts, drop.county, drop.reading.month, drop.content_hash)
    told = read_receipt(own)
    return HistoryEntry(
        delivery=note_of(stock, drop, *stock.relation(drop)),
        registered_at=registered_at,
        file=drop.file_name,
        kind=drop.reading.kind or None,
        month=drop.reading.month or None,
        verdict=told["verdict"] if told else "waiting",
        receipt=os.path.relpath(own / "receipt.html", folder) if told else None,
    )
