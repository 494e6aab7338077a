"""What there is and what a run did, told from the ledger and the manifests.

Belongs here: gathering it, as data for scripts and as lines for people. Not here: doing anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aspa_assets.partitions import county_month, split
from aspa_assets.reanalyzing import standing
from aspa_assets.reclassifying import standing_on_other_rules
from aspa_resources.delivery.shown_names import shown_name
from aspa_resources.drops import Drop, Event
from aspa_resources.home import AspaHome
from aspa_resources.ledger import Ledger
from aspa_resources.receipts import receipt_folder
from aspa_resources.resources import TextModelsResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.zones import ZoneKeys

if TYPE_CHECKING:
    from aspa_assets.headless import Summary

# What happened to a drop that a run's other lines do not tell.
TOLD_OF_A_RUN = ("dropped_again", "retracted", "reinstated")

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
        files: names of its files in force.
        station: the last station that has a sealed version; `dropped` before the first.
        refused_at: the step whose latest candidate was refused, if any, and the failed checks.
        receipts: pages of the files' receipts.
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
    receipts: list[str]
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
class OtherFile:
    """A file that is not in force though nothing is wrong with it.

    Attributes:
        number: of its delivery.
        standing: replaced, retracted, or contested: it came at once with another of its place.
        by: the file that took its place, or came with it; empty where there is none.
    """

    number: int
    county: str
    month: str
    file: str
    standing: str
    by: str


@dataclass(frozen=True)
class Happening:
    """One event of the ledger."""

    at: str
    what: str
    number: int
    county: str
    month: str
    kind: str
    file: str
    other: int | None


@dataclass(frozen=True)
class Told:
    """Everything a run or the status command tells."""

    months: list[Month]
    refused_files: list[RefusedFile]
    other_files: list[OtherFile]
    events: list[Happening]
    problems: list[dict[str, str]]
    published_months: list[str]
    notes: list[str]

    @property
    def bad_input(self) -> bool:
        """Whether any file or delivery could not be taken."""
        return bool(
            self.refused_files
            or self.problems
            or any(month.refused_at for month in self.months)
            or any(file.standing == "contested" for file in self.other_files)
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
        lines += [_other_line(file) for file in self.other_files]
        lines += [_event_line(event) for event in self.events]
        lines += [f"problem   {p['job']} {p['partition']}: {p['message']}" for p in self.problems]
        return [*(lines or ["Nothing has been dropped yet."]), *self.notes]


def status_told(home: AspaHome, *, history: bool = False) -> Told:
    """Return what is there, per county and month; if asked, everything that ever happened."""
    return _told(home, Ledger(home.ledger).events() if history else [], [], [])


def run_told(home: AspaHome, summary: Summary) -> Told:
    """Return what is there after a run, what happened and went wrong in it, and where to look."""
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
            f"Receipts:      {home.receipts}/<county>/index.html",
            "Dagster UI:    make ui, then open http://127.0.0.1:3000",
        ]
    worth_telling = [event for event in summary.events if event.what in TOLD_OF_A_RUN]
    return _told(home, worth_telling, problems, notes)


def _told(
    home: AspaHome, events: Sequence[Event], problems: list[dict[str, str]], notes: list[str]
) -> Told:
    rules = RuleBook.load()
    storage = Storage(home.storage, ZoneKeys(home.keys))
    stock = Stock.of(Ledger(home.ledger))
    return Told(
        months=[
            _month(home, storage, drops, *key)
            for key, drops in sorted(stock.months.items())
            if any(drop.reading.kind == "feedback" for drop in drops)
        ],
        refused_files=[
            _refused(home, drop, rules) for drop in stock.drops if drop.refused and stock.lies(drop)
        ],
        other_files=[
            _other(drop, stock)
            for drop in stock.drops
            if stock.standing(drop) in ("contested", "retracted")
            or (stock.standing(drop) == "replaced" and stock.lies(drop))
        ],
        events=[_happening(event, stock) for event in events],
        problems=problems,
        published_months=storage.sealed_partitions("published_tables"),
        notes=[
            *_topic_model_notes(storage),
            *_review_notes(storage),
            *_rule_notes(storage, rules),
            *_model_notes(storage),
            *_held_notes(storage),
            *notes,
        ],
    )


def _topic_model_notes(storage: Storage) -> list[str]:
    """Say that the topic model was fitted on texts since taken out: it is refitted by decision."""
    model = storage.sealed("topic_model", NO_PARTITION)
    fitted_on = [key.partition("@")[::2] for key in model.inputs] if model else []
    if all(storage.sealed(asset, partition) for asset, partition in fitted_on):
        return []
    what = "Topics were found when texts since taken out were still there"
    return [f"{what}; aspa topics refit tells which of them are found without."]


def _review_notes(storage: Storage) -> list[str]:
    """Say how many drawn texts nobody has looked at; texts of an earlier draw count as none."""
    waiting = {}
    for key in storage.sealed_partitions("review_queue"):
        queue, said = (storage.sealed(asset, key) for asset in ("review_queue", "review_verdicts"))
        if queue and not queue.purged:
            of_this = said and said.inputs.get(f"review_queue@{key}") == queue.version
            waiting[key] = queue.rows - (said.statistics["reviewed"] if said and of_this else 0)
    months = [key for key, texts in waiting.items() if texts]
    if not months:
        return []
    county, month = split(months[-1])
    what = f"{sum(waiting.values())} texts wait for review, deliveries: {len(months)}."
    return [f"{what} The latest: aspa review --county {county} --month {month}"]


def _rule_notes(storage: Storage, rules: RuleBook) -> list[str]:
    """Say how many months have their service classes by other rules than those in force."""
    others = standing_on_other_rules(storage, rules)
    if not others:
        return []
    what = f"Service classes by other rules than those in force, {rules.classification_version}"
    return [f"{what}: deliveries: {len(others)}. What would change: aspa reclassify"]


def _model_notes(storage: Storage) -> list[str]:
    """Say how many months' texts other text models have read than those in force."""
    in_force = TextModelsResource().open().version
    stale = len(standing(storage, in_force).stale)
    if not stale:
        return []
    what = "Texts read by other models or topics than those in force"
    return [f"{what}: deliveries: {stale}. Which: aspa reanalyze"]


def _held_notes(storage: Storage) -> list[str]:
    """Say which months' corrections are too few to be shown: the release before them stays."""
    held = [
        month
        for month in storage.sealed_partitions("published_tables")
        if storage.manifest("published_tables", month).statistics.get("held")
    ]
    what = "Corrections of too few responses to be told wait; the release before them stays"
    return [f"{what}: {', '.join(held)}"] if held else []


def _month(
    home: AspaHome, storage: Storage, drops: Sequence[Drop], county: str, month: str
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
    receipts = [_receipt(home, drop) for drop in drops]
    report = home.reports / county / f"{month}.html"
    return Month(
        county=county,
        month=month,
        files=[shown_name(drop.file_name) for drop in drops],
        station=STATIONS[sealed[-1]] if sealed else "dropped",
        rows_delivered=counts.get("rows_delivered", 0),
        rows_accepted=counts.get("rows_accepted", 0),
        rows_rejected=counts.get("rows_rejected", 0),
        quarantined=verified.statistics["quarantined"] if verified else 0,
        refused_at="; ".join(refused),
        receipts=[str(receipt) for receipt in receipts if receipt.exists()],
        report=str(report) if report.exists() else "",
    )


def _refused(home: AspaHome, drop: Drop, rules: RuleBook) -> RefusedFile:
    name = shown_name(drop.file_name)
    what, cure = _message(drop.reading.fault, name, rules)
    return RefusedFile(drop.county, name, what, cure, str(_receipt(home, drop)))


def _receipt(home: AspaHome, drop: Drop) -> Path:
    folder = receipt_folder(home.receipts, drop.county, drop.reading.month, drop.content_hash)
    return folder / "receipt.html"


def _other(drop: Drop, stock: Stock) -> OtherFile:
    standing, by = stock.relation(drop)
    return OtherFile(
        number=drop.number,
        county=drop.county,
        month=drop.reading.month,
        file=shown_name(drop.file_name),
        standing=standing,
        by=shown_name(by.file_name) if by else "",
    )


def _happening(event: Event, stock: Stock) -> Happening:
    drop = stock.by_number[event.number]
    return Happening(
        at=event.at,
        what=event.what,
        number=event.number,
        county=drop.county,
        month=drop.reading.month,
        kind=drop.reading.kind,
        file=shown_name(event.file_name),
        other=event.other,
    )


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


def _other_line(file: OtherFile) -> str:
    where = (
        f"county {file.county}, {file.month or 'no month'}: {file.file} (delivery {file.number})"
    )
    said = {
        "replaced": f"{file.by}, registered later, took its place",
        "retracted": "was taken out",
        "contested": f"came at once with {file.by}, so which is the newer is not known. Take one "
        f"out: aspa retract --county {file.county} --file NUMBER",
    }
    return f"{file.standing:<9} {where} {said[file.standing]}"


def _event_line(event: Happening) -> str:
    about = f"county {event.county}, {event.file} (delivery {event.number})"
    if event.what == "dropped_again":
        return f"unchanged {about}: the same bytes came before, nothing changed"
    by = f" by delivery {event.other}" if event.other else ""
    return f"{event.at}  {event.what}{by}: {about} {event.kind} {event.month}".rstrip()
