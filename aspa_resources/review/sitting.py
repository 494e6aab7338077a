"""One person at a terminal: shows a text at a time and asks what is to be said of it.

Texts go to the terminal's other screen, which is wiped when the sitting ends: nothing of them stays
in the scroll-back. Signs that would steer the terminal are not shown.

Belongs here: showing and asking. Not here: which texts (queue), what becomes of the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from aspa_resources.anonymizer import ENTITY_TYPES
from aspa_resources.review.verdicts import Said

Language = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")

_SAID: Final[Mapping[str, Said]] = {"o": "clean", "l": "leak", "t": "too_much"}
_SKIP, _QUIT = "s", "q"
_ROOM_FOR_QUESTIONS: Final = 8  # lines of the screen that the text does not get


@dataclass(frozen=True)
class Item:
    """One text to look at."""

    number: int
    text_hash: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What was said of an item; of a leak, what is left."""

    item: Item
    verdict: Said
    entity_types: tuple[str, ...] = ()


@cache
def labels(language: Language) -> Mapping[str, Any]:
    """Return the words of a language, by key."""
    text = files("aspa_resources.review").joinpath("labels.yaml").read_text("utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)[language]
    return words


class Sitting:
    """Asks one person, in one language.

    Args:
        place: county and month, for the title.
        total: texts in the queue.
        is_done: tells by text hash whether somebody has judged a text meanwhile.
        read_line: reads one line of the person's; raises EOFError at the end of input.
    """

    def __init__(
        self,
        console: Console,
        language: Language,
        *,
        place: tuple[str, str],
        total: int,
        is_done: Callable[[str], bool],
        read_line: Callable[[], str],
    ) -> None:
        self._console = console
        self._words = labels(language)
        self._place = place
        self._total = total
        self._is_done = is_done
        self._read_line = read_line

    def answers(self, items: Sequence[Item], done: int) -> Iterator[Answer]:
        """Yield an answer at a time, until the items or the person's patience are at their end.

        Args:
            items: what waits.
            done: how many have a verdict already.
        """
        with self._other_screen():
            for item in items:
                if self._is_done(item.text_hash):
                    continue
                answer = self._ask(item, done)
                if answer == _QUIT:
                    return
                if isinstance(answer, Answer):
                    done += 1
                    yield answer

    def _ask(self, item: Item, done: int) -> Answer | Literal["s", "q"]:
        """Show an item until the person says something of it, skips it or wants to stop."""
        county, month = self._place
        title = self._words["title"].format(
            number=item.number, done=done, total=self._total, county=county, month=month
        )
        while True:
            self._show(title, item.text)
            said = self._line(self._words["ask"]).lower()
            if said in (_SKIP, _QUIT):
                return "s" if said == _SKIP else "q"
            if said == "l":
                if types := self._which():
                    return Answer(item, "leak", types)
            elif said in _SAID:
                return Answer(item, _SAID[said])

    def _which(self) -> tuple[str, ...]:
        """Ask what kinds of things are left; none where the person thinks better of it."""
        names = [self._words["types"][entity] for entity in ENTITY_TYPES]
        told = "  ".join(f"{number} {name}" for number, name in enumerate(names, 1))
        while True:
            parts = self._line(self._words["which"].format(types=told)).replace(",", " ").split()
            chosen = [int(part) for part in parts if part.isascii() and part.isdigit()]
            if len(chosen) == len(parts) and all(0 < n <= len(names) for n in chosen):
                return tuple(entity for n, entity in enumerate(ENTITY_TYPES, 1) if n in chosen)

    def _show(self, title: str, text: str) -> None:
        """Show a text, in parts where it is longer than the screen."""
        width = max(self._console.width - 4, 1)
        lines = [*Text(_harmless(text)).wrap(self._console, width)]
        at_once = max(self._console.height - _ROOM_FOR_QUESTIONS, 1)
        for at in range(0, max(len(lines), 1), at_once):
            if at:
                self._line(self._words["more"])
            self._console.clear()
            shown = Text("\n").join(lines[at : at + at_once])
            self._console.print(Panel(shown, title=Text(title), title_align="left"))

    def _line(self, question: str) -> str:
        self._console.print(Text(question))
        return self._read_line().strip()

    @contextmanager
    def _other_screen(self) -> Iterator[None]:
        with self._console.screen(hide_cursor=False):
            yield


def _harmless(text: str) -> str:
    """Return a text without the signs that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
