"""Published tables out of exact marts.

Belongs here: which mart and which cells a declared table shows, and the form it is published in.
Does not belong here: any decision to hide (that is `fates` and `words`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.disclosure.cells import Nesting
from aspa_resources.disclosure.fates import decide
from aspa_resources.disclosure.holding import PUBLISHED, SUPPRESSED, is_held
from aspa_resources.disclosure.releases import shown_before, without_betrayed_words
from aspa_resources.disclosure.rounding import rounded
from aspa_resources.disclosure.words import shown_words
from aspa_resources.rule_book.published import (
    ALL,
    COOPERATION_AREA,
    Decimals,
    PublishedTable,
    crossings_of,
    table_crossings,
)
from aspa_resources.service_groups import contact_modes_by_group, counties_by_cooperation_area

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

_INDICATORS, _THEMES, _WORDS = "indicator_mart", "theme_mart", "word_mart"


Tables = Mapping[str, pl.DataFrame]


def protect(
    marts: Tables,
    rules: "RuleBook",
    earlier: Sequence[Tables] = (),
    *,
    may_hold: bool = True,
) -> Tables:
    """Turn the exact marts of a month into the published tables.

    All tables are protected together: a cell that several of them show has one fate. Tables that
    are made from published tables are not made here.

    A release that would take more away than it tells is held: the last one stays (`is_held`).

    Args:
        marts: Marts by name (`indicator_mart`, ...). A table whose mart is missing is left out, and
            figures that repeat another mart's counts are hidden where that mart is missing.
        rules: The rule book: what is published, and the disclosure rules.
        earlier: The published tables of every earlier release of the month, the last one last,
            without those that it did not have.
        may_hold: Whether the last release may stay; not where something in it was retracted.

    Returns:
        By declared name, frames with month, county, the dimensions, measure, value, n and status
        (`published` or `suppressed`); value and n are null exactly where suppressed.
    """
    tables = list(rules.published_tables.values())
    decided = _decide_all(marts, tables, rules, earlier)
    published = {}
    for table in tables:
        if table.mart == _WORDS and {_WORDS, _THEMES} <= marts.keys():
            listed = without_betrayed_words(
                shown_words(marts[_WORDS], marts[_THEMES], rules.disclosure),
                [tables[table.name] for tables in earlier if table.name in tables],
                marts[_THEMES]["county"].unique(),
                rules.disclosure.threshold,
            )
            rows = listed.with_columns(hidden=False)
        elif table.mart in marts and table.mart != _WORDS:
            rows = _rows(table, marts[table.mart], decided)
        else:
            continue
        published[table.name] = in_published_form(rows, table, rules.disclosure.decimals)
    held = may_hold and bool(earlier) and is_held(published, earlier[-1], marts, rules.disclosure)
    return earlier[-1] if held else published


def _decide_all(
    marts: Tables, tables: list[PublishedTable], rules: "RuleBook", earlier: Sequence[Tables]
) -> dict[str, pl.DataFrame]:
    """Decide on every mart that has cells of its own."""
    decided: dict[str, pl.DataFrame] = {}
    if _INDICATORS in marts:
        crossings = crossings_of(tables, _INDICATORS)
        month = _shown_measures(marts[_INDICATORS], _INDICATORS, tables)
        decided[_INDICATORS] = decide(
            month,
            crossings,
            (),
            rules.disclosure,
            nestings=_nestings(month, rules),
            earlier=shown_before(earlier, month, _of(tables, _INDICATORS)),
        )
    if _THEMES in marts:
        themes = _shown_measures(marts[_THEMES], _THEMES, tables)
        unsummed = [name for t in tables if t.mart == _THEMES for name in t.unsummed]
        decided[_THEMES] = decide(
            themes,
            crossings_of(tables, _THEMES),
            unsummed,
            rules.disclosure,
            among=_responses(decided),
            earlier=shown_before(earlier, themes, _of(tables, _THEMES)),
        )
    return decided


def _of(tables: list[PublishedTable], mart: str) -> list[PublishedTable]:
    return [table for table in tables if table.mart == mart]


def _nestings(mart: pl.DataFrame, rules: "RuleBook") -> list[Nesting]:
    """Return what is nested in a mart of one month: contact modes and counties."""
    if mart.is_empty():
        return []
    day = date.fromisoformat(f"{mart['month'][0]}-01")
    nestings = [
        Nesting("contact_mode", "contact_mode_group", contact_modes_by_group(rules, day)),
        Nesting("county", COOPERATION_AREA, counties_by_cooperation_area(rules)),
    ]
    return [one for one in nestings if {one.inner, one.outer} <= set(mart.columns)]


def _responses(decided: Mapping[str, pl.DataFrame]) -> pl.DataFrame | None:
    """Return the fates of how many responded, whom those with a text are among."""
    if _INDICATORS not in decided:
        return None
    return decided[_INDICATORS].filter(pl.col("measure") == "responses").drop("measure")


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
    fates = decided[other.mart].filter(measure=other.measure).drop("measure", "most")
    fixed = [
        pl.col(name) == other.cell.get(name, ALL)
        for name in fates.columns
        if name not in {*keys.columns, "hidden"}
    ]
    on = keys.columns
    return rows.join(fates.filter(*fixed).select(*on, "hidden"), on=on, how="left").with_columns(
        pl.col("hidden").fill_null(value=True)
    )


def in_published_form(
    rows: pl.DataFrame, table: PublishedTable, decimals: Decimals
) -> pl.DataFrame:
    """Blank what is hidden, round what is shown, and put rows and columns in order."""
    keys = ["month", "county", *table.dimensions]
    hidden = pl.col("hidden") | pl.col("value").is_null()
    return (
        rows.with_columns(
            value=pl.when(~hidden).then(rounded(decimals)),
            n=pl.when(~hidden).then("n"),
            status=pl.when(hidden).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED)),
        )
        .filter(pl.lit(table.list_hidden) | (pl.col("status") == PUBLISHED))
        .sort(*keys, pl.col("measure").cast(pl.Enum(table.measures)))
        .select(*keys, "measure", "value", "n", "status")
    )
