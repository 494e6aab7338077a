"""Taking stock of the landing zone: what each dropped file is, and what its county is told of it.

A feedback file in force gets its receipt from the step that judges it. Every other drop gets it
here: refused, contested, replaced, taken out, the same bytes again, and the tables that come beside
the feedback.

Belongs here: the link between the landing zone, the reading of deliveries, and receipts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aspa_resources.delivery import (
    Fault,
    UnreadableDelivery,
    check_file,
    parse_cost_centre_map,
    parse_sampling_counts,
    read_delivery,
    receipt,
)
from aspa_resources.delivery.formats import file_format
from aspa_resources.delivery.months import month_of
from aspa_resources.delivery.notes import DeliveryNote
from aspa_resources.delivery.receipts import Receipt, restated
from aspa_resources.delivery.suppliers import supplier_of
from aspa_resources.drops import Drop, Event, Reading
from aspa_resources.errors import AspaError
from aspa_resources.histories import note_of, write_county_history
from aspa_resources.landing_zone import FirstLook, LandingZone
from aspa_resources.receipts import read_receipt, receipt_folder, write_receipt
from aspa_resources.rule_book import RuleBook

UNKNOWN_COUNTY: Final = "unknown_county"
UNREADABLE: Final = Fault("file", "unreadable_file")
# Faults that reading a file's content again would not find.
NOT_IN_CONTENT: Final = (
    UNKNOWN_COUNTY,
    "unreadable_file",
    "unfinished_upload",
    "not_for_this_key",
    "damaged_envelope",
)


def take_stock(landing: LandingZone, rules: RuleBook, receipts: Path) -> list[Event]:
    """Register what is new in the landing zone and tell counties what came of it.

    Args:
        receipts: folder of the receipts.

    Returns:
        What happened since counties were last told, oldest first.
    """
    landing.scan(_first_look(rules), rules.version)
    return tell_counties(landing, rules, receipts)


def tell_counties(landing: LandingZone, rules: RuleBook, receipts: Path) -> list[Event]:
    """Write the receipts that are owed, also those that a killed process left unwritten."""
    events = landing.ledger.events(untold=True)
    teller = _Teller(landing, rules, receipts)
    for event in events:
        teller.tell(event)
    for county in {teller.county(event) for event in events}:
        write_county_history(landing.ledger, county, rules, receipts)
    landing.ledger.tell(events)
    return events


class _Teller:
    """Writes the receipts of what happened."""

    def __init__(self, landing: LandingZone, rules: RuleBook, receipts: Path) -> None:
        self._landing = landing
        self._stock = landing.stock()
        self._rules = rules
        self._receipts = receipts

    def tell(self, event: Event) -> None:
        """Write the receipt that an event asks for."""
        drop = self._stock.by_number[event.number]
        folder = receipt_folder(self._receipts, drop.county, drop.reading.month, drop.content_hash)
        relation, other = self._stock.relation(drop)
        told = read_receipt(folder)
        if event.what == "dropped_again":
            # The delivery's own receipt stays as it is: this one is about the file come again.
            note = note_of(self._stock, drop, "unchanged", other or drop)
            told = told or self._checked(drop, note)
            write_receipt(
                folder.with_name(f"{folder.name}-again"), restated(told, note, event.file_name)
            )
            return
        note = note_of(self._stock, drop, relation, other)
        if relation in ("replaced", "retracted") and told:
            write_receipt(folder, restated(told, note))
        elif drop.reading.kind != "feedback" or self._stock.standing(drop) != "in_force":
            write_receipt(folder, self._checked(drop, note))

    def county(self, event: Event) -> str:
        """Return the county that an event is about."""
        return self._stock.by_number[event.number].county

    def _checked(self, drop: Drop, note: DeliveryNote) -> Receipt:
        """Return the receipt that the county's own desk would get, with its note."""
        file, county, month = drop.file_name, drop.county, drop.reading.month or None
        if drop.reading.fault in NOT_IN_CONTENT or not self._landing.keeps(drop):
            faults = [Fault("file", drop.reading.fault)] if drop.refused else []
            return receipt(file, county, month, self._rules, faults=faults, delivery=note)
        try:
            content = self._landing.fetch(drop)
        except AspaError:  # damaged, or its key is gone: one file must not keep others untold
            return receipt(file, county, month, self._rules, faults=[UNREADABLE], delivery=note)
        return check_file(content, file, county, month, self._rules, delivery=note)


def _first_look(rules: RuleBook) -> FirstLook:
    """Return the first look under these rules."""

    def first_look(county: str, file: str, content: bytes) -> Reading:
        if county not in rules.counties:
            raise UnreadableDelivery(Fault("file", UNKNOWN_COUNTY))
        read = read_delivery(content, county, rules)
        month = month_of(read, file)
        if read.kind == "cost_centre_map":
            parse_cost_centre_map(read, county, rules)
        elif read.kind == "sampling_counts":
            parse_sampling_counts(read, county, month, rules)
        return Reading(
            kind=read.kind,
            month=month,
            supplier=supplier_of(read, file, rules.profile(county)),
            file_format=file_format(read, county, rules).as_json(),
        )

    return first_look
