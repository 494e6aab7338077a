"""Chapters by what the service was: specialty, profession, mode of production, SOTE class.

Belongs here: which comparisons each chapter makes. Does not belong here: how groups are compared
(`comparisons`).
"""

from __future__ import annotations

from aspa_resources.reporting.blocks import Exhibit, Section
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.comparisons import by_dimension
from aspa_resources.rule_book.published import SOTE_CLASS

_SPECIALTIES = "indicators_by_specialty"


def specialties(brief: Brief) -> Section:
    """Return the chapter on specialised care, each of its service classes by specialty."""
    classes = brief.names.in_order("service_class")(
        brief.view.categories(_SPECIALTIES, "service_class", brief.area)
    )
    exhibits = tuple(
        by_dimension(brief, "service_specialty", of={"service_class": code}, table=_SPECIALTIES)
        for code in classes
    )
    return _chapter(brief, "specialties", exhibits, "specialty")


def professions(brief: Brief) -> Section:
    """Return the chapter on who gave the service."""
    exhibits = (by_dimension(brief, "profession_group"),)
    return _chapter(brief, "professions", exhibits, "profession_group")


def production(brief: Brief) -> Section:
    """Return the chapter on own services and bought ones, from another county among them."""
    exhibits = (by_dimension(brief, "mode_of_production"),)
    return _chapter(brief, "production", exhibits, "mode_of_production")


def sote_classes(brief: Brief) -> Section:
    """Return the chapter on SOTE classes, for pages of rules that show them."""
    return _chapter(brief, SOTE_CLASS, (by_dimension(brief, SOTE_CLASS),), SOTE_CLASS)


def _chapter(brief: Brief, key: str, exhibits: tuple[Exhibit, ...], term: str) -> Section:
    say = brief.voice.say
    return Section(
        key.replace("_", "-"),
        say(f"sections.{key}"),
        lead="" if exhibits else say("comparisons.empty"),
        exhibits=exhibits,
        definitions=brief.define(term, "nps", "margin", "n", "suppressed"),
    )
