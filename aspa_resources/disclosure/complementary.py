"""Which further cells are hidden so that the hidden ones cannot be worked out.

Belongs here: complementary suppression of one set of counts. Does not belong here: which cells are
hidden to begin with, what a cell means.

First every sum is closed: its hidden parts are at least two and together at least the width. Then
every hidden cell is examined with all sums at once, and where its interval is still too short, the
cells of the cheapest change that widens it are hidden too. Hiding more never shortens an
interval, so one pass over the cells ends it. A component (cells that sums connect) is
treated by itself: what else is published that day does not change its outcome.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aspa_resources.disclosure.cells import Bools, Floats, Ints
from aspa_resources.disclosure.exchanges import Exchanges
from aspa_resources.disclosure.intervals import System
from aspa_resources.rule_book.published import ComplementaryRules


def hide_complementary(
    lines: sparse.csr_array,
    counts: Ints,
    *,
    hidden: Bools,
    free: Bools,
    sensitive: Bools,
    most: Floats,
    rules: ComplementaryRules,
    worth: Ints | None = None,
    wanted: Bools | None = None,
    width: int | None = None,
    rests: int = 0,
) -> Bools:
    """Hide what is needed for the hidden counts to stay uncertain.

    Args:
        lines: Matrix lines x cells, as in `Cells`.
        counts: The exact counts, one a cell.
        hidden: Cells hidden already.
        free: Cells that may be hidden.
        sensitive: Cells whose count must stay uncertain when hidden. Another cell (nobody in it)
            may be recognised as empty.
        most: The largest count an attacker deems possible in each cell.
        rules: How to search, and the least width of an interval.
        worth: The responses that readers lose with each cell; None where that is the counts.
        wanted: Cells that are to be protected when hidden; None for all.
        width: The least width of an interval, where it is not that of the rules.
        rests: How many of the last lines and cells are those that `with_rests` added.

    Returns:
        The hidden cells, those given and those added. Each hidden cell that is sensitive, or that
        an attacker does not know to be empty, has an interval of possible real values at least the
        width long, wherever the figures allow it.
    """
    aims = _Aims(
        free,
        sensitive,
        np.ones_like(hidden) if wanted is None else wanted,
        1.0 + (counts if worth is None else worth).astype(np.float64),
        rests,
    )
    least = rules.width if width is None else width
    system = System(lines, counts, most, least)
    hidden = _close_lines(system, hidden.copy(), aims)
    for component in _components(lines, hidden):
        _widen(system, component[(free | hidden)[component]], hidden, aims, rules)
    return hidden


@dataclass(frozen=True)
class _Aims:
    """What may be hidden at which price, and what for; `rests` as in `hide_complementary`."""

    free: Bools
    sensitive: Bools
    wanted: Bools
    prices: Floats
    rests: int


def _close_lines(system: System, hidden: Bools, aims: _Aims) -> Bools:
    """Hide the cheapest cells until no sum has hidden parts that it gives away."""
    lines, counts = system.lines, system.counts
    touching = abs(lines)
    parts = lines.maximum(0)
    by_cell = lines.tocsc()
    guarded_cells = aims.sensitive & aims.wanted
    while True:
        unsure = hidden & ~_known_empty(system, hidden, aims.sensitive)
        guarded = touching @ (unsure & guarded_cells) > 0
        alone = touching @ unsure == 1
        shown_total = (parts - lines) @ hidden == 0
        small = shown_total & (parts @ (counts * unsure) < system.width)
        touched: set[int] = set()
        for line in np.flatnonzero(guarded & (alone | small)):
            cells = lines.indices[lines.indptr[line] : lines.indptr[line + 1]]
            shown = cells[aims.free[cells] & ~hidden[cells]]
            if shown.size and line not in touched:
                cell = _cheapest(shown, aims.prices, hidden & guarded_cells, lines, by_cell)
                hidden[cell] = True
                touched.update(by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]])
        if not touched:
            return hidden


def _cheapest(
    shown: Ints,
    prices: Floats,
    guarded: Bools,
    lines: sparse.csr_array,
    by_cell: sparse.csc_array,
) -> int:
    """Return the shown cell that costs least: few responses, few sums newly broken."""
    costs = []
    for cell in shown:
        crossing = by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]]
        broken = sum(
            not guarded[lines.indices[lines.indptr[line] : lines.indptr[line + 1]]].any()
            for line in crossing
        )
        costs.append((1 + broken) * prices[cell])
    return int(shown[np.argmin(costs)])


def _known_empty(system: System, hidden: Bools, sensitive: Bools) -> Bools:
    """Return hidden cells with nobody in them that are proven to be empty, by sums or outright."""
    lines, counts = system.lines, system.counts
    parts = lines.maximum(0)
    totals = parts - lines
    empty = hidden & (system.most <= 0)
    while True:
        unsure = hidden & ~empty
        proven = (totals @ unsure == 0) & (parts @ (unsure & ((counts > 0) | sensitive)) == 0)
        more = unsure & (parts.T @ proven > 0)
        if not more.any():
            return empty
        empty |= more


def _components(lines: sparse.csr_array, hidden: Bools) -> list[Ints]:
    """Return the cells of each component that has a hidden cell."""
    rows, columns = lines.shape
    graph = sparse.block_array([[None, lines], [lines.T, None]], format="csr")
    _, labels = sparse.csgraph.connected_components(graph, directed=False)
    of_cell = labels[rows : rows + columns]
    order = np.argsort(of_cell, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(of_cell[order])) + 1)
    return [group for group in groups if hidden[group].any()]


def _widen(
    system: System, component: Ints, hidden: Bools, aims: _Aims, rules: ComplementaryRules
) -> None:
    """Examine the hidden cells of one component and hide more until all are uncertain enough."""
    random = np.random.default_rng(rules.seed)
    empty = _known_empty(system, hidden, aims.sensitive)
    inside = component[hidden[component] & ~empty[component]]
    sought = inside[aims.wanted[inside]]
    if not sought.size:
        return
    exchanges = Exchanges(system, hidden & ~empty, aims.rests)
    point = system.counts.astype(float)
    exchanges.note_ranges(point, sought)
    for _ in range(rules.probes):
        short = system.is_short(inside) & aims.wanted[inside]
        if not short.any():
            break
        end = system.probe(inside, np.where(short, random.standard_normal(inside.size), 0.0))
        if end is not None:
            point[inside] = end
            exchanges.note_ranges(point, inside[short])
    settled = empty | ~aims.wanted
    while (cell := _next_short(system, component, hidden & ~settled)) is not None:
        if not _examine(system, cell, component[~empty[component]], hidden, aims.prices):
            settled[cell] = True


def _next_short(system: System, component: Ints, open_cells: Bools) -> int | None:
    inside = component[open_cells[component]]
    short = inside[system.is_short(inside)]
    return int(short[0]) if short.size else None


def _examine(system: System, cell: int, component: Ints, hidden: Bools, prices: Floats) -> bool:
    """Find one cell's exact interval; hide more when it is short. Tell whether that may help."""
    inside = component[hidden[component]]
    direction = (inside == cell).astype(float)
    ends = {}
    for upwards in (True, False):
        end = system.probe(inside, direction if upwards else -direction)
        point = system.counts.astype(float)
        if end is not None:
            point[inside] = end
        ends[upwards] = point
        if not system.is_short(np.array([cell]))[0]:
            return True
    for upwards, point in ends.items():
        added = system.cheapest_widening(
            cell,
            point,
            upwards=upwards,
            prices=np.where(hidden, 0.0, prices),
            among=component,
        )
        if not hidden[added].all():
            hidden[added] = True
            return True
    return False
