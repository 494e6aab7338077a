"""Disclosure control: from exact marts to the tables a reader may see.

Belongs here: hiding figures. Does not belong here: computing them (`indicators`), drawing them
(`reporting`), attacking them.

What is guaranteed within one release: no figure computed from fewer responses than the threshold
is shown; and to whoever knows every shown count, every sum over counties, categories and nested
groups, and that who answered or wrote is among those who responded, each hidden count stays
uncertain over an interval at least as long as `rules/disclosure.yaml` says. A hidden cell without
anybody may be recognised as empty. `audit` attacks every release, by other means, before its seal.

What is not: who knows a score beside its hidden shares may narrow these (`least_distributions` says
how far). What several hidden cells have together may be known: at least the threshold of responses,
but their answers may be alike.
"""

from aspa_resources.disclosure.periods import protect_period
from aspa_resources.disclosure.publication import protect

__all__ = ["protect", "protect_period"]
