"""Groups that responses are shown by: over professions, contact modes, SOTE classes, counties.

Belongs here: the rules of a day compiled to expressions over rows. Does not belong here: the groups
themselves (data, `rule_book.groups`), counting by them (`indicators`).
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.conditions import holds
from aspa_resources.rule_book.groups import CodeGroups
from aspa_resources.rule_book.published import SOTE_CLASS, UNKNOWN

UNALLOCATED = "unallocated"
"""The SOTE class of responses that no row of the allocation table matches."""


def profession_group(rules: RuleBook, day: date) -> pl.Expr:
    """Give each row's profession its group in force on a day; `unknown` where none fits.

    Args:
        rules: The rule book.
        day: The day.

    Returns:
        An expression over the column profession (String), named profession_group.
    """
    return _grouped("profession", rules.profession_groups, day).alias("profession_group")


def contact_mode_group(rules: RuleBook, day: date) -> pl.Expr:
    """Give each row's contact mode its group in force on a day; `unknown` where none fits.

    Args:
        rules: The rule book.
        day: The day.

    Returns:
        An expression over the column contact_mode (String), named contact_mode_group.
    """
    return _grouped("contact_mode", rules.contact_mode_groups, day).alias("contact_mode_group")


def sote_class(rules: RuleBook, day: date) -> pl.Expr | None:
    """Allocate each row to a SOTE class: the first row of the table in force that matches decides.

    Args:
        rules: The rule book.
        day: The day.

    Returns:
        An expression over service_class and the columns that the table's conditions name, named
        sote_class; `unallocated` where no row matches. None while the rules do not have it shown.
    """
    if not rules.sote_allocation.shown_in_reports:
        return None
    rows = rules.sote_allocation.in_force(day)
    decided = [pl.when(holds(row.conditions)).then(pl.lit(row.sote_class)) for row in rows]
    return pl.coalesce(*decided, pl.lit(UNALLOCATED)).alias(SOTE_CLASS)


def contact_modes_by_group(rules: RuleBook, day: date) -> Mapping[str, str]:
    """Return the group on a day of each contact mode of the code set, and of a missing one."""
    groups = rules.contact_mode_groups
    codes = rules.code_sets["contact_modes"].codes["code"].unique(maintain_order=True)
    return {UNKNOWN: UNKNOWN} | {code: groups.group_of(code, day) or UNKNOWN for code in codes}


def counties_by_cooperation_area(rules: RuleBook) -> Mapping[str, str]:
    """Return the co-operation area of each county of the code set; `unknown` for one without."""
    counties = rules.code_sets["counties"].codes.select("code", "cooperation_area_code")
    return {code: area or UNKNOWN for code, area in counties.iter_rows()}


def _grouped(column: str, groups: CodeGroups, day: date) -> pl.Expr:
    code = pl.col(column)
    return pl.coalesce(
        *(
            pl.when(code.str.starts_with(prefix)).then(pl.lit(group))
            for prefix, group in groups.prefixes(day)
        ),
        pl.lit(UNKNOWN),
    )
