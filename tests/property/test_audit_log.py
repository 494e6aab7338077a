"""Whatever byte of the audit log or its head is changed, added or removed, checking it tells."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aspa_resources.audit_log import KEY_VARIABLE, AuditLog

ENTRIES = 5
FILES = ("log.jsonl", "head.json")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of an installation whose log has some entries."""
    root = tmp_path_factory.mktemp("logged")
    os.environ[KEY_VARIABLE] = "k" * 32
    for number in range(ENTRIES):
        AuditLog(root).record("sealed", asset="published_tables", rows=number)
    yield root
    del os.environ[KEY_VARIABLE]


@given(file=st.sampled_from(FILES), place=st.integers(min_value=0), byte=st.integers(0, 255))
@settings(deadline=None, max_examples=400)
def test_a_changed_byte(root: Path, file: str, place: int, byte: int) -> None:
    def changed(content: bytes) -> bytes:
        at = place % len(content)
        return content[:at] + bytes([byte]) + content[at + 1 :]

    _assert_told(root, file, changed)


@given(file=st.sampled_from(FILES), place=st.integers(min_value=0), added=st.binary(min_size=1))
@settings(deadline=None, max_examples=400)
def test_added_bytes(root: Path, file: str, place: int, added: bytes) -> None:
    def changed(content: bytes) -> bytes:
        at = place % (len(content) + 1)
        return content[:at] + added + content[at:]

    _assert_told(root, file, changed)


@given(file=st.sampled_from(FILES), ends=st.tuples(st.integers(0), st.integers(0)))
@settings(deadline=None, max_examples=400)
def test_removed_bytes(root: Path, file: str, ends: tuple[int, int]) -> None:
    def changed(content: bytes) -> bytes:
        start, stop = sorted(end % (len(content) + 1) for end in ends)
        return content[:start] + content[stop:]

    _assert_told(root, file, changed)


def _assert_told(root: Path, file: str, change: Callable[[bytes], bytes]) -> None:
    path = root / "audit_log" / file
    content = path.read_bytes()
    changed = change(content)
    assume(changed != content)
    path.write_bytes(changed)
    try:
        checked = AuditLog(root).check()
    finally:
        path.write_bytes(content)
    assert checked.problem or checked.unfinished
