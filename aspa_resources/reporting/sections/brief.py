"""What every chapter is written from, and the cells and notes they share.

Belongs here: the brief and how one figure becomes a cell. Does not belong here: any one chapter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aspa_resources.reporting.blocks import Cell, Column
from aspa_resources.reporting.figures import (
    NATION,
    NPS_TABLE,
    Figure,
    Nps,
    PublishedView,
    nps_of,
)
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.wording import Wording
from aspa_resources.rule_book.trends import TREND
from aspa_resources.trends.series import months_back

_MOST_NAMED: Final = 3
"""A sentence names no more; the table has all. One more stands for itself, not as "1 more"."""


@dataclass(frozen=True)
class Brief:
    """One area, one month, one language.

    Attributes:
        view: the month's published figures of the areas the page speaks of.
        area: county code, or the nation's.
        month: `YYYY-MM`.
        provenance: versions the figures stand on, by what they are versions of.
    """

    view: PublishedView
    names: Names
    voice: Wording
    area: str
    month: str
    provenance: Mapping[str, str]

    @property
    def national(self) -> bool:
        """Whether the page is the nation's."""
        return self.area == NATION

    def score(self, area: str | None = None) -> Nps:
        """Return an area's recommendation score of the month; the page's own by default."""
        return nps_of(self.view, NPS_TABLE, area or self.area)

    def earlier_month(self, against: str) -> str:
        """Return the month that rules call previous_month or previous_year, as `YYYY-MM`."""
        return months_back(self.month, self.names.rules.trends.alerts.against[against])

    def earlier_score(self, against: str) -> Nps:
        """Return the page's score of an earlier month, which the trend table repeats."""
        return nps_of(self.view, TREND, self.area, period=self.earlier_month(against))

    def define(self, *terms: str) -> tuple[tuple[str, str], ...]:
        """Return terms with their meaning."""
        say = self.voice.say
        return tuple((say(f"terms.{term}"), say(f"definitions.{term}")) for term in terms)

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return a table's headings; the first one heads the rows' names."""
        return tuple(Column(self.voice.say(key), numeric=i > 0) for i, key in enumerate(keys))

    def cell(self, figure: Figure, write: Callable[[float], str] | None = None) -> Cell:
        """Return a figure as a cell, or in words why it is not shown; whole numbers by default."""
        if figure.value is None:
            return Cell(self.voice.status(figure), "unshown", figure)
        return Cell((write or self.voice.whole)(figure.value), "number", figure)

    def count(self, figure: Figure) -> Cell:
        """Return how many responses a figure is computed from."""
        if figure.n is None:
            return Cell(self.voice.status(figure), "unshown")
        return Cell(self.voice.whole(figure.n), "number")

    def margin(self, score: Nps) -> Cell:
        """Return a score's margin of error, at least one point."""
        if score.margin is None:
            return Cell(self.voice.status(score.score), "unshown")
        return Cell(f"±{self.voice.whole(max(score.margin, 1))}", "number")

    def named(self, sizes: Mapping[str, float]) -> str:
        """Return the names with the largest sizes, and how many others there are."""
        names = sorted(sizes, key=lambda name: -abs(sizes[name]))
        if len(names) <= _MOST_NAMED + 1:
            return "; ".join(names)
        more = self.voice.whole(len(names) - _MOST_NAMED)
        listed = "; ".join(names[:_MOST_NAMED])
        return self.voice.say("page.and_more", names=listed, count=more)

    def notes(self, figures: Iterable[Figure]) -> tuple[str, ...]:
        """Return what a table must explain of the figures it does not show."""
        states = {figure.status for figure in figures}
        keys = ("suppressed", "missing")
        return tuple(self.voice.say(f"status.{key}_note") for key in keys if key in states)
