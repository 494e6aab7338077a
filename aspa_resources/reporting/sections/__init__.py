"""The chapters of a page, each written from published figures in one language.

Belongs here: the order of the chapters. Does not belong here: their contents (one module each) and
their layout (the template).
"""

from aspa_resources.reporting.blocks import Section
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.changes import changes
from aspa_resources.reporting.sections.comparisons import contact_and_age, counties, service_class
from aspa_resources.reporting.sections.dimensions import (
    production,
    professions,
    sote_classes,
    specialties,
)
from aspa_resources.reporting.sections.explorer import explorer
from aspa_resources.reporting.sections.overview import overview
from aspa_resources.reporting.sections.provenance import provenance
from aspa_resources.reporting.sections.quality import quality
from aspa_resources.reporting.sections.statements import statements
from aspa_resources.reporting.sections.themes import themes
from aspa_resources.reporting.sections.words import words


def write_sections(brief: Brief) -> tuple[Section, ...]:
    """Return the chapters of one area's page; where nothing is published, what says so."""
    if not brief.view.holds(brief.area):
        return overview(brief), provenance(brief)
    compared = (counties, service_class) if brief.national else (service_class,)
    if brief.names.rules.sote_allocation.shown_in_reports:
        compared = (*compared, sote_classes)
    grouped = (specialties, contact_and_age, professions, production)
    first = (overview, themes, *compared, explorer, changes, statements)
    chapters = (*first, *grouped, words, quality)
    return (*(chapter(brief) for chapter in chapters), provenance(brief))


__all__ = ["Brief", "write_sections"]
