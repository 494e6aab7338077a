"""Taking out of every layer what stands on a retracted delivery, and what killed processes left.

What to take out follows from the ledger and the manifests alone, so that whoever looks next, a run
or a sensor, finishes what a killed process began. What stays is computed anew as pending work.

Belongs here: finding and removing. Not here: retracting a drop (the ledger), computing anew
(pending, automation, headless).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aspa_assets.anonymization_log import write_pages
from aspa_assets.partitions import county_month, split
from aspa_assets.residual_risk import remove_page
from aspa_resources import atomic_files
from aspa_resources.audit_log import AuditLog
from aspa_resources.home import AspaHome
from aspa_resources.landing_zone import LandingZone
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.storage import Storage
from expectations.marts import MARTS

# Each list from upstream to downstream: storage seals nothing whose input was withdrawn, so a run
# that is under way cannot bring back what has been passed.
OF_COUNTY: Final = (
    "sampling_counts",
    "rejected_rows",
    "delivery_receipt",
    "validated_feedback",
    "anonymized_feedback",
    "review_queue",
    "review_verdicts",
)
OF_NATION: Final = (
    "residual_risk",
    "verification_run",
    "anonymization_log",
    "classified_feedback",
    "analyzed_feedback",
    "county_report",
)
OF_MONTH: Final = (
    *MARTS,
    "published_tables",
    "published_trends",
    "published_periods",
    "national_report",
    "thl_delivery",
)


def withdraw_retracted(landing: LandingZone, storage: Storage) -> list[str]:
    """Withdraw every county's month that was computed from a file since retracted.

    The retracted files' bytes are destroyed, also those that a killed process left.

    Returns:
        The partitions withdrawn; what is still in force there is pending again.
    """
    gone = [drop for drop in landing.stock().drops if drop.retracted]
    landing.destroy(gone)
    retracted = {(drop.county, drop.content_hash) for drop in gone}
    withdrawn = set()
    for asset, key, county in _taken_in(storage):
        hashes = storage.manifest(asset, key).statistics["content_hashes"]
        if any((county, content_hash) in retracted for content_hash in hashes):
            _withdraw(storage, asset, key)
            withdrawn.add(key)
    founded = set(storage.sealed_partitions("raw_delivery"))
    for asset in OF_COUNTY:
        for key in set(storage.sealed_partitions(asset)) - founded:
            _withdraw(storage, asset, key)
            withdrawn.add(key)
    return sorted(withdrawn)


def _withdraw(storage: Storage, asset: str, partition: str) -> None:
    AuditLog(storage.root.parent).record("withdrawn", asset=asset, partition=partition)
    storage.withdraw(asset, partition)


def _taken_in(storage: Storage) -> Iterator[tuple[str, str, str]]:
    """Give the sealed partitions that stand on files directly: asset, key and county."""
    for key in storage.sealed_partitions("raw_delivery"):
        yield "raw_delivery", key, split(key)[0]
    for county in storage.sealed_partitions("cost_centre_map"):
        yield "cost_centre_map", county, county


def withdraw_unfounded(storage: Storage, home: AspaHome) -> list[str]:
    """Withdraw what stands on anonymous rows that are no longer there, pages and files too.

    Returns:
        The partitions withdrawn.
    """
    founded = set(storage.sealed_partitions("anonymized_feedback"))
    months = {split(key)[1] for key in founded}
    unfounded = [
        *((a, key) for a in OF_NATION for key in set(storage.sealed_partitions(a)) - founded),
        *((a, month) for a in OF_MONTH for month in set(storage.sealed_partitions(a)) - months),
    ]
    for asset, partition in unfounded:
        _remove_pages(home, storage, asset, partition)
        _withdraw(storage, asset, partition)
    return sorted({partition for _, partition in unfounded})


def sweep(home: AspaHome, storage: Storage) -> None:
    """Remove what killed processes left unfinished; nothing of what live ones are making."""
    storage.sweep()
    for folder in home.pages:
        atomic_files.sweep(folder)


def purge_former_versions(stock: Stock, storage: Storage) -> None:
    """Remove the content of former versions that may hold what was retracted since.

    Those are the county's month, and the published figures of that month and of the later ones,
    whose trend reaches back to it.
    """
    retracted = {drop.slot[:2] for drop in stock.drops if drop.retracted and not drop.refused}
    for county, month in retracted:
        for asset in ("raw_delivery", *OF_COUNTY, *OF_NATION) if month else ():
            storage.purge_former(asset, county_month(county, month))
        if not month:
            storage.purge_former("cost_centre_map", county)
    first = min((month for _, month in retracted if month), default=None)
    for asset in (*OF_MONTH, "county_report") if first else ():
        for key in storage.sealed_partitions(asset):
            if key.rpartition("|")[2] >= str(first):
                storage.purge_former(asset, key)


def _remove_pages(home: AspaHome, storage: Storage, asset: str, partition: str) -> None:
    """Remove what lies outside storage; before the seal goes, so that a killed process repeats."""
    if asset == "county_report":
        county, month = split(partition)
        atomic_files.remove(home.reports / county / f"{month}.html")
    elif asset == "residual_risk":
        remove_page(home, storage, partition)
    elif asset == "anonymization_log":
        write_pages(home, storage, RuleBook.load(), {partition: None})
    elif asset == "national_report":
        atomic_files.remove(home.reports / "FI" / f"{partition}.html")
    elif asset == "thl_delivery":
        atomic_files.remove(home.thl / partition)
