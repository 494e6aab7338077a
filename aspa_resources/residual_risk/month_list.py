"""The operators' list of all assessed months, newest first, a row a county.

Belongs here: what the list shows of a month. Does not belong here: a month's own page (`pages`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import NONE, link_to, voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.residual_risk import ResidualRiskRules

_WARNINGS: Final = ("rows_too_few_to_promise", "table_loss", "guess_gain")
_MONTHS_LISTED: Final = 12


@dataclass(frozen=True)
class Month:
    """What the list of months knows of one: the statistics of its assessment."""

    county: str
    month: str
    statistics: Mapping[str, float]


def index_page(months: Sequence[Month], rules: RuleBook) -> str:
    """Return the list of all assessed months as one HTML page in three languages."""

    def edition(language: Language) -> Edition:
        words = voice("residual_risk", language, rules.disclosure.threshold)
        return Edition(
            language=language,
            title=words.say("index_title"),
            area=words.say("index_title"),
            subtitle=words.say("index_subtitle"),
            sections=[_months(months, words, rules)],
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def _months(months: Sequence[Month], words: Wording, rules: RuleBook) -> Section:
    by_county: dict[str, list[Month]] = {}
    for one in sorted(months, key=lambda one: one.month, reverse=True):
        by_county.setdefault(one.county, []).append(one)
    heads = [("county", False), ("month", False), ("rows", True), ("generalised", True)]
    heads += [("verdict", False), ("earlier", False)]
    columns = tuple(Column(words.say(f"index.{name}"), numeric) for name, numeric in heads)
    rows = tuple(_of_county(of, words, rules) for _, of in sorted(by_county.items()))
    title = words.say("section.months")
    table = Table(words.say("index.caption"), columns, rows)
    if not rows:
        return Section("months", title, words.say("index.none"))
    caption = words.say("index.caption")
    exhibit = Exhibit(caption, words.say("index.lead"), table=table, table_open=True)
    return Section("months", title, exhibits=(exhibit,))


def _of_county(months: Sequence[Month], words: Wording, rules: RuleBook) -> tuple[Cell, ...]:
    newest, *earlier = months
    rows, generalised = (newest.statistics.get(n) for n in ("rows", "generalised_rows"))
    links = [
        link_to(f"{m.county}/{m.month}.html", m.month, words) for m in earlier[:_MONTHS_LISTED]
    ]
    share = words.percent(generalised / rows) if rows and generalised is not None else NONE
    return (
        Cell(Names(rules, words).area_in_list(newest.county)),
        Cell(link_to(f"{newest.county}/{newest.month}.html", words.month(newest.month), words)),
        Cell(NONE if rows is None else words.whole(rows), "number"),
        Cell(share, "number"),
        Cell(_verdict(newest.statistics, words, rules.disclosure.residual_risk)),
        Cell(Markup(", ").join(links) or NONE),
    )


def _verdict(statistics: Mapping[str, float], words: Wording, rules: ResidualRiskRules) -> str:
    limits = {
        "rows_too_few_to_promise": 0,
        "table_loss": rules.limits.table_loss_at_most,
        "guess_gain": rules.limits.guess_gain_at_most,
    }
    told = [n for n in _WARNINGS if statistics.get(n, 0) > limits[n]]
    return ", ".join(words.say(f"verdict.{name}") for name in told) or words.say("verdict.good")
