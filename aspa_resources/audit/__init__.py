"""The independent auditor: what an attacker can work out of the published tables.

Belongs here: reading published tables as an attacker would, with the declarations of what they
hold, and judging what follows. Does not belong here: anything of the protector's (`disclosure`),
which works another way and is never imported; deciding what is hidden.
"""

from aspa_resources.audit.auditor import Audit, audit
from aspa_resources.audit.folders import NoTablesError, audit_month, audit_months, read_folder
from aspa_resources.audit.intervals import ContradictionError
from aspa_resources.audit.knowledge import Grouping
from aspa_resources.audit.periods import audit_periods

__all__ = [
    "Audit",
    "ContradictionError",
    "Grouping",
    "NoTablesError",
    "audit",
    "audit_month",
    "audit_months",
    "audit_periods",
    "read_folder",
]
