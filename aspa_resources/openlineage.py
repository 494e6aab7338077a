"""The lineage as OpenLineage events (https://openlineage.io, spec 2-0-2), made from manifests.

Every version is two runs: of the job that computed it, and of the suite that judged it, whose
outcome is FAIL where the version was refused. A dataset is an asset's partition. Ids follow from
versions, so that events made again are the same events.

Belongs here: the form of the events. Does not belong here: which manifests (`aspa_assets.lineage`).
Only what manifests hold goes in, and of their statistics nothing: some count what is suppressed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from aspa_resources import atomic_files
from aspa_resources.tracing.steps import COUNT_TEXTS

if TYPE_CHECKING:
    from aspa_resources.storage import Manifest

ColumnLineage = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
"""By asset and column, the asset and column that it comes from."""

NAMESPACE: Final = "aspa"
_SPEC: Final = "https://openlineage.io/spec"
_EVENT: Final = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ANY_RUN_FACET: Final = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunFacet"
_FACETS: Final = {
    "schema": "1-1-1/SchemaDatasetFacet",
    "version": "1-0-1/DatasetVersionDatasetFacet",
    "dataSource": "1-0-1/DatasourceDatasetFacet",
    "columnLineage": "1-2-0/ColumnLineageDatasetFacet",
    "dataQualityAssertions": "1-0-1/DataQualityAssertionsDatasetFacet",
    "outputStatistics": "1-0-2/OutputStatisticsOutputDatasetFacet",
    "jobType": "2-0-3/JobTypeJobFacet",
}


def producer() -> str:
    """Return the URI that names this program and its version."""
    return f"urn:aspa:{version('aspa')}"


def events(manifests: Iterable[Manifest], columns: ColumnLineage) -> Iterator[dict[str, Any]]:
    """Yield the events of versions in the order given: of each its computation, its judgement.

    Args:
        columns: where each column comes from, as the assets declare it.
    """
    for manifest in manifests:
        yield from _run(
            manifest,
            manifest.asset,
            "COMPLETE",
            inputs=[_named(*_input(key), v) for key, v in manifest.inputs.items()],
            outputs=[_output(manifest, columns.get(manifest.asset, {}))],
        )
        yield from _run(
            manifest,
            f"{manifest.asset}.checks",
            "COMPLETE" if manifest.sealed else "FAIL",
            inputs=[_judged(manifest)],
            outputs=[],
        )


def write_events(path: Path, told: Iterable[Mapping[str, Any]]) -> int:
    """Write events as JSON Lines, whole at once, and return how many they are."""
    lines = [json.dumps(event, ensure_ascii=False) for event in told]
    atomic_files.write_text(path, "".join(f"{line}\n" for line in lines))
    return len(lines)


def run_id(manifest: Manifest, job: str) -> str:
    """Return the id of a job's run on a version: always the same one."""
    name = f"{NAMESPACE}/{job}/{manifest.partition}/{manifest.version}"
    return str(uuid5(NAMESPACE_URL, name))


def _run(
    manifest: Manifest,
    job: str,
    outcome: str,
    *,
    inputs: list[dict[str, Any]],
    outputs: list[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield a run's start and end, both at the one moment that a manifest knows."""
    facets = {
        "aspa_versions": {
            "_producer": producer(),
            "_schemaURL": _ANY_RUN_FACET,
            "suite": f"{manifest.suite} {manifest.suite_version}",
            "versions": manifest.versions,
        }
    }
    event = {
        "eventTime": manifest.created_at,
        "run": {"runId": run_id(manifest, job)},
        "job": {"namespace": NAMESPACE, "name": job, "facets": {"jobType": _job_type()}},
        "inputs": inputs,
        "outputs": outputs,
        "producer": producer(),
        "schemaURL": _EVENT,
    }
    yield {"eventType": "START", **event, "inputs": [], "outputs": []}
    run = {"runId": run_id(manifest, job), "facets": facets}
    yield {"eventType": outcome, **event, "run": run}


def _job_type() -> dict[str, Any]:
    return _facet("jobType", processingType="BATCH", integration="DAGSTER", jobType="ASSET")


def _input(key: str) -> tuple[str, str]:
    asset, _, partition = key.partition("@")
    return asset, partition


def _dataset_name(asset: str, partition: str) -> str:
    return "/".join((asset, *partition.split("|")))


def _named(asset: str, partition: str, of_version: str) -> dict[str, Any]:
    return {
        "namespace": NAMESPACE,
        "name": _dataset_name(asset, partition),
        "facets": {"version": _facet("version", datasetVersion=of_version)},
    }


def _output(manifest: Manifest, columns: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    named = _named(manifest.asset, manifest.partition, manifest.version)
    source = f"aspa:storage:{manifest.zone}"
    fields = [{"name": name, "type": kind} for name, kind in manifest.columns.items()]
    named["facets"] |= {
        "schema": _facet("schema", fields=fields),
        "dataSource": _facet("dataSource", name=f"{manifest.zone} zone", uri=source),
    }
    traced = _traced(manifest, columns)
    if traced:
        named["facets"]["columnLineage"] = _facet("columnLineage", fields=traced)
    if manifest.asset not in COUNT_TEXTS:
        counted = _facet("outputStatistics", rowCount=manifest.rows, fileCount=1)
        named["outputFacets"] = {"outputStatistics": counted}
    return named


def _traced(
    manifest: Manifest, columns: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, dict[str, Any]]:
    """Return each column's sources among the partitions that the version was computed from."""
    partitions: dict[str, list[str]] = {}
    for asset, partition in map(_input, manifest.inputs):
        partitions.setdefault(asset, []).append(partition)
    traced = {}
    for column in manifest.columns:
        sources = [
            {"namespace": NAMESPACE, "name": _dataset_name(asset, partition), "field": field}
            for asset, field in columns.get(column, ())
            for partition in partitions.get(asset, ())
        ]
        if sources:
            traced[column] = {"inputFields": sources}
    return traced


def _judged(manifest: Manifest) -> dict[str, Any]:
    named = _named(manifest.asset, manifest.partition, manifest.version)
    held = [{"assertion": c["name"], "success": c["passed"]} for c in manifest.checks]
    assertions = _facet("dataQualityAssertions", assertions=held)
    return {**named, "inputFacets": {"dataQualityAssertions": assertions}}


def _facet(name: str, /, **content: object) -> dict[str, Any]:
    place = _FACETS[name]
    url = f"{_SPEC}/facets/{place}.json#/$defs/{place.partition('/')[2]}"
    return {"_producer": producer(), "_schemaURL": url, **content}
