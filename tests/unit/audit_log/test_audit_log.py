"""The audit log goes on over kills and processes, and tells of every byte that is not its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aspa_resources.audit_log import KEY_VARIABLE, Anchor, AuditLog, AuditLogError

WRITER = "import sys; from pathlib import Path; from aspa_resources.audit_log import AuditLog; "


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the log its key by the environment, as an installation does."""
    monkeypatch.setenv(KEY_VARIABLE, "k" * 32)


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    """Return a log of three entries."""
    log = AuditLog(tmp_path)
    for month in ("2025-01", "2025-02", "2025-03"):
        log.record("sealed", asset="published_tables", partition=month, rows=12)
    return log


def _lines(tmp_path: Path) -> list[bytes]:
    return (tmp_path / "audit_log" / "log.jsonl").read_bytes().splitlines(keepends=True)


def _write(tmp_path: Path, lines: list[bytes]) -> None:
    (tmp_path / "audit_log" / "log.jsonl").write_bytes(b"".join(lines))


def test_entries_hold_and_tell_what_was_done(log: AuditLog, tmp_path: Path) -> None:
    checked = log.check()
    entry = json.loads(_lines(tmp_path)[1])
    assert (checked.entries, checked.problem, checked.unfinished) == (3, "", False)
    assert (entry["what"], entry["facts"]["partition"]) == ("sealed", "2025-02")


def test_an_empty_log_holds(tmp_path: Path) -> None:
    assert AuditLog(tmp_path).check().problem == ""
    assert AuditLog(tmp_path).anchor().entries == 0


@pytest.mark.parametrize(
    ("order", "problem"),
    [
        ([0, 2, 1], "Line 2 is not the entry"),
        ([1, 2], "Line 1 is not the entry"),
        ([0, 2], "Line 2 is not the entry"),
        ([0, 1, 1, 2], "Line 3 is not the entry"),
        ([0, 1], "there were 3 at least"),
        ([], "there were 3 at least"),
        ([0, 1, 2, 2], "Line 4 is not the entry"),
    ],
)
def test_lines_moved_removed_or_doubled_are_told(
    log: AuditLog, tmp_path: Path, order: list[int], problem: str
) -> None:
    lines = _lines(tmp_path)
    _write(tmp_path, [lines[i] for i in order])
    assert problem in log.check().problem


def test_a_log_of_another_key_is_told(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "another key of enough characters")
    assert log.check().problem == "Line 1 was changed."
    with pytest.raises(AuditLogError, match="head of the audit log was changed"):
        log.record("sealed")


def test_a_head_put_among_the_entries_is_told(log: AuditLog, tmp_path: Path) -> None:
    head = (tmp_path / "audit_log" / "head.json").read_bytes()
    _write(tmp_path, [*_lines(tmp_path), head + b"\n"])
    assert "Line 4 is not the entry" in log.check().problem


def test_an_older_log_with_its_older_head_is_told_by_an_anchor(
    log: AuditLog, tmp_path: Path
) -> None:
    folder = tmp_path / "audit_log"
    older = {name: (folder / name).read_bytes() for name in ("log.jsonl", "head.json")}
    log.record("sealed", partition="2025-04")
    anchor = log.anchor()
    for name, content in older.items():
        (folder / name).write_bytes(content)
    assert log.check().problem == ""
    assert "there were 4 at least" in log.check([anchor]).problem
    log.record("sealed", partition="2025-05")
    assert log.check([anchor]).problem == "Entry 4 is not the one that was anchored elsewhere."
    assert log.check([Anchor(3, json.loads(older["head.json"])["last"])]).problem == ""


def test_a_head_removed_is_told_and_nothing_is_added(log: AuditLog, tmp_path: Path) -> None:
    (tmp_path / "audit_log" / "head.json").unlink()
    assert log.check().problem == "The head of the log is gone."
    with pytest.raises(AuditLogError, match="head of the audit log is gone"):
        log.record("sealed")


def test_a_log_cut_short_is_not_gone_on_with(log: AuditLog, tmp_path: Path) -> None:
    _write(tmp_path, _lines(tmp_path)[:2])
    with pytest.raises(AuditLogError, match="shorter than its head says"):
        log.record("sealed")


def test_a_line_begun_by_a_killed_process_is_written_over(log: AuditLog, tmp_path: Path) -> None:
    lines = _lines(tmp_path)
    _write(tmp_path, [*lines, lines[2][:40]])
    assert log.check().unfinished
    log.record("sealed", partition="2025-04")
    assert (log.check().entries, log.check().problem, log.check().unfinished) == (4, "", False)


def test_an_entry_that_a_killed_process_did_not_count_is_counted(
    log: AuditLog, tmp_path: Path
) -> None:
    head = tmp_path / "audit_log" / "head.json"
    before = head.read_bytes()
    log.record("sealed", partition="2025-04")
    head.write_bytes(before)
    log.record("sealed", partition="2025-05")
    assert (log.check().entries, log.check().problem) == (5, "")


@pytest.mark.parametrize(
    "facts", [{"text": "Sain hyvää hoitoa"}, {"name": "x" * 129}, {"line": "a\nb"}]
)
def test_nothing_but_plain_words_is_logged(log: AuditLog, facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="plain words only"):
        log.record("read", **facts)
    assert log.check().entries == 3


def test_a_short_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "short")
    with pytest.raises(AuditLogError, match="too short for a key"):
        AuditLog(tmp_path).record("sealed")


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    program = WRITER + "[AuditLog(Path(sys.argv[1])).record('read', at=i) for i in range(40)]"
    processes = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert (AuditLog(tmp_path).check().entries, AuditLog(tmp_path).check().problem) == (160, "")
