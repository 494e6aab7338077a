"""Ranges that exchanges between four cells prove open.

Belongs here: the quick proof that spares most linear programs. Does not belong here: the exact
range (that is `intervals`).

Four hidden cells where two sums cross two others can trade responses so that every sum stays: two
counties with two categories, or a county and the nation. A cell that can gain or lose
enough by such exchanges is uncertain, whatever more general changes would add.
"""

import numpy as np
from scipy import sparse

from aspa_resources.disclosure.cells import Bools, Floats, Ints
from aspa_resources.disclosure.intervals import System

_CROSSING = 2


class Exchanges:
    """The hidden cells where exactly two sums cross, and what they can trade.

    Args:
        system: The counts and their sums; ranges found are noted in it.
        hidden: Cells whose count an attacker does not know.
        rests: How many of the last cells are what a whole has beside a part, each with a line of
            its own, the last ones. No sum is traded across these; they only leave less room.
    """

    def __init__(self, system: System, hidden: Bools, rests: int) -> None:
        self._system = system
        self._point: list[float] = []
        self._most: list[float] = system.most.tolist()
        self._signs: dict[int, dict[int, float]] = {}
        self._across: dict[int, dict[int, int]] = {}
        self._rest_of: dict[int, int] = {}
        self._rests_in: dict[int, list[int]] = {}
        sums = system.lines.shape[0] - rests
        self._note_rests(system.lines[sums:].tocoo())
        lines = system.lines[:sums].tocsc()
        for cell in np.flatnonzero(hidden).tolist():
            inside = slice(lines.indptr[cell], lines.indptr[cell + 1])
            signs = dict(
                zip(lines.indices[inside].tolist(), lines.data[inside].tolist(), strict=True)
            )
            if len(signs) == _CROSSING:
                first, second = signs
                self._signs[cell] = signs
                self._across.setdefault(first, {})[second] = cell
                self._across.setdefault(second, {})[first] = cell

    def _note_rests(self, lines: sparse.coo_array) -> None:
        first = lines.shape[1] - lines.shape[0]
        for row, cell, sign in zip(
            *(x.tolist() for x in (lines.row, lines.col, lines.data)), strict=True
        ):
            if sign < 0:
                self._rests_in.setdefault(cell, []).append(first + row)
            elif cell < first:
                self._rest_of[cell] = first + row

    def note_ranges(self, point: Floats, cells: Ints) -> None:
        """Note the ranges that exchanges prove, as far as the width.

        Args:
            point: Possible counts of all cells, from which is traded.
            cells: The cells whose ranges are sought; those where not two sums cross are passed by.
        """
        system, self._point = self._system, point.tolist()
        for cell in cells.tolist():
            for change in (1.0, -1.0) if cell in self._signs else ():
                if system.high[cell] - system.low[cell] < system.width:
                    end = self._point[cell] + change * self._shift(cell, change)
                    system.low[cell] = min(system.low[cell], end)
                    system.high[cell] = max(system.high[cell], end)

    def _room(self, cell: int, change: float) -> float:
        if change < 0:
            beside = (self._point[rest] for rest in self._rests_in.get(cell, ()))
            return min(self._point[cell], *beside, np.inf)
        rest = self._rest_of.get(cell)
        left = np.inf if rest is None else self._point[rest]
        return min(self._most[cell] - self._point[cell], left)

    def _shift(self, cell: int, change: float) -> float:
        """Return how far a cell can change in one direction, at most by the width."""
        first, second = self._signs[cell]
        wanted = min(float(self._system.width), self._room(cell, change))
        beside = self._neighbours(cell, first, change)
        below = self._neighbours(cell, second, change)
        moved = 0.0
        for across, (_, stock) in beside.items():
            left = stock
            for other, (step, room) in below.items():
                opposite = self._across[across].get(other)
                if opposite is not None and room > 0 and left > 0:
                    turn = self._signs[cell][second] * self._signs[step][second]
                    turn *= self._signs[step][other] * self._signs[opposite][other]
                    amount = min(left, room, self._room(opposite, change * turn), wanted - moved)
                    moved, left = moved + amount, left - amount
                    below[other] = step, room - amount
            if moved >= wanted:
                break
        return moved

    def _neighbours(self, cell: int, line: int, change: float) -> dict[int, tuple[int, float]]:
        """Return the other cells of one sum, by their other sum, with their room to make up."""
        own = self._signs[cell][line]
        rooms = {
            other: (neighbour, self._room(neighbour, -change * own * self._signs[neighbour][line]))
            for other, neighbour in self._across[line].items()
            if neighbour != cell
        }
        return {other: found for other, found in rooms.items() if found[1] > 0}
