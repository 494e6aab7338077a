"""Events hold what OpenLineage asks for, say the same every time, and tell nothing hidden.

The schema below says in our own words what spec 2-0-2 (OpenLineage.json) and the facets used ask
for. That every event of a demo is also one to OpenLineage's own client (openlineage-python 1.30,
whose classes are generated from that spec) was checked by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from traced_home import DELIVERED, MARK, MONTH, Check, TracedHome

from aspa_assets.lineage import column_lineage, manifests
from aspa_resources.openlineage import events, run_id, write_events

TEXT = {"type": "string", "minLength": 1}
FACET = {
    "type": "object",
    "required": ["_producer", "_schemaURL"],
    "properties": {
        "_producer": {"type": "string", "format": "uri"},
        "_schemaURL": {"type": "string", "pattern": r"^https://openlineage\.io/spec/.+#/\$defs/"},
    },
}
FACETS = {"type": "object", "additionalProperties": FACET}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


DATASET = {
    "type": "object",
    "required": ["namespace", "name"],
    "properties": {
        "namespace": TEXT,
        "name": TEXT,
        "inputFacets": {
            **FACETS,
            "properties": {
                "dataQualityAssertions": _object(
                    assertions=_list(_object(assertion=TEXT, success={"type": "boolean"}))
                )
            },
        },
        "outputFacets": {
            **FACETS,
            "properties": {"outputStatistics": _object(rowCount={"type": "integer"})},
        },
        "facets": {
            **FACETS,
            "properties": {
                "schema": _object(fields=_list(_object(name=TEXT, type=TEXT))),
                "version": _object(datasetVersion=TEXT),
                "dataSource": _object(name=TEXT, uri={"type": "string", "format": "uri"}),
                "columnLineage": _object(
                    fields={
                        "type": "object",
                        "additionalProperties": _object(
                            inputFields=_list(_object(namespace=TEXT, name=TEXT, field=TEXT))
                        ),
                    }
                ),
            },
        },
    },
}
EVENT = {
    "type": "object",
    "required": ["eventType", "eventTime", "run", "job", "producer", "schemaURL"],
    "properties": {
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "eventTime": {"type": "string", "format": "date-time"},
        "run": {
            "type": "object",
            "required": ["runId"],
            "properties": {"runId": {"type": "string", "format": "uuid"}, "facets": FACETS},
        },
        "job": {
            "type": "object",
            "required": ["namespace", "name"],
            "properties": {"namespace": TEXT, "name": TEXT, "facets": FACETS},
        },
        "inputs": _list(DATASET),
        "outputs": _list(DATASET),
        "producer": {"type": "string", "format": "uri"},
        "schemaURL": {
            "const": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
        },
    },
}


@pytest.fixture(scope="module")
def columns() -> Any:
    """Return the column lineage of the assets."""
    return column_lineage()


def of_home(made: TracedHome, columns: Any, figure: str | None = None) -> list[dict[str, Any]]:
    return [*events(manifests(made.home, figure), columns)]


def test_every_event_holds_what_the_specification_asks_for(made: TracedHome, columns: Any) -> None:
    validator = Draft202012Validator(EVENT, format_checker=FormatChecker())
    told = of_home(made, columns)
    assert told
    assert [error.message for event in told for error in validator.iter_errors(event)] == []


def test_every_run_starts_once_and_ends_once(made: TracedHome, columns: Any) -> None:
    runs: dict[str, list[str]] = {}
    for event in of_home(made, columns):
        runs.setdefault(event["run"]["runId"], []).append(event["eventType"])
    assert {tuple(types) for types in runs.values()} == {("START", "COMPLETE")}


def test_the_same_manifests_give_the_same_events(made: TracedHome, columns: Any) -> None:
    assert of_home(made, columns) == of_home(made, columns)
    mart = made.storage.manifest("indicator_mart", MONTH)
    assert run_id(mart, "indicator_mart") != run_id(mart, "indicator_mart.checks")


def test_a_run_names_its_inputs_and_output_by_version(made: TracedHome, columns: Any) -> None:
    mart = made.storage.manifest("indicator_mart", MONTH)
    (event,) = (
        e
        for e in of_home(made, columns)
        if e["job"]["name"] == "indicator_mart" and e["eventType"] == "COMPLETE"
    )
    names = [one["name"] for one in event["inputs"]]
    assert names == [f"classified_feedback/{county}/{MONTH}" for county in DELIVERED]
    (output,) = event["outputs"]
    assert output["facets"]["version"]["datasetVersion"] == mart.version
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == mart.rows
    assert event["run"]["facets"]["aspa_versions"]["versions"] == {"rules": "r1"}


def test_a_refused_version_is_a_judgement_that_failed(made: TracedHome, columns: Any) -> None:
    made.checks = [Check("rejected_share", passed=False, unexpected_count=9)]
    made.seal("quality_mart", MONTH, 3, [])
    told = [e for e in of_home(made, columns) if e["eventType"] == "FAIL"]
    (event,) = told
    (judged,) = event["inputs"]
    assertions = judged["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert event["job"]["name"] == "quality_mart.checks"
    assert assertions == [{"assertion": "rejected_share", "success": False}]


def test_columns_lead_to_the_partitions_they_were_computed_from(
    made: TracedHome, columns: Any
) -> None:
    (event,) = (
        e
        for e in of_home(made, columns)
        if e["job"]["name"] == "published_tables" and e["eventType"] == "COMPLETE"
    )
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    sources = {(one["name"], one["field"]) for one in fields["county"]["inputFields"]}
    assert (f"indicator_mart/{MONTH}", "county") in sources


def test_events_behind_a_figure_are_a_part_of_all(made: TracedHome, columns: Any) -> None:
    key = f"{MONTH}/indicators_by_service_class/10/nps"
    some, everything = of_home(made, columns, key), of_home(made, columns)
    assert len(some) < len(everything)
    assert all(event in everything for event in some)
    assert not any("/08/" in dataset["name"] for event in some for dataset in event["outputs"])


def test_nothing_of_a_text_or_of_how_many_have_one_is_told(
    made: TracedHome, columns: Any, tmp_path: Path
) -> None:
    out = tmp_path / "events.jsonl"
    written = write_events(out, of_home(made, columns))
    text = out.read_text(encoding="utf-8")
    told = [json.loads(line) for line in text.splitlines()]
    assert len(told) == written
    assert MARK not in text
    outputs = [o for e in told for o in e["outputs"] if o["name"].startswith("analyzed_feedback")]
    assert outputs
    assert not any("outputFacets" in output for output in outputs)
