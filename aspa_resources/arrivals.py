"""The bytes of every dropped file, kept encrypted from the first look on.

What a county overwrites, moves or deletes in the landing zone is not lost: the lineage reads from
here. Kept by content, so the same bytes are kept once.

Belongs here: keeping, fetching, destroying. Not here: what is dropped when (ledger).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.storage import NotSealedError, Storage

KEPT: Final = "arrived_file"


class ArrivalMissingError(AspaError):
    """The bytes of a registered file are not kept any more."""


class Arrivals:
    """Dropped files by county and content hash.

    Args:
        storage: where they are kept, in the restricted zone.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def keep(self, county: str, content_hash: str, content: bytes) -> None:
        """Keep a file's bytes; nothing where they are kept already."""
        if self.keeps(county, content_hash):
            return
        candidate = self._storage.write_candidate(
            KEPT,
            f"{county}|{content_hash}",
            pl.DataFrame({"content": [content]}),
            inputs={},
            statistics={"bytes": len(content)},
            versions={},
        )
        self._storage.seal(candidate, KEPT, "1", [])

    def fetch(self, county: str, content_hash: str) -> bytes:
        """Return a file's bytes.

        Raises:
            ArrivalMissingError: they are not kept (any more).
        """
        try:
            frame = self._storage.read(KEPT, f"{county}|{content_hash}")
        except NotSealedError:
            raise ArrivalMissingError(
                f"The bytes of a file of county {county} are not kept any more. "
                "Drop the same file again."
            ) from None
        content: bytes = frame["content"][0]
        return content

    def keeps(self, county: str, content_hash: str) -> bool:
        """Tell whether a file's bytes are kept."""
        return self._storage.sealed(KEPT, f"{county}|{content_hash}") is not None

    def destroy(self, county: str, content_hash: str) -> None:
        """Remove a file's bytes for good; the ledger still knows its hash."""
        self._storage.withdraw(KEPT, f"{county}|{content_hash}")
