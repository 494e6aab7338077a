"""The two pages: a county's month and the nation's.

Belongs here: which areas a page may look at, and its three editions. Does not belong here: the
chapters (`sections`) and the layout (`page`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import polars as pl

from aspa_resources.reporting.explorer.data import explored_codes, explorer_data
from aspa_resources.reporting.figure_details import FigureDetails, versions
from aspa_resources.reporting.figures import NATION, PublishedView
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.sections import Brief, write_sections
from aspa_resources.reporting.wording import LANGUAGES, wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL
from aspa_resources.rule_book.trends import FORECAST, TREND

_SERIES = (TREND, FORECAST)


@contextmanager
def _collected_later() -> Iterator[None]:
    """Leave unreachable cycles for later: a page makes many objects, nearly all of them live.

    Looking through them again and again took as long as all the rest of a page.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_collected_later()
def county_report(
    published: Mapping[str, pl.DataFrame],
    county: str,
    month: str,
    rules: RuleBook,
    provenance: Mapping[str, str],
) -> str:
    """Return a county's month as one HTML page in Finnish, Swedish and English.

    Args:
        published: published tables by name; what is missing is said on the page.
        county: two-digit county code.
        month: `YYYY-MM`.
        rules: names of codes, themes and statements, and the disclosure threshold.
        provenance: versions the figures stand on, by what they are versions of.

    Raises:
        PublishedTableError: a table lacks a column that every published table has.
    """
    peers = rules.comparable_counties.of(county, rules.counties)
    view = PublishedView(_needed(published), month, {county, NATION}, peers)
    return _page(view, county, month, rules, provenance)


@_collected_later()
def national_report(
    published: Mapping[str, pl.DataFrame],
    month: str,
    rules: RuleBook,
    provenance: Mapping[str, str],
) -> str:
    """Return the nation's month as one HTML page in Finnish, Swedish and English.

    Args:
        published: published tables by name; what is missing is said on the page.
        month: `YYYY-MM`.
        rules: names of codes, themes and statements, and the disclosure threshold.
        provenance: versions the figures stand on, by what they are versions of.

    Raises:
        PublishedTableError: a table lacks a column that every published table has.
    """
    view = PublishedView(_needed(published), month, {NATION}, rules.counties)
    return _page(view, NATION, month, rules, provenance)


def _needed(published: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Leave out the long series by service class: pages show the area's as a whole."""
    return {
        name: table.filter(pl.col("service_class") == ALL) if name in _SERIES else table
        for name, table in published.items()
    }


def _page(
    view: PublishedView, area: str, month: str, rules: RuleBook, provenance: Mapping[str, str]
) -> str:
    named = [Names(rules, wording(one, rules.disclosure.threshold)) for one in LANGUAGES]

    def edition(names: Names) -> Edition:
        voice = names.voice
        of = {"area": names.area(area), "month": voice.month(month)}
        return Edition(
            language=names.language,
            title=voice.say("page.title", **of),
            area=of["area"],
            subtitle=voice.say("page.subtitle", month=of["month"]),
            sections=write_sections(Brief(view, names, voice, area, month, provenance)),
            say=voice.say,
            versions=versions(provenance, voice),
        )

    editions = [edition(names) for names in named]
    if not view.holds(area):
        return assemble(editions, details=FigureDetails(named))
    details = FigureDetails(named, explored_codes(view, area, rules))
    return assemble(editions, explorer_data(view, area, rules), details)
