"""The page of a county's month, laid out by the page kit.

Belongs here: which record stands where. Does not belong here: finding the records (`gathering`),
the sentences (`texts.yaml`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from aspa_resources.delivery.labels import labels
from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import Card, Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.drawings import Bar
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import NONE, link_to, voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.what_happened.records import File, Happening, MonthTold

_ROOM: Final = "what_happened"
_STATIONS: Final = ("delivered", "accepted", "anonymized", "classified", "with_text")
_LOST_AT: Final = {"accepted": "rejected", "classified": "quarantined"}


def month_page(told: MonthTold, rules: RuleBook) -> str:
    """Return what happened to a county's month as one HTML page in three languages."""

    def edition(language: Language) -> Edition:
        words = voice(_ROOM, language, rules.disclosure.threshold)
        area = Names(rules, words).area(told.county)
        month = words.month(told.month)
        return Edition(
            language=language,
            title=words.say("title", area=area, month=month),
            area=words.say("heading", area=area, month=month),
            subtitle=words.say("subtitle"),
            sections=[
                _overview(told, words),
                _files(told, words),
                _timeline(told, words),
                _failed(told, words),
                _versions(told, words),
            ],
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def _overview(told: MonthTold, words: Wording) -> Section:
    say, rows = words.say, told.rows
    lead = [say("told_at", at=_moment(told.told_at), county=told.county, month=told.month)]
    lead += [say("purged")] if told.purged else []
    lead += [] if rows.add_up else [say("astray")]
    links = Markup(" · ").join(
        link_to(target, say(name), words)
        for name, target in (("report", told.report), ("receipts", told.receipts))
        if target
    )
    return Section(
        "overview",
        say("section.overview"),
        lead=Markup("{} {}").format(" ".join(lead), links),
        headline=_headline(told, words),
        cards=tuple(
            Card(say(f"rows.{name}"), _count(getattr(rows, name), words))
            for name in ("delivered", "rejected", "quarantined", "classified")
        ),
        exhibits=(_flow(told, words),) if rows.delivered else (),
    )


def _headline(told: MonthTold, words: Wording) -> str:
    """Say in a sentence how far the month has come."""
    rows, say = told.rows, words.say
    if rows.delivered is None:
        return say("headline.none")
    counts = {"delivered": words.whole(rows.delivered), "accepted": words.whole(rows.accepted or 0)}
    if rows.classified is None:
        return say("headline.waiting", **counts)
    shown = say("headline.reported" if told.report else "headline.unreported")
    return f"{say('headline.processed', **counts, kept=words.whole(rows.classified))} {shown}"


def _flow(told: MonthTold, words: Wording) -> Exhibit:
    """Draw how many rows are left after each step, and say what became of the others."""
    say, rows = words.say, told.rows
    counts = [(name, getattr(rows, name)) for name in _STATIONS]
    drawn = [(name, count) for name, count in counts if count is not None]
    lost = {name: getattr(rows, cause) for name, cause in _LOST_AT.items() if getattr(rows, cause)}
    texts: dict[str, str] = {}
    for at, (name, count) in enumerate(drawn):
        texts |= {
            f"above.{at}": "",
            f"label.{at}": say(f"rows.{name}"),
            f"n.{at}": f"\u2212{words.whole(lost[name])}" if name in lost else "",
            f"value.{at}": words.whole(count),
        }
    message = say("flow.message", rejected=_count(rows.rejected, words),
                  quarantined=_count(rows.quarantined, words))  # fmt: skip
    chart = drawings.comparison(
        tuple(Bar(count) for _, count in drawn), (0, float(rows.delivered or 1)), 0
    )
    table = Table(
        say("flow.caption"),
        (Column(say("column.step"), numeric=False), Column(say("column.rows")),
         Column(say("column.left_out"))),
        tuple(
            (
                Cell(say(f"rows.{name}")),
                Cell(_count(count, words), "number"),
                Cell(say(f"lost.{_LOST_AT[name]}", count=words.whole(lost[name])))
                if name in lost
                else Cell(NONE),
            )
            for name, count in counts
        ),
        notes=(say("flow.note"),),
    )  # fmt: skip
    return Exhibit(say("flow.title"), message, chart.worded(message, texts), table=table)


def _files(told: MonthTold, words: Wording) -> Section:
    say = words.say
    heads = ("number", "registered", "kind", "fingerprint", "verdict", "standing")
    columns = tuple(Column(say(f"column.{head}"), numeric=False) for head in heads)
    rows = tuple(_file(file, words) for file in told.files)
    table = Table(say("files.caption"), columns, rows)
    exhibit = Exhibit(say("files.title"), say("files.message"), table=table, table_open=True)
    return Section("files", say("section.files"), exhibits=(exhibit,))


def _file(file: File, words: Wording) -> tuple[Cell, ...]:
    label = labels()[words.language]
    verdict = label[file.verdict]
    return (
        Cell(str(file.number)),
        Cell(_moment(file.registered_at)),
        Cell(label["kinds"].get(file.kind, NONE)),
        Cell(file.fingerprint),
        Cell(link_to(file.receipt, verdict, words) if file.receipt else verdict),
        Cell(file.note[words.language]),
    )


def _timeline(told: MonthTold, words: Wording) -> Section:
    say = words.say
    columns = tuple(Column(say(f"column.{h}"), numeric=False) for h in ("at", "what", "version"))
    rows = tuple(
        (Cell(_moment(one.at)), Cell(_sentence(one, words)), Cell(one.version or NONE))
        for one in told.happenings
    )
    table = Table(say("timeline.caption"), columns, rows)
    exhibit = Exhibit(say("timeline.title"), say("timeline.message"), table=table, table_open=True)
    return Section("timeline", say("section.timeline"), exhibits=(exhibit,))


def _sentence(one: Happening, words: Wording) -> str:
    values = {k: words.whole(v) if k not in _PLAIN and isinstance(v, int) else v
              for k, v in one.values.items()}  # fmt: skip
    if "asset" in values:
        values["asset"] = words.say(f"asset.{values['asset']}")
    return words.say(f"happened.{one.what}", **values)


_PLAIN: Final = ("number", "other")


def _failed(told: MonthTold, words: Wording) -> Section:
    say = words.say
    if not told.failed:
        return Section("checks", say("section.checks"), say("checks.none"))
    heads = (("at", False), ("asset", False), ("check", False), ("unexpected", True),
             ("outcome", False))  # fmt: skip
    columns = tuple(Column(say(f"column.{head}"), numeric) for head, numeric in heads)
    rows = tuple(
        (
            Cell(_moment(one.at)),
            Cell(say(f"asset.{one.asset}")),
            Cell(one.check),
            Cell(words.whole(one.unexpected), "number"),
            Cell(say("checks.refused" if one.blocking else "checks.warned")),
        )
        for one in told.failed
    )
    table = Table(say("checks.caption"), columns, rows)
    exhibit = Exhibit(say("checks.title"), say("checks.message"), table=table, table_open=True)
    return Section("checks", say("section.checks"), exhibits=(exhibit,))


def _versions(told: MonthTold, words: Wording) -> Section:
    facts = tuple(
        (words.say(f"versions.{name}") if words.knows(f"versions.{name}") else name, ", ".join(of))
        for name, of in told.versions.items()
    )
    return Section(
        "versions", words.say("section.versions"), words.say("versions.lead"), facts=facts
    )


def _count(count: int | None, words: Wording) -> str:
    return NONE if count is None else words.whole(count)


def _moment(at: str) -> str:
    """Return a time as people read it, to the second: so close do steps follow one another."""
    return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
