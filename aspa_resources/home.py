"""Where everything lives: the folders under `$ASPA_HOME`.

Belongs here: the paths, and nothing that reads or writes them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class AspaHome:
    """The folder tree of one installation.

    Attributes:
        root: the folder itself, absolute.
    """

    root: Path

    @classmethod
    def current(cls) -> AspaHome:
        """Return the home that the environment names (`ASPA_HOME`, else `./.aspa`), read now."""
        return cls(Path(os.environ.get("ASPA_HOME") or ".aspa").absolute())

    @property
    def landing(self) -> Path:
        """Folder where counties drop files, one folder a county."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """SQLite file that remembers every dropped file by its content."""
        return self.root / "ledger.sqlite"

    @property
    def storage(self) -> Path:
        """Encrypted Parquet files and their manifests."""
        return self.root / "storage"

    @property
    def warehouse(self) -> Path:
        """DuckDB database of published tables."""
        return self.root / "warehouse.duckdb"

    @property
    def receipts(self) -> Path:
        """What the counties are told of their deliveries."""
        return self.root / "receipts"

    @property
    def reports(self) -> Path:
        """County and national report pages."""
        return self.root / "reports"

    @property
    def thl(self) -> Path:
        """The files THL gets."""
        return self.root / "thl"

    @property
    def enrichment(self) -> Path:
        """Where files of figures from elsewhere are dropped (need, wellbeing, unit costs)."""
        return self.root / "enrichment"

    @property
    def operator(self) -> Path:
        """Pages for operators: what anonymisation removed and what risk is left, in figures."""
        return self.root / "operator"

    @property
    def review_lock(self) -> Path:
        """File that whoever seals verdicts of reviewers holds locked."""
        return self.root / "review.lock"

    @property
    def pages(self) -> tuple[Path, ...]:
        """Folders of what people and THL are handed."""
        return self.receipts, self.reports, self.thl, self.operator

    @property
    def models(self) -> Path:
        """Unpacked or downloaded text models."""
        return self.root / "models"

    @property
    def keys(self) -> Path:
        """Demo keys, made on first use where the environment brings none."""
        return self.root / "keys"

    @property
    def dagster(self) -> Path:
        """Dagster's own home: runs, events, schedules."""
        return self.root / "dagster"
