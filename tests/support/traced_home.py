"""A home with a month of two counties on its way from files to published tables, made by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from aspa_resources.drops import Arrival, Reading
from aspa_resources.home import AspaHome
from aspa_resources.ledger import Ledger
from aspa_resources.published_form import join_tables
from aspa_resources.storage import Manifest, Storage
from aspa_resources.zones import ZoneKeys
from expectations.columns import names

MONTH = "2025-03"
DELIVERED = {"08": 40, "10": 30}
REJECTED, QUARANTINED = 2, 1
MARK = "MERKITTYTEKSTI"
"""Stands in file names, and in what the steps before publication hold."""


@dataclass(frozen=True)
class Check:
    """An outcome of a check."""

    name: str = "rule"
    passed: bool = True
    blocking: bool = True
    unexpected_count: int = 0


@dataclass
class TracedHome:
    """The home, and what is sealed in it by name as in a manifest's inputs."""

    root: Path
    texts: Mapping[str, int] = field(default_factory=lambda: {"08": 20, "10": 15})

    def __post_init__(self) -> None:
        self.home = AspaHome(self.root)
        self.storage = Storage(self.home.storage, ZoneKeys(self.home.keys))
        self.ledger = Ledger(self.home.ledger)
        self.sealed: dict[str, str] = {}
        self.checks = [Check(), Check("odd", passed=False, blocking=False, unexpected_count=3)]

    def made(self) -> TracedHome:
        """Deliver, process and publish the month."""
        self.deliver()
        for county in DELIVERED:
            self.process(county)
        self.publish()
        return self

    def deliver(self) -> None:
        """Register a feedback file of each county."""
        arrivals = [
            (Arrival(c, f"{MARK}_{c}.csv", hash_of(c), hash_of(c), 100), Reading("feedback", MONTH))
            for c in DELIVERED
        ]
        self.ledger.register(arrivals, [], "rules 1")

    def process(self, county: str) -> None:
        """Seal every step of a county's month."""
        key, rows = f"{county}|{MONTH}", DELIVERED[county]
        accepted = rows - REJECTED
        told = {"rows_delivered": rows, "rows_accepted": accepted, "rows_rejected": REJECTED}
        anonymous = [f"anonymized_feedback@{key}", f"verification_run@{key}"]
        self.seal("raw_delivery", key, 1, [], content_hashes=[hash_of(county)])
        self.seal("validated_feedback", key, accepted, [f"raw_delivery@{key}"], **told)
        self.seal("anonymized_feedback", key, accepted, [f"validated_feedback@{key}"])
        self.seal("verification_run", key, accepted, anonymous[:1], quarantined=QUARANTINED)
        kept = accepted - QUARANTINED
        self.seal("classified_feedback", key, kept, anonymous, unclassified=0)
        self.seal("analyzed_feedback", key, self.texts[county], anonymous)

    def publish(self, value: float = 50.0, **statistics: Any) -> Manifest:
        """Seal the month's marts, its published tables, and the trend made of them."""
        rows, texts = _of_month("classified_feedback"), _of_month("analyzed_feedback")
        gate = [*_of_month("anonymized_feedback"), *_of_month("verification_run")]
        self.seal("indicator_mart", MONTH, 5, rows)
        self.seal("quality_mart", MONTH, 5, [*rows, *gate])
        self.seal("theme_mart", MONTH, 5, [*rows, *texts])
        marts = [f"{mart}@{MONTH}" for mart in ("indicator_mart", "quality_mart", "theme_mart")]
        frame = join_tables(published(value), names("published_tables"))
        release = self.seal_frame("published_tables", MONTH, frame, marts, **statistics)
        trend = join_tables({"trend": _trend(value)}, names("published_trends"))
        self.seal_frame("published_trends", MONTH, trend, [f"published_tables@{MONTH}"])
        return release

    def seal(
        self, asset: str, key: str, rows: int, inputs: Sequence[str], **statistics: Any
    ) -> Manifest:
        """Seal so many rows that hold the mark."""
        frame = pl.DataFrame({"text": [MARK] * rows}, schema={"text": pl.String})
        return self.seal_frame(asset, key, frame, inputs, **statistics)

    def seal_frame(
        self, asset: str, key: str, frame: pl.DataFrame, inputs: Sequence[str], **statistics: Any
    ) -> Manifest:
        """Seal a frame as computed from what is sealed of its inputs."""
        candidate = self.storage.write_candidate(
            asset,
            key,
            frame,
            inputs={name: self.sealed[name] for name in inputs},
            statistics=statistics,
            versions={"rules": "r1"},
        )
        manifest = self.storage.seal(candidate, asset, "1", self.checks)
        self.sealed[f"{asset}@{key}"] = manifest.version
        return manifest

    def file_of(self, manifest: Manifest) -> Path:
        """Return where a version's content lies."""
        (path,) = self.home.storage.rglob(f"{manifest.version}.parquet")
        return path


def hash_of(county: str) -> str:
    """Return the content hash of a county's file."""
    return hashlib.sha256(f"{MARK} {county}".encode()).hexdigest()


def published(value: float) -> dict[str, pl.DataFrame]:
    """Return published tables that show a score of both counties, and hide one class."""
    cells = [(county, kind) for county in (*DELIVERED, "FI") for kind in ("ALL", "2545")]
    shown = [kind == "ALL" for _, kind in cells]
    indicators = {
        "month": MONTH,
        "county": [county for county, _ in cells],
        "service_class": [kind for _, kind in cells],
        "measure": "nps",
        "value": [value if is_shown else None for is_shown in shown],
        "n": [20 if is_shown else None for is_shown in shown],
        "status": ["published" if is_shown else "suppressed" for is_shown in shown],
    }
    quality = {
        "month": MONTH,
        "county": [*DELIVERED],
        "measure": "rows_delivered",
        "value": [float(rows) for rows in DELIVERED.values()],
        "n": [*DELIVERED.values()],
        "status": "published",
    }
    themes = {
        "month": MONTH,
        "county": [*DELIVERED],
        "theme": "ALL",
        "sentiment": "ALL",
        "measure": "responses",
        "value": [20.0, 15.0],
        "n": [20, 15],
        "status": "published",
    }
    return {
        "indicators_by_service_class": pl.DataFrame(indicators),
        "quality": pl.DataFrame(quality),
        "themes_by_sentiment": pl.DataFrame(themes),
    }


def _of_month(asset: str) -> list[str]:
    return [f"{asset}@{county}|{MONTH}" for county in DELIVERED]


def _trend(value: float) -> pl.DataFrame:
    return published(value)["indicators_by_service_class"].with_columns(
        period=pl.lit(MONTH), theme=pl.lit("ALL"), sentiment=pl.lit("ALL")
    )
