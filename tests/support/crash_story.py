"""A day's work of every writer of files, on a home where yesterday's work was done.

It goes by what it finds, as the lineage does, so that a second run finishes what a killed one
began. Yesterday's content says `former`, the day's says `new`.

Belongs here: the work, and what a reader must find in it at any moment. Not here: killing it
(killed_runs).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from aspa_resources import atomic_files
from aspa_resources.atomic_files import Aside
from aspa_resources.published_form import TABLE, join_tables, write_table
from aspa_resources.record_files import RecordFile
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NotSealedError, Storage
from aspa_resources.warehouse import Warehouse
from aspa_resources.zones import ZoneKeys

MONTH, ASSET = "2025-03", "validated_feedback"
PARTITIONS = RESEALED, REFUSED, WITHDRAWN, MENDED = [f"{code}|{MONTH}" for code in range(10, 14)]
PUBLISHED = "published_tables"
ROWS = 50
VERSION = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
VALUES = {"former": 1.0, "new": 2.0}  # of the day's published figures


@dataclass(frozen=True)
class Check:
    """An expectation's outcome."""

    passed: bool = True
    name: str = "rule"
    blocking: bool = True
    unexpected_count: int = 0


def preload() -> None:
    """Import what DuckDB would look for in every process anew."""
    import pandas as pd
    import pyarrow.dataset

    assert pd.__name__
    assert pyarrow.dataset.__name__


class Day:
    """The work of one day.

    Args:
        root: the home.
        of: what the day's content says.
    """

    def __init__(self, root: Path, of: str) -> None:
        self.root, self.of = root, of
        self.storage = _storage(root)
        self.warehouse = Warehouse(root / "warehouse.duckdb")

    def compute(
        self,
        asset: str,
        partition: str,
        frame: pl.DataFrame,
        *,
        good: bool = True,
        inputs: dict[str, str] | None = None,
        effect: Callable[[], None] = lambda: None,
    ) -> None:
        """Compute, judge and seal a partition unless the day's attempt at it was made."""
        attempt = self.storage.attempt(asset, partition)
        if attempt and attempt.statistics == {"of": self.of} and attempt.inputs == (inputs or {}):
            return
        candidate = self.storage.write_candidate(
            asset, partition, frame, inputs=inputs or {}, statistics={"of": self.of}, versions={}
        )
        effect()
        self.storage.seal(candidate, "suite", "1", [Check(passed=good)])

    def rows(self) -> pl.DataFrame:
        """Return a frame that says whose it is in every row."""
        return pl.DataFrame({"row": range(ROWS), "of": [self.of] * ROWS})

    def publish(self) -> None:
        """Publish a month: page and files before the seal, the warehouse after it."""
        source = self.storage.manifest(ASSET, RESEALED)
        self.compute(
            PUBLISHED, MONTH, _published(self.of),
            inputs={f"{ASSET}@{RESEALED}": source.version},
            effect=self._hand_over,
        )  # fmt: skip
        self.warehouse.sync(self.storage, RuleBook.load())

    def _hand_over(self) -> None:
        page = f"<html>{self.of * 9999}</html>"
        atomic_files.write_text(self.root / "reports" / f"{MONTH}.html", page)
        files = Aside(self.root / "thl" / MONTH)
        files.target.mkdir()
        hashes = {
            name: write_table(self.rows(), files.target / name, "csv") for name in ("a.csv", "b")
        }
        (files.target / "manifest.json").write_text(json.dumps([self.of, hashes]))
        files.publish()

    def tell(self) -> None:
        """Write a receipt, and the rows of a command that works without the rest."""
        folder = self.root / "receipts" / "10"
        atomic_files.write_text(folder / "receipt.json", json.dumps({"of": self.of}))
        atomic_files.write_text(folder / "receipt.html", f"<html>{self.of}</html>")
        with RecordFile(self.root / "out.jsonl").writer() as writer:
            writer.write({"row": row, "of": self.of} for row in range(ROWS))


def yesterday(root: Path) -> None:
    """Do yesterday's work."""
    day = Day(root, "former")
    for partition in PARTITIONS:
        day.compute(ASSET, partition, day.rows(), good=partition != MENDED)
    day.publish()
    day.tell()


def today(root: Path) -> dict[str, Any]:
    """Do the day's work, or what is left of it, and return what is there then."""
    day = Day(root, "new")
    day.storage.sweep()
    for folder in ("reports", "thl", "receipts"):
        atomic_files.sweep(root / folder)
    for partition in (RESEALED, MENDED, REFUSED):
        day.compute(ASSET, partition, day.rows(), good=partition != REFUSED)
    day.storage.withdraw(ASSET, WITHDRAWN)
    day.storage.purge_former(ASSET, RESEALED)
    day.publish()
    day.tell()
    return told(root)


def look(root: Path) -> dict[str, str]:
    """Return whose content a reader finds in each place.

    Raises:
        AssertionError: something is torn, lost or doubled.
    """
    day, seen = Day(root, "reader"), {}
    for place in [(PUBLISHED, MONTH), *((ASSET, key) for key in PARTITIONS)]:
        seen["@".join(place)] = _said(lambda of=place: day.storage.read(*of)["of"].to_list())
    values = day.warehouse.read("quality").filter(month=MONTH)["value"].to_list()
    of_value = {value: of for of, value in VALUES.items()}
    seen["warehouse"] = _said(lambda: [of_value[value] for value in values])
    page = (root / "reports" / f"{MONTH}.html").read_text()
    seen["page"] = "former" if "former" in page else "new"
    assert page == f"<html>{seen['page'] * 9999}</html>"
    seen["thl"], hashes = json.loads((root / "thl" / MONTH / "manifest.json").read_text())
    for name, sha256 in hashes.items():
        content = (root / "thl" / MONTH / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256, f"thl {name} is torn"
    rows = [*RecordFile(root / "out.jsonl").rows()]
    assert [row["row"] for row in rows] == [*range(ROWS)]
    seen["record file"] = _said(lambda: [row["of"] for row in rows])
    seen["receipt"] = json.loads((root / "receipts/10/receipt.json").read_text())["of"]
    assert (root / "receipts/10/receipt.html").read_text().endswith("</html>")
    return seen


def look_then_finish(root: Path) -> dict[str, Any]:
    """Look as a reader does after a kill, then do what is left of the day's work."""
    return {"seen": look(root), "told": today(root)}


def told(root: Path) -> dict[str, Any]:
    """Return all that is in a home, versions' names aside."""
    day = Day(root, "reader")
    names = [str(path.relative_to(root)) for path in root.rglob("*")]
    attempts = {
        f"{asset}@{partition}": [attempt.statistics["of"], attempt.sealed]
        for asset, partition in [(PUBLISHED, MONTH), *((ASSET, key) for key in PARTITIONS)]
        if (attempt := day.storage.attempt(asset, partition))
    }
    return {
        "files": sorted(VERSION.sub("VERSION", name) for name in names),
        "attempts": attempts,
        "seen": look(root),
    }


@cache
def _storage(root: Path) -> Storage:
    return Storage(root / "storage", ZoneKeys(root / "keys"))


def _said(read: Callable[[], list[str]]) -> str:
    """Return what all rows say; they are all there and say the same, or nothing is sealed."""
    try:
        words = read()
    except NotSealedError:
        return "nothing"
    assert len(words) == ROWS, f"{len(words)} rows of {ROWS}"
    assert len(set(words)) == 1, "rows of two versions"
    return words[0]


def _published(of: str) -> pl.DataFrame:
    tables = RuleBook.load().published_tables.values()
    dimensions = sorted({name for table in tables for name in table.dimensions})
    quality = pl.DataFrame(
        {
            "month": [MONTH] * ROWS, "county": ["FI"] * ROWS,
            "measure": [f"m{row}" for row in range(ROWS)], "value": [VALUES[of]] * ROWS,
            "n": [20] * ROWS, "status": ["published"] * ROWS, "of": [of] * ROWS,
        }
    )  # fmt: skip
    return join_tables({"quality": quality}, [TABLE, *dimensions, *quality.columns])
