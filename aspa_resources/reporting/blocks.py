"""The parts a page is made of, in one language and ready to be laid out.

Belongs here: plain records that the templates read. Does not belong here: how they are filled
(`sections`) or drawn (`drawings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from aspa_resources.reporting.explorer.records import Explorer
from aspa_resources.reporting.figures import Figure

CellKind = Literal["text", "number", "unshown"]
RankingMark = Literal["positive", "negative"]
Tone = Literal["better", "worse", "even"]

_MOST_COLUMNS: Final = 5


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its words, how they are set, and the figure that they tell, if one."""

    text: str
    kind: CellKind = "text"
    figure: Figure | None = None


@dataclass(frozen=True)
class Column:
    """One column's heading."""

    text: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """A data table; the first cell of a row is its heading.

    Attributes:
        notes: sentences below it, such as what a suppressed figure is.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LegendItem:
    """One entry of a chart's legend; `mark` names its colour in the stylesheet."""

    mark: str
    text: str


@dataclass(frozen=True)
class CloudWord:
    """A word and its size, 1 (rarest) to 5."""

    text: str
    size: int


@dataclass(frozen=True)
class Cloud:
    """Words sized by how many responses they occur in."""

    label: str
    words: tuple[CloudWord, ...]


@dataclass(frozen=True)
class Exhibit:
    """One finding: what it says, its chart, and the figures behind it.

    Attributes:
        title: heading of the third level.
        message: what the chart shows, in a sentence.
        chart: inline SVG; None where there is nothing to draw.
        cloud: words sized by their count, in the place of a chart.
        table: None where nothing was published.
        table_open: whether the table stands open instead of being unfolded.
    """

    title: str
    message: str
    chart: Markup | None = None
    legend: tuple[LegendItem, ...] = ()
    table: Table | None = None
    table_open: bool = False
    cloud: Cloud | None = None

    @property
    def wide(self) -> bool:
        """Whether its open table has so many columns that it needs the page's whole width."""
        return bool(self.table and self.table_open and len(self.table.columns) > _MOST_COLUMNS)


@dataclass(frozen=True)
class Card:
    """One figure of the first screen.

    Attributes:
        value: the figure, or in words why it is not shown.
        basis: what it rests on (n, margin).
        remark: how it compares; empty where it does not.
        tone: colour of the remark: better, worse, or even.
        figure: the published figure that the value tells, if one.
    """

    label: str
    value: str
    basis: str = ""
    remark: str = ""
    tone: Tone = "even"
    shown: bool = True
    figure: Figure | None = None


@dataclass(frozen=True)
class Ranked:
    """One entry of a ranking: what it is, how much of it, the figure, and how that has changed."""

    name: str
    count: str
    figure: Figure
    remark: str = ""


@dataclass(frozen=True)
class Ranking:
    """A short list of what stands out; `empty` is said where nothing does."""

    mark: RankingMark
    title: str
    items: tuple[Ranked, ...]
    empty: str


@dataclass(frozen=True)
class Section:
    """One chapter of the page.

    Attributes:
        key: fragment identifier, the same in every language before the language's suffix.
        headline: the chapter's news, in large type.
        facts: names and values, shown openly.
        definitions: term and meaning of every figure the chapter shows.
        explorer: lists to pick a group from; such a chapter is shown by the page's script alone.
    """

    key: str
    title: str
    lead: str = ""
    headline: str = ""
    cards: tuple[Card, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    explorer: Explorer | None = None
