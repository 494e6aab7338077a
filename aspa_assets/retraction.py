"""An operator's decision to take a delivery out, or to put one back.

Belongs here: which drops are meant, and noting the decision in the ledger and the load layer. Not
here: taking out what was computed from them (withdrawal), computing anew (headless).
"""

from __future__ import annotations

from collections.abc import Sequence

from aspa_resources.drops import Drop
from aspa_resources.errors import AspaError
from aspa_resources.landing_zone import LandingZone

SHORTEST_HASH = 6  # digits of a content hash that name a drop


class NoSuchDeliveryError(AspaError):
    """What was asked for names no delivery, or more than one where one is needed."""


def retract(landing: LandingZone, county: str, month: str | None, file: str | None) -> list[Drop]:
    """Take deliveries out of force, and their files out of the landing zone.

    Args:
        month: whose files are meant, replaced ones too; None where `file` tells which.
        file: one of them, refused ones too: its number, name or first digits of its content
            hash; None means all of the month.

    Returns:
        The drops retracted.

    Raises:
        NoSuchDeliveryError: nothing is meant that was not taken out before, or several are where
            one file is named.
    """
    meant = [
        drop
        for drop in _named(landing.stock().drops, county, month, file)
        if not drop.retracted and (file is not None or not drop.refused)
    ]
    if not meant:
        raise NoSuchDeliveryError(
            f"No delivery of county {county} is meant by that, or it was taken out before. "
            "`aspa status --history` lists them with their numbers."
        )
    if file is not None and len(meant) > 1:
        numbers = ", ".join(str(drop.number) for drop in meant)
        raise NoSuchDeliveryError(
            f"That names several deliveries of county {county}: {numbers}. Name one by its number."
        )
    for drop in meant:
        # The file first: a process killed here has retracted nothing, and is asked again.
        landing.remove(drop)
        landing.ledger.retract(drop)
    return meant


def reinstate(landing: LandingZone, county: str, month: str | None, file: str | None) -> list[Drop]:
    """Put retracted or replaced deliveries back in force, as the newest of their kind.

    Raises:
        NoSuchDeliveryError: nothing to put back is meant, several of one place are, or the bytes
            are gone: then the county must drop the file again first.
    """
    stock = landing.stock()
    out = [
        drop
        for drop in _named(stock.drops, county, month, file)
        if stock.standing(drop) == "retracted" or (file and stock.standing(drop) == "replaced")
    ]
    meant = [drop for drop in out if landing.keeps(drop) or stock.lies(drop)]
    if out and not meant:
        raise NoSuchDeliveryError(
            f"The bytes of delivery {out[-1].number} are gone. Drop the file again, run "
            "`aspa run`, then put it back."
        )
    if not meant or len({drop.slot for drop in meant}) < len(meant):
        raise NoSuchDeliveryError(
            f"That means {'several deliveries' if meant else 'no delivery'} of county {county} "
            "that could be put back. Name one by its number: `aspa status --history` lists them."
        )
    for drop in meant:
        if not landing.keep_again(drop):
            raise NoSuchDeliveryError(
                f"The file of delivery {drop.number} changed. Run `aspa run`, then ask again."
            )
        landing.ledger.reinstate(drop)
    return meant


def _named(drops: Sequence[Drop], county: str, month: str | None, file: str | None) -> list[Drop]:
    of_month = [
        drop
        for drop in drops
        if drop.county == county and (month is None or drop.reading.month == month)
    ]
    if file is None:
        return of_month
    numbered = [drop for drop in of_month if str(drop.number) == file]
    return numbered or [drop for drop in of_month if _means(file, drop)]


def _means(file: str, drop: Drop) -> bool:
    by_hash = len(file) >= SHORTEST_HASH and drop.content_hash.startswith(file.lower())
    return file == drop.file_name or by_hash
