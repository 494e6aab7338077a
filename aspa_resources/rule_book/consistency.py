"""Rules that must fit each other across files.

Belongs here: every check that needs more than one rule file. Does not belong here: the form of a
single rule (`models`).
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aspa_resources.rule_book.comparable import check_comparable_counties
from aspa_resources.rule_book.condition_checks import check_conditions, codes_of
from aspa_resources.rule_book.contract import (
    Column,
    CrossFieldRule,
    InOrder,
    NeedsOneOf,
    OfQuestionnaire,
    Table,
)
from aspa_resources.rule_book.cost_centres import check_counties
from aspa_resources.rule_book.enrichment import check_enrichment
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.groups import check_groups
from aspa_resources.rule_book.models import CountyProfile, Questionnaire
from aspa_resources.rule_book.quality_index import check_quality_index
from aspa_resources.rule_book.residual_risk import check_residual_risk
from aspa_resources.rule_book.words import fold_header, fold_value

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

CONTRACT = "delivery/contract.yaml"
MESSAGES = "delivery/messages.yaml"
STATEMENTS = "questionnaires/statements.yaml"

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
        "unreadable_workbook", "not_json_lines", "broken_json", "completeness_below_threshold",
        "cut_short", "several_tables", "sum_among_rows", "in_other_file", "format_changed",
        "encrypted_for_platform", "not_for_this_key", "damaged_envelope", "envelope_in_archive",
        "unfinished_upload", "unknown_supplier", "label_contradicts", "duplicate_row",
        "overlapping_validity",
        "cell_without_value", "too_many_columns",
    }
)  # fmt: skip
"""Fault codes that the delivery room tells by itself; each needs its message. Those that the
contract names are checked where it names them."""

_PLACEHOLDERS = {"file", "row", "field"}


def check_consistency(book: RuleBook) -> None:
    """Check a loaded rule book.

    Raises:
        RuleError: Two rules do not fit each other; names file, key and cure.
    """
    for name, table in book.contract.tables.items():
        _check_headers(table, book)
        for column in table.columns:
            _check_column(column, book)
        _check_unique(CONTRACT, (rule.id for rule in table.rules))
        for rule in table.rules:
            _check_cross_field(rule, name, book)
    _check_measured(book)
    _check_feedback_types(book)
    for questionnaire in book.questionnaires.values():
        _check_questionnaire(questionnaire, book)
    _check_versions(book)
    _check_statements(book)
    _check_messages(book)
    for code, profile in book.profiles.items():
        _check_profile(profile, f"counties/{code}.yaml", book)
    check_groups(book)
    check_counties(book.cost_centres, book.counties)
    check_residual_risk(book)
    check_enrichment(book)
    check_comparable_counties(book)
    check_quality_index(book)


def _check_headers(table: Table, book: RuleBook) -> None:
    owners: dict[str, str] = {}
    for column in table.columns:
        asked = book.statements.get(column.name)
        for header in (column.header, *column.synonyms):
            owner = owners.setdefault(fold_header(header), column.name)
            if owner != column.name:
                question = asked is not None and header in asked.text.every
                raise RuleError(
                    STATEMENTS if question else CONTRACT,
                    f"statement {column.name}" if question else f"key {column.name}.synonyms",
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
    told = [*filter(None, (column.fault_code, column.missing_code)), *column.warn_on.values()]
    known = set(book.messages.messages)
    _check_known(CONTRACT, f"{where}.fault_code, missing_code or warn_on", told, known)


def _check_cross_field(rule: CrossFieldRule, table: str, book: RuleBook) -> None:
    where = f"key {table}.rules, rule {rule.id}"
    _check_known(CONTRACT, f"{where}, fault", [rule.fault], set(book.messages.messages))
    columns = {column.name: column for column in book.contract.tables[table].columns}
    if isinstance(rule, InOrder):
        times = {name for name, column in columns.items() if column.type in {"time", "day"}}
        _check_known(CONTRACT, f"{where}, columns of time", rule.columns, times)
    if isinstance(rule, NeedsOneOf):
        check_conditions(
            rule.when,
            codes_of(book.contract, book.code_sets),
            lambda key, *told: RuleError(CONTRACT, f"{where}, key when.{key}", *told),
        )
    if isinstance(rule, OfQuestionnaire) and table != "feedback":
        raise RuleError(
            CONTRACT, where, "only feedback has a questionnaire", "Put it under feedback."
        )


def _check_measured(book: RuleBook) -> None:
    expected = {column.name for column in book.contract.columns if column.required == "expected"}
    _check_known(CONTRACT, "key completeness_of", book.contract.completeness_of, expected)


def _check_feedback_types(book: RuleBook) -> None:
    where = "key feedback_types"
    codes = set(book.code_sets["feedback_types"].codes["code"])
    _check_known(CONTRACT, where, book.contract.feedback_types, codes)
    if missing := sorted(codes - set(book.contract.feedback_types)):
        raise RuleError(
            CONTRACT, where, f"{', '.join(missing)} is not explained",
            "Say in fi, sv and en what each code of the code set means.",
        )  # fmt: skip


def _check_statements(book: RuleBook) -> None:
    """Each statement is asked somewhere and has its column, whose range is the scale's."""
    columns = {column.name: column for column in book.contract.columns}
    asked = {code for one in book.questionnaires.values() for code in one.asks}
    scale = book.statement_scale
    low, high = min(scale.minimum, scale.not_applicable), max(scale.maximum, scale.not_applicable)
    for code in book.statements:
        column = columns.get(code)
        if column is None or column.type != "integer":
            raise RuleError(
                STATEMENTS, f"statement {code}", "the contract has no whole-number column for it",
                "Add a column of that name to delivery/contract.yaml.",
            )  # fmt: skip
        if (column.minimum, column.maximum) != (low, high):
            raise RuleError(
                CONTRACT, f"key {code}.minimum or maximum", "it is not that of the scale",
                f"Give {low} and {high}, as in {STATEMENTS}.",
            )  # fmt: skip
        if code not in asked:
            raise RuleError(
                STATEMENTS, f"statement {code}", "no questionnaire asks it",
                "Name it under asks of a questionnaire, or take it out.",
            )  # fmt: skip


def _check_questionnaire(one: Questionnaire, book: RuleBook) -> None:
    file = f"questionnaires/{one.id}.yaml"
    codes = {name: set(code_set.codes["code"]) for name, code_set in book.code_sets.items()}
    _check_known(file, "key ages", one.ages, codes["age_groups"])
    _check_known(file, "key roles", one.roles, codes["respondent_roles"])
    _check_known(file, "key asks", one.asks, set(book.statements))
    form = re.compile(book.contract.feedback.column("questionnaire_version").pattern or ".*")
    if unfit := [version for version in one.versions if not form.fullmatch(version)]:
        raise RuleError(
            file, "key versions", f"{unfit[0]} is not of the form that the contract lets through",
            "Write it as the pattern of questionnaire_version has it.",
        )  # fmt: skip


def _check_versions(book: RuleBook) -> None:
    """Version, age group and role tell at most one questionnaire."""
    owners: dict[tuple[str, str, str], str] = {}
    for one in book.questionnaires.values():
        for version in {fold_value(version) for version in one.versions}:
            for key in ((version, age, role) for age in one.ages for role in one.roles):
                if owners.setdefault(key, one.id) != one.id:
                    raise RuleError(
                        f"questionnaires/{one.id}.yaml", "key versions",
                        f"{owners[key]} has the version for the same respondents",
                        "Let version, age group and role tell the questionnaires apart.",
                    )  # fmt: skip


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
    unit_types = set(book.code_sets["unit_types"].codes["code"])
    _check_known(file, "key units", profile.units.values(), unit_types)
    _check_known(file, "key values", profile.values, set(coded))
    for name, values in profile.values.items():
        codes = set(book.code_sets[coded[name]].codes["code"])
        _check_known(file, f"key values.{name}", values.values(), codes)
    told_by = [
        (frozenset(map(fold_header, one.headers)), one.file_name)
        for one in profile.suppliers.values()
    ]
    if len(set(told_by)) < len(told_by):
        raise RuleError(
            file, "key suppliers", "two suppliers are told by the same",
            "Give each headers or a file_name that no other has.",
        )  # fmt: skip


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
