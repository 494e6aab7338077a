"""Rules that must fit each other across files.

Belongs here: every check that needs more than one rule file. Does not belong here: the form of a
single rule (`models`).
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Column, CountyProfile, InferenceRule, Table
from aspa_resources.rule_book.words import fold_header

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

CONTRACT = "delivery/contract.yaml"
MESSAGES = "delivery/messages.yaml"
INFERENCE = "aura/inference_rules.yaml"
GROUPS = "aura/profession_groups.yaml"

TOLD_FAULTS = frozenset(
    {
        "empty", "undecodable", "no_known_header", "required_column_missing",
        "expected_column_missing", "column_twice", "companion_rows_invalid", "undecodable_row",
        "wrong_column_count", "broken_quotes", "missing_required", "missing_expected",
        "not_in_code_set", "code_not_valid_then", "not_a_number", "out_of_range", "not_a_time",
        "duplicate_feedback_id", "other_month", "nothing_answered", "unknown_county",
        "unknown_month", "month_outside_platform", "unreadable_file", "too_many_rows_rejected",
        "not_a_short_code", "times_out_of_order", "damaged_archive", "encrypted_archive",
        "several_files_in_archive", "archive_in_archive", "unpacked_too_large",
        "unreadable_workbook", "not_json_lines", "broken_json",
    }
)  # fmt: skip
"""Fault codes that the delivery room tells; each needs its message."""

_PLACEHOLDERS = {"file", "row", "field"}
_UNIT_TYPE = "unit_type"


def check_consistency(book: RuleBook) -> None:
    """Check a loaded rule book.

    Raises:
        RuleError: Two rules do not fit each other; names file, key and cure.
    """
    for table in book.contract.tables.values():
        _check_headers(table)
        for column in table.columns:
            _check_column(column, book)
    _check_messages(book)
    for code, profile in book.profiles.items():
        _check_profile(profile, f"counties/{code}.yaml", book)
    _check_unique(INFERENCE, (rule.id for rule in book.inference_rules))
    for rule in book.inference_rules:
        _check_inference(rule, book)
    _check_profession_groups(book)


def _check_headers(table: Table) -> None:
    owners: dict[str, str] = {}
    for column in table.columns:
        for header in (column.header, *column.synonyms):
            owner = owners.setdefault(fold_header(header), column.name)
            if owner != column.name:
                raise RuleError(
                    CONTRACT, f"key {column.name}.synonyms",
                    f"the header {header!r} already means {owner}",
                    "Let a header mean one column only.",
                )  # fmt: skip


def _check_column(column: Column, book: RuleBook) -> None:
    where = f"key {column.name}"
    codes: set[str] = set()
    if column.code_set is not None:
        if column.code_set not in book.code_sets:
            raise RuleError(
                CONTRACT, f"{where}.code_set", "there is no such code set",
                f"Name one of {', '.join(sorted(book.code_sets))}.",
            )  # fmt: skip
        codes = set(book.code_sets[column.code_set].codes["code"])
        given = [code for code in column.values.values() if code is not None]
        _check_known(CONTRACT, f"{where}.values", map(str, given), codes)
        _check_known(CONTRACT, f"{where}.warn_on", column.warn_on, codes)
    told = [*([column.fault_code] if column.fault_code else []), *column.warn_on.values()]
    _check_known(CONTRACT, f"{where}.fault_code or warn_on", told, set(book.messages.messages))


def _check_messages(book: RuleBook) -> None:
    if missing := sorted(TOLD_FAULTS - set(book.messages.messages)):
        raise RuleError(
            MESSAGES, "key messages", f"no message for {', '.join(missing)}",
            "Write it in fi, sv and en, each with what and cure.",
        )  # fmt: skip
    for code, languages in book.messages.messages.items():
        for message in (languages.fi, languages.sv, languages.en):
            fields = {part[1] for part in string.Formatter().parse(message.what + message.cure)}
            _check_known(MESSAGES, f"key messages.{code}", filter(None, fields), _PLACEHOLDERS)


def _check_profile(profile: CountyProfile, file: str, book: RuleBook) -> None:
    if profile.county not in book.counties:
        raise RuleError(
            file, "key county", "there is no such county",
            "Use the two-digit code of code_sets/counties.csv.",
        )  # fmt: skip
    columns = {
        column.name: column for table in book.contract.tables.values() for column in table.columns
    }
    coded = {name: column.code_set for name, column in columns.items() if column.code_set}
    _check_known(file, "key columns", profile.columns.values(), set(columns))
    _check_known(file, "key values", profile.values, set(coded))
    for name, values in profile.values.items():
        codes = set(book.code_sets[coded[name]].codes["code"])
        _check_known(file, f"key values.{name}", values.values(), codes)


def _check_inference(rule: InferenceRule, book: RuleBook) -> None:
    where = f"rule {rule.id}"
    last_day = rule.valid_to or date.max
    classes = book.code_sets["service_classes"].codes
    current = set(classes.filter(classes["end"].fill_null(date.max) >= rule.valid_from)["code"])
    _check_known(INFERENCE, f"{where}, carried_forward", rule.carried_forward, set(classes["code"]))
    given = [*rule.carried_forward.values(), *filter(None, [rule.service_class])]
    _check_known(INFERENCE, f"{where}, service_class", given, current)
    if last_day < rule.valid_from:
        raise RuleError(
            INFERENCE, f"{where}, key valid_to", "it ends before it begins", "Correct the dates."
        )
    for key, values in rule.conditions.items():
        known = _codes_of_condition(key.removeprefix("not_"), rule, book)
        for value in values:
            fits = any(code.startswith(value[:-1]) for code in known)
            if not (fits if value.endswith("*") else value in known):
                raise RuleError(
                    INFERENCE, f"{where}, key when.{key}", f"there is no code {value}",
                    "Use codes of the column's code set, or a prefix with * that fits one.",
                )  # fmt: skip


def _codes_of_condition(key: str, rule: InferenceRule, book: RuleBook) -> set[str]:
    columns: Mapping[str, str | None] = {
        column.name: column.code_set for column in book.contract.columns
    } | {_UNIT_TYPE: "unit_types"}
    code_set = columns.get(key)
    if code_set is None:
        raise RuleError(
            INFERENCE, f"rule {rule.id}, key when.{key}", "it is no coded column",
            f"Use one of {', '.join(sorted(name for name, coded in columns.items() if coded))}.",
        )  # fmt: skip
    return set(book.code_sets[code_set].codes["code"])


def _check_profession_groups(book: RuleBook) -> None:
    _check_unique(GROUPS, (group.id for group in book.profession_groups))
    _check_unique(GROUPS, _prefixes(book))
    professions: CodeSet = book.code_sets["professions"]
    covered = tuple(_prefixes(book))
    if not all(code.startswith(covered) for code in professions.codes["code"]):
        raise RuleError(
            GROUPS, "key prefixes", "some profession belongs to no group",
            "Add its prefix to a group, the last resort being the group of others.",
        )  # fmt: skip


def _prefixes(book: RuleBook) -> Iterator[str]:
    return (prefix for group in book.profession_groups for prefix in group.prefixes)


def _check_unique(file: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise RuleError(file, f"key {name}", "it stands twice", "Give each its own.")
        seen.add(name)


def _check_known(file: str, where: str, used: Iterable[str], known: set[str]) -> None:
    if unknown := sorted(set(used) - known):
        few = (
            f"Use one of {', '.join(sorted(known))}."
            if len(known) <= len(TOLD_FAULTS) * 2
            else ("Use a code of the code set.")
        )
        raise RuleError(file, where, f"{', '.join(unknown)} is not known", few)
