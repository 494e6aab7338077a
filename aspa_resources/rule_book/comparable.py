"""Which counties a county may be set beside.

Belongs here: the checked form of `rules/comparable_counties.yaml`, and whether it fits the
counties. Does not belong here: comparing their figures (`reporting`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import CountyCode, Rule, Source, Wording

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import County, RuleBook

FILE: Final = "comparable_counties.yaml"


class ComparableCounties(Rule):
    """The whole file; the rule file explains every key."""

    version: str
    source: Source
    alike_in: Literal["cooperation_area_code"]
    instead: Mapping[CountyCode, tuple[CountyCode, ...]]
    reason: Wording

    def of(self, county: str, counties: Mapping[str, County]) -> tuple[str, ...]:
        """Return the counties to compare a county with, in the order of `counties`.

        Args:
            county: Its code; one that is not among the counties has none to compare with.
            counties: Every county by code.
        """
        if county in self.instead:
            return tuple(code for code in counties if code in self.instead[county])
        if county not in counties:
            return ()
        group = getattr(counties[county], self.alike_in)
        return tuple(
            code
            for code, other in counties.items()
            if code != county and getattr(other, self.alike_in) == group
        )


def check_comparable_counties(book: RuleBook) -> None:
    """Check that the counties named are counties, and none is compared with itself.

    Raises:
        RuleError: One is not; names the key and the cure.
    """
    for county, others in book.comparable_counties.instead.items():
        if unknown := sorted({county, *others} - set(book.counties)):
            raise RuleError(
                FILE, f"key instead.{county}", f"{', '.join(unknown)} is no county",
                "Use two-digit codes of code_sets/counties.csv.",
            )  # fmt: skip
        if county in others:
            raise RuleError(
                FILE, f"key instead.{county}", "the county is compared with itself",
                "Take it out of its own list.",
            )  # fmt: skip
