"""Runs a piece of work in processes of its own and kills them (SIGKILL) at a chosen write.

A write is what the interpreter's audit hooks tell of a folder: opening a file to write, renaming,
removing, making folders, databases. Opening counts twice: before it, and once the file is open
and empty. What C libraries write by themselves no hook tells: those moments are hit by killing
after a chosen time.

A kill leaves to its successors whatever the kernel was told, so nothing waits for the disk here.

Belongs here: killing. Not here: what the work is (crash_story, bench_crashes).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

OF_PATHS = frozenset(
    {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"}
    | {"shutil.copyfile", "sqlite3.connect"}
)
# Names of functions looked up in the C library: of ours, the exchange of two folders.
OF_NAMES = {"ctypes.dlsym": "renameat2"}
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class WriteCounter:
    """Counts the writes of this process under a folder and kills it at one of them.

    Args:
        root: the folder.
        kill_at: number of the write, from 1; 0 kills at none.
    """

    def __init__(self, root: Path, kill_at: int = 0) -> None:
        self.writes = 0
        self._root = f"{root}{os.sep}"
        self._kill_at = kill_at
        sys.addaudithook(self._told)

    def _told(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and arguments[2] & TO_WRITE and self._ours(arguments[0]):
            self._count()
            self.writes += 1
            if self.writes == self._kill_at:
                sys.setprofile(_die)  # called as soon as the opening returns
        elif self._changes(event, arguments):
            self._count()

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event in OF_NAMES:
            return bool(arguments[1] == OF_NAMES[event])
        return event in OF_PATHS and any(map(self._ours, arguments[:2]))

    def _count(self) -> None:
        self.writes += 1
        if self.writes == self._kill_at:
            _die()

    def _ours(self, path: object) -> bool:
        # Names relative to an open folder are those of a folder that is being removed.
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        name = os.fsdecode(path)
        return not name.startswith(os.sep) or name.startswith(self._root)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Outcome:
    """How a run came out.

    Attributes:
        killed: whether it was killed; else it ended well.
        told: what it returned, as JSON; None where it was killed.
        writes: how many it made; 0 where it was killed.
    """

    killed: bool
    told: Any
    writes: int


class Runner:
    """A process that forks one child a run, so that imports are paid for once.

    Args:
        module: name of a module whose functions take a folder and return what JSON can tell; its
            `preload`, if it has one, imports what all of them need.
        folder: where the module lies; None finds it as usual.
    """

    def __init__(self, module: str, folder: Path | None = None) -> None:
        paths = [*([str(folder)] if folder else []), *filter(None, sys.path)]
        self._process = subprocess.Popen(
            [sys.executable, __file__, module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip

    def run(self, function: str, root: Path, *, kill_at: int = 0, kill_after: float = 0) -> Outcome:
        """Run one function of the module on a folder, killed at a write or after some seconds."""
        order = {"function": function, "root": str(root), "at": kill_at, "after": kill_after}
        _pipe(self._process.stdin).write(json.dumps(order) + "\n")
        _pipe(self._process.stdin).flush()
        answer = json.loads(_pipe(self._process.stdout).readline())
        assert answer["status"] in (0, -signal.SIGKILL), f"{function} failed: see its traceback"
        return Outcome(answer["status"] != 0, answer["told"], answer["writes"])

    def close(self) -> None:
        """End the process."""
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        self._process.wait()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def _serve(module: str) -> None:
    import importlib

    work = importlib.import_module(module)
    getattr(work, "preload", lambda: None)()
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(getattr(work, order["function"]), order, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        answer = json.loads(told or '{"told": null, "writes": 0}')
        sys.stdout.write(json.dumps({"status": os.waitstatus_to_exitcode(status), **answer}) + "\n")
        sys.stdout.flush()


def _run(work: Any, order: dict[str, Any], writing: int) -> None:
    """Do the work in this child and tell of it."""
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the answers' pipe is the parent's alone
    os.fsync = lambda _: None  # see above
    if order["after"]:
        killer = threading.Timer(order["after"], _die)
        killer.daemon = True
        killer.start()
    counter = WriteCounter(Path(order["root"]), order["at"])
    told = work(Path(order["root"]))
    writes = counter.writes
    with os.fdopen(writing, "w") as pipe:
        json.dump({"told": told, "writes": writes}, pipe)
    os._exit(0)  # libraries' threads did not come along in the fork: nothing to wind up


if __name__ == "__main__":
    _serve(sys.argv[1])
