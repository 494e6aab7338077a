"""Whether the service class table names codes and classes that there are on the days it does.

A code or class has ended for a rule when it ends while the rule holds, up to the day that the
table's makers vouch for (`checked_to`): later ends are not held against them yet.

Belongs here: checks of one rule against code sets. Does not belong here: the form of a rule
(`inference`), rules against each other (`rule_order`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.condition_checks import check_conditions, code_set_of, codes_of
from aspa_resources.rule_book.conditions import column_of, fits
from aspa_resources.rule_book.contract import DeliveryContract
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.files import RuleFolder
from aspa_resources.rule_book.inference import FILE, InferenceRule, InferenceRules
from aspa_resources.rule_book.rule_order import check_order, check_periods

CLASSES = "service_classes"

Validity = Mapping[str, tuple[date, date]]
"""The first and the last day of each code."""


@dataclass(frozen=True)
class PlacedRule:
    """A rule and its place in the file."""

    number: int
    rule: InferenceRule
    folder: RuleFolder

    def wrong(self, key: str, problem: str, cure: str) -> RuleError:
        """Return the error that names the line of a key of the rule."""
        place: tuple[str | int, ...] = ("rules", self.number, *key.split("."))
        return self.folder.wrong(FILE, place, f"rule {self.rule.id}: {problem}", cure)

    def wrong_condition(self, key: str, problem: str, cure: str) -> RuleError:
        """Return the error that names the line of a key of the rule's conditions."""
        return self.wrong(f"when.{key}", problem, cure)


def check_inference(
    table: InferenceRules,
    contract: DeliveryContract,
    code_sets: Mapping[str, CodeSet],
    folder: RuleFolder,
) -> None:
    """Check the table against code sets and its rules against each other.

    Args:
        table: The table, ages turned into age groups.
        contract: The columns that conditions can name.
        code_sets: Their codes and the classes, with validity.
        folder: The rules folder, to name lines of the file.

    Raises:
        RuleError: Something does not fit; names file, line, key and cure.
    """
    codes = codes_of(contract, code_sets)
    valid = {column: _validity(code_sets[name]) for column, name in code_set_of(contract).items()}
    classes = _validity(code_sets[CLASSES])
    rules = [PlacedRule(number, rule, folder) for number, rule in enumerate(table.rules)]
    for one in rules:
        if one.rule.last_day < one.rule.valid_from:
            raise one.wrong("valid_to", "it ends before it begins", "Correct the dates.")
        check_conditions(one.rule.conditions, codes, one.wrong_condition)
        _check_ended_codes(one, valid, table)
        _check_classes(one, classes, table.checked_to)
    _check_still_recorded(table, valid, folder)
    _check_specialty_carried(table, classes, folder)
    check_periods(rules)
    check_order(rules, codes)


def _check_ended_codes(
    one: PlacedRule, valid: Mapping[str, Validity], table: InferenceRules
) -> None:
    """Each value stated still fits some code, or one that systems are known to write still."""
    until = min(one.rule.last_day, table.checked_to)
    for key, stated in one.rule.conditions.items():
        column = column_of(key)
        kept = table.still_recorded.get(column, ())
        for value in stated:
            fitting = {
                code: last for code, (_, last) in valid[column].items() if fits(code, (value,))
            }
            if max(fitting.values()) < until and not fitting.keys() <= set(kept):
                raise one.wrong_condition(
                    key,
                    f"the code {value} ended on {max(fitting.values())}",
                    f"End the rule that day, take the code out, or name it under "
                    f"still_recorded.{column} where systems go on writing it.",
                )


def _check_classes(one: PlacedRule, classes: Validity, checked_to: date) -> None:
    """The classes that a rule gives are valid as long as it holds; those it carries on ended."""
    rule = one.rule
    given = [("service_class", rule.service_class)] if rule.service_class else []
    given += [(f"carried_forward.{old}", new) for old, new in rule.carried_forward.items()]
    until = max(rule.valid_from, min(rule.last_day, checked_to))
    for key, code in given:
        first, last = _days_of(code, key, one, classes)
        if first > rule.valid_from or last < until:
            raise one.wrong(
                key,
                f"the class {code} is valid from {first} to {last} only",
                "Give a class that is valid as long as the rule holds, or change the rule's dates.",
            )
    for old in rule.carried_forward:
        _, last = _days_of(old, f"carried_forward.{old}", one, classes)
        if last >= until:
            raise one.wrong(
                f"carried_forward.{old}",
                f"the class {old} has not ended",
                "Take it out: a valid class is passed through as it is.",
            )


def _days_of(code: str, key: str, one: PlacedRule, classes: Validity) -> tuple[date, date]:
    if code not in classes:
        raise one.wrong(
            key, f"there is no class {code}", "Use a code of code_sets/service_classes.csv."
        )
    return classes[code]


def _check_still_recorded(
    table: InferenceRules, valid: Mapping[str, Validity], folder: RuleFolder
) -> None:
    """Every code that is said to be still recorded ended, and some rule names it."""
    for column, codes in table.still_recorded.items():
        named = {
            value
            for rule in table.rules
            for key, stated in rule.conditions.items()
            if column_of(key) == column
            for value in stated
        }
        for number, code in enumerate(codes):
            known = valid.get(column, {}).get(code)
            if known is None or known[1] >= table.checked_to or code not in named:
                raise folder.wrong(
                    FILE,
                    ("still_recorded", column, number),
                    f"{code} is no code that ended by {table.checked_to} and that a rule names",
                    "Take it out.",
                )


def _check_specialty_carried(table: InferenceRules, classes: Validity, folder: RuleFolder) -> None:
    for number, code in enumerate(table.specialty_carried_for):
        if code not in classes:
            raise folder.wrong(
                FILE, ("specialty_carried_for", number), f"there is no class {code}",
                "Use a code of code_sets/service_classes.csv.",
            )  # fmt: skip


def _validity(code_set: CodeSet) -> Validity:
    """Return each code's first and last day over all its periods."""
    days: dict[str, tuple[date, date]] = {}
    for code, begin, end in code_set.codes.select("code", "begin", "end").iter_rows():
        first, last = days.get(code, (date.max, date.min))
        days[code] = (min(first, begin or date.min), max(last, end or date.max))
    return days
