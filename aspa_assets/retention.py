"""How long what a county delivered is kept as it came.

Past its retention time nothing of the restricted zone is left of a published month but manifests
and the ledger's hashes and counts: no bytes in the landing zone, no rows, no texts.

Belongs here: what has outlived its time. Not here: when that is looked at (automation), removing
content (storage).
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Final

from aspa_assets.partitions import split
from aspa_resources.audit_log import AuditLog
from aspa_resources.errors import AspaError
from aspa_resources.landing_zone import LandingZone
from aspa_resources.storage import Storage

VARIABLE: Final = "ASPA_RETENTION_DAYS"
DAYS: Final = 90
RESTRICTED: Final = ("raw_delivery", "validated_feedback", "rejected_rows", "review_queue")


class RetentionError(AspaError):
    """The retention time in the environment is none."""


def retention_days() -> int:
    """Return the days that the environment sets (`ASPA_RETENTION_DAYS`), else 90.

    Raises:
        RetentionError: it sets something else than a whole number of days from 1.
    """
    days = os.environ.get(VARIABLE, str(DAYS))
    if not days.isdecimal() or int(days) < 1:
        raise RetentionError(f"{VARIABLE} takes a whole number of days, 1 or more.")
    return int(days)


def purge_outlived(landing: LandingZone, storage: Storage, days: int, now: datetime) -> list[str]:
    """Purge the restricted versions and the files of published months after their time.

    Args:
        days: how long they are kept from the day they were taken in.
        now: the time it is, with its offset.

    Returns:
        The `county|month` keys purged; one whose month is not published keeps everything.
    """
    purged = []
    for key in storage.sealed_partitions("raw_delivery"):
        county, month = split(key)
        taken_in = storage.manifest("raw_delivery", key)
        outlived = datetime.fromisoformat(taken_in.created_at) + timedelta(days=days) < now
        published = storage.sealed("county_report", key) is not None
        if not outlived or not published:
            continue
        # Looked at every time: a file may have been dropped again since.
        drops = [drop for drop in landing.stock().drops if drop.slot[:2] == (county, month)]
        for drop in drops:
            landing.remove(drop)
        landing.destroy(drops)
        # Each by itself: what was made anew since the first purge has outlived its time as well.
        kept = [asset for asset in reversed(RESTRICTED) if _is_kept(storage, asset, key)]
        if kept:
            AuditLog(storage.root.parent).record("purged", partition=key, files=len(drops))
            purged.append(key)
        for asset in kept:
            storage.purge(asset, key)
    return purged


def _is_kept(storage: Storage, asset: str, key: str) -> bool:
    manifest = storage.sealed(asset, key)
    return manifest is not None and not manifest.purged
