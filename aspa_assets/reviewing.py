"""The reviewer's desk: what `aspa review` does with the queue, the terminal and the verdicts.

Verdicts are sealed after every few answers and at the end, however it comes: the person quits,
hangs up, or the process is told to stop.

Belongs here: bringing the three together. Not here: showing and asking (aspa_resources.review),
sealing (verdicts), the command's options (cli).
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from rich.console import Console

from aspa_assets.verdicts import Review
from aspa_resources.anonymizer import ENTITY_TYPES
from aspa_resources.errors import AspaError
from aspa_resources.home import AspaHome
from aspa_resources.review import Verdict
from aspa_resources.review.sitting import Answer, Item, Language, Sitting, labels
from aspa_resources.review.verdicts import Said

SEALED_EVERY: Final = 10  # answers; what an abrupt end may cost at most
_WRITTEN: Final = re.compile(r"(\d+)=(?:(clean|too_much)|leak:([A-Z]+(?:,[A-Z]+)*))")


class NoTerminalError(AspaError):
    """Texts are shown in a terminal only, and there is none."""


class MalformedVerdictError(AspaError):
    """A verdict on the command line is none."""


@dataclass(frozen=True)
class Desk:
    """The review of one county's month, in one language."""

    review: Review
    language: Language
    place: tuple[str, str]

    @classmethod
    def open(cls, county: str, month: str, language: str) -> Desk:
        """Open the queue of a month in the home that the environment names.

        Raises:
            NotSealedError: no queue has been drawn of it.
        """
        review = Review(AspaHome.current(), county, month)
        return cls(review, cast("Language", language), (county, month))

    def counts(self) -> dict[str, Any]:
        """Return what has been looked at and said, as data for scripts."""
        county, month = self.place
        drawn = self.review.queue.height
        return {"county": county, "month": month, "drawn": drawn, **self.review.counts()}

    def summary(self) -> list[str]:
        """Return the same as lines for people."""
        counts, words = self.counts(), labels(self.language)
        lines = [words["summary"].format(total=counts["drawn"], **counts)]
        return [*lines, words["leaks"]] if counts["leaks"] else lines

    def record(self, written: Sequence[str], taken_back: Sequence[int]) -> None:
        """Give and take back verdicts by the numbers of their texts.

        Raises:
            MalformedVerdictError: one is not of the form that the command asks for.
            NoSuchItemError: a number names no text; nothing is recorded then.
        """
        again = [self.review.hash_of(item) for item in taken_back]
        new = [self._written(text) for text in written]
        if again:
            self.review.take_back(again)
        self.review.add(new)

    def sit(self) -> None:
        """Show the waiting texts to a person, one at a time.

        Raises:
            NoTerminalError: what is shown would not stay on a screen.
        """
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise NoTerminalError(
                "Texts are shown in a terminal only. Without one, --json prints counts and "
                "--record gives verdicts."
            )
        waiting = self.review.waiting()
        if waiting.is_empty():
            return
        items = [Item(*row) for row in waiting.select("item", "text_hash", "text").iter_rows()]
        judged = {*self.review.verdicts()["text_hash"]}
        sitting = Sitting(
            Console(highlight=False),
            self.language,
            place=self.place,
            total=self.review.queue.height,
            is_done=judged.__contains__,
            read_line=input,
        )
        said: list[Verdict] = []
        with _ending_well():
            try:
                for answer in sitting.answers(items, len(self.review.queue) - len(items)):
                    said.append(_verdict(answer))
                    if len(said) == SEALED_EVERY:
                        judged.update(self.review.add(said)["text_hash"])
                        said.clear()
            except (EOFError, KeyboardInterrupt):
                pass  # the person has gone: as if they had quit
            finally:
                self.review.add(said)

    def _written(self, text: str) -> Verdict:
        match = _WRITTEN.fullmatch(text)
        types = tuple(match[3].split(",")) if match and match[3] else ()
        if not match or not set(types) <= set(ENTITY_TYPES):
            raise MalformedVerdictError(
                "A verdict is ITEM=clean, ITEM=too_much or ITEM=leak:TYPE,TYPE with types of "
                f"{', '.join(ENTITY_TYPES)}."
            )
        said = cast("Said", match[2] or "leak")
        return Verdict(self.review.hash_of(int(match[1])), said, types, _today())


def _verdict(answer: Answer) -> Verdict:
    return Verdict(answer.item.text_hash, answer.verdict, answer.entity_types, _today())


def _today() -> date:
    return datetime.now(UTC).date()


@contextmanager
def _ending_well() -> Iterator[None]:
    """Let a hang-up or a request to stop end the block like any exit, so that it can finish."""
    signals = (signal.SIGHUP, signal.SIGTERM)
    former = [signal.signal(one, lambda *_: sys.exit(1)) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, former, strict=True):
            signal.signal(one, handler)
