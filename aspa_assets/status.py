"""What there is and what a run did, told from the ledger and the manifests.

Belongs here: gathering it, as data for scripts and as lines for people. Not here: doing anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aspa_assets.partitions import county_month, split
from aspa_resources.home import AspaHome
from aspa_resources.intake import refusal_folder
from aspa_resources.landing_zone import Drop, LandingZone
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.zones import ZoneKeys

if TYPE_CHECKING:
    from aspa_assets.headless import Summary

UNREADABLE = "unreadable_file"  # the fault of what lies in the landing zone and cannot be opened

# The lineage's stations, as a delivery passes them.
STATIONS = {
    "raw_delivery": "taken in",
    "validated_feedback": "validated",
    "anonymized_feedback": "anonymised",
    "verification_run": "verified",
    "classified_feedback": "classified",
    "analyzed_feedback": "analysed",
    "county_report": "reported",
}


@dataclass(frozen=True)
class Month:
    """How far a county's month has come.

    Attributes:
        station: the last station that has a sealed version; `dropped` before the first.
        refused_at: the step whose latest candidate was refused, if any, and the failed checks.
    """

    county: str
    month: str
    files: list[str]
    station: str
    rows_delivered: int
    rows_accepted: int
    rows_rejected: int
    quarantined: int
    refused_at: str
    receipt: str
    report: str


@dataclass(frozen=True)
class RefusedFile:
    """A file in the landing zone that cannot be taken as it is."""

    county: str
    file: str
    what: str
    cure: str
    receipt: str


@dataclass(frozen=True)
class ReplacedFile:
    """A file whose place a later one of its kind and month took."""

    county: str
    file: str
    by: str


@dataclass(frozen=True)
class Told:
    """Everything a run or the status command tells."""

    months: list[Month]
    refused_files: list[RefusedFile]
    replaced_files: list[ReplacedFile]
    problems: list[dict[str, str]]
    published_months: list[str]
    notes: list[str]

    @property
    def bad_input(self) -> bool:
        """Whether any file or delivery could not be taken."""
        return bool(
            self.refused_files or self.problems or any(month.refused_at for month in self.months)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        return asdict(self)

    def as_lines(self) -> list[str]:
        """Return it as lines for people."""
        lines = [_month_line(month) for month in self.months]
        for file in self.refused_files:
            lines.append(f"refused   county {file.county}, {file.file}: {file.what} {file.cure}")
            lines += [f"          receipt: {file.receipt}"] if file.receipt else []
        lines += [
            f"replaced  county {old.county}, {old.file}: {old.by}, registered later, took its place"
            for old in self.replaced_files
        ]
        lines += [f"problem   {p['job']} {p['partition']}: {p['message']}" for p in self.problems]
        return [*(lines or ["Nothing has been dropped yet."]), *self.notes]


def status_told(home: AspaHome) -> Told:
    """Return what is there, per county and month."""
    return _told(home, [], [])


def run_told(home: AspaHome, summary: Summary) -> Told:
    """Return what is there after a run, what went wrong in it, and where to look."""
    problems = [
        {"job": job, "partition": partition, "message": message}
        for job, partition, message in summary.problems
    ]
    fitted = summary.done.get("fit_topics")
    notes = ["The first topic model was fitted; it is frozen from now on."] if fitted else []
    pages = sorted(home.reports.glob("FI/*.html"))
    if pages:
        notes += [
            f"National page: {pages[-1]}",
            f"County pages:  {home.reports}/<county>/<month>.html",
            f"Receipts:      {home.receipts}/<county>/<month>/receipt.html",
            "Dagster UI:    make ui, then open http://127.0.0.1:3000",
        ]
    return _told(home, problems, notes)


def _told(home: AspaHome, problems: list[dict[str, str]], notes: list[str]) -> Told:
    rules = RuleBook.load()
    landing = LandingZone(home.landing, home.ledger)
    storage = Storage(home.storage, ZoneKeys(home.keys))
    drops = landing.drops()
    keys = sorted(
        {
            (d.county, d.reading.month)
            for d in drops
            if d.reading.kind == "feedback" and not d.refused
        }
    )
    return Told(
        months=[_month(home, landing, storage, *key) for key in keys],
        refused_files=[
            *(_refused(home, drop, rules) for drop in drops if drop.refused and landing.lies(drop)),
            *(_unreadable(path, rules) for path in landing.unreadable()),
        ],
        replaced_files=[
            ReplacedFile(old.county, old.file_name, new.file_name)
            for old, new in landing.replaced()
            if landing.lies(old)
        ],
        problems=problems,
        published_months=storage.sealed_partitions("published_tables"),
        notes=notes,
    )


def _month(
    home: AspaHome, landing: LandingZone, storage: Storage, county: str, month: str
) -> Month:
    key = county_month(county, month)
    sealed = [asset for asset in STATIONS if storage.sealed(asset, key)]
    refused = [
        f"{asset}: {', '.join(attempt.failed_checks)}"
        for asset in STATIONS
        if (attempt := storage.attempt(asset, key)) and not attempt.sealed
    ]
    attempt = storage.attempt("validated_feedback", key)
    counts: Mapping[str, int] = attempt.statistics if attempt else {}
    verified = storage.sealed("verification_run", key)
    receipt = home.receipts / county / month / "receipt.html"
    report = home.reports / county / f"{month}.html"
    return Month(
        county=county,
        month=month,
        files=[drop.file_name for drop in landing.current(*split(key))],
        station=STATIONS[sealed[-1]] if sealed else "dropped",
        rows_delivered=counts.get("rows_delivered", 0),
        rows_accepted=counts.get("rows_accepted", 0),
        rows_rejected=counts.get("rows_rejected", 0),
        quarantined=verified.statistics["quarantined"] if verified else 0,
        refused_at="; ".join(refused),
        receipt=str(receipt) if receipt.exists() else "",
        report=str(report) if report.exists() else "",
    )


def _refused(home: AspaHome, drop: Drop, rules: RuleBook) -> RefusedFile:
    what, cure = _message(drop.reading.fault, drop.file_name, rules)
    receipt = str(refusal_folder(home.receipts, drop) / "receipt.html")
    return RefusedFile(drop.county, drop.file_name, what, cure, receipt)


def _unreadable(path: Path, rules: RuleBook) -> RefusedFile:
    what, cure = _message(UNREADABLE, path.name, rules)
    county = path.parent.name if path.parent.name in rules.counties else "unknown"
    return RefusedFile(county, path.name, what, cure, "")


def _message(code: str, file: str, rules: RuleBook) -> tuple[str, str]:
    message = rules.messages.messages[code].en
    words = {"file": file, "row": "", "field": ""}
    return message.what.format(**words), message.cure.format(**words)


def _month_line(month: Month) -> str:
    kept = f"{month.rows_accepted} of {month.rows_delivered} rows accepted"
    tail: Sequence[str] = [
        *([f"{month.rows_rejected} rejected"] if month.rows_rejected else []),
        *([f"{month.quarantined} quarantined"] if month.quarantined else []),
        *([f"REFUSED {month.refused_at}"] if month.refused_at else []),
    ]
    return f"{month.station:<9} county {month.county}, {month.month}: {', '.join([kept, *tail])}"
