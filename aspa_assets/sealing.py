"""The one way a step turns what it computed into a sealed version.

A step computes a candidate; its suite judges it in the same op; the outcomes are yielded as asset
checks; and only a candidate whose blocking expectations held is sealed. One partition that fails
fails its run; in a run over many partitions it is named and the others go on.

Belongs here: the order of candidate, judgement, effect and seal, and how Dagster is told. Not here:
what a step computes (its own module) or what must hold (expectations).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_resources.audit_log import AuditLog
from aspa_resources.errors import AspaError
from aspa_resources.storage import NO_PARTITION, Manifest, Storage
from aspa_resources.zones import ZONE_OF, Zone
from expectations.runner import Outcome, judge
from expectations.suites import SUITES

PLACES_TOLD: Final = 6  # innermost lines of a traceback

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult


@dataclass(frozen=True)
class Candidate:
    """What a step computed for one asset and partition.

    Attributes:
        statistics: counts to keep in the manifest.
        figures: figures the suite looks at, by name.
        parameters: values for the suite's parameters.
        effect: what else becomes true with this version (a page, files); run after the candidate
            passed and before it is sealed, so that a killed process repeats it.
        after: what follows from the seal.
    """

    asset: str
    frame: pl.DataFrame
    statistics: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, float | int | None] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    effect: Callable[[], None] | None = None
    after: Callable[[], None] | None = None


class Inputs:
    """Reads sealed versions and remembers which ones a candidate was computed from."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.versions: dict[str, str] = {}

    def read(self, asset: str, partition: str) -> pl.DataFrame:
        """Return the frame of a sealed version; raises NotSealedError where there is none."""
        return self.read_version(self.manifest(asset, partition))

    def read_version(self, manifest: Manifest) -> pl.DataFrame:
        """Return the frame of exactly the version looked at, whatever was sealed since."""
        return self._storage.read_version(manifest)

    def read_if_sealed(self, asset: str, partition: str) -> pl.DataFrame | None:
        """Return the frame of a sealed version, or None for an input that need not exist."""
        manifest = self.manifest_if_sealed(asset, partition)
        return self.read_version(manifest) if manifest else None

    def manifest(self, asset: str, partition: str) -> Manifest:
        """Return the manifest of a sealed version; raises NotSealedError where there is none."""
        manifest = self._storage.manifest(asset, partition)
        self.versions[f"{asset}@{partition}"] = manifest.version
        return manifest

    def manifest_if_sealed(self, asset: str, partition: str) -> Manifest | None:
        """Return the manifest of a sealed version, or None for an input that need not exist."""
        return self.manifest(asset, partition) if self._storage.sealed(asset, partition) else None

    def sealed(self, asset: str, partition: str) -> Manifest | None:
        """Return the manifest that is sealed now, or None; asking makes it no input."""
        return self._storage.sealed(asset, partition)

    def read_month(self, asset: str, month: str) -> dict[str, pl.DataFrame]:
        """Return the frames of every county that has a sealed version of the month."""
        keys = [k for k in self._storage.sealed_partitions(asset) if k.endswith(f"|{month}")]
        return {key: self.read(asset, key) for key in keys}


@dataclass(frozen=True)
class _Result:
    partition: str
    judged: Sequence[tuple[Manifest, list[Outcome]]]
    problem: str = ""


Compute = Callable[[str, Inputs], Sequence[Candidate]]


def seal_partitions(
    context: dg.AssetExecutionContext, storage: Storage, compute: Compute
) -> Iterator[Event]:
    """Compute, judge and seal every partition of the run, and tell Dagster how each came out.

    Args:
        context: of the running op.
        storage: where candidates are written.
        compute: given a partition's key and its inputs, returns the candidates of the op's assets.

    Raises:
        dg.Failure: the run is for one partition, and that one could not be computed or sealed.
    """
    partitioned = context.assets_def.partitions_def is not None
    partitions = list(context.partition_keys) if partitioned else [NO_PARTITION]
    results = [_seal(storage, compute, str(partition)) for partition in partitions]
    for key in sorted(context.selected_asset_keys):
        asset = key.to_user_string()
        of_asset = [
            (r.partition, manifest, outcomes)
            for r in results
            for manifest, outcomes in r.judged
            if manifest.asset == asset
        ]
        yield from _check_results(asset, of_asset, alone=len(partitions) == 1)
        sealed = [manifest for _, manifest, _ in of_asset if manifest.sealed]
        if len(partitions) > 1:
            yield _materialization_of_many(context, key, sealed, results)
        elif sealed:
            yield dg.MaterializeResult(
                asset_key=key,
                metadata=_metadata(sealed[0]),
                data_version=dg.DataVersion(sealed[0].version),
            )
    if len(partitions) == 1 and results[0].problem:
        raise dg.Failure(description=results[0].problem, allow_retries=False)


def _seal(storage: Storage, compute: Compute, partition: str) -> _Result:
    inputs = Inputs(storage)
    try:
        candidates = compute(partition, inputs)
        judged = [_seal_candidate(storage, partition, inputs, c) for c in candidates]
    except AspaError as problem:
        return _Result(partition, [], str(problem))
    except Exception as error:  # noqa: BLE001 (its text may quote a feedback: it must not go on)
        return _Result(partition, [], kind_and_place(error))
    refused = [
        f"{manifest.asset} was not sealed: {', '.join(manifest.failed_checks)} failed. "
        "The candidate is kept aside; the version sealed before stays current."
        for manifest, _ in judged
        if not manifest.sealed
    ]
    return _Result(partition, judged, " ".join(refused))


def kind_and_place(error: Exception) -> str:
    """Return what kind of error it was and where, and nothing of its text."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_TOLD:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return f"Stopped by {type(error).__name__} at {' > '.join(places)}."


def _seal_candidate(
    storage: Storage, partition: str, inputs: Inputs, candidate: Candidate
) -> tuple[Manifest, list[Outcome]]:
    suite = SUITES[candidate.asset]
    manifest = storage.write_candidate(
        candidate.asset,
        partition,
        candidate.frame,
        inputs=inputs.versions,
        statistics=candidate.statistics,
        versions=candidate.versions,
    )
    outcomes = judge(suite, candidate.frame, candidate.figures, candidate.parameters)
    if candidate.effect and all(o.passed or not o.blocking for o in outcomes):
        candidate.effect()
    judged = storage.seal(manifest, suite.step, suite.version, outcomes)
    if ZONE_OF[judged.asset] is Zone.PUBLISHED:
        _log_what_is_shown(storage, judged)
    if candidate.after and judged.sealed:
        candidate.after()
    return judged, outcomes


def _log_what_is_shown(storage: Storage, manifest: Manifest) -> None:
    AuditLog(storage.root.parent).record(
        "sealed" if manifest.sealed else "refused",
        asset=manifest.asset,
        partition=manifest.partition,
        version=manifest.version,
    )


def _check_results(
    asset: str, judged: Sequence[tuple[str, Manifest, list[Outcome]]], *, alone: bool
) -> Iterator[dg.AssetCheckResult]:
    """Tell each expectation's outcome once, over all partitions of the run."""
    for expectation in SUITES[asset].expectations:
        outcomes = [
            (partition, outcome)
            for partition, _, of_partition in judged
            for outcome in of_partition
            if outcome.name == expectation.name
        ]
        if not outcomes:
            continue
        broken = [partition for partition, outcome in outcomes if not outcome.passed]
        # An error would stop every partition of the run, the good ones too; the seal holds anyway.
        severe = alone and expectation.blocking
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=expectation.name,
            passed=not broken,
            severity=dg.AssetCheckSeverity.ERROR if severe else dg.AssetCheckSeverity.WARN,
            metadata={
                "partitions": ", ".join(partition for partition, _ in outcomes),
                "broken_in": ", ".join(broken),
                "unexpected_count": sum(o.unexpected_count for _, o in outcomes),
                "element_count": sum(o.element_count for _, o in outcomes),
                "suite_version": SUITES[asset].version,
            },
        )


def _materialization_of_many(
    context: dg.AssetExecutionContext,
    key: dg.AssetKey,
    sealed: Sequence[Manifest],
    results: Sequence[_Result],
) -> dg.MaterializeResult[Any]:
    """Tell of each partition by itself; those without a version of this run say why.

    Dagster records every partition of the run as materialised once the op yields, and the op must
    yield for the good ones to go on: what counts is the seal, which the metadata tells.
    """
    metadata = {manifest.partition: _metadata(manifest) for manifest in sealed}
    for result in results:
        context.add_asset_metadata(
            metadata.get(result.partition, {"sealed": False, "problem": result.problem}),
            asset_key=key,
            partition_key=result.partition,
        )
    return dg.MaterializeResult(
        asset_key=key,
        metadata={"partitions_sealed": len(sealed), "partitions_asked": len(results)},
    )


def _metadata(manifest: Manifest) -> dict[str, Any]:
    return {
        "sealed": manifest.sealed,
        "version": manifest.version,
        "zone": manifest.zone,
        "dagster/row_count": manifest.rows,
        "suite": f"{manifest.suite} {manifest.suite_version}",
        "inputs": dg.MetadataValue.json(manifest.inputs),
        "statistics": dg.MetadataValue.json(manifest.statistics),
        "versions": dg.MetadataValue.json(manifest.versions),
    }
