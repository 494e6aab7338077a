"""Steps that show: disclosure control, the warehouse, the reports, and the files THL gets."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, MONTHS, OF_THE_MONTH, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources import atomic_files, reporting
from aspa_resources.atomic_files import Aside
from aspa_resources.audit_log import AuditLog
from aspa_resources.ledger import Ledger
from aspa_resources.published_form import (
    below_threshold,
    join_tables,
    part_tables,
    release_tables,
    write_files,
)
from aspa_resources.resources import (
    HomeResource,
    RuleBookResource,
    StorageResource,
    WarehouseResource,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.storage import NotSealedError, Storage
from aspa_resources.warehouse import PUBLISHED
from expectations.columns import names
from expectations.marts import SHOWN

GROUP: Final = "publication"

Tables = Mapping[str, pl.DataFrame]

# What would make a page load something from elsewhere when it is opened.
OUTSIDE_REFERENCE: Final = re.compile(
    r"""(?:src|srcset|data|poster)\s*=\s*["']?\s*(?:https?:)?//|<link[^>]+href|@import|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)

_PUBLISHED: Final = asset_spec(
    "published_tables",
    group=GROUP,
    kinds={"duckdb", "parquet"},
    description="The declared tables after disclosure control: the only figures a reader may see. "
    "They make up the warehouse.",
    partitions=MONTHS,
    deps=list(SHOWN),
)
_COUNTY_REPORT: Final = asset_spec(
    "county_report",
    group=GROUP,
    kinds={"html", "altair"},
    description="A county's month as one self-contained page.",
    partitions=COUNTY_MONTHS,
    deps=[dg.AssetDep(asset, partition_mapping=OF_THE_MONTH) for asset in PUBLISHED],
)
_NATIONAL_REPORT: Final = asset_spec(
    "national_report",
    group=GROUP,
    kinds={"html", "altair"},
    description="The nation's month as one self-contained page.",
    partitions=MONTHS,
    deps=list(PUBLISHED),
)
_THL: Final = asset_spec(
    "thl_delivery",
    group=GROUP,
    kinds={"csv", "parquet"},
    description="The files THL gets: every published table, with a manifest of hashes and counts.",
    partitions=MONTHS,
    deps=list(PUBLISHED),
)


@computes(_PUBLISHED)
def published_tables(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    warehouse: WarehouseResource,
) -> Iterator[Event]:
    """Protect the month's marts and put what is left into the warehouse."""
    from aspa_resources.disclosure import protect

    rules, store = rule_book.open(), storage.open()

    def compute(month: str, inputs: Inputs) -> Sequence[Candidate]:
        # A held release is the one before it once more.
        releases = [
            release
            for release in store.releases("published_tables", month)
            if not release.statistics.get("held")
        ]
        earlier = [release_tables(store, release, rules) for release in releases]
        marts = {mart: inputs.read(mart, month) for mart in SHOWN}
        retracted = _retracted(Stock.of(Ledger(storage.open_home().ledger)), month)
        tables = protect(marts, rules, earlier, may_hold=not retracted)
        frame = join_tables(tables, names("published_tables"))
        hidden = frame.filter(pl.col("status") == "suppressed")

        return [
            Candidate(
                "published_tables",
                frame,
                statistics={
                    "cells": frame.height,
                    "suppressed": hidden.height,
                    "earlier_releases": len(releases),
                    "held": bool(earlier) and tables is earlier[-1],
                },
                figures={
                    "suppressed_with_figure": hidden.filter(
                        pl.col("value").is_not_null() | pl.col("n").is_not_null()
                    ).height,
                    "published_below_threshold": below_threshold(frame, rules).height,
                    **_attacked(tables, earlier, month, rules),
                },
                parameters={"declared_tables": list(rules.published_tables)},
                versions={"rules": rules.version},
                after=lambda: warehouse.open().sync(store, rules),
            )
        ]

    yield from seal_partitions(context, store, compute)


def _retracted(stock: Stock, month: str) -> bool:
    """Tell whether anything of a month was taken out: no release may then stay that has it."""
    return any(d.retracted and not d.refused and d.reading.month == month for d in stock.drops)


def _attacked(
    tables: Tables, earlier: Sequence[Tables], month: str, rules: RuleBook
) -> dict[str, int]:
    """Return what the auditor works out of the tables, in counts."""
    from aspa_resources.audit import audit_month

    found = audit_month(tables, month, rules, earlier)
    return {
        "derivable_counts": found.derivable,
        "too_narrow_counts": found.narrow,
        "telling_figures": found.told,
        "betrayed_changes": found.betrayed,
    }


def _page_candidate(asset: str, path: Path, page: str) -> Candidate:
    content = page.encode()
    return Candidate(
        asset,
        pl.DataFrame(
            {
                "file_name": [f"{path.parent.name}/{path.name}"],
                "sha256": [hashlib.sha256(content).hexdigest()],
                "bytes": [len(content)],
            }
        ),
        figures={"outside_references": len(OUTSIDE_REFERENCE.findall(page))},
        effect=lambda: atomic_files.write_bytes(path, content),
    )


@computes(_COUNTY_REPORT)
def county_report(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Render the county's page from the published tables alone."""
    rules, store, reports = rule_book.open(), storage.open(), home.open_home().reports

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        tables = _shown(inputs, month, rules)
        if county not in tables["quality"]["county"]:
            raise NotSealedError(
                f"Nothing of county {county} is published for {month}. Process its delivery, "
                "then publish the month again."
            )
        page = reporting.county_report(tables, county, month, rules, _provenance(store, month))
        return [_page_candidate("county_report", reports / county / f"{month}.html", page)]

    yield from seal_partitions(context, store, compute)


@computes(_NATIONAL_REPORT)
def national_report(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Render the nation's page from the published tables alone."""
    rules, store, reports = rule_book.open(), storage.open(), home.open_home().reports

    def compute(month: str, inputs: Inputs) -> Sequence[Candidate]:
        tables = _shown(inputs, month, rules)
        page = reporting.national_report(tables, month, rules, _provenance(store, month))
        return [_page_candidate("national_report", reports / "FI" / f"{month}.html", page)]

    yield from seal_partitions(context, store, compute)


@computes(_THL)
def thl_delivery(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Write the month's tables as files with a signed manifest, unless the same were sent."""
    from aspa_resources import thl_delivery as thl

    rules, store = rule_book.open(), storage.open()

    def compute(month: str, inputs: Inputs) -> Sequence[Candidate]:
        tables = _shown(inputs, month, rules)
        at = home.open_home()
        folder, log = at.thl / month, AuditLog(at.root)
        atomic_files.sweep_beside(folder)
        aside = Aside(folder)  # goes into place once the candidate has passed
        aside.target.mkdir()
        files = write_files(tables, aside.target, ["csv", "parquet", "json-stat"], rules)
        versions, signer = _provenance(store, month), thl.Signer(at.keys)
        thl.compose(aside.target, month, files, versions, log.anchor(), folder, signer)
        is_new = not thl.is_sent(aside.target, folder)

        def send() -> None:
            if is_new:
                release = versions["release"]
                log.record("sent_to_thl", month=month, release=release, files=len(files))
                aside.publish()
            thl.write_receipt(at.thl / "receipts", folder, rules)

        told = {"sent": is_new}
        return [Candidate("thl_delivery", pl.DataFrame(files), statistics=told, effect=send)]

    yield from seal_partitions(context, store, compute)


def _shown(inputs: Inputs, month: str, rules: RuleBook) -> dict[str, pl.DataFrame]:
    """Return every published table of a month, those of more than the month too."""
    frames = [inputs.read(asset, month) for asset in PUBLISHED]
    return part_tables(pl.concat(frames), rules)


def _provenance(store: Storage, month: str) -> Mapping[str, str]:
    """Return the versions that a month's published figures stand on, earlier months' among them."""
    release = store.manifest("published_tables", month)
    behind = store.versions_behind(store.manifest("published_trends", month))
    return {"release": release.version, **{k: ", ".join(v) for k, v in sorted(behind.items())}}
