"""`aspa audit --log`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from aspa_assets.cli import aspa
from aspa_resources.audit_log import AuditLog


def checked(home: Path) -> Result:
    env = {"ASPA_HOME": str(home)}
    return CliRunner().invoke(aspa, ("audit", "--log", "--json"), env=env)


def test_a_whole_log_ends_with_0(tmp_path: Path) -> None:
    AuditLog(tmp_path).record("sealed")
    done = checked(tmp_path)
    told = json.loads(done.output)
    assert (done.exit_code, told["entries"], told["faults"]) == (0, 1, [])


def test_every_fault_is_told_to_scripts_too(tmp_path: Path) -> None:
    AuditLog(tmp_path).record("sealed")
    log = tmp_path / "audit_log" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"sealed", b"served", 1) + b"{")
    done = checked(tmp_path)
    changed, unfinished = json.loads(done.output)["faults"]
    assert done.exit_code == 1
    assert changed == "Line 1 was changed."
    assert "begun and not ended" in unfinished


def test_an_empty_log_is_no_whole_one(tmp_path: Path) -> None:
    done = checked(tmp_path / "elsewhere")
    (fault,) = json.loads(done.output)["faults"]
    assert done.exit_code == 1
    assert "Is ASPA_HOME right?" in fault
