"""Which of the registered drops are in force, and where every other one stands.

One file a county, month, kind and supplier, by the rule of `ledger.placed`.

Belongs here: the drops at one moment, seen from the counties' months. Not here: registering and
placing drops (ledger), processing them (the lineage).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeVar

from aspa_resources.drops import Drop, placed
from aspa_resources.ledger import Ledger

Key = TypeVar("Key")
Standing = Literal["in_force", "replaced", "retracted", "refused", "contested"]
Relation = Literal["new", "replaces", "adds_up", "replaced", "retracted", "refused", "contested"]


class Stock:
    """The registered drops at one moment.

    Args:
        drops: every drop.
        lying: numbers of the drops of which a file lies in the landing zone.
    """

    def __init__(self, drops: Sequence[Drop], lying: Iterable[int]) -> None:
        self.drops = drops
        self.by_number: Mapping[int, Drop] = {drop.number: drop for drop in drops}
        self._lying = frozenset(lying)

    @classmethod
    def of(cls, ledger: Ledger) -> Stock:
        """Return the stock that a ledger tells of now."""
        return cls(ledger.drops(), [number for _, number in ledger.lying().values()])

    def lies(self, drop: Drop) -> bool:
        """Tell whether a file of it lay in the landing zone at the last look."""
        return drop.number in self._lying

    @cached_property
    def months(self) -> Mapping[tuple[str, str], Sequence[Drop]]:
        """The drops in force by county and month, a kind and supplier each; no empty months."""
        months: dict[tuple[str, str], list[Drop]] = {}
        for drop, _ in self._slots.values():
            if drop and drop.reading.month:
                months.setdefault((drop.county, drop.reading.month), []).append(drop)
        return {key: sorted(drops, key=lambda drop: drop.slot) for key, drops in months.items()}

    @cached_property
    def cost_centre_maps(self) -> Mapping[str, Drop]:
        """The cost-centre map in force by county; it belongs to no month."""
        return {
            drop.county: drop
            for drop, _ in self._slots.values()
            if drop and drop.reading.kind == "cost_centre_map"
        }

    @cached_property
    def contested(self) -> Sequence[Drop]:
        """The drops that came at once with another of their place, by number."""
        return sorted(
            (drop for _, waiting in self._slots.values() for drop in waiting),
            key=lambda drop: drop.number,
        )

    def standing(self, drop: Drop) -> Standing:
        """Return where a drop stands."""
        if drop.retracted:
            return "retracted"
        if drop.refused:
            return "refused"
        chosen, waiting = self._slots[drop.slot]
        if chosen == drop:
            return "in_force"
        return "contested" if drop in waiting else "replaced"

    def relation(self, drop: Drop) -> tuple[Relation, Drop | None]:
        """Return where a drop stands among the others, and the other drop that this is about."""
        standing = self.standing(drop)
        if standing == "refused":
            return "refused", None
        if standing == "contested":
            return "contested", next(d for d in self._slots[drop.slot][1] if d != drop)
        if standing == "replaced":
            newer = [d for d in self._placed[drop.slot] if d.look > drop.look]
            return "replaced", min(newer, key=lambda d: d.look)
        if standing == "retracted":
            return "retracted", None
        if former := self._former(drop):
            return "replaces", former
        beside = [d for d in self.months.get(drop.slot[:2], ()) if d.slot[2] == drop.slot[2]]
        others = [other for other in beside if other != drop]
        return ("adds_up", others[0]) if others else ("new", None)

    def delivered_before(self, drop: Drop) -> Drop | None:
        """Return the county's drop of the same kind and supplier before this one, of any month."""
        alike = self._alike.get(_line(drop), ())
        place = bisect_left(alike, drop.number, key=lambda other: other.number)
        return alike[place - 1] if place else None

    def _former(self, drop: Drop) -> Drop | None:
        """Return the drop that a drop took the place of."""
        older = [d for d in self._placed[drop.slot] if d.look < drop.look and not d.retracted]
        return max(older, key=lambda d: d.look, default=None)

    @cached_property
    def _alike(self) -> Mapping[tuple[str, str, str], Sequence[Drop]]:
        return _grouped(self._taken, _line)

    @cached_property
    def _placed(self) -> Mapping[tuple[str, str, str, str], Sequence[Drop]]:
        return _grouped(self._taken, lambda drop: drop.slot)

    @cached_property
    def _taken(self) -> Sequence[Drop]:
        return [drop for drop in self.drops if not drop.refused]

    @cached_property
    def _slots(self) -> Mapping[tuple[str, str, str, str], tuple[Drop | None, Sequence[Drop]]]:
        """By slot, the drop in force and those that wait for a decision."""
        return {slot: placed(drops) for slot, drops in self._placed.items()}


def _line(drop: Drop) -> tuple[str, str, str]:
    """Return what the deliveries of one supplier have in common over the months."""
    return drop.county, drop.reading.kind, drop.reading.supplier


def _grouped(drops: Iterable[Drop], key: Callable[[Drop], Key]) -> dict[Key, list[Drop]]:
    groups: dict[Key, list[Drop]] = {}
    for drop in drops:
        groups.setdefault(key(drop), []).append(drop)
    return groups
