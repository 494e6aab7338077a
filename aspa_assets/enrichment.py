"""The step that takes in figures from elsewhere: need, wellbeing, unit costs. All are optional."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.enrichment import files_in, fingerprints, lines, read_dropped
from aspa_resources.enrichment.reading import SCHEMA
from aspa_resources.resources import (
    HomeResource,
    RuleBookResource,
    StorageResource,
    WarehouseResource,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Storage

ASSET: Final = "enrichment"

_ENRICHMENT: Final = asset_spec(
    ASSET,
    group="enrichment",
    kinds={"polars", "parquet"},
    description="Figures from elsewhere that stand beside the published ones: need coefficients, "
    "wellbeing indicators, unit costs. Read from the files dropped into enrichment/, as "
    "rules/enrichment.yaml has them; a file that is not there is none.",
    partitions=None,
)


@computes(_ENRICHMENT)
def enrichment(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
    warehouse: WarehouseResource,
) -> Iterator[Event]:
    """Read the files, tell every fault, and seal the figures where there is none."""
    rules, store, folder = rule_book.open(), storage.open(), home.open_home().enrichment

    def compute(_: str, __: Inputs) -> Sequence[Candidate]:
        files = files_in(folder, rules)
        found = read_dropped(files, rules)
        told = "\n".join(f"- {line}" for line in lines(found, "en"))
        context.add_asset_metadata({"files": dg.MetadataValue.md(told)}, _ENRICHMENT.key)
        figures = pl.concat([SCHEMA.to_frame(), *(one.figures for one in found if not one.absent)])
        return [
            Candidate(
                ASSET,
                figures,
                statistics={"content_hashes": fingerprints(files)},
                figures={"faults": sum(len(one.faults) for one in found)},
                versions={"rules": rules.version, "enrichment": rules.enrichment.digest},
                after=lambda: warehouse.open().sync(store, rules),
            )
        ]

    yield from seal_partitions(context, store, compute)


def enrichment_pending(storage: Storage, folder: Path, rules: RuleBook) -> bool:
    """Tell whether the files or their contract are others than at the latest attempt."""
    hashes = fingerprints(files_in(folder, rules))
    attempt = storage.attempt(ASSET, NO_PARTITION)
    if attempt is None:
        return bool(hashes)
    return (
        attempt.statistics["content_hashes"] != hashes
        or attempt.versions["enrichment"] != rules.enrichment.digest
    )
