"""What a path of the app names: a file or a folder in one of the folders that are handed out.

Belongs here: reading a path. A path is taken only where every name in it is plain, so that no
spelling of `..`, of an absolute path or of a hidden file is left to be understood by anything that
comes after. Does not belong here: whether the place is there (`shelves`) and who may see it
(`readers`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

REPORTS: Final = "reports"
RECEIPTS: Final = "receipts"
OPERATOR: Final = "operator"
TABLES: Final = "thl"
FOLDERS: Final = frozenset({REPORTS, RECEIPTS, OPERATOR, TABLES})

_NAME: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}")  # so none is hidden, none is `..`
_MONTH: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Place:
    """A file or a folder that is handed out, if it is there.

    Attributes:
        folder: One of `FOLDERS`; the path begins with it.
        names: The folders and the file below it, one name each.
        is_folder: Whether the path ends in a slash, and so asks for a list of what is there.
    """

    folder: str
    names: tuple[str, ...]
    is_folder: bool = False

    @property
    def area(self) -> str:
        """The area whose report or receipt it is, as the path has it; empty for any other."""
        return self.names[0] if self.folder in {REPORTS, RECEIPTS} else ""

    @property
    def month(self) -> str:
        """The month that the path names, `YYYY-MM`; empty where it names none."""
        return next(filter(is_month, self.stems), "")

    @property
    def stems(self) -> tuple[str, ...]:
        """The names without what follows their first dot."""
        return tuple(name.partition(".")[0] for name in self.names)

    @property
    def is_page(self) -> bool:
        """Whether it is a page to read, not a file to take along."""
        return self.names[-1].endswith(".html")


def is_plain(name: str) -> bool:
    """Return whether a file or a folder of that name can be asked for."""
    return _NAME.fullmatch(name) is not None


def is_month(name: str) -> bool:
    """Return whether a name is a month, `YYYY-MM`."""
    return _MONTH.fullmatch(name) is not None


def place_of(path: str) -> Place | None:
    """Return the place that a path names; None where it names none.

    Args:
        path: The path as the server decoded it, without its first slash.
    """
    folder, *names = path.removesuffix("/").split("/")
    if folder not in FOLDERS or not names or not all(map(is_plain, names)):
        return None
    return Place(folder, tuple(names), is_folder=path.endswith("/"))
