"""Disclosure control: from exact marts to the tables a reader may see.

Belongs here: hiding figures. Does not belong here: computing them (`indicators`), drawing them
(`reporting`), attacking them.

What is guaranteed, within one release and for the counts behind each family of figures by itself
(see `primary`): no figure computed from fewer responses than the threshold is shown; and to whoever
knows every shown count of the family and every sum over counties and categories, each hidden count
stays uncertain over an interval at least as long as `rules/disclosure.yaml` says. A hidden cell
without anybody may be recognised as empty.

What is not: an attacker who combines families (a score with its shares, a hidden n with the
responses shown beside it), who has releases that differ, or who uses that counts are whole numbers,
may narrow an interval further. What several hidden cells have together may be known: at least the
threshold of responses, but their answers may be alike.
"""

from aspa_resources.disclosure.publication import protect
from aspa_resources.disclosure.subtraction import derivable_by_subtraction

__all__ = ["derivable_by_subtraction", "protect"]
