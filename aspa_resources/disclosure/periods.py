"""What is shown of several months together: quarters and years against the months shown before.

Belongs here: which of a period's figures go beside those of its parts. Does not belong here: what a
month shows by itself (`publication`), the search for cells to hide (`fates`).

A period is published after its months, whose fates stand. Where every month shows a figure, anybody
can add them up: it is shown. Any other may take something away from what a month hides: it is
decided together with all cells of the months, as one table with the months as a dimension. What was
shown of a period so is never shown otherwise: its change would tell of months that show nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.disclosure.cells import Nesting
from aspa_resources.disclosure.fates import Settled, decide
from aspa_resources.disclosure.holding import PUBLISHED
from aspa_resources.disclosure.publication import Tables, in_published_form
from aspa_resources.disclosure.rounding import rounded
from aspa_resources.indicators.periods import PART_MONTH, PART_QUARTER, PERIOD, period_mart
from aspa_resources.periods import Period
from aspa_resources.rule_book.published import ALL, PublishedTable, table_crossings

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

PERIOD_MART = "period_mart"
_PARTS = (PART_QUARTER, PART_MONTH)
_SAME = 1e-9


def protect_period(
    period: Period,
    marts: Tables,
    released: Mapping[str, Tables],
    rules: "RuleBook",
    earlier: Sequence[Tables] = (),
) -> Tables:
    """Turn the exact marts of a period's months into the period's published tables.

    Args:
        period: The quarter or year.
        marts: The exact indicator mart of every month.
        released: By the name of each month, and of each quarter of a year, its published tables.
        rules: The rule book: what is published, and the disclosure rules.
        earlier: The period's published tables of earlier releases.

    Returns:
        By declared name, frames in published form under the period's last month.
    """
    return {
        table.name: _protected(table, period, marts, released, rules, earlier)
        for table in rules.published_tables.values()
        if table.mart == PERIOD_MART
    }


def parts_listed(
    table: PublishedTable, period: Period, released: Mapping[str, Tables], rules: "RuleBook"
) -> pl.DataFrame:
    """Return what a period's parts list of one of its tables.

    Args:
        table: A table of periods.
        period: The period.
        released: By the name of each part, its published tables.
        rules: The declarations.

    Returns:
        county, part_quarter, part_month, the table's dimensions but the period, measure, value, n
        and status; every figure once.
    """
    return pl.concat(_listed(table, period, released, rules))


def _listed(
    table: PublishedTable, period: Period, released: Mapping[str, Tables], rules: "RuleBook"
) -> Iterator[pl.DataFrame]:
    dimensions = _dimensions(table)
    keys = ["county", *_PARTS, *dimensions, "measure"]
    of_months = [
        one.name
        for one in rules.published_tables.values()
        if one.mart == "indicator_mart" and set(one.dimensions) <= set(dimensions)
    ]
    for month in period.months:
        frames = [
            released[month][name].with_columns(
                *(pl.lit(ALL).alias(d) for d in dimensions if d not in released[month][name]),
                pl.lit(ALL).alias(PART_QUARTER),
                pl.lit(month).alias(PART_MONTH),
            )
            for name in of_months
            if name in released[month]
        ]
        rows = pl.concat(frame.select(*keys, "value", "n", "status") for frame in frames)
        yield rows.filter(pl.col("measure").is_in(table.measures)).unique(keys)
    for quarter in period.quarters:
        frame = released[quarter.name][table.name].filter(pl.col(PERIOD) == quarter.name)
        yield frame.with_columns(
            pl.lit(quarter.name).alias(PART_QUARTER), pl.lit(ALL).alias(PART_MONTH)
        ).select(*keys, "value", "n", "status")


def _dimensions(table: PublishedTable) -> list[str]:
    return [name for name in table.dimensions if name != PERIOD]


def _protected(  # noqa: PLR0917 (as protect_period, for one table)
    table: PublishedTable,
    period: Period,
    marts: Tables,
    released: Mapping[str, Tables],
    rules: "RuleBook",
    earlier: Sequence[Tables],
) -> pl.DataFrame:
    dimensions = _dimensions(table)
    mart = period_mart(marts, period, dimensions).filter(pl.col("measure").is_in(table.measures))
    listed = parts_listed(table, period, released, rules)
    before = [
        release[table.name].filter(pl.col(PERIOD) == period.name, pl.col("status") == PUBLISHED)
        for release in earlier
        if table.name in release
    ]
    as_shown = mart.with_columns(rounded(rules.disclosure.decimals))
    base = [tuple(d for d in c if d != PERIOD) for c in table_crossings(table)]
    parts = [PART_MONTH, *([PART_QUARTER] if period.quarters else [])]
    groups = {month: quarter.name for quarter in period.quarters for month in quarter.months}
    fates = decide(
        mart,
        [*base, *((part, *crossing) for part in parts for crossing in base)],
        (),
        rules.disclosure,
        nestings=[Nesting(PART_MONTH, PART_QUARTER, groups)] if period.quarters else [],
        settled=Settled(_settled(as_shown, listed, before), _PARTS),
    )
    keys = [name for name in mart.columns if name not in {"value", "n"}]
    rows = fates.filter(_of_period()).join(mart, on=keys, how="left")
    return in_published_form(rows, table, rules.disclosure.decimals)


def _of_period() -> pl.Expr:
    return (pl.col(PART_QUARTER) == ALL) & (pl.col(PART_MONTH) == ALL)


def _settled(
    mart: pl.DataFrame, listed: pl.DataFrame, before: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """Return the fates of the parts' cells, and of the period's that follow from these.

    A part may show an older figure than its mart has, where its last release was held. What such
    figures would be added up to is hidden, and nothing is shown then that is not merely added up.
    """
    keys = [name for name in mart.columns if name not in {"value", "n"}]
    cell = [name for name in keys if name not in _PARTS]
    place = [name for name in cell if name != "measure"]
    parts = listed.with_columns(
        *(pl.lit(mart[name][0]).alias(name) for name in ("month", PERIOD)),
        hidden=pl.col("status") != PUBLISHED,
    )
    whole = mart.filter(_of_period())
    stale = _differing(mart, parts.filter(~pl.col("hidden")), keys)
    otherwise = [_differing(whole, shown, cell) for shown in before]
    marked = _marked(whole, _not_added_up(parts, cell), cell, "own")
    marked = _marked(marked, stale, place, "stale")
    marked = _marked(marked, pl.concat([stale.clear(), *otherwise], how="diagonal"), place, "other")
    never = pl.col("other") | pl.lit(not stale.is_empty())
    hidden = pl.when("own").then(pl.when(never).then(pl.lit(value=True))).otherwise("stale")
    decided = marked.select(*keys, hidden=hidden).filter(pl.col("hidden").is_not_null())
    return pl.concat([parts.select(*keys, "hidden"), decided])


def _not_added_up(parts: pl.DataFrame, cell: list[str]) -> pl.DataFrame:
    """Return the cells that neither all months nor all quarters show."""
    by_parts = [
        parts.filter(pl.col(part) != ALL)
        .group_by(cell)
        .agg(pl.col("hidden").any())
        .filter("hidden")
        .select(cell)
        for part in _PARTS
        if (parts[part] != ALL).any()
    ]
    return reduce(lambda some, more: some.join(more, on=cell, how="semi"), by_parts)


def _differing(exact: pl.DataFrame, shown: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the keys of figures shown that are not the exact ones, rounded."""
    both = shown.join(exact, on=keys, how="left", suffix="_exact")
    other_value = (pl.col("value") - pl.col("value_exact").fill_null(0)).abs() > _SAME
    return both.filter((pl.col("n") != pl.col("n_exact").fill_null(0)) | other_value).select(keys)


def _marked(rows: pl.DataFrame, some: pl.DataFrame, on: list[str], name: str) -> pl.DataFrame:
    """Mark the rows that are among some others."""
    found = some.select(on).unique().with_columns(pl.lit(value=True).alias(name))
    joined = rows.join(found, on=on, how="left", maintain_order="left")
    return joined.with_columns(pl.col(name).fill_null(value=False))
