"""Published tables out of exact marts.

Belongs here: which mart and which cells a declared table shows, and the form it is published in.
Does not belong here: any decision to hide (that is `fates` and `words`).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.disclosure.cells import Nesting
from aspa_resources.disclosure.fates import decide
from aspa_resources.disclosure.words import shown_words
from aspa_resources.rule_book.published import (
    ALL,
    Decimals,
    PublishedTable,
    crossings_of,
    table_crossings,
)
from aspa_resources.service_groups import contact_modes_by_group

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

PUBLISHED, SUPPRESSED = "published", "suppressed"
_INDICATORS, _THEMES, _WORDS = "indicator_mart", "theme_mart", "word_mart"


def protect(marts: Mapping[str, pl.DataFrame], rules: "RuleBook") -> Mapping[str, pl.DataFrame]:
    """Turn the exact marts of a month into the published tables.

    All tables are protected together: a cell that several of them show has one fate. Tables that
    are made from published tables are not made here.

    Args:
        marts: Marts by name (`indicator_mart`, ...). A table whose mart is missing is left out, and
            figures that repeat another mart's counts are hidden where that mart is missing.
        rules: The rule book: what is published, and the disclosure rules.

    Returns:
        By declared name, frames with month, county, the dimensions, measure, value, n and status
        (`published` or `suppressed`); value and n are null exactly where suppressed.
    """
    tables = list(rules.published_tables.values())
    decided = _decide_all(marts, tables, rules)
    published = {}
    for table in tables:
        if table.mart == _WORDS and {_WORDS, _THEMES} <= marts.keys():
            listed = shown_words(marts[_WORDS], marts[_THEMES], rules.disclosure)
            rows = listed.with_columns(hidden=False)
        elif table.mart in marts and table.mart != _WORDS:
            rows = _rows(table, marts[table.mart], decided)
        else:
            continue
        published[table.name] = _in_published_form(rows, table, rules.disclosure.decimals)
    return published


def _decide_all(
    marts: Mapping[str, pl.DataFrame], tables: list[PublishedTable], rules: "RuleBook"
) -> dict[str, pl.DataFrame]:
    """Decide on every mart that has cells of its own."""
    decided = {}
    if _INDICATORS in marts:
        crossings = crossings_of(tables, _INDICATORS)
        month = _shown_measures(marts[_INDICATORS], _INDICATORS, tables)
        decided[_INDICATORS] = decide(
            month, crossings, (), rules.disclosure, _nestings(month, rules)
        )
    if _THEMES in marts:
        themes = _shown_measures(marts[_THEMES], _THEMES, tables)
        unsummed = [name for t in tables if t.mart == _THEMES for name in t.unsummed]
        decided[_THEMES] = decide(themes, crossings_of(tables, _THEMES), unsummed, rules.disclosure)
    return decided


def _nestings(mart: pl.DataFrame, rules: "RuleBook") -> list[Nesting]:
    """Return what is nested in a mart of one month: contact modes in their groups."""
    if mart.is_empty() or not {"contact_mode", "contact_mode_group"} <= set(mart.columns):
        return []
    day = date.fromisoformat(f"{mart['month'][0]}-01")
    return [Nesting("contact_mode", "contact_mode_group", contact_modes_by_group(rules, day))]


def _shown_measures(mart: pl.DataFrame, name: str, tables: list[PublishedTable]) -> pl.DataFrame:
    """Return the rows of measures that some table shows, and the responses all stand on."""
    shown = {measure for table in tables if table.mart == name for measure in table.measures}
    return mart.filter(pl.col("measure").is_in(shown | {"responses"}))


def _rows(
    table: PublishedTable, mart: pl.DataFrame, decided: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the table's rows with their exact figures and whether they are hidden."""
    keys = [name for name in mart.columns if name not in {"measure", "value", "n"}]
    fates = (
        decided[table.mart]
        if table.mart in decided
        else pl.concat(
            _repeated_fates(table, measure, mart.select(keys).unique(), decided)
            for measure in table.measures
        )
    )
    shown = [_in_crossing(keys, crossing) for crossing in table_crossings(table)]
    figures = fates.filter(pl.any_horizontal(shown), pl.col("measure").is_in(table.measures)).join(
        mart, on=[*keys, "measure"], how="left"
    )
    never_collected = pl.col("measure").is_in(table.open_measures) & pl.col("value").is_null()
    return figures.filter(~never_collected)


def _in_crossing(keys: Iterable[str], crossing: tuple[str, ...]) -> pl.Expr:
    """Tell which rows have a category in the crossing's dimensions and `ALL` in all others."""
    dimensions = [name for name in keys if name not in {"month", "county"}]
    wanted = [(pl.col(d) != ALL) if d in crossing else (pl.col(d) == ALL) for d in dimensions]
    return pl.all_horizontal(pl.lit(value=True), *wanted)


def _repeated_fates(
    table: PublishedTable, measure: str, keys: pl.DataFrame, decided: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the fates of a measure that another mart's counts decide; hidden when none does."""
    rows = keys.with_columns(measure=pl.lit(measure))
    other = table.same_as.get(measure)
    if measure in table.open_measures:
        return rows.with_columns(hidden=pl.lit(value=False))
    if other is None or other.mart not in decided:
        return rows.with_columns(hidden=pl.lit(value=True))
    fates = decided[other.mart].filter(measure=other.measure).drop("measure")
    fixed = [
        pl.col(name) == other.cell.get(name, ALL)
        for name in fates.columns
        if name not in {*keys.columns, "hidden"}
    ]
    on = keys.columns
    return rows.join(fates.filter(*fixed).select(*on, "hidden"), on=on, how="left").with_columns(
        pl.col("hidden").fill_null(value=True)
    )


def _in_published_form(
    rows: pl.DataFrame, table: PublishedTable, decimals: Decimals
) -> pl.DataFrame:
    """Blank what is hidden, round what is shown, and put rows and columns in order."""
    keys = ["month", "county", *table.dimensions]
    hidden = pl.col("hidden") | pl.col("value").is_null()
    measure = pl.col("measure")
    rounded = (
        pl.when(measure == "nps")
        .then(pl.col("value").round(decimals.nps))
        .when(measure.str.ends_with("_mean"))
        .then(pl.col("value").round(decimals.mean))
        .otherwise(pl.col("value").round(decimals.share))
    )
    return (
        rows.with_columns(
            value=pl.when(~hidden).then(rounded),
            n=pl.when(~hidden).then("n"),
            status=pl.when(hidden).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED)),
        )
        .filter(pl.lit(table.list_hidden) | (pl.col("status") == PUBLISHED))
        .sort(*keys, measure.cast(pl.Enum(table.measures)))
        .select(*keys, "measure", "value", "n", "status")
    )
