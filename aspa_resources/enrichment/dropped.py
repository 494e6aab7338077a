"""The files that lie in a home's folder of enrichment.

Belongs here: which of the declared files are there, and reading all of them. Does not belong here:
what makes one wrong (`reading`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from aspa_resources.enrichment.reading import SCHEMA, Fault, read_table
from aspa_resources.rule_book.enrichment import EnrichmentTable

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook


@dataclass(frozen=True)
class ReadTable:
    """What came of one declared file.

    Attributes:
        table: What it was to hold.
        content_hash: SHA-256 of its bytes; empty where there is no file.
        figures: In the columns of `reading.SCHEMA`.
        faults: What is wrong with it.
    """

    table: EnrichmentTable
    content_hash: str
    figures: pl.DataFrame
    faults: tuple[Fault, ...]

    @property
    def absent(self) -> bool:
        """Whether there is no file."""
        return not self.content_hash


def files_in(folder: Path, rules: RuleBook) -> dict[str, bytes]:
    """Return the bytes of the declared files that lie in the folder, by table."""
    paths = {table.name: folder / table.file for table in rules.enrichment.tables}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def fingerprints(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file's bytes, in hex."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def read_dropped(files: Mapping[str, bytes], rules: RuleBook) -> list[ReadTable]:
    """Read every declared file; one that is not there is told as absent."""
    hashes = fingerprints(files)
    found = []
    for table in rules.enrichment.tables:
        content = files.get(table.name)
        if content is None:
            found.append(ReadTable(table, "", SCHEMA.to_frame(), ()))
            continue
        figures, faults = read_table(content, table, rules)
        found.append(ReadTable(table, hashes[table.name], figures, tuple(faults)))
    return found
