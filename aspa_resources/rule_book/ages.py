"""Ages in years, as rules state them, on the age groups that deliveries carry.

A range of years fits a group that lies in it. A group that a boundary cuts counts, as a whole, to
the side that `age_boundary` of the table names: 18-24 as under 23.

Belongs here: that convention. Does not belong here: other ranges (`conditions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aspa_resources.rule_book.conditions import Bounds, bounds_of, column_of
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.files import RuleFolder
from aspa_resources.rule_book.inference import AGE, FILE, InferenceRule, InferenceRules, Side

AGE_GROUP = "age_group"
_GROUPS_FILE = "code_sets/age_groups.csv"
_GROUP = re.compile(r"([0-9]+)(?:-([0-9]+)|\+)")
_OLDEST = 200


class AgeGroups:
    """The age groups in years, and the boundaries that cut some.

    Args:
        codes: The codes of the groups: `18-24`, `85+`.
        boundary: `age_boundary` of the table.

    Raises:
        RuleError: A code is no range of years; names the code and the cure.
    """

    def __init__(self, codes: tuple[str, ...], boundary: Mapping[int, Mapping[str, Side]]) -> None:
        self._years = {code: _years(code) for code in codes}
        self._boundary = boundary

    def cut_by(self, first_above: int) -> list[str]:
        """Return the groups that have ages on both sides of a boundary."""
        return [code for code, (low, high) in self._years.items() if low < first_above <= high]

    def unplaced(self, bounds: Bounds) -> list[tuple[int, str]]:
        """Return the boundaries of a range with each group that they cut and that has no side."""
        return [
            (first_above, code)
            for first_above in (bounds.low, bounds.high + 1)
            for code in self.cut_by(first_above)
            if code not in self._boundary.get(first_above, {})
        ]

    def within(self, bounds: Bounds) -> tuple[str, ...]:
        """Return the groups that a range of years fits."""
        return tuple(
            code
            for code in self._years
            if self._above(code, bounds.low) and not self._above(code, bounds.high + 1)
        )

    def _above(self, code: str, first_above: int) -> bool:
        """Tell whether a group counts to those who have reached an age."""
        side = self._boundary.get(first_above, {}).get(code)
        return self._years[code].low >= first_above if side is None else side == "over"


def with_age_groups(
    table: InferenceRules, codes: tuple[str, ...], folder: RuleFolder
) -> InferenceRules:
    """Return the table with every condition on ages turned into one on age groups.

    Args:
        table: The table as its file states it.
        codes: The codes of the age groups.
        folder: The rules folder, to name lines of the file.

    Raises:
        RuleError: A condition is no range of years, or cuts a group that has no side; a boundary or
            a group is named that no rule cuts.
    """
    groups = AgeGroups(codes, table.age_boundary)
    rules = tuple(
        _resolved(rule, number, groups, folder) for number, rule in enumerate(table.rules)
    )
    _check_boundaries(table, groups, folder)
    return table.model_copy(update={"rules": rules})


def _resolved(
    rule: InferenceRule, number: int, groups: AgeGroups, folder: RuleFolder
) -> InferenceRule:
    conditions = {}
    for key, stated in rule.conditions.items():
        if column_of(key) != AGE:
            conditions[key] = stated
            continue
        fitting = key.replace(AGE, AGE_GROUP)
        place = ("rules", number, "when", key)
        if fitting in rule.conditions:
            raise folder.wrong(
                FILE, place, f"rule {rule.id} states {AGE} and {AGE_GROUP}", "State one of them."
            )
        found = [code for one in stated for code in _groups_of(one, groups, folder, place)]
        conditions[fitting] = tuple(dict.fromkeys(found))
    return rule.model_copy(update={"conditions": conditions})


def _groups_of(
    stated: str, groups: AgeGroups, folder: RuleFolder, place: tuple[str | int, ...]
) -> tuple[str, ...]:
    bounds = bounds_of(stated)
    if bounds is None:
        raise folder.wrong(
            FILE, place, f"{stated} is no range of years", 'Write it as "65..", "..22" or "18..64".'
        )
    for first_above, code in groups.unplaced(bounds):
        raise folder.wrong(
            FILE, place, f"the age {first_above} cuts the age group {code}",
            f"Say under age_boundary.{first_above} whether {code} counts as under or over.",
        )  # fmt: skip
    within = groups.within(bounds)
    if not within:
        raise folder.wrong(
            FILE, place, f"no age group counts to {stated}", "Widen it or take it out."
        )
    return within


def _check_boundaries(table: InferenceRules, groups: AgeGroups, folder: RuleFolder) -> None:
    """Every side that is named settles something."""
    asked = {
        first_above
        for rule in table.rules
        for key, stated in rule.conditions.items()
        if column_of(key) == AGE
        for one in stated
        if (bounds := bounds_of(one))
        for first_above in (bounds.low, bounds.high + 1)
    }
    for first_above, sides in table.age_boundary.items():
        cut = groups.cut_by(first_above) if first_above in asked else []
        for code in sides.keys() - set(cut):
            raise folder.wrong(
                FILE, ("age_boundary", str(first_above), code),
                f"no rule cuts {code} at {first_above}", "Take it out.",
            )  # fmt: skip


def _years(code: str) -> Bounds:
    found = _GROUP.fullmatch(code)
    if found is None:
        raise RuleError(
            _GROUPS_FILE, f"code {code}", "it is no range of years",
            'Write the code as "18-24" or "85+".',
        )  # fmt: skip
    return Bounds(int(found[1]), int(found[2] or _OLDEST))
