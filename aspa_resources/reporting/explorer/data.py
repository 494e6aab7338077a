"""The published figures of every group, as the data that the page's script reads.

Belongs here: the form of the data block. Does not belong here: words, which each edition has.

The block holds figures of the published tables alone, each with its n, and what follows from them:
margins of error and differences. A suppressed figure is 0, one that is not published is null.
"""

from __future__ import annotations

import json
from typing import Any, Final

from aspa_resources.reporting.explorer.groups import (
    WHOLE,
    Cell,
    Grouping,
    Place,
    grouping,
    groupings,
)
from aspa_resources.reporting.figure_details import Codes
from aspa_resources.reporting.figures import (
    NATION,
    Figure,
    Nps,
    PublishedView,
    beyond_chance,
    nps_of,
    points_between,
)
from aspa_resources.rule_book import RuleBook

_SUPPRESSED: Final = 0
_SCORE: Final = "nps"


def explorer_data(view: PublishedView, area: str, rules: RuleBook) -> str:
    """Return the figures of an area's groups as JSON that may stand inside a script element.

    Args:
        view: the month's published figures of the area and the nation.
        area: county code, or the nation's.
        rules: what is published, and by what.

    Returns:
        `month` and `areas` (the area, then the nation); `figures`: ids, in the order of every row
        of figures; `places`: by grouping, where each figure stands, as [table, measure, what it is
        crossed with], or null; `whole`: the area's row as a whole; `groups`: by key, its `cell`,
        its rows (one an area) and what they are `against` (the nation's same group, then the area
        as a whole): whole points of score and whether that is beyond chance, or null. A figure is
        [value, n], a score [value, n, margin in whole points]; a row ends with its last figure that
        is not null.
    """
    whole = grouping(rules)
    names = list(whole.places)
    areas = [area] if area == NATION else [area, NATION]
    reference = _score(view, whole, area, WHOLE)
    groups = {}
    ways = groupings(rules)
    for way in ways:
        for cell in way.cells(view, area):
            own, *others = [_score(view, way, one, cell) for one in areas]
            groups[way.key(cell)] = {
                "cell": dict(cell),
                "rows": [_row(view, way, names, one, cell) for one in areas],
                "against": [_difference(own, other) for other in (*others, reference)],
            }
    block = {
        "month": view.month,
        "areas": areas,
        "figures": names,
        "places": {
            way.id: [_place(way.places.get(name)) for name in names] for way in (whole, *ways)
        },
        "whole": _row(view, whole, names, area, WHOLE),
        "groups": groups,
    }
    text = json.dumps(block, separators=(",", ":"), sort_keys=True, ensure_ascii=True)
    return text.replace("<", "\\u003c")


def explored_codes(view: PublishedView, area: str, rules: RuleBook) -> Codes:
    """Return what the keys of the figures that the page's script may tell of are made of."""
    codes = Codes(dict.fromkeys((area, NATION)), {view.month: None})
    for way in (grouping(rules), *groupings(rules)):
        cells = way.cells(view, area)
        for place in way.places.values() if cells else ():
            codes.tables[place.table] = codes.measures[place.measure] = None
            codes.categories.update(dict.fromkeys(place.within.items()))
        for cell in cells:
            codes.categories.update(dict.fromkeys(cell.items()))
    return codes


def _place(place: Place | None) -> tuple[str, str, Cell] | None:
    return None if place is None else (place.table, place.measure, dict(place.within))


def _score(view: PublishedView, way: Grouping, area: str, cell: Cell) -> Nps:
    return nps_of(view, way.table, area, **cell)


def _row(view: PublishedView, way: Grouping, names: list[str], area: str, cell: Cell) -> list[Any]:
    margin = _score(view, way, area, cell).margin
    row = [
        _cell(way.figure(view, name, area, cell), margin if name == _SCORE else None)
        for name in names
    ]
    while row and row[-1] is None:
        row.pop()
    return row


def _cell(figure: Figure, margin: float | None) -> list[float | None] | int | None:
    if figure.value is None:
        return _SUPPRESSED if figure.status == "suppressed" else None
    value = int(figure.value) if figure.value.is_integer() else figure.value
    return [value, figure.n, *([] if margin is None else [int(max(margin, 1) + 0.5)])]


def _difference(own: Nps, other: Nps) -> list[int | bool] | None:
    points, beyond = points_between(own, other), beyond_chance(own, other)
    return None if points is None or beyond is None else [points, beyond]
