"""The agenda for people: a page in three languages, and plain lines for a terminal.

Belongs here: what the page says in which order. Does not belong here: the sentences (`texts.yaml`),
what was found (`agenda`).
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from aspa_resources.delivery.receipts import FaultGroup
from aspa_resources.onboarding.agenda import Agenda, Missing
from aspa_resources.onboarding.matching import Match
from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import NONE, voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.contract import Column as Field

_ROOM: Final = "onboarding"
_NUMBERS: Final = frozenset({"count", "valid"})
_QUESTIONS: Final = ("rhythm", "suppliers", "sampling", "cost_centres", "transport")
# What the absence of a column costs; every column that stands here under nothing costs comparisons.
_COSTS: Final = {
    "service_class": (
        "service_unit_oid", "place_of_performance", "site", "cost_centre", "contact_mode",
        "delivered_service_class", "service_form", "profession", "specialty", "service_area",
        "urgency", "visit_type", "visitor_group",
    ),
    "nps": ("nps",),
    "text": ("text",),
    "questionnaire": ("questionnaire_version",),
    "joining": ("service_event_id",),
    "times": ("event_time", "sent_time", "answered_time", "stored_time", "delivered_time"),
}  # fmt: skip


def agenda_page(agenda: Agenda, rules: RuleBook) -> str:
    """Return one self-contained HTML page in three languages."""

    def edition(language: Language) -> Edition:
        words = voice(_ROOM, language, rules.disclosure.threshold)
        county = rules.code_sets["counties"].name(agenda.county, language)
        return Edition(
            language=language,
            title=words.say("title", county=county),
            area=words.say("title", county=county),
            subtitle=words.say("subtitle", file=agenda.file, rows=words.whole(agenda.rows)),
            sections=_sections(agenda, rules, words),
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def agenda_lines(agenda: Agenda, rules: RuleBook) -> list[str]:
    """Return what the first meeting should know, for a terminal, in English."""
    words = voice(_ROOM, "en", rules.disclosure.threshold)
    lines = []
    for section in _sections(agenda, rules, words):
        lines += [section.title, *([f"  {section.headline}"] if section.headline else [])]
        for exhibit in section.exhibits:
            rows = exhibit.table.rows if exhibit.table else ()
            lines += ["  - " + ": ".join(c.text for c in row if c.text) for row in rows]
    return lines


def _sections(agenda: Agenda, rules: RuleBook, words: Wording) -> list[Section]:
    asked = {name for sheet in rules.questionnaires.values() for name in sheet.asks}
    return [
        _trial(agenda, rules, words),
        _missing(agenda, asked, words),
        _columns(agenda, words),
        _agree(agenda, words),
    ]


def _trial(agenda: Agenda, rules: RuleBook, words: Wording) -> Section:
    say, trial = words.say, agenda.trial
    headline = say(
        "trial.headline",
        accepted=words.whole(trial["rows_accepted"]),
        delivered=words.whole(trial["rows_delivered"]),
    )
    missing = {one.column.name for one in agenda.missing}  # told in a section of their own
    groups = [group for group in trial["groups"] if group["column"] not in missing]
    faults = sorted(groups, key=lambda group: -group["count"])
    rows = tuple(
        (Cell(_fault(one, agenda, rules, words)), Cell(words.whole(one["count"]), "number"))
        for one in faults
    )
    message = words.say(f"trial.{'some' if rows else 'none'}")
    exhibit = _exhibit(words, "trial.faults", message, ("fault", "count"), rows)
    return Section(
        "trial",
        say("section.trial"),
        lead=say("trial.lead"),
        headline=headline if trial["rows_accepted"] else say("trial.refused"),
        exhibits=(exhibit,),
    )


def _fault(group: FaultGroup, agenda: Agenda, rules: RuleBook, words: Wording) -> str:
    """Say what a receipt says of a fault, without the header that the county wrote."""
    message = rules.messages.messages[group["code"]].of(words.language)
    consequence = rules.messages.consequences[group["level"]].of(words.language)
    columns = {column.name: column for column in rules.contract.columns}
    column, place = columns.get(group["column"] or ""), group["column_number"]
    field = _titled(column) if column else group["field"]
    names = {"file": agenda.file, "row": None, "field": f"{field} (#{place})" if place else field}
    said = (message.what, consequence, message.cure)
    return " ".join(part.format(**names) for part in said if part)


def _missing(agenda: Agenda, asked: set[str], words: Wording) -> Section:
    counts = Counter(one.need for one in agenda.missing)
    has_statements = any(m.column and m.column.name in asked for m in agenda.matches)
    told = [m for m in agenda.missing if not (m.column.name in asked and has_statements)]
    alike: dict[tuple[str, str], list[str]] = {}
    for one in told:
        key = words.say(f"need.{one.need}"), words.say(f"cost.{_cost(one, asked)}")
        alike.setdefault(key, []).append(_titled(one.column))
    rows = tuple((*map(Cell, key), Cell(", ".join(of))) for key, of in alike.items())
    message = words.say(f"missing.{'some' if rows else 'none'}")
    exhibit = _exhibit(words, "missing.exhibit", message, ("need", "cost", "field"), rows)
    headline = words.say(
        "missing.headline",
        required=counts["required"] + counts["conditional"],
        expected=counts["expected"],
        optional=sum(1 for one in told if one.need == "optional"),
    )
    return Section("missing", words.say("section.missing"), headline=headline, exhibits=(exhibit,))


def _cost(missing: Missing, asked: set[str]) -> str:
    if missing.need in {"required", "conditional"}:
        return "refused"
    if missing.column.name in asked:
        return "statements"
    named = (cost for cost, names in _COSTS.items() if missing.column.name in names)
    return next(named, "comparison")


def _columns(agenda: Agenda, words: Wording) -> Section:
    standings = {name: agenda.standings[name] for name in ("known", "proposed", "unsure")}
    rows = tuple(_column(match, words) for match in agenda.matches)
    names = ("place", "header", "means", "standing", "valid", "kind")
    exhibit = _exhibit(words, "columns.exhibit", words.say("columns.message"), names, rows)
    return Section(
        "columns",
        words.say("section.columns"),
        lead=words.say("columns.lead"),
        headline=words.say("columns.headline", **standings, unknown=agenda.standings["unknown"]),
        exhibits=(exhibit,),
    )


def _column(match: Match, words: Wording) -> tuple[Cell, ...]:
    return (
        Cell(f"#{match.sample.place}"),
        Cell(match.header or NONE),
        Cell(_titled(match.column) if match.column else NONE),
        Cell(words.say(f"standing.{match.standing}")),
        Cell(NONE if match.fit is None else words.percent(match.fit), "number"),
        Cell(words.say(f"kind.{match.kind}")),
    )


def _titled(column: Field) -> str:
    """Return a field as people call it, and the header that the contract gives it."""
    return column.header if column.title == column.header else f"{column.title} ({column.header})"


def _agree(agenda: Agenda, words: Wording) -> Section:
    persons = [f"#{m.sample.place}" for m in agenda.matches if m.kind == "person"]
    asked = [*(["persons"] if persons else []), *_QUESTIONS]
    rows = tuple(
        (
            Cell(words.say(f"agree.{one}", columns=", ".join(persons))),
            Cell(words.say(f"agree.{one}.why")),
        )
        for one in asked
    )
    message = words.say("agree.message")
    exhibit = _exhibit(words, "agree.exhibit", message, ("question", "why"), rows)
    return Section("agree", words.say("section.agree"), exhibits=(exhibit,))


def _exhibit(
    words: Wording,
    title: str,
    message: str,
    names: tuple[str, ...],
    rows: tuple[tuple[Cell, ...], ...],
) -> Exhibit:
    columns = tuple(Column(words.say(f"column.{n}"), numeric=n in _NUMBERS) for n in names)
    table = Table(words.say(title), columns, rows) if rows else None
    return Exhibit(words.say(title), message, table=table, table_open=True)
