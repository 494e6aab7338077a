"""Published tables as JSON-stat 2.0, the format that statistics offices exchange cubes in.

Belongs here: the shape of one dataset. Not here: which figures it may hold (disclosure).

Every key column is a dimension, and so are the measure and the figure (the value, or the n behind
it). Values and statuses are objects by position, since most positions of a crossing are empty;
`suppressed` is the status of a cell that is not shown. https://json-stat.org/full/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from aspa_resources.rule_book.published import PublishedTable

_FIGURES: Final = ("value", "n")
_ROLES: Final = {"time": ["month"], "geo": ["county"], "metric": ["measure", "figure"]}

Label = Callable[[str, str], str]


def dataset(table: PublishedTable, frame: pl.DataFrame, label: Label) -> dict[str, Any]:
    """Return one table as a JSON-stat dataset.

    Args:
        table: Its declaration.
        frame: The table in published form.
        label: Gives the name of a dimension's code.

    Returns:
        The dataset, ready to be written as JSON.
    """
    keys = ["month", "county", *table.dimensions, "measure"]
    codes = {key: frame[key].unique(maintain_order=True).to_list() for key in keys}
    codes["figure"] = list(_FIGURES)
    sizes = [len(of) for of in codes.values()]
    places = [{code: place for place, code in enumerate(codes[key])} for key in keys]
    values: dict[str, float] = {}
    statuses: dict[str, str] = {}
    for row in frame.select(*keys, *_FIGURES, "status").iter_rows():
        at = 0
        for place, size, code in zip(places, sizes, row, strict=False):
            at = at * size + place[code]
        for i, figure in enumerate(row[len(keys) : len(keys) + len(_FIGURES)]):
            if row[-1] == "suppressed":
                statuses[str(at * len(_FIGURES) + i)] = "suppressed"
            else:
                values[str(at * len(_FIGURES) + i)] = figure
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.titles.en,
        "note": [table.description],
        "id": list(codes),
        "size": sizes,
        "role": _ROLES,
        "dimension": {
            key: {
                "label": key,
                "category": {"index": of, "label": {code: label(key, code) for code in of}},
            }
            for key, of in codes.items()
        },
        "value": values,
        "status": statuses,
    }
