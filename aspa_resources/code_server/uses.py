"""Which codes are in use, so that a list without them is refused.

Belongs here: finding them in rules and in classified rows. Does not belong here: what a list lacks
(`differences`). A condition with a prefix or a range names no code by itself: where it fits none
any more, the rule book does not load, and where feedback had the code, the rows tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import polars as pl

from aspa_resources.code_server.differences import TAKES_AWAY
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.condition_checks import code_set_of
from aspa_resources.rule_book.conditions import column_of
from aspa_resources.rule_book.contract import NeedsOneOf
from aspa_resources.rule_book.groups import CodeGroups
from aspa_resources.rule_book.models import Conditions

_CLASSES: Final = "service_classes"

InUse = Mapping[str, set[str]]
"""By code set, the codes in use."""


def codes_in_rules(rules: RuleBook) -> InUse:
    """Return the codes that rules, county profiles and the contract name."""
    found: dict[str, set[str]] = {}
    for code_set, code in _named(rules):
        found.setdefault(code_set, set()).add(code)
    return {name: named & {*rules.code_sets[name].codes["code"]} for name, named in found.items()}


def codes_in_rows(rows: Iterable[pl.DataFrame], rules: RuleBook) -> InUse:
    """Return the codes that classified rows have.

    Args:
        rows: Frames of `classified_feedback`.
        rules: What code set a column's codes are of.
    """
    coded = _coded(rules)
    found: dict[str, set[str]] = {}
    for frame in rows:
        for column in coded.keys() & set(frame.columns):
            found.setdefault(coded[column], set()).update(frame[column].drop_nulls())
    return found


def refused(differing: pl.DataFrame, in_use: set[str], codes: CodeSet) -> pl.DataFrame:
    """Return the differences that take a code in use away though nobody said it may go.

    Args:
        differing: As `differences` returns them.
        in_use: The codes in use.
        codes: The list in force, with the codes that may go.
    """
    kept = in_use - codes.accept_vanished
    return differing.filter(pl.col("change").is_in(TAKES_AWAY), pl.col("code").is_in([*kept]))


def _named(rules: RuleBook) -> Iterator[tuple[str, str]]:
    """Give what rules name: code set and code, or what looks like one."""
    coded = _coded(rules)
    for conditions in _conditions(rules):
        for key, values in conditions.items():
            if column_of(key) in coded:
                yield from ((coded[column_of(key)], value) for value in values)
    for column in rules.contract.columns:
        if column.code_set:
            yield from ((column.code_set, str(code)) for code in column.values.values())
            yield from ((column.code_set, code) for code in column.warn_on)
    for profile in rules.profiles.values():
        for name, wordings in profile.values.items():
            if name in coded:
                yield from ((coded[name], code) for code in wordings.values())
    yield from (("professions", code) for code in _prefixes(rules.profession_groups))
    yield from (("contact_modes", code) for code in _prefixes(rules.contact_mode_groups))
    yield from ((_CLASSES, code) for code in _classes(rules))


def _coded(rules: RuleBook) -> Mapping[str, str]:
    """Return the code set of every column that conditions and classified rows have."""
    return code_set_of(rules.contract) | {"service_class": _CLASSES}


def _conditions(rules: RuleBook) -> Iterator[Conditions]:
    yield from (rule.conditions for rule in rules.inference_rules)
    yield from (row.conditions for row in rules.sote_allocation.allocation)
    for table in rules.contract.tables.values():
        yield from (rule.when for rule in table.rules if isinstance(rule, NeedsOneOf))


def _classes(rules: RuleBook) -> Iterator[str]:
    for rule in rules.inference_rules:
        yield from rule.carried_forward.values()
        if rule.service_class:
            yield rule.service_class
    yield from rules.inference.specialty_carried_for
    for cost_centres in rules.cost_centres.values():
        yield from cost_centres["service_class"].drop_nulls()


def _prefixes(groups: CodeGroups) -> Iterator[str]:
    for group in groups.groups:
        yield from group.prefixes
