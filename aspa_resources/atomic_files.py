"""The one way to write a file or a folder: aside, then into place by one rename.

A reader sees the former content or the new one, and so does whoever comes after a killed process
or a power cut. Each writer works in a hidden folder of its own beside the path, `.NAME.<8 hex>`,
which it keeps locked (flock) while it lives. So a leftover of a killed writer can be told from
the work of a live one, whatever files a library made in it, and swept by anyone at any time.

A folder takes the place of a former one by the kernel's exchange of two names (renameat2): unlike
a symbolic link that is swapped, readers, archives and transfers see a plain folder, and the former
one lies in the hidden folder, to be removed with it. A reader under way in the former one misses
files, and starts again. Where the system or the file system cannot exchange names, two renames
leave a moment without the folder.

Locks hold between the processes of one machine: sweep only folders that one machine writes.

Belongs here: writing, sweeping, locks. Not here: what is written.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import secrets
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_RANDOM: Final = r"\.[0-9a-f]{8}"
_ASIDE: Final = re.compile(rf"\..+{_RANDOM}")
_HERE: Final = -100  # AT_FDCWD: paths are not relative to an open folder
_EXCHANGE: Final = 2  # RENAME_EXCHANGE


class Aside:
    """A place of one writer's own beside a path; what is made there goes into place at once.

    What is not published is removed with the object, at the latest when the process ends; what a
    killed process leaves is removed by `sweep`.

    Args:
        path: the file or folder to write; its parent is made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder, descriptor = _own_folder(path)
        self.target: Final = self._folder / "new"  # a name that no search for files will match
        self.close: Final = weakref.finalize(self, _remove, self._folder, descriptor)

    def publish(self, path: Path | None = None) -> None:
        """Put the file or folder made at `target` into place.

        Args:
            path: another place on the same file system than the one named at first.
        """
        place = path or self._path
        _sync(self.target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self.target.is_dir() and place.is_dir():
            _exchange(self.target, place)
        else:
            self.target.replace(place)
        _sync_entry(place.parent)
        self.close()


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Yield where to write a file or a folder that appears as `path` when the block ends well."""
    aside = Aside(path)
    try:
        yield aside.target
        aside.publish()
    finally:
        aside.close()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole; its folder is made where it is missing."""
    with written_aside(path) as target:
        target.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write a file whole, as UTF-8; its folder is made where it is missing."""
    write_bytes(path, content.encode())


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there, at once and for good: also after a power cut."""
    if path.is_dir():
        aside = Aside(path)
        path.replace(aside.target)
        _sync_entry(path.parent)
        aside.close()
    elif path.exists():
        path.unlink(missing_ok=True)
        _sync_entry(path.parent)


def sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder and below it; live writers keep theirs."""
    for root, names, _ in os.walk(folder):
        for name in filter(_ASIDE.fullmatch, [*names]):
            names.remove(name)
            _remove_if_left(Path(root, name))


def sweep_beside(path: Path) -> None:
    """Remove what killed writers of one path left; live writers keep theirs."""
    of_path = re.compile(rf"\.{re.escape(path.name)}{_RANDOM}")
    if path.parent.is_dir():
        for entry in [*path.parent.iterdir()]:
            if of_path.fullmatch(entry.name):
                _remove_if_left(entry)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder, or of a file made for it, waiting for whoever holds it."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDONLY | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _own_folder(path: Path) -> tuple[Path, int]:
    """Make a writer's hidden folder and return it with the descriptor that holds its lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        folder = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        folder.mkdir(mode=0o700)
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # swept before it could be locked
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():
            return folder, descriptor
        os.close(descriptor)


def _remove(folder: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


def _remove_if_left(aside: Path) -> None:
    """Remove a writer's hidden folder unless the writer lives, or removed it itself meanwhile."""
    try:
        descriptor = os.open(aside, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
    else:
        _remove(aside, descriptor)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change names at once, or one after the other where that cannot be."""
    if not _exchanged_by_kernel(one, other):
        former = one.with_name("former")
        other.replace(former)
        one.replace(other)


def _exchanged_by_kernel(one: Path, other: Path) -> bool:
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    names = [_HERE, os.fsencode(one), _HERE, os.fsencode(other), ctypes.c_uint(_EXCHANGE)]
    return bool(renameat2(*names) == 0)


def _sync(made: Path) -> None:
    """Bring a file, or a folder with all that is in it, to the disk."""
    for inside in made.rglob("*") if made.is_dir() else ():
        _sync_entry(inside)
    _sync_entry(made)


def _sync_entry(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
