"""A reader sees the former or the new, a killed writer's leftovers go, a live one's work stays."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aspa_resources import atomic_files
from aspa_resources.atomic_files import Aside

ROUNDS = 200


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do some work over and over in another thread, and pass on what it raises."""
    over, raised = threading.Event(), []

    def repeat() -> None:
        while not over.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001 (whatever it is, the test must tell it)
                raised.append(error)
                return

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert raised == []


def write_folder(path: Path, content: str) -> None:
    with atomic_files.written_aside(path) as target:
        target.mkdir()
        for name in ("one", "two"):
            (target / name).write_text(content)


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    atomic_files.write_text(path, "ä")
    atomic_files.write_bytes(path, b"second")
    assert path.read_bytes() == b"second"
    assert [*path.parent.iterdir()] == [path]


def test_what_fails_half_way_leaves_the_former(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    atomic_files.write_text(path, "former")

    def fail() -> None:
        with atomic_files.written_aside(path) as target:
            target.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "former"
    assert [*tmp_path.iterdir()] == [path]


def test_a_reader_never_sees_a_file_half_written(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    contents = ["a" * 50_000, "b" * 70_000]
    atomic_files.write_text(path, contents[0])

    def read() -> None:
        assert path.read_text() in contents

    with meanwhile(read):
        for number in range(ROUNDS):
            atomic_files.write_text(path, contents[number % 2])


def test_a_folder_is_there_at_every_moment_of_its_exchange(tmp_path: Path) -> None:
    path = tmp_path / "2025-03"
    write_folder(path, "0")

    def read() -> None:
        assert path.is_dir()

    with meanwhile(read):
        for number in range(ROUNDS):
            write_folder(path, str(number))
    assert (path / "two").read_text() == str(ROUNDS - 1)
    assert [*tmp_path.iterdir()] == [path]


def test_where_names_cannot_be_exchanged_a_folder_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_files, "_exchanged_by_kernel", lambda *_: False)
    path = tmp_path / "2025-03"
    write_folder(path, "former")
    write_folder(path, "new")
    assert (path / "one").read_text() == "new"
    assert [*tmp_path.iterdir()] == [path]


def test_what_is_never_published_goes_with_its_object(tmp_path: Path) -> None:
    aside = Aside(tmp_path / "rows")
    aside.target.write_text("unused")
    del aside
    assert [*tmp_path.iterdir()] == []


def leave_behind(path: Path) -> None:
    """Start to write a path in a process that is killed over it."""
    code = (
        "import os, signal, sys; from pathlib import Path; "
        "from aspa_resources.atomic_files import Aside; "
        "aside = Aside(Path(sys.argv[1])); aside.target.write_text('half'); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, path], check=False)


def test_a_sweep_takes_what_the_killed_left_and_nothing_else(tmp_path: Path) -> None:
    leave_behind(tmp_path / "deep" / "rows")
    assert len([*tmp_path.glob("deep/.rows.*/new")]) == 1
    alive = Aside(tmp_path / "deep" / "rows")
    alive.target.write_text("to be")
    others = [tmp_path / name for name in (".git", ".profile.txt", "rows.0123abcd")]
    for other in others:
        other.mkdir()
    (tmp_path / ".file.0123abcd").write_text("a file is no writer's folder")
    atomic_files.sweep(tmp_path)
    assert [*tmp_path.glob("deep/.*")] == [alive.target.parent]
    assert all(other.exists() for other in [*others, tmp_path / ".file.0123abcd"])
    alive.publish()
    assert (tmp_path / "deep" / "rows").read_text() == "to be"


def test_a_path_can_be_swept_without_its_neighbours(tmp_path: Path) -> None:
    leave_behind(tmp_path / "rows")
    leave_behind(tmp_path / "rows.csv")
    atomic_files.sweep_beside(tmp_path / "rows")
    assert [path.name[:10] for path in tmp_path.iterdir()] == [".rows.csv."]


def test_writers_lose_nothing_to_sweeps_going_on(tmp_path: Path) -> None:
    with meanwhile(lambda: atomic_files.sweep(tmp_path)):
        for number in range(ROUNDS):
            atomic_files.write_text(tmp_path / str(number), "x")
    assert len([*tmp_path.iterdir()]) == ROUNDS


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    atomic_files.write_text(tmp_path / "rows", "x")
    atomic_files.remove(tmp_path / "rows")
    atomic_files.remove(tmp_path / "rows")
    assert not (tmp_path / "rows").exists()


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []

    def enter() -> None:
        with atomic_files.locked(tmp_path):
            inside.append(1)
            assert len(inside) == 1
            inside.pop()

    with meanwhile(enter):
        for _ in range(ROUNDS):
            enter()
