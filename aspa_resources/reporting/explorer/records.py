"""The parts of the chapter in one language, ready to be laid out.

Belongs here: plain records that the chapter's template reads. Does not belong here: how they are
filled (`sections.explorer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "score", "share", "mean", "theme"]
"""How a figure is written and drawn; shares of themes are drawn to the largest of them."""


@dataclass(frozen=True)
class Option:
    """One group that can be picked.

    Attributes:
        key: the group in the data and in addresses.
        name: what it is called within its part of the list.
    """

    key: str
    name: str


@dataclass(frozen=True)
class Choice:
    """One list to pick from; where dimensions are crossed, the first one heads its part."""

    id: str
    label: str
    parts: tuple[tuple[str, tuple[Option, ...]], ...]


@dataclass(frozen=True)
class Row:
    """One figure: its id in the data, and what it is called."""

    figure: str
    kind: Kind
    name: str


@dataclass(frozen=True)
class Part:
    """Figures that stand in one table."""

    title: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Explorer:
    """What the chapter holds.

    Attributes:
        columns: mark and heading of each column of figures: the group, what it is set beside.
        first: lists shown at once.
        more: lists shown when asked for.
        phrases: sentences with {placeholders} that the script fills, by key.
        say: gives the chapter's own sentences by key.
    """

    columns: tuple[tuple[str, str], ...]
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    parts: tuple[Part, ...]
    phrases: Mapping[str, str]
    say: Callable[[str], str]
