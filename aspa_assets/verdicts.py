"""What reviewers said of the cleaned texts: from the drawn queue to sealed verdicts.

Verdicts come from people at a command, not from a run, so they are sealed here, by the same suite
and storage as every step's result. Whoever adds some holds a lock from reading the former ones to
sealing, so that of two reviewers neither's are lost.

Belongs here: reading a queue, sealing verdicts. Not here: the draw (review), what a leak does
(anonymization), asking (aspa_resources.review).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final

import polars as pl

from aspa_assets.partitions import county_month
from aspa_resources import atomic_files
from aspa_resources.errors import AspaError
from aspa_resources.home import AspaHome
from aspa_resources.review import NO_VERDICTS, Verdict, counted, leaks, merged, without
from aspa_resources.storage import Manifest, Storage
from aspa_resources.zones import ZoneKeys
from expectations.columns import names

ASSET: Final = "review_verdicts"
QUEUE: Final = "review_queue"
LEAKS_KNOWN: Final = "leaks_known"
"""In the statistics of the verdicts and of the verification run that heeded them."""


class NoSuchItemError(AspaError):
    """A number names no text of the queue."""


class UnfitVerdictsError(AspaError):
    """Verdicts did not hold what their suite asks for."""


def leaks_known(verdicts: Manifest | None) -> str:
    """Return the mark of the leaks that sealed verdicts tell of; nothing where none does.

    It changes with them and with nothing else: a verdict that tells of no leak decides nothing
    about any row, and makes nothing due. Verdicts without a mark are news with every version.
    """
    return str(verdicts.statistics.get(LEAKS_KNOWN, verdicts.version)) if verdicts else ""


class Review:
    """The review of one county's month.

    Raises:
        NotSealedError: no queue has been drawn of it.
        PurgedError: the queue's texts have outlived their time.
    """

    def __init__(self, home: AspaHome, county: str, month: str) -> None:
        self._lock = home.review_lock
        self._storage = Storage(home.storage, ZoneKeys(home.keys))
        self._key = county_month(county, month)
        self._drawn = self._storage.manifest(QUEUE, self._key)
        self.queue: Final = self._storage.read_version(self._drawn)

    def verdicts(self) -> pl.DataFrame:
        """Return every verdict on the month's texts, those on texts of former queues too."""
        if self._storage.sealed(ASSET, self._key) is None:
            return NO_VERDICTS
        return self._storage.read(ASSET, self._key)

    def counts(self) -> dict[str, Any]:
        """Return how many texts of the queue were looked at, and what was said of them."""
        return counted(self.verdicts(), self.queue)

    def waiting(self) -> pl.DataFrame:
        """Return the texts of the queue that nobody has judged, in its order."""
        return self.queue.join(self.verdicts(), on="text_hash", how="anti").sort("item")

    def hash_of(self, item: int) -> str:
        """Return the hash of the text with a number.

        Raises:
            NoSuchItemError: the queue has no such number.
        """
        rows = self.queue.filter(pl.col("item") == item)
        if rows.is_empty():
            raise NoSuchItemError(f"The queue has the numbers 1 to {self.queue.height}.")
        named: str = rows["text_hash"][0]
        return named

    def add(self, new: Iterable[Verdict]) -> pl.DataFrame:
        """Seal new verdicts together with the former ones and return them all."""
        return self._change(lambda former: merged(former, new))

    def take_back(self, text_hashes: Iterable[str]) -> pl.DataFrame:
        """Seal the verdicts without those on some texts, which wait again, and return the rest."""
        return self._change(lambda former: without(former, [*text_hashes]))

    def _change(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        with atomic_files.locked(self._lock):
            former = self.verdicts()
            verdicts = change(former)
            if not verdicts.equals(former):
                self._seal(verdicts, self._mark(former, verdicts))
        return verdicts

    def _mark(self, former: pl.DataFrame, verdicts: pl.DataFrame) -> str:
        """Return the mark of the leaks known; a random one, for a hash could be guessed at."""
        if leaks(verdicts) == leaks(former):
            return leaks_known(self._storage.sealed(ASSET, self._key))
        return secrets.token_hex(6) if leaks(verdicts) else ""

    def _seal(self, verdicts: pl.DataFrame, mark: str) -> None:
        from expectations.runner import judge  # imports Great Expectations
        from expectations.suites import SUITES

        suite = SUITES[ASSET]
        candidate = self._storage.write_candidate(
            ASSET,
            self._key,
            verdicts.select(names(ASSET)),
            # The queue is an input: verdicts on a month that was taken out are not sealed.
            inputs={f"{QUEUE}@{self._key}": self._drawn.version},
            statistics={**counted(verdicts, self.queue), LEAKS_KNOWN: mark},
            versions={},
        )
        outcomes = judge(suite, verdicts, _figures(verdicts), {})
        judged = self._storage.seal(candidate, suite.step, suite.version, outcomes)
        if not judged.sealed:
            raise UnfitVerdictsError(
                f"The verdicts were not kept: {', '.join(judged.failed_checks)} failed."
            )


def _figures(verdicts: pl.DataFrame) -> dict[str, int]:
    from aspa_resources.anonymizer import ENTITY_TYPES

    types = verdicts["entity_types"].explode().drop_nulls()
    leak, told = pl.col("verdict") == "leak", pl.col("entity_types").list.len() > 0
    return {
        "unknown_entity_types": types.filter(~types.is_in(ENTITY_TYPES)).len(),
        "types_unlike_verdict": verdicts.filter(leak != told).height,
    }
