"""The published tables in their two forms: one frame for storage, one frame a table for readers.

Belongs here: joining and parting the declared tables, and writing them as files. Not here: which
figures they may hold (disclosure).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from aspa_resources import atomic_files, data_dictionary, json_stat
from aspa_resources.rule_book import CodeGroups, RuleBook, SoteAllocation
from aspa_resources.rule_book.published import ALL, NATION, SOTE_CLASS, UNKNOWN
from aspa_resources.storage import Manifest, Storage

TABLE: Final = "table"

TableFormat = Literal["csv", "parquet"]
FileFormat = Literal[TableFormat, "json-stat"]
_SUFFIXES: Final[dict[FileFormat, str]] = {
    "csv": ".csv",
    "parquet": ".parquet",
    "json-stat": ".json",
}


def join_tables(tables: Mapping[str, pl.DataFrame], columns: list[str]) -> pl.DataFrame:
    """Return all tables as one frame, with their name in the column `table`.

    Args:
        tables: published frames by name.
        columns: columns of the joined frame, in order; a dimension that a table lacks is null.
    """
    named = [frame.with_columns(pl.lit(name).alias(TABLE)) for name, frame in tables.items()]
    joined = pl.concat(named, how="diagonal_relaxed")
    absent = [pl.lit(None, dtype=pl.String).alias(c) for c in columns if c not in joined.columns]
    return joined.with_columns(absent).select(columns)


def part_tables(joined: pl.DataFrame, rules: RuleBook) -> dict[str, pl.DataFrame]:
    """Return each declared table with its own dimensions, in the order they are declared.

    A month published before a dimension was declared has no column for it, and no such table.
    """
    declared = dict.fromkeys(d for t in rules.published_tables.values() for d in t.dimensions)
    absent = [
        pl.lit(None, pl.String).alias(name) for name in declared if name not in joined.columns
    ]
    joined = joined.with_columns(absent)
    return {
        name: joined.filter(pl.col(TABLE) == name).select(
            "month", "county", *table.dimensions, "measure", "value", "n", "status"
        )
        for name, table in rules.published_tables.items()
    }


def release_tables(storage: Storage, release: Manifest, rules: RuleBook) -> dict[str, pl.DataFrame]:
    """Return the tables that a release of a month has, without those that it did not have."""
    tables = part_tables(storage.read_version(release), rules)
    return {name: table for name, table in tables.items() if not table.is_empty()}


def below_threshold(joined: pl.DataFrame, rules: RuleBook) -> pl.DataFrame:
    """Return published rows on too few responses, but those of measures that tell of none."""
    free = [
        (name, measure)
        for name, table in rules.published_tables.items()
        for measure in table.open_measures
    ]
    told = pl.DataFrame(free, schema=[TABLE, "measure"], orient="row")
    few = joined.filter(pl.col("n").is_between(1, rules.disclosure.threshold - 1))
    return few.join(told, on=[TABLE, "measure"], how="anti")


def write_files(
    tables: Mapping[str, pl.DataFrame],
    folder: Path,
    formats: Sequence[FileFormat],
    rules: RuleBook,
) -> list[dict[str, Any]]:
    """Write tables for readers, one file a table and format, and the data dictionary beside them.

    The same figures give the same bytes.

    Args:
        tables: frames by declared name.
        folder: where to; must exist.
        formats: which files.
        rules: declarations, dictionary and the names of codes.

    Returns:
        file_name, sha256 and rows of every file.
    """
    files = []
    described = []
    labels = _labels(rules)
    for name, frame in tables.items():
        for file_format in formats:
            path = folder / f"{name}{_SUFFIXES[file_format]}"
            if file_format == "json-stat":
                cube = json_stat.dataset(rules.published_tables[name], frame, labels)
                sha256 = _write(path, json.dumps(cube, ensure_ascii=False).encode())
            else:
                sha256 = write_table(frame, path, file_format)
            described.append((name, path.name))
            files.append(_told(path, sha256, frame.height))
    package = json.dumps(
        data_dictionary.data_package(rules, described), ensure_ascii=False, indent=1
    )
    for name, text in (
        (data_dictionary.PACKAGE, package),
        (data_dictionary.PAGE, data_dictionary.page(rules, tables)),
    ):
        path = folder / name
        files.append(_told(path, _write(path, text.encode()), 0))
    return files


def _told(path: Path, sha256: str, rows: int) -> dict[str, Any]:
    return {"file_name": path.name, "sha256": sha256, "rows": rows}


def write_table(frame: pl.DataFrame, path: Path, file_format: TableFormat) -> str:
    """Write one table as a file, whole at once, and return the SHA-256 of its bytes."""
    content = io.BytesIO()
    if file_format == "csv":
        frame.write_csv(content)
    else:
        frame.write_parquet(content, compression="zstd", statistics=False)
    return _write(path, content.getvalue())


def _write(path: Path, content: bytes) -> str:
    """Write a file, whole at once, and return the SHA-256 of its bytes."""
    atomic_files.write_bytes(path, content)
    return hashlib.sha256(content).hexdigest()


def _labels(rules: RuleBook) -> json_stat.Label:
    """Return what names a dimension's code in English; the bare code where nothing does."""
    groups: dict[str, CodeGroups | SoteAllocation] = {
        "contact_mode_group": rules.contact_mode_groups,
        "profession_group": rules.profession_groups,
        SOTE_CLASS: rules.sote_allocation,
    }

    def label(dimension: str, code: str) -> str:
        entry = rules.dictionary.columns.get(dimension)
        if code in {ALL, NATION, UNKNOWN}:
            return code
        if dimension == "theme":
            return rules.themes[code].name.en if code in rules.themes else code
        if dimension in groups:
            return groups[dimension].name(code, "en")
        if entry and entry.codes.startswith("code_sets/"):
            return rules.code_sets[Path(entry.codes).stem].name(code, "en")
        return code

    return label
