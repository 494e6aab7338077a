"""What the first meeting has to talk about, as data.

Belongs here: the way from a sample to what was understood, what is missing, and how the sample
fares with the proposal on the platform's own reader. Does not belong here: how it is told
(`pages`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from aspa_resources.delivery import check_file
from aspa_resources.delivery.receipts import Receipt
from aspa_resources.delivery.shown_names import shown_name
from aspa_resources.onboarding.matching import Match, match_columns
from aspa_resources.onboarding.profile_file import proposed_profile
from aspa_resources.onboarding.sample import read_sample
from aspa_resources.rule_book import CountyProfile, RuleBook
from aspa_resources.rule_book.contract import Column

Need = Literal["required", "conditional", "expected", "optional"]


@dataclass(frozen=True, eq=False)
class Missing:
    """A column of the national definition that the sample does not have.

    Attributes:
        column: the contract's.
        need: what the contract says of it; `optional` where another column stands in for it.
    """

    column: Column
    need: Need


@dataclass(frozen=True, eq=False)
class Agenda:
    """What came of a sample.

    Attributes:
        county: the county's code.
        file: the file's name as it may be shown.
        rows: rows that hold together.
        matches: what each column means, in the sample's order.
        missing: what the national definition has beside them, what is needed most first.
        profile: the proposal.
        trial: the receipt that the sample gets if the proposal and what is unsure are right.
    """

    county: str
    file: str
    rows: int
    matches: tuple[Match, ...]
    missing: tuple[Missing, ...]
    profile: CountyProfile
    trial: Receipt

    @property
    def standings(self) -> Counter[str]:
        """How many columns are known, proposed, unsure and unknown."""
        return Counter(match.standing for match in self.matches)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON; headers as they may be shown, no value of any cell."""
        return {
            "county": self.county,
            "file": self.file,
            "rows": self.rows,
            "columns": [_told(match) for match in self.matches],
            "missing": [{"column": m.column.name, "need": m.need} for m in self.missing],
            "profile": self.profile.model_dump(mode="json"),
            "rows_accepted": self.trial["rows_accepted"],
            "rows_rejected": self.trial["rows_rejected"],
            "verdict": self.trial["verdict"],
            "faults": {group["code"]: group["count"] for group in self.trial["groups"]},
        }


def onboard(content: bytes, file: str, county: str, rules: RuleBook) -> Agenda:
    """Return what the first meeting with a county has to talk about.

    Args:
        content: a sample export's bytes, in any form that a delivery may have.
        file: its name.
        county: the county's code.
        rules: the rule book.

    Raises:
        UnreadableDelivery: the file cannot be read at all.
    """
    sample = read_sample(content, county, rules)
    matches = match_columns(sample.columns, county, rules)
    tried = proposed_profile(matches, county, rules, unsure=True)
    return Agenda(
        county,
        shown_name(file),
        sample.rows,
        matches,
        tuple(_missing(matches, rules)),
        proposed_profile(matches, county, rules),
        check_file(
            content, file, county, None, replace(rules, profiles={**rules.profiles, county: tried})
        ),
    )


def _missing(matches: Sequence[Match], rules: RuleBook) -> list[Missing]:
    had = {m.column.name for m in matches if m.column}
    needs: list[Need] = ["required", "conditional", "expected", "optional"]
    found = [
        Missing(column, "optional" if had.intersection(column.unless) else column.required)
        for column in rules.contract.columns
        if column.name not in had
    ]
    return sorted(found, key=lambda one: needs.index(one.need))


def _told(match: Match) -> dict[str, Any]:
    return {
        "place": match.sample.place,
        "header": match.header,
        "column": match.column.name if match.column else None,
        "standing": match.standing,
        "fit": None if match.fit is None else round(match.fit, 3),
        "kind": match.kind,
    }
