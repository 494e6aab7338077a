"""The graph is the design's, and every asset says what it must say about itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from aspa_assets.definitions import build_definitions
from aspa_resources.zones import ZONE_OF, Zone
from expectations.columns import names
from expectations.suites import SUITES

SNAPSHOT = Path(__file__).parents[2] / "data" / "assets" / "graph.yaml"
TIMES_ITS_FRAMEWORK = 3.0
"""How long the code location may load, in the time that Dagster and Polars alone take."""
HEAVY = (
    "torch",
    "bertopic",
    "great_expectations",
    "spacy",
    "presidio_analyzer",
    "altair",
    "scipy",
    "highspy",
)


@pytest.fixture(scope="module")
def graph() -> dg.AssetGraph:
    return build_definitions().resolve_asset_graph()


def test_the_graph_is_as_it_was_agreed(graph: dg.AssetGraph) -> None:
    """A change of the lineage changes the snapshot, on purpose and in review."""
    now = {
        node.key.to_user_string(): {
            "group": node.group_name,
            "inputs": sorted(key.to_user_string() for key in node.parent_keys),
            "partitions": partition_names(node.partitions_def),
        }
        for node in graph.asset_nodes
    }
    assert now == yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))


def partition_names(partitions: dg.PartitionsDefinition | None) -> str:
    if isinstance(partitions, dg.MultiPartitionsDefinition):
        return "|".join(partitions.partition_dimension_names)
    if isinstance(partitions, dg.StaticPartitionsDefinition):
        return "county"
    return "month" if partitions else ""


def test_every_asset_follows_the_conventions(graph: dg.AssetGraph) -> None:
    for node in graph.asset_nodes:
        name = node.key.to_user_string()
        assert node.owners == ["team:aspa"], name
        assert node.kinds, name
        assert node.group_name != "default", name
        assert node.description, name
        assert node.code_version, name
        assert node.metadata["zone"] == ZONE_OF[name].value
        schema = node.metadata["dagster/column_schema"]
        assert [column.name for column in schema.columns] == names(name)
        assert all(column.description for column in schema.columns), name


def test_every_asset_is_gated_by_its_suite(graph: dg.AssetGraph) -> None:
    for node in graph.asset_nodes:
        name = node.key.to_user_string()
        checks = {key.name for key in graph.get_check_keys_for_assets({node.key})}
        # What people seal at a command is judged by its suite there, not in a run.
        assert checks == {e.name for e in SUITES[name].expectations if node.is_executable}
        assert any(e.blocking for e in SUITES[name].expectations), name


def test_counties_and_months_are_the_designs(graph: dg.AssetGraph) -> None:
    partitions = graph.get(dg.AssetKey("raw_delivery")).partitions_def
    assert isinstance(partitions, dg.MultiPartitionsDefinition)
    keys = partitions.get_partition_keys()
    assert "10|2025-03" in keys
    assert {key.split("|")[0] for key in keys} == {f"{n:02d}" for n in range(1, 22)} | {"90", "91"}
    assert min(key.split("|")[1] for key in keys) == "2024-01"


def test_columns_are_traced_where_they_survive(graph: dg.AssetGraph) -> None:
    lineage = graph.get(dg.AssetKey("classified_feedback")).metadata["dagster/column_lineage"]
    (source,) = [
        dep
        for dep in lineage.deps_by_column["age_group"]
        if dep.asset_key == dg.AssetKey("anonymized_feedback")
    ]
    assert source.column_name == "age_group"


@pytest.mark.parametrize("location", ["county", "national"])
def test_the_two_halves_load_by_themselves_and_share_no_asset(location: str) -> None:
    both = [
        {node.key for node in build_definitions(one).resolve_asset_graph().asset_nodes
         if node.is_executable}
        for one in ("county", "national")
    ]  # fmt: skip
    assert not both[0] & both[1]
    jobs = {job.name for job in build_definitions(location).resolve_all_job_defs()}
    assert jobs


def test_the_national_half_holds_nothing_of_the_restricted_zone() -> None:
    national = build_definitions("national").resolve_asset_graph()
    executable = {n.key.to_user_string() for n in national.asset_nodes if n.is_executable}
    assert not executable & {a for a, zone in ZONE_OF.items() if zone is Zone.RESTRICTED}


def test_an_unknown_location_is_refused() -> None:
    with pytest.raises(ValueError, match="county, national"):
        build_definitions("elsewhere")


def test_the_code_location_loads_without_heavy_libraries_and_in_time() -> None:
    code = (
        "import sys, time, dagster, polars; framework = time.process_time();"
        "from aspa_assets.definitions import build_definitions;"
        "build_definitions().resolve_asset_graph();"
        f"print(time.process_time() / framework, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    least = TIMES_ITS_FRAMEWORK
    for _ in range(3):  # a busy neighbour slows a process's own time too
        times, loaded = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split(" ", 1)
        assert loaded.strip() == "[]"
        least = min(least, float(times))
    assert least < TIMES_ITS_FRAMEWORK
