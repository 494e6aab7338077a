"""The operators' pages of the log: the list of counties, and each county's months.

Belongs here: which chapters there are, and the page of the list. Not here: a county's chapters
(`chapters`), the sentences (`texts.yaml`), writing files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from aspa_resources.anonymization_log import chapters
from aspa_resources.anonymization_log.logged import Logged, per_thousand
from aspa_resources.anonymizer import ENTITY_TYPES
from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook

__all__ = ["Logged", "county_page", "index_page"]

_MONTHS_SHOWN: Final = 24


def county_page(months: Sequence[Logged], rules: RuleBook) -> str:
    """Return a county's months as one HTML page in Finnish, Swedish and English.

    Args:
        months: one or more of one county, in any order; the latest two years are shown.
        rules: names of counties.
    """
    shown = sorted(months, key=lambda one: one.month)[-_MONTHS_SHOWN:]

    def edition(language: Language) -> Edition:
        words = voice("anonymization_log", language, rules.disclosure.threshold)
        area = Names(rules, words).area(shown[-1].county)
        return Edition(
            language=language,
            title=words.say("title", area=area),
            area=area,
            subtitle=words.say("subtitle"),
            sections=chapters.of_county(shown, words),
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def index_page(logs: Sequence[Logged], rules: RuleBook) -> str:
    """Return the latest month of every county as one HTML page in three languages."""
    latest = {one.county: one for one in sorted(logs, key=lambda one: one.month)}
    in_order = [one for _, one in sorted(latest.items())]

    def edition(language: Language) -> Edition:
        words = voice("anonymization_log", language, rules.disclosure.threshold)
        names = Names(rules, words)
        return Edition(
            language=language,
            title=words.say("index_title"),
            area=words.say("index_title"),
            subtitle=words.say("index_subtitle"),
            sections=[
                _counties(in_order, words, names),
                *([_findings(in_order, words, names)] if in_order else []),
                chapters.promise(words),
            ],
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def _counties(latest: Sequence[Logged], words: Wording, names: Names) -> Section:
    title = words.say("section.counties")
    if not latest:
        return Section("counties", title, words.say("index.none"))
    drifting = sum(bool(one.unusual) for one in latest)
    exhibit = Exhibit(
        words.say("index.state"),
        words.say("index.state_message", drifting=drifting, counties=len(latest)),
        table=_state(latest, words, names),
        table_open=True,
    )
    return Section("counties", title, words.say("index.lead"), exhibits=(exhibit,))


def _findings(latest: Sequence[Logged], words: Wording, names: Names) -> Section:
    exhibit = Exhibit(
        words.say("index.types"),
        words.say("index.types_message"),
        table=_types(latest, words, names),
        table_open=True,
    )
    return Section("types", words.say("section.types"), exhibits=(exhibit,))


def _state(latest: Sequence[Logged], words: Wording, names: Names) -> Table:
    heads = ("county", "month", "texts", "quarantined", "drift", "rate", "interval")
    numeric = {"texts", "quarantined", "rate"}
    columns = tuple(Column(words.say(f"column.{h}"), numeric=h in numeric) for h in heads)
    rows = tuple(
        (
            Cell(_link(one, words, names)),
            Cell(words.month(one.month)),
            Cell(words.whole(one.count("texts")), "number"),
            Cell(words.whole(one.count("quarantined")), "number"),
            Cell(chapters.unusual_names(one, words) or chapters.standing(one, words)),
            *chapters.leak_cells(one.leaks, words),
        )
        for one in latest
    )
    return Table(words.say("index.state"), columns, rows)


def _types(latest: Sequence[Logged], words: Wording, names: Names) -> Table:
    heads = (words.say("column.county"), *(words.say(f"measure.{t}") for t in ENTITY_TYPES))
    columns = tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads))
    rows = tuple(
        (
            Cell(names.area_in_list(one.county)),
            *(
                Cell(words.decimal(per_thousand(one.findings(t), one.count("texts")), 1), "number")
                for t in ENTITY_TYPES
            ),
        )
        for one in latest
    )
    return Table(words.say("index.types"), columns, rows)


def _link(one: Logged, words: Wording, names: Names) -> Markup:
    link = Markup('<a href="{}.html#{}">{}</a>')
    return link.format(one.county, words.language, names.area_in_list(one.county))
