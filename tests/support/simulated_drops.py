"""Counties that drop, overwrite, copy, rename and delete files, and what must come of it.

A plain model beside the real landing zone: it knows which bytes were there at each look, and so
which drops there must be, each registered once and each month processed once for what is in force.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from landing_folder import Landing, feedback

from aspa_resources.drops import Reading

Act = Literal["drop", "copy", "rename", "touch", "delete", "half", "killed", "look"]
ACTS: Final[tuple[Act, ...]] = (
    "drop", "drop", "drop", "copy", "rename", "touch", "delete", "half", "killed", "look", "look",
)  # fmt: skip
COUNTIES: Final = ("08", "10")
MONTHS: Final = ("2025-02", "2025-03")
NAMES: Final = ("a.csv", "b.csv", "c.csv", "d.csv")


@dataclass
class Simulation:
    """A landing zone, its counties, and the model of what must come of their drops.

    Attributes:
        seen: number of the look that placed each county's content.
        processed: how often each county's month was processed for each set of contents.
    """

    root: Path
    landing: Landing = field(init=False)
    seen: dict[tuple[str, bytes], int] = field(default_factory=dict)
    processed: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)
    taken: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    drops: int = 0
    looks: int = 0

    def __post_init__(self) -> None:
        self.landing = Landing(self.root)

    def act(self, act: Act, county: str, name: str, other: str, month: str) -> None:
        """Let one thing happen, in a landing zone that another process might have opened."""
        folder = self.root / "landing" / county
        folder.mkdir(parents=True, exist_ok=True)
        path, target = folder / name, folder / other
        if act == "drop":
            self._write(path, feedback(f"text {self.drops}", month))
        elif act == "half":
            content = feedback(f"text {self.drops} and its end", month)
            self._write(path, content[: len(content) // 2 + 12])
            self.look()
            self._write(path, content)
        elif act == "copy" and path.exists():
            target.write_bytes(path.read_bytes())
        elif act == "rename" and path.exists():
            path.replace(target)
        elif act == "touch" and path.exists():
            os.utime(path, (1, 1))
        elif act == "delete":
            path.unlink(missing_ok=True)
        elif act == "killed":
            self._killed()
        elif act == "look":
            self.look()

    def look(self) -> None:
        """Look, process what became pending, and hold it all against the model."""
        self._note_look()
        self.landing = Landing(self.root)
        self.landing.look()
        assert self.landing.look() == []
        for (county, month), drops in self.landing.zone.stock().months.items():
            hashes = tuple(drop.content_hash for drop in drops)
            if self.taken.get((county, month)) != hashes:
                self.taken[county, month] = hashes
                self.processed[county, month, hashes] += 1
                assert [self.landing.zone.fetch(d) for d in drops] == [self._newest(county, month)]
        self._compare()

    def missed_and_doubled(self) -> tuple[int, int]:
        """Return how many seen contents have no drop, and how many have more than one."""
        registered = Counter(
            (drop.county, self.landing.zone.fetch(drop)) for drop in self.landing.zone.stock().drops
        )
        missed = sum(1 for content in self.seen if content not in registered)
        doubled = sum(count - 1 for count in registered.values())
        doubled += sum(count - 1 for count in self.processed.values())
        return missed, doubled

    def _compare(self) -> None:
        stock = self.landing.zone.stock()
        assert len(stock.drops) == len(self.seen)
        for county in COUNTIES:
            for month in MONTHS:
                expected = self._newest(county, month)
                of_month = stock.months.get((county, month), ())
                told = [self.landing.zone.fetch(drop) for drop in of_month]
                assert told == ([] if expected is None else [expected])

    def _note_look(self) -> None:
        """Let the model see what lies there."""
        self.looks += 1
        for path in self._lying():
            self.seen.setdefault((path.parent.name, path.read_bytes()), self.looks)
        self._settle()

    def _newest(self, county: str, month: str) -> bytes | None:
        """Return the content in force: the newest that did not come at once with another."""
        by_look = self._by_look(county, month)
        return next((by_look[look][0] for look in by_look if len(by_look[look]) == 1), None)

    def _settle(self) -> None:
        """Decide for what is left alone of contents that came at once."""
        for county in COUNTIES:
            lying = {p.read_bytes() for p in self._lying() if p.parent.name == county}
            for month in MONTHS:
                newest = next(iter(self._by_look(county, month).values()), [])
                left = [content for content in newest if content in lying]
                if len(newest) > 1 and len(left) == 1:
                    self.seen[county, left[0]] = self.looks

    def _by_look(self, county: str, month: str) -> dict[int, list[bytes]]:
        """Return a month's contents by the look that placed them, the newest look first."""
        by_look: dict[int, list[bytes]] = {}
        for (of, content), look in sorted(self.seen.items(), key=lambda seen: -seen[1]):
            if of == county and content.startswith(feedback("", month)):
                by_look.setdefault(look, []).append(content)
        return by_look

    def _killed(self) -> None:
        """Look with a process that dies at the first new file, if there is one."""

        def dying(*_: object) -> Reading:
            raise KeyboardInterrupt

        fresh = Landing(self.root)
        with suppress(KeyboardInterrupt):
            fresh.zone.scan(dying, fresh.rules)
            self._note_look()

    def _write(self, path: Path, content: bytes) -> None:
        """Write a file as others do: with a time that says nothing."""
        self.drops += 1
        path.write_bytes(content)
        os.utime(path, (1, 1))

    def _lying(self) -> list[Path]:
        return sorted((self.root / "landing").glob("*/*.csv"))
