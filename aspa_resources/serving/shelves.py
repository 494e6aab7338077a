"""Reading the folders that are handed out, and nothing that only a link leads to.

Folders are opened one inside the other and no link is followed, so that between looking and reading
nothing can be exchanged for something outside. The four folders themselves may be links: whoever
set up the installation made those.

Belongs here: opening and reading. Does not belong here: who may (`readers`).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from aspa_resources.home import AspaHome
from aspa_resources.serving.places import Place, is_plain

_NOT_THERE: Final = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not be waited for


class Shelves:
    """The folders of an installation that people are handed pages from."""

    def __init__(self, home: AspaHome) -> None:
        self._roots = {folder.name: folder for folder in home.pages}

    def read(self, place: Place) -> bytes | None:
        """Return a file; None where there is none.

        Raises:
            OSError: It is there and cannot be read.
        """
        with self._opened(place) as descriptor:
            if descriptor is None or not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            with os.fdopen(os.dup(descriptor), "rb") as file:
                return file.read()

    def list(self, place: Place) -> dict[str, int | None] | None:
        """Return what is in a folder, by name: a file's bytes, None for a folder.

        Returns:
            None where there is no such folder; nothing that cannot be named in a path.

        Raises:
            OSError: It is there and cannot be read.
        """
        with self._opened(place) as descriptor:
            if descriptor is None or not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                return None
            with os.scandir(descriptor) as entries:
                plain = [entry for entry in entries if is_plain(entry.name)]
            found: dict[str, int | None] = {}
            for entry in sorted(plain, key=lambda entry: entry.name):
                if entry.is_file(follow_symlinks=False):
                    found[entry.name] = entry.stat(follow_symlinks=False).st_size
                elif entry.is_dir(follow_symlinks=False):
                    found[entry.name] = None
            return found

    @contextmanager
    def _opened(self, place: Place) -> Iterator[int | None]:
        """Yield an open file or folder; None where there is none, or a link is on the way."""
        with ExitStack() as opened:
            found: int | None = None
            try:
                found = os.open(self._roots[place.folder], os.O_RDONLY | os.O_DIRECTORY)
                opened.callback(os.close, found)
                for name in place.names:
                    found = os.open(name, _OPEN, dir_fd=found)
                    opened.callback(os.close, found)
            except OSError as problem:
                if problem.errno not in _NOT_THERE:
                    raise
                found = None
            yield found
