"""The verdict on published tables: what is too well known of what they hide.

Belongs here: which kinds of counts are audited, what counts as too narrow, the figures that tell
answers by themselves. Does not belong here: the attack (`knowledge`, `intervals`), printing.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from aspa_resources.audit.figures import telling_figures
from aspa_resources.audit.intervals import Ints, intervals, ranges_by_sums
from aspa_resources.audit.knowledge import (
    COUNT,
    Grouping,
    Knowledge,
    Tables,
    keys_of,
    learn,
    least_by_answers,
)
from aspa_resources.audit.points import scale_of
from aspa_resources.audit.releases import betrayed_changes
from aspa_resources.rule_book.published import ALL, DisclosureRules, PublishedTable

AUDITED: Final = ("indicator_mart", "theme_mart")
"""Marts whose tables are sums of counts."""
Verdicts = NDArray[np.str_]
_VERDICTS: Final = ("safe", "empty", "narrow", "derivable")


@dataclass(frozen=True)
class Audit:
    """What an attacker can work out of the tables of one month.

    Attributes:
        summary: mart, measure, hidden, safe, empty, narrow, derivable: counts of hidden cells. For
            a score or a mean the measure is how many answered, "points" beside it what they did.
        cells: What is narrower than allowed, for the national zone only: mart, measure, county,
            the dimensions (joined, without totals), low, high.
        telling: table, measure, cells: published figures that tell answers or small counts.
        betrayed: Changes of too few responses since earlier releases that can be known.
        earlier: How many earlier releases were known.
    """

    summary: pl.DataFrame
    cells: pl.DataFrame
    telling: pl.DataFrame
    betrayed: int
    earlier: int

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
    earlier: Sequence[Tables] = (),
) -> Audit:
    """Attack the published tables of one month.

    A hidden count is safe where two possible counts lie at least the protection width apart. One
    known to be 0 is empty: there is nobody to protect. How many answered a question is attacked by
    the sums of those who answered it: beside the responses it is no secret, for all of them may
    have answered. What they answered is attacked with all that is known of how many they were. It
    is safe where it may be a score or a mean that does not tell the answers; and where it may be
    that of too few whose responses are shown, only where it is open by the width in points.

    Args:
        tables: Frames in published form by table name, of one month.
        declared: The declarations by table name.
        rules: Thresholds, width and decimals.
        groupings: Dimensions of which one lies within the other, where both are shown.
        earlier: The tables of earlier releases of the month.

    Returns:
        The audit.

    Raises:
        ContradictionError: The tables contradict each other.
    """
    kinds = _Kinds(tables, declared, rules, list(groupings))
    responses = kinds.judge(AUDITED[0], COUNT, kinds.least_responses())
    bounds = responses.bounds if responses else None
    others = [kind for kind in kinds.named() if kind != (AUDITED[0], COUNT)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:  # the solver runs outside Python
        judged = list(pool.map(lambda kind: kinds.judge_answers(kind[0], kind[1], bounds), others))
    found = [one for one in (responses, *chain.from_iterable(judged)) if one]
    audited = [table for table in declared.values() if table.mart in AUDITED]
    return Audit(
        pl.concat([_no_summary(), *(one.summary for one in found)]),
        pl.concat([_no_cells(), *(one.cells for one in found)]),
        telling_figures(tables, audited, rules),
        sum(kinds.betrayed(before) for before in earlier),
        len(earlier),
    )


@dataclass(frozen=True)
class _Judged:
    """The verdict on one kind of count.

    `bounds` are what it tells of those who are among it; `told` is whether it is known exactly.
    """

    summary: pl.DataFrame
    cells: pl.DataFrame
    bounds: pl.DataFrame


@dataclass(frozen=True)
class _Kinds:
    """The kinds of counts that the tables tell: a mart and a measure each."""

    tables: Tables
    declared: Mapping[str, PublishedTable]
    rules: DisclosureRules
    groupings: Sequence[Grouping]

    def named(self) -> list[tuple[str, str]]:
        """Return mart and measure of each; a share is read together with its count."""
        return list(
            dict.fromkeys(
                (mart, measure)
                for mart in AUDITED
                for table in self._of(mart)
                for measure in table.measures
                if measure != "share"
            )
        )

    def least_responses(self) -> pl.DataFrame:
        """Return how many responded at least by how many answered or wrote."""
        dimensions = list(dict.fromkeys(d for t in self._of(AUDITED[0]) for d in t.dimensions))
        tables = [table for mart in AUDITED for table in self._of(mart)]
        told = least_by_answers(self.tables, tables, dimensions)
        return told.with_columns(most=pl.lit(None, pl.Int64))

    def judge(self, mart: str, measure: str, bounds: pl.DataFrame | None) -> _Judged | None:
        """Attack one kind of count; None where no table shows it."""
        known = self._learnt(mart, measure, bounds)
        if known is None:
            return None
        width = self.rules.complementary.width
        found = intervals(known.lines, known.low, known.high, width)
        size = known.cells.height
        low, high = found.low[:size], found.high[:size]
        safe = found.wide[:size] | (high - low >= width)
        verdict = np.select(
            [safe, high == 0, high == low], ["safe", "empty", "derivable"], "narrow"
        )
        return _judged(known, low, high, verdict, mart, measure)

    def judge_answers(
        self, mart: str, measure: str, bounds: pl.DataFrame | None
    ) -> list[_Judged | None]:
        """Attack one kind of count; of a score or a mean what was answered, too."""
        scale = scale_of(measure)
        if scale is None or bounds is None:
            return [self.judge(mart, measure, bounds)]
        counted = self._learnt(mart, measure, bounds)
        if counted is None:
            return []
        size, rules = counted.cells.height, self.rules
        least, most = (
            ends[:size] for ends in ranges_by_sums(counted.lines, counted.low, counted.high)
        )
        answered = counted.cells.with_columns(
            least=pl.lit(None, pl.Int64), most=pl.Series(most * scale.each)
        )
        known = self._learnt(mart, measure, answered, points=True)
        if known is None:
            return []
        width, few = rules.complementary.width, scale.few(rules.least_distributions)
        found = intervals(known.lines, known.low, known.high, width)
        low, high = found.low[:size], found.high[:size]
        wide = found.wide[:size] | (high - low >= width)
        shown = _laid(known.cells, bounds, "told").fill_null(value=False).to_numpy()
        tells = (high < few) | (low > most * scale.each - few)
        open_enough = wide | (~tells & ~(shown & (least < rules.threshold)))
        verdict = np.select(
            [open_enough, most == 0, high == low], ["safe", "empty", "derivable"], "narrow"
        )
        return [
            self.judge(mart, measure, None),
            _judged(known, low, high, verdict, mart, f"{measure} points"),
        ]

    def _learnt(
        self, mart: str, measure: str, bounds: pl.DataFrame | None, *, points: bool = False
    ) -> Knowledge | None:
        of_mart = self._of(mart)
        shown = set(keys_of(of_mart))
        fitting = [g for g in self.groupings if {g.part, g.whole} <= shown]
        return learn(
            self.tables,
            of_mart,
            measure,
            self.rules.decimals,
            fitting,
            bounds=bounds,
            points=points,
        )

    def betrayed(self, before: Tables) -> int:
        """Count the changes of too few responses that an earlier release betrays beside this."""
        return sum(
            betrayed_changes(
                self.tables, before, self._of(mart), self.groupings, self.rules.threshold
            )
            for mart in AUDITED
        )

    def _of(self, mart: str) -> list[PublishedTable]:
        return [t for t in self.declared.values() if t.mart == mart and t.name in self.tables]


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


def _laid(cells: pl.DataFrame, bounds: pl.DataFrame, column: str) -> pl.Series:
    """Return what is told of each cell by bounds of cells that have some of its dimensions."""
    told = [name for name in bounds.columns if name not in {"least", "most", "told"}]
    on = [name for name in told if name in cells.columns]
    fitting = bounds.filter(*(pl.col(name) == ALL for name in told if name not in on))
    return cells.join(fitting.select(*on, column), on=on, how="left", maintain_order="left")[column]


def _judged(  # noqa: PLR0917 (one kind of count and what was found of it)
    known: Knowledge, low: Ints, high: Ints, verdict: Verdicts, mart: str, measure: str
) -> _Judged:
    hidden = known.hidden[: low.size]
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
    bounds = known.cells.with_columns(
        least=pl.lit(None, pl.Int64), most=pl.Series(high), told=pl.Series(low == high)
    )
    return _Judged(pl.DataFrame([summary], schema=_no_summary().schema), cells, bounds)
