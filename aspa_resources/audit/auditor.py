"""The verdict on published tables: what is too well known of what they hide.

Belongs here: which kinds of counts are audited, what counts as too narrow, the figures that tell
answers by themselves. Does not belong here: the attack (`knowledge`, `intervals`), printing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from aspa_resources.audit.figures import telling_figures
from aspa_resources.audit.intervals import intervals
from aspa_resources.audit.knowledge import Grouping, Knowledge, Tables, learn
from aspa_resources.rule_book.published import DisclosureRules, PublishedTable

AUDITED: Final = ("indicator_mart", "theme_mart")
"""Marts whose tables are sums of counts."""
_VERDICTS: Final = ("safe", "empty", "narrow", "derivable")


@dataclass(frozen=True)
class Audit:
    """What an attacker can work out of the tables of one month.

    Attributes:
        summary: mart, measure, hidden, safe, empty, narrow, derivable: counts of hidden cells.
        cells: What is narrower than allowed, for the national zone only: mart, measure, county,
            the dimensions (joined, without totals), low, high.
        telling: table, measure, cells: published figures that tell answers or small counts.
    """

    summary: pl.DataFrame
    cells: pl.DataFrame
    telling: pl.DataFrame

    @property
    def derivable(self) -> int:
        """Hidden counts that are exactly known."""
        return int(self.summary["derivable"].sum())

    @property
    def narrow(self) -> int:
        """Hidden counts that are known more closely than allowed, but not exactly."""
        return int(self.summary["narrow"].sum())

    @property
    def told(self) -> int:
        """Published figures that tell answers or counts below the threshold."""
        return int(self.telling["cells"].sum())


def audit(
    tables: Tables,
    declared: Mapping[str, PublishedTable],
    rules: DisclosureRules,
    groupings: Iterable[Grouping] = (),
) -> Audit:
    """Attack the published tables of one month.

    A hidden count is safe where two possible counts lie at least the protection width apart. One
    known to be 0 is empty: there is nobody to protect.

    Args:
        tables: Frames in published form by table name, of one month.
        declared: The declarations by table name.
        rules: Thresholds, width and decimals.
        groupings: Dimensions of which one lies within the other, where both are shown.

    Returns:
        The audit.

    Raises:
        ContradictionError: The tables contradict each other.
    """
    grouped = list(groupings)
    summaries, found = [_no_summary()], [_no_cells()]
    for mart in AUDITED:
        of_mart = [table for table in declared.values() if table.mart == mart]
        shown = {d for table in of_mart if table.name in tables for d in table.dimensions}
        fitting = [g for g in grouped if {g.part, g.whole} <= shown]
        for measure in dict.fromkeys(m for table in of_mart for m in table.measures):
            if measure == "share":  # read together with the counts
                continue
            known = learn(tables, of_mart, measure, rules.decimals, fitting)
            if known is not None:
                summary, cells = _judge(known, mart, measure, rules.complementary.width)
                summaries.append(summary)
                found.append(cells)
    audited = [table for table in declared.values() if table.mart in AUDITED]
    telling = telling_figures(tables, audited, rules)
    return Audit(pl.concat(summaries), pl.concat(found), telling)


def _no_summary() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"mart": pl.String, "measure": pl.String}
        | dict.fromkeys(("hidden", *_VERDICTS), pl.Int64)
    )


def _no_cells() -> pl.DataFrame:
    names = ("mart", "measure", "county", "cell")
    return pl.DataFrame(
        schema=dict.fromkeys(names, pl.String) | {"low": pl.Int64, "high": pl.Int64}
    )


def _judge(
    known: Knowledge, mart: str, measure: str, width: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    found = intervals(known.lines, known.low, known.high, width)
    size = known.cells.height
    low, high, hidden = found.low[:size], found.high[:size], known.hidden[:size]
    safe = found.wide[:size] | (high - low >= width)
    verdict = np.select([safe, high == 0, high == low], ["safe", "empty", "derivable"], "narrow")
    counts = {name: int((hidden & (verdict == name)).sum()) for name in _VERDICTS}
    summary = {"mart": mart, "measure": measure, "hidden": int(hidden.sum()), **counts}
    dimensions = [name for name in known.cells.columns if name != "county"]
    cells = known.cells.select(
        mart=pl.lit(mart),
        measure=pl.lit(measure),
        county="county",
        cell=pl.concat_str([pl.col(name) for name in dimensions], separator=" / ")
        if dimensions
        else pl.lit(""),
        low=pl.Series(low),
        high=pl.Series(high),
    ).filter(pl.Series(hidden & ((verdict == "narrow") | (verdict == "derivable"))))
    return pl.DataFrame([summary], schema=_no_summary().schema), cells
