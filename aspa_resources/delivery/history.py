"""A county's page of all its deliveries: what happened to the file that was sent.

Belongs here: what stands there of each delivery. Does not belong here: finding it out (the ledger),
writing the page in place (`aspa_resources.receipts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypedDict

from aspa_resources.delivery.notes import DeliveryNote, ToldNote, told_note
from aspa_resources.delivery.pages import page
from aspa_resources.delivery.receipts import Verdict, county_names
from aspa_resources.delivery.shown_names import shown_name
from aspa_resources.rule_book import RuleBook


@dataclass(frozen=True)
class HistoryEntry:
    """One delivery of a county.

    Attributes:
        delivery: Its number and where it stands now.
        registered_at: When it was registered, ISO 8601 with its offset.
        file: The name it came under.
        kind: feedback, sampling_counts or cost_centre_map; None where it could not be told.
        month: `YYYY-MM`; None where it has none.
        verdict: As on its receipt; waiting until it has one.
        receipt: Its receipt's page, relative to the county's; None where there is none.
    """

    delivery: DeliveryNote
    registered_at: str
    file: str
    kind: str | None
    month: str | None
    verdict: Verdict | Literal["waiting"]
    receipt: str | None


class ToldEntry(ToldNote):
    """A delivery as the history tells it."""

    registered_at: str
    file: str
    kind: str | None
    month: str | None
    verdict: Verdict | Literal["waiting"]
    receipt: str | None


class History(TypedDict):
    """All deliveries of a county, the newest first."""

    county: str
    county_name: dict[str, str]
    deliveries: list[ToldEntry]


def history(county: str, entries: Iterable[HistoryEntry], rules: RuleBook) -> History:
    """Tell a county of all its deliveries, ready for JSON.

    Args:
        county: The county's code.
        entries: Its deliveries, in any order.
        rules: The rule book.
    """
    newest_first = sorted(entries, key=lambda entry: entry.delivery.number, reverse=True)
    return {
        "county": shown_name(county),
        "county_name": county_names(county, rules),
        "deliveries": [_told(entry) for entry in newest_first],
    }


def history_html(told: History) -> str:
    """Return a county's history as one self-contained page in Finnish, Swedish and English."""
    return page("history.html.jinja", history=told, moment=_moment)


def _told(entry: HistoryEntry) -> ToldEntry:
    return {
        **told_note(entry.delivery),
        "registered_at": entry.registered_at,
        "file": shown_name(entry.file),
        "kind": entry.kind,
        "month": entry.month,
        "verdict": entry.verdict,
        "receipt": entry.receipt,
    }


def _moment(registered_at: str) -> str:
    """Return a time as people read it, to the minute."""
    return f"{datetime.fromisoformat(registered_at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
