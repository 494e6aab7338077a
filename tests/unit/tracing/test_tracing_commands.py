"""The auditors' commands: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from traced_home import MONTH, TracedHome

from aspa_assets.cli import aspa
from aspa_resources.errors import AspaError

KEY = f"{MONTH}/indicators_by_service_class/10/nps"


def ran(made: TracedHome, *arguments: str) -> Result:
    return CliRunner().invoke(aspa, arguments, env={"ASPA_HOME": str(made.root)})


def test_a_trace_is_printed_for_people_and_for_scripts(made: TracedHome) -> None:
    people, scripts = ran(made, "trace", KEY), ran(made, "trace", KEY, "--json")
    assert (people.exit_code, scripts.exit_code) == (0, 0)
    assert "50, computed from n = 20" in people.output
    told = json.loads(scripts.output)
    assert told["value"] == 50
    assert told["steps"][0]["asset"] == "published_tables"


def test_a_changed_file_ends_with_1(made: TracedHome) -> None:
    path = made.file_of(made.storage.manifest("indicator_mart", MONTH))
    path.write_bytes(b"other bytes")
    assert ran(made, "trace", KEY).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--county", "10"), (KEY, "--month", MONTH), ("--release", "x", "--county", "10")],
)
def test_half_a_question_is_wrong_usage(made: TracedHome, arguments: tuple[str, ...]) -> None:
    assert ran(made, "trace", *arguments).exit_code == 2


def test_a_months_page_is_written_and_named(made: TracedHome) -> None:
    done = ran(made, "trace", "--county", "10", "--month", MONTH, "--json")
    assert Path(json.loads(done.output)["page"]).is_file()


@pytest.mark.parametrize("arguments", [("trace", KEY), ("lineage", "events.jsonl")])
def test_an_empty_home_is_told_what_to_do(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    env = {"ASPA_HOME": str(tmp_path / "home")}
    done = CliRunner().invoke(aspa, arguments, env=env)
    assert isinstance(done.exception, AspaError)
    assert "Deliver, then run `aspa run`." in str(done.exception)
    assert not (tmp_path / "home").exists()


def test_lineage_is_written_as_json_lines(made: TracedHome, tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    done = ran(made, "lineage", str(out), "--figure", KEY, "--json")
    assert json.loads(done.output) == {"events": len(out.read_text().splitlines()), "out": str(out)}
