"""All that is known of a county's month, in the order it happened.

Belongs here: finding it in ledger, manifests and receipts. Does not belong here: the records it
goes into (`records`), sentences (`texts.yaml`), the page (`pages`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aspa_resources.delivery.notes import fingerprint, told_note
from aspa_resources.errors import AspaError
from aspa_resources.histories import note_of
from aspa_resources.ledger import Ledger
from aspa_resources.receipts import county_folder, read_receipt, receipt_folder
from aspa_resources.stock import Stock
from aspa_resources.storage import Storage
from aspa_resources.tracing.deliveries import registered_at, row_counts
from aspa_resources.tracing.steps import COUNT_TEXTS
from aspa_resources.what_happened.records import Failed, File, Happening, MonthTold
from aspa_resources.zones import ZoneKeys

if TYPE_CHECKING:
    from pathlib import Path

    from aspa_resources.drops import Drop, Event
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import Manifest

# In the order of the lineage; the statistics that each is told by.
OF_COUNTY_MONTH: Final[Mapping[str, tuple[str, ...]]] = {
    "raw_delivery": (),
    "validated_feedback": ("rows_delivered", "rows_accepted", "rows_rejected"),
    "anonymized_feedback": (),
    "residual_risk": (),
    "review_verdicts": ("reviewed", "leaks", "too_much"),
    "verification_run": ("quarantined",),
    "anonymization_log": (),
    "classified_feedback": ("unclassified",),
    "analyzed_feedback": (),
    "county_report": (),
}
OF_MONTH: Final = ("published_tables", "thl_delivery")


class UnknownMonthError(AspaError):
    """Nothing is known of a county's month."""


def gather(home: AspaHome, county: str, month: str, rules: RuleBook) -> MonthTold:
    """Return all that is known of a county's month.

    Raises:
        UnknownMonthError: nothing of it ever came.
    """
    storage, ledger = Storage(home.storage, ZoneKeys(home.keys)), Ledger(home.ledger)
    key, stock, events = f"{county}|{month}", Stock.of(ledger), ledger.events()
    drops = [d for d in stock.drops if d.county == county and d.reading.month == month]
    if not drops:
        raise UnknownMonthError(
            f"Nothing of county {county}, {month}, ever came. Which months did: aspa status"
        )
    histories = [m for asset in OF_COUNTY_MONTH for m in storage.history(asset, key)]
    current = {a: m for a in OF_COUNTY_MONTH if (m := storage.sealed(a, key))}
    happenings = [
        *_of_ledger(drops, events),
        *_of_county(histories),
        *_of_releases(storage, key, month),
    ]
    folder = home.operator / "what_happened" / county
    raw = current.get("raw_delivery")
    return MonthTold(
        county=county,
        month=month,
        told_at=datetime.now(UTC).isoformat(timespec="seconds"),
        files=[_file(drop, stock, registered_at(events), home, folder) for drop in drops],
        happenings=sorted(happenings, key=lambda one: one.at),  # stable: the lineage's order
        failed=[*_failed(histories)],
        rows=row_counts(current, rules.disclosure.threshold),
        purged=raw is not None and raw.purged,
        versions=_versions(current),
        report=_link(home.reports / county / f"{month}.html", folder),
        receipts=_link(county_folder(home.receipts, county) / "index.html", folder),
    )


def short(version: str) -> str:
    """Return the part of a version that tells it from others of its time."""
    return version.rpartition("-")[2]


def _file(
    drop: Drop, stock: Stock, registered: Mapping[int, str], home: AspaHome, folder: Path
) -> File:
    own = receipt_folder(home.receipts, drop.county, drop.reading.month, drop.content_hash)
    told = read_receipt(own)
    note = replace(note_of(stock, drop, *stock.relation(drop)), other_file=None)
    return File(
        number=drop.number,
        registered_at=registered[drop.number],
        kind=drop.reading.kind,
        fingerprint=fingerprint(drop.content_hash),
        verdict=told["verdict"] if told else "waiting",
        note=told_note(note),
        receipt=_link(own / "receipt.html", folder),
    )


def _of_ledger(drops: Sequence[Drop], events: Sequence[Event]) -> Iterator[Happening]:
    numbers = {drop.number for drop in drops}
    for event in events:
        if event.number in numbers:
            values = {"number": event.number, "other": event.other}
            yield Happening(event.at, event.what, values)


def _of_county(histories: Sequence[Manifest]) -> Iterator[Happening]:
    for manifest in histories:
        told = OF_COUNTY_MONTH[manifest.asset]
        values = {name: manifest.statistics.get(name, 0) for name in told}
        if manifest.asset not in COUNT_TEXTS:
            values["rows"] = manifest.rows
        if manifest.sealed:
            yield Happening(manifest.created_at, manifest.asset, values, short(manifest.version))
        else:
            checks = ", ".join(manifest.failed_checks)
            refused = {"asset": manifest.asset, "checks": checks}
            yield Happening(manifest.created_at, "refused", refused, short(manifest.version))


def _of_releases(storage: Storage, key: str, month: str) -> Iterator[Happening]:
    """Give the month's releases, and whether this county's rows are in them."""
    for asset in OF_MONTH:
        for manifest in storage.history(asset, month):
            what = asset
            if not manifest.sealed:
                what = "withheld"
            elif manifest.statistics.get("held"):
                what = "held"
            elif asset == "published_tables" and not _has(storage, manifest, key):
                what = "published_without"
            elif manifest.statistics.get("sent") is False:
                what = "thl_has_it"
            values = {"checks": ", ".join(manifest.failed_checks)}
            yield Happening(manifest.created_at, what, values, short(manifest.version))


def _has(storage: Storage, release: Manifest, key: str) -> bool:
    """Tell whether a release stands on rows of a county's month."""
    rows = f"classified_feedback@{key}"
    return any(rows in mart.inputs for mart in storage.behind(release, lambda of, _: of is release))


def _failed(histories: Sequence[Manifest]) -> Iterator[Failed]:
    for manifest in sorted(histories, key=lambda m: m.version):
        for check in manifest.checks:
            if not check["passed"]:
                yield Failed(
                    manifest.created_at,
                    manifest.asset,
                    check["name"],
                    check["unexpected_count"],
                    check["blocking"],
                )


def _versions(current: Mapping[str, Manifest]) -> dict[str, list[str]]:
    """Return the versions that the month's rows stand on; a report's are those of its figures."""
    versions: dict[str, set[str]] = {}
    for asset, manifest in current.items():
        if asset != "county_report":
            for name, version in manifest.versions.items():
                versions.setdefault(name, set()).add(version)
    return {name: sorted(of) for name, of in sorted(versions.items())}


def _link(target: Path, folder: Path) -> str:
    return os.path.relpath(target, folder) if target.exists() else ""
