"""An operator's decision to take a delivery out, or to put one back.

Belongs here: which drops are meant, and noting the decision in the ledger and the load layer. Not
here: taking out what was computed from them (withdrawal), computing anew (headless).
"""

from __future__ import annotations

from collections.abc import Sequence

from aspa_resources.errors import AspaError
from aspa_resources.landing_zone import LandingZone
from aspa_resources.ledger import Drop

SHORTEST_HASH = 6  # digits of a content hash that name a drop


class NoSuchDeliveryError(AspaError):
    """What was asked for names no delivery, or more than one where one is needed."""


def retract(landing: LandingZone, county: str, month: str | None, file: str | None) -> list[Drop]:
    """Take deliveries out of force, and their bytes out of the load layer.

    Args:
        month: whose files are meant, replaced ones too; None where `file` tells which.
        file: name, number or first digits of the content hash; None means all of the month.

    Returns:
        The drops retracted, those included that a killed process had retracted before.

    Raises:
        NoSuchDeliveryError: nothing is meant that was not taken out before.
    """
    meant = [
        drop
        for drop in _named(landing.stock().drops, county, month, file)
        if not drop.refused and (not drop.retracted or landing.keeps(drop))
    ]
    if not meant:
        raise NoSuchDeliveryError(
            f"No delivery of county {county} is meant by that, or it was taken out before. "
            "`aspa status --history` lists them with their numbers."
        )
    for drop in meant:
        if not drop.retracted:
            landing.ledger.retract(drop)
        landing.destroy(drop)
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
    meant = [drop for drop in out if landing.keeps(drop)]
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
        landing.ledger.reinstate(drop)
    return meant


def _named(drops: Sequence[Drop], county: str, month: str | None, file: str | None) -> list[Drop]:
    return [
        drop
        for drop in drops
        if drop.county == county
        and (month is None or drop.reading.month == month)
        and (file is None or _means(file, drop))
    ]


def _means(file: str, drop: Drop) -> bool:
    by_hash = len(file) >= SHORTEST_HASH and drop.content_hash.startswith(file.lower())
    return file in (drop.file_name, str(drop.number)) or by_hash
