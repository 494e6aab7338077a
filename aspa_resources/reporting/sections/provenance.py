"""What the figures stand on: versions of rules, models and the release.

Belongs here: the last chapter. Does not belong here: finding the versions out (storage does).
"""

from aspa_resources.reporting.blocks import Section
from aspa_resources.reporting.figure_details import versions
from aspa_resources.reporting.sections.brief import Brief


def provenance(brief: Brief) -> Section:
    """Return the chapter on provenance."""
    say = brief.voice.say
    facts = tuple((one.name, one.value) for one in versions(brief.provenance, brief.voice))
    return Section("provenance", say("sections.provenance"), say("provenance.lead"), facts=facts)
