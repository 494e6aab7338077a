"""What the figures stand on: versions of rules, models and the release.

Belongs here: the last chapter. Does not belong here: finding the versions out (storage does).
"""

from aspa_resources.reporting.blocks import Section
from aspa_resources.reporting.sections.brief import Brief


def provenance(brief: Brief) -> Section:
    """Return the chapter on provenance; a version without a label goes by its own name."""
    say = brief.voice.say
    facts = tuple(
        (say(key) if brief.voice.knows(key := f"provenance_labels.{name}") else name, version)
        for name, version in brief.provenance.items()
    )
    return Section("provenance", say("sections.provenance"), say("provenance.lead"), facts=facts)
