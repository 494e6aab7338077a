"""Who may read what: nothing, unless a claim names it.

Belongs here: the groups that grant something, and which places they open. Does not belong here:
whether a claim can be believed (`gates`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from aspa_resources.rule_book.published import NATION
from aspa_resources.serving.places import OPERATOR, RECEIPTS, REPORTS, TABLES, Place

COUNTY_GROUP: Final = "aspa-county-"
NATIONAL_GROUP: Final = "aspa-national"
OPERATOR_GROUP: Final = "aspa-operator"


@dataclass(frozen=True)
class Claims:
    """What somebody trusted says of whoever asks.

    Attributes:
        subject: Who it is; never logged as it is.
        groups: The groups that they belong to, those that mean nothing here among them.
    """

    subject: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """Somebody who may read something.

    Attributes:
        subject: Who it is; never logged as it is.
        areas: Areas whose reports and receipts they see: counties, and always the nation.
        national: Whether they see every county, and take along the published tables.
        operator: Whether they see the operators' pages.
    """

    subject: str
    areas: frozenset[str]
    national: bool
    operator: bool

    @classmethod
    def of(cls, claims: Claims, counties: Collection[str]) -> Reader | None:
        """Return what claims let somebody read; None where that is nothing.

        Args:
            claims: What is believed of them.
            counties: The codes of all counties there are.
        """
        national = NATIONAL_GROUP in claims.groups
        operator = OPERATOR_GROUP in claims.groups
        own = {code for code in counties if national or f"{COUNTY_GROUP}{code}" in claims.groups}
        if not (own or national or operator):
            return None
        return cls(claims.subject, frozenset({NATION, *own}), national, operator)

    def may_read(self, place: Place) -> bool:
        """Return whether a place is theirs to read, whether or not it is there."""
        if place.folder in {REPORTS, RECEIPTS}:
            return place.area in self.areas
        if place.folder == TABLES:
            return self.national
        return place.folder == OPERATOR and self.operator
