"""The rules between the columns of a row, as the contract states them.

Belongs here: applying each form of rule to parsed values. Does not belong here: the rules
themselves (`rules/delivery/contract.yaml`), single columns (`values`).
"""

from collections.abc import Iterator
from datetime import time

import polars as pl

from aspa_resources.delivery.fault_tables import told
from aspa_resources.rule_book import Questionnaire, RuleBook
from aspa_resources.rule_book.conditions import holds
from aspa_resources.rule_book.contract import InOrder, NeedsOneOf, OfQuestionnaire, Table
from aspa_resources.rule_book.words import fold_value

_WHO = ("questionnaire_version", "age_group", "respondent_role")
_Who = tuple[str, str | None, str | None]


def cross_field_faults(
    values: pl.DataFrame, cells: pl.DataFrame, table: Table, rules: RuleBook
) -> Iterator[pl.DataFrame]:
    """Give the faults of every rule of a table.

    Args:
        values: row_number, the table's columns parsed and, of feedback, unit_type.
        cells: The same rows as delivered, cleaned: a value that is there but faulty is told by its
            own fault, not as lacking.
        table: The kind of file.
        rules: The rule book.

    Yields:
        A fault table for each rule and column it is told at.
    """
    for rule in table.rules:
        if isinstance(rule, InOrder):
            yield from _in_order(values, rule)
        elif isinstance(rule, NeedsOneOf):
            given = [cells[name].is_not_null() for name in rule.one_of if name in cells.columns]
            lacking = holds(rule.when) & ~pl.any_horizontal(
                *(pl.lit(one) for one in given), pl.col(rule.one_of).is_not_null()
            )
            yield told(values.filter(lacking), rule.level, rule.told_at, rule.fault)
        else:
            yield from _of_questionnaire(values, rule, rules)


def without_unknown_versions(values: pl.DataFrame, rules: RuleBook) -> pl.DataFrame:
    """Blank every questionnaire version that no questionnaire has: it might be a name or a number.

    A version goes on into the national zone as it is written; only what the rule book lists may.
    """
    known = _by_version(rules)
    version = _WHO[0]
    written = values[version].drop_nulls().unique().to_list()
    listed = [one for one in written if fold_value(one) in known]
    return values.with_columns(pl.when(pl.col(version).is_in(listed)).then(pl.col(version)))


def _in_order(values: pl.DataFrame, rule: InOrder) -> Iterator[pl.DataFrame]:
    """Tell about times that stand before the last one given before them."""
    given = [name for name in rule.columns if values[name].null_count() < values.height]
    for place, name in enumerate(given[1:], start=1):
        former = pl.coalesce(reversed(given[:place]))
        yield told(values.filter(_earlier(pl.col(name), former)), rule.level, name, rule.fault)


def _earlier(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Tell whether a time is before another; by days where either gives no time of day."""
    day_alone = (one.dt.time() == time(0)) | (other.dt.time() == time(0))
    return (one < other) & (~day_alone | (one.dt.date() < other.dt.date()))


def _of_questionnaire(
    values: pl.DataFrame, rule: OfQuestionnaire, rules: RuleBook
) -> Iterator[pl.DataFrame]:
    """Look once at every combination of version, age group and role that the rows have."""
    met = values.select(_WHO).drop_nulls("questionnaire_version").unique()
    by_version = _by_version(rules)
    candidates = {who: by_version.get(fold_value(who[0]), ()) for who in met.iter_rows()}
    version = _WHO[0]
    if rule.asks == "known":
        unknown = [who for who, found in candidates.items() if not found]
        yield told(_rows_of(values, unknown), rule.level, version, rule.fault)
    elif rule.asks == "fits":
        unfit = [who for who, found in candidates.items() if found and not _fitting(found, who)]
        yield told(_rows_of(values, unfit), rule.level, version, rule.fault)
    else:
        asked = {
            who: {code for one in _fitting(found, who) or found for code in one.asks}
            for who, found in candidates.items()
            if found
        }
        for code in rules.statements:
            unasked = [who for who, codes in asked.items() if code not in codes]
            answered = values.filter(pl.col(code).is_not_null()) if unasked else values
            yield told(_rows_of(answered, unasked), rule.level, code, rule.fault)


def _by_version(rules: RuleBook) -> dict[str, tuple[Questionnaire, ...]]:
    """Return the questionnaires that have a version, by its folded spelling."""
    found: dict[str, tuple[Questionnaire, ...]] = {}
    for one in rules.questionnaires.values():
        for version in {fold_value(version) for version in one.versions}:
            found[version] = (*found.get(version, ()), one)
    return found


def _fitting(found: tuple[Questionnaire, ...], who: _Who) -> tuple[Questionnaire, ...]:
    """Return the questionnaires that are for an age group and role; what is unknown fits."""
    _, age, role = who
    return tuple(
        one
        for one in found
        if (age is None or age in one.ages) and (role is None or role in one.roles)
    )


def _rows_of(values: pl.DataFrame, who: list[_Who]) -> pl.DataFrame:
    """Return the rows of some combinations of version, age group and role."""
    asked = pl.DataFrame(who, schema=dict.fromkeys(_WHO, pl.String()), orient="row")
    if asked.is_empty():
        return values.clear()
    return values.select("row_number", *_WHO).join(
        asked, on=_WHO, how="semi", nulls_equal=True, maintain_order="left"
    )
