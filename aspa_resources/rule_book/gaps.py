"""What the service class table leaves undecided although it speaks about it.

A rule is about the column that its `when` names first. A gap is some codes of such a column with
the values in the rules' other columns with which no rule decides: home care without an age, general
medicine that is no inpatient care. Gaps are no fault: such rows stay unclassified and are counted.

Belongs here: finding gaps. Does not belong here: what makes a table wrong (`rule_order`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aspa_resources.rule_book.condition_checks import Codes
from aspa_resources.rule_book.conditions import column_of, fits
from aspa_resources.rule_book.inference import InferenceRule, InferenceRules
from aspa_resources.rule_book.regions import Region, Space, covered

_Undecided = tuple[tuple[str, tuple[str | None, ...]], ...]


@dataclass(frozen=True)
class Gap:
    """Codes that rules speak about and that can stay undecided.

    Attributes:
        column: The column the rules are about.
        codes: Its codes.
        undecided_with: By each other column that those rules look at, the values with which no
            rule decides; None: no value.
    """

    column: str
    codes: tuple[str, ...]
    undecided_with: Mapping[str, tuple[str | None, ...]]


def gaps(table: InferenceRules, codes: Codes, day: date) -> list[Gap]:
    """Return the gaps of the table on a day.

    Args:
        table: The table, ages turned into age groups.
        codes: The codes of every column that conditions name (`condition_checks.codes_of`).
        day: The day.

    Returns:
        The gaps in the order of the rules; codes that stay undecided alike are one gap.
    """
    rules = [rule for rule in table.in_force(day) if rule.conditions]
    space = Space.of([rule.conditions for rule in rules], codes)
    taken = [space.region(rule.conditions) for rule in rules]
    alike: dict[tuple[str, _Undecided], list[str]] = {}
    for column in dict.fromkeys(_about(rule) for rule in rules):
        about = [rule for rule in rules if _about(rule) == column]
        for number, atom in enumerate(space.atoms[column]):
            speaking = [rule for rule in about if fits(atom[0], rule.conditions.get(column, ()))]
            region = space.narrowed(space.whole, column, number)
            if not speaking or covered(region, taken):
                continue
            undecided = tuple(
                (other, _left(space, region, other, taken))
                for other in _other_columns(speaking, column)
            )
            alike.setdefault((column, undecided), []).extend(filter(None, atom))
    return [Gap(column, tuple(of), dict(undecided)) for (column, undecided), of in alike.items()]


def _left(
    space: Space, region: Region, column: str, taken: Sequence[Region]
) -> tuple[str | None, ...]:
    """Return the values of a column with which not all of a region is taken."""
    return tuple(
        value
        for number, atom in enumerate(space.atoms[column])
        if not covered(space.narrowed(region, column, number), taken)
        for value in atom
    )


def _about(rule: InferenceRule) -> str:
    return column_of(next(iter(rule.conditions)))


def _other_columns(rules: Sequence[InferenceRule], column: str) -> list[str]:
    named = (column_of(key) for rule in rules for key in rule.conditions)
    return [other for other in dict.fromkeys(named) if other != column]
