"""The combinations of code values that conditions tell apart, and which of them rules take.

A column's codes that no condition tells apart are one atom; so is, with whatever goes with it, the
missing value. A region is a set of atoms in each column (bits of a number), that is a box among all
combinations; a rule takes one. Taking a box out of a box leaves at most one box a column, so unions
of rules are followed without ever listing the combinations themselves.

Belongs here: the arithmetic of regions. Does not belong here: what follows for a table of rules
(`inference_checks`, `gaps`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aspa_resources.rule_book.conditions import column_of, holds_for
from aspa_resources.rule_book.models import Conditions

Region = tuple[int, ...]
"""The atoms of each column, in the order of the columns, as bits."""


@dataclass(frozen=True)
class Space:
    """All combinations of the values that some conditions tell apart.

    Attributes:
        atoms: By column, its codes (None: the missing value) in groups that no condition splits.
    """

    atoms: Mapping[str, tuple[tuple[str | None, ...], ...]]

    @classmethod
    def of(cls, stated: Sequence[Conditions], codes: Mapping[str, Sequence[str]]) -> Space:
        """Return the space that conditions span.

        Args:
            stated: The conditions of every rule.
            codes: The codes that each column can have.
        """
        columns = dict.fromkeys(column_of(key) for conditions in stated for key in conditions)
        atoms = {}
        for column in columns:
            asking = [one for one in stated if any(column_of(key) == column for key in one)]
            alike: dict[tuple[bool, ...], list[str | None]] = {}
            for value in (None, *codes[column]):
                told = tuple(holds_for(conditions, column, value) for conditions in asking)
                alike.setdefault(told, []).append(value)
            atoms[column] = tuple(tuple(group) for group in alike.values())
        return cls(atoms)

    @property
    def whole(self) -> Region:
        """Every combination."""
        return tuple((1 << len(groups)) - 1 for groups in self.atoms.values())

    def region(self, conditions: Conditions) -> Region:
        """Return what conditions take."""
        return tuple(
            sum(
                1 << number
                for number, group in enumerate(groups)
                if holds_for(conditions, column, group[0])
            )
            for column, groups in self.atoms.items()
        )

    def narrowed(self, region: Region, column: str, atom: int) -> Region:
        """Return what a region has with one atom of a column, given by its number."""
        place = list(self.atoms).index(column)
        return (*region[:place], region[place] & 1 << atom, *region[place + 1 :])


def without(region: Region, taken: Region) -> Iterator[Region]:
    """Give what is left of a region when another is taken out, in regions that do not overlap."""
    if not common(region, taken):
        yield region
        return
    rest = list(region)
    for place, atoms in enumerate(taken):
        left = rest[place] & ~atoms
        if left:
            yield (*rest[:place], left, *rest[place + 1 :])
        rest[place] &= atoms


def common(one: Region, other: Region) -> bool:
    """Tell whether two regions have a combination in common."""
    return all(a & b for a, b in zip(one, other, strict=True))


def is_empty(region: Region) -> bool:
    """Tell whether a region has no combination."""
    return not all(region)


def covered(region: Region, by: Sequence[Region]) -> bool:
    """Tell whether some regions together have all of a region."""
    if is_empty(region):
        return True
    for place, taken in enumerate(by):
        if common(region, taken):
            later = by[place + 1 :]
            return all(covered(part, later) for part in without(region, taken))
    return False
