"""Putting fetched lists into the rules folder: deliberately, whole, and only where rules still fit.

Belongs here: what a code set's file becomes, its entry in the index, and the exchange of the
folder. Does not belong here: fetching (`client`, `exports`), whether a list may be taken
(the gate of the asset).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import yaml

from aspa_resources import atomic_files
from aspa_resources.code_server.lists import SCHEMA
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.code_sets import COLUMNS, INDEX, CodeSet, CodeSetIndex
from aspa_resources.rule_book.files import RuleFolder

_FOLDER = "code_sets"
_PROVENANCE = {
    "code_server": "P: national code server (koodistopalvelin).",
    "manual_export": "P: manual export of the national code server (koodistopalvelin).",
}
_KEPT = "Names and columns that it does not give are those of the list before."


def install(root: Path, lists: pl.DataFrame, names: Sequence[str]) -> None:
    """Put fetched lists into force: their CSV files, and version, provenance, day in the index.

    The rules are tried with them first, in a copy. The folder `code_sets` is then exchanged at
    once; what else stands in it, comments of the index too, stays as it is.

    Args:
        root: The rules folder.
        lists: The sealed frame of the asset `code_sets`.
        names: Of the code sets to put into force.

    Raises:
        RuleError: A rule does not fit a new list; names file, line or key, and cure.
    """
    files = _new_files(root, lists, names)
    with TemporaryDirectory() as tried:
        copy = Path(tried, "rules")
        shutil.copytree(root, copy)
        _write(copy / _FOLDER, files)
        RuleBook.load(copy)
    with atomic_files.written_aside(root / _FOLDER) as target:
        shutil.copytree(root / _FOLDER, target)
        _write(target, files)


def merged(fetched: pl.DataFrame, former: CodeSet) -> pl.DataFrame:
    """Return the codes of a fetched list with what only the former one says of them.

    Args:
        fetched: A frame of `lists.SCHEMA`.
        former: The list in force.

    Returns:
        The columns of the former list, in its order, new codes last. Names that the fetched one
        lacks are kept, code by code, and so are the list's own columns, unless the fetched one
        fills them.
    """
    columns = former.codes.columns
    given = [name for name in columns if name in COLUMNS or _fills(fetched, name)]
    kept = [name for name in columns if name.startswith("name_") or name not in given]
    newest = former.codes.sort("begin", nulls_last=False).unique("code", keep="last")
    joined = fetched.select(given).join(
        newest.select("code", pl.col(kept).name.suffix("_kept")), on="code", how="left"
    )
    both = [
        pl.coalesce([name, f"{name}_kept"]) if name in given else pl.col(f"{name}_kept").alias(name)
        for name in kept
    ]
    order = former.codes.select("code").unique(maintain_order=True).with_row_index("place")
    placed = joined.with_columns(both).join(order, on="code", how="left")
    return placed.sort("place", "code", "begin", nulls_last=[True, False, False]).select(columns)


def with_entry(index: str, name: str, values: Mapping[str, str]) -> str:
    """Return the index with some keys of one entry set and every other character as it was.

    Args:
        index: The text of `code_sets/index.yaml`.
        name: Of the entry.
        values: YAML scalars by key; a key that the entry lacks is written below its `oid`.
    """
    document: Any = yaml.compose(index)
    entry = next(
        {key.value: (key, value) for key, value in node.value}
        for node in document.value[0][1].value
        if any(key.value == "name" and value.value == name for key, value in node.value)
    )
    changes = []
    for key, scalar in values.items():
        if key in entry:
            old = entry[key][1]
            changes.append((old.start_mark.index, old.end_mark.index, scalar))
        else:
            oid_key, oid = entry["oid"]
            indent = " " * oid_key.start_mark.column
            end = oid.end_mark.index
            changes.append((end, end, f"\n{indent}{key}: {scalar}"))
    for start, end, text in sorted(changes, reverse=True):
        index = index[:start] + text + index[end:]
    return index


def _fills(fetched: pl.DataFrame, name: str) -> bool:
    return name in SCHEMA and fetched[name].null_count() < fetched.height


def _new_files(root: Path, lists: pl.DataFrame, names: Sequence[str]) -> dict[str, str]:
    folder = RuleFolder(root)
    entries = {entry.name: entry for entry in folder.load(INDEX, CodeSetIndex).code_sets}
    former = RuleBook.load(root).code_sets
    index = folder.path(INDEX).read_text(encoding="utf-8")
    files = {}
    for name in names:
        fetched = lists.filter(pl.col("code_set") == name)
        files[entries[name].file] = merged(fetched, former[name]).write_csv()
        index = with_entry(index, name, _entry(fetched))
    return files | {Path(INDEX).name: index}


def _entry(fetched: pl.DataFrame) -> dict[str, str]:
    day: date = fetched["read_on"][0]
    versions = ", ".join(sorted(fetched["version"].drop_nulls().unique()))
    return {
        "version": json.dumps(versions or f"export of {day}", ensure_ascii=False),
        "provenance": json.dumps(f"{_PROVENANCE[fetched['source'][0]]} {_KEPT}"),
        "fetched": day.isoformat(),
    }


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
