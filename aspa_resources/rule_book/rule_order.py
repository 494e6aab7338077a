"""Whether the rules of a first-match table fit each other: periods, contradictions, order.

Between two days on which rules begin or end the table is the same, so each such period is looked at
once. What a rule takes is a region of all combinations of code values (`regions`); a rule is
unreachable where the rules before it, alone or together, take its whole region.

Belongs here: checks between rules. Does not belong here: checks of one rule (`inference_checks`),
what no rule decides (`gaps`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from aspa_resources.rule_book.condition_checks import Codes
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.inference import InferenceRule
from aspa_resources.rule_book.regions import Region, Space, common, covered, is_empty

_DAY = timedelta(days=1)


class Placed(Protocol):
    """A rule that can tell where in its file it is wrong."""

    @property
    def rule(self) -> InferenceRule:
        """The rule."""

    def wrong(self, key: str, problem: str, cure: str) -> RuleError:
        """Return the error that names the line of a key of the rule."""


def check_periods(rules: Sequence[Placed]) -> None:
    """Check that a rule's periods neither overlap nor leave days between them.

    Raises:
        RuleError: They do; names the rule and the days.
    """
    periods: dict[str, list[Placed]] = {}
    for one in rules:
        periods.setdefault(one.rule.id, []).append(one)
    for same in periods.values():
        for former, one in pairwise(sorted(same, key=lambda each: each.rule.valid_from)):
            if one.rule.valid_from <= former.rule.last_day:
                raise one.wrong(
                    "id",
                    "it stands twice on the same days",
                    "Give each rule its own id, or let one end before the other begins.",
                )
            if one.rule.valid_from > former.rule.last_day + _DAY:
                raise one.wrong(
                    "valid_from",
                    f"no rule of this id holds between {former.rule.last_day} and "
                    f"{one.rule.valid_from}",
                    "Let it begin the day after the former ends, or give it an id of its own.",
                )


def check_order(rules: Sequence[Placed], codes: Codes) -> None:
    """Check that every rule is reached on every day it holds, and that none contradicts another.

    Args:
        rules: The rules in order.
        codes: The codes of every column that conditions name.

    Raises:
        RuleError: A rule contradicts an earlier one, excludes itself or is unreachable.
    """
    space = Space.of([one.rule.conditions for one in rules], codes)
    regions = [(one, space.region(one.rule.conditions)) for one in rules]
    for day in sorted(set(_changes(rules))):
        held = [(one, region) for one, region in regions if one.rule.holds_on(day)]
        _check_passing([one for one, _ in held if one.rule.pass_through], day)
        inferring = [(one, region) for one, region in held if one.rule.conditions]
        for place, (one, region) in enumerate(inferring):
            _check_reached(one, region, inferring[:place], day)


def _changes(rules: Sequence[Placed]) -> Iterator[date]:
    """Give the days on which the table can differ from that of the day before."""
    for one in rules:
        yield one.rule.valid_from
        if one.rule.valid_to is not None:
            yield one.rule.valid_to + _DAY


def _check_passing(rules: Sequence[Placed], day: date) -> None:
    """What one rule passes through, no later one does."""
    kinds: dict[str | None, Placed] = {}
    for one in rules:
        former = kinds.setdefault(one.rule.pass_through, one)
        if former is not one:
            raise one.wrong(
                "pass_through",
                f"on {day} rule {former.rule.id} passes the same through",
                "Take one of them out.",
            )


def _check_reached(
    one: Placed, region: Region, earlier: Sequence[tuple[Placed, Region]], day: date
) -> None:
    if is_empty(region):
        raise one.wrong(
            "when", "no code fits all its conditions", "Take out what excludes the other."
        )
    for former, taken in earlier:
        if taken == region and former.rule.service_class != one.rule.service_class:
            raise one.wrong(
                "when",
                f"it contradicts rule {former.rule.id}: on {day} both hold under the same "
                f"conditions, with the classes {former.rule.service_class} and "
                f"{one.rule.service_class}",
                "Let one class stand, or let one rule end before the other begins.",
            )
    if covered(region, [taken for _, taken in earlier]):
        names = ", ".join(former.rule.id for former in _needed(region, earlier))
        raise one.wrong(
            "when",
            f"on {day} no row reaches it: {names} before it take every row that it could",
            "Move it before them, narrow them, end it the day before, or take it out.",
        )


def _needed(region: Region, earlier: Sequence[tuple[Placed, Region]]) -> list[Placed]:
    """Return as few of the earlier rules as take the whole region."""
    kept = [entry for entry in earlier if common(region, entry[1])]
    for entry in list(kept):
        others = [taken for other, taken in kept if other is not entry[0]]
        if covered(region, others):
            kept.remove(entry)
    return [former for former, _ in kept]
