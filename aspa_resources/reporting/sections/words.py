"""Words that recur in the open answers.

Belongs here: the chapter on words. Does not belong here: which words may be shown (disclosure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aspa_resources.reporting.blocks import Cell, Cloud, CloudWord, Exhibit, Section, Table
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.sections.brief import Brief

_TABLE: Final = "words"
_IN_CLOUD: Final = 60
_SIZES: Final = 5


def words(brief: Brief) -> Section:
    """Return the chapter on words."""
    say = brief.voice.say
    found = [
        (word, brief.view.figure(_TABLE, "responses", brief.area, word=word))
        for word in brief.view.categories(_TABLE, "word", brief.area)
    ]
    shown = [(word, figure.value, figure) for word, figure in found if figure.value is not None]
    shown.sort(key=lambda entry: (-entry[1], entry[0]))
    section = Section(
        "words",
        say("sections.words"),
        say("words.lead") if shown else say("words.empty"),
        definitions=brief.define("word", "suppressed"),
    )
    if not shown:
        return section
    first, count, _ = shown[0]
    message = say("words.message", word=first, count=brief.voice.whole(count))
    return Section(
        section.key,
        section.title,
        section.lead,
        exhibits=(
            Exhibit(
                say("words.cloud"),
                message,
                cloud=_cloud(say("words.cloud"), [(w, c) for w, c, _ in shown[:_IN_CLOUD]]),
                table=_table(brief, [(word, figure) for word, _, figure in shown]),
            ),
        ),
        definitions=section.definitions,
    )


def _cloud(label: str, counted: Sequence[tuple[str, float]]) -> Cloud:
    """Size words by their count, in equal steps from the rarest shown to the most frequent."""
    low, high = counted[-1][1], counted[0][1]
    step = (high - low) / (_SIZES - 1)
    sized = (
        CloudWord(word, 1 + round((count - low) / step) if step else (1 + _SIZES) // 2)
        for word, count in counted
    )
    return Cloud(label, tuple(sized))


def _table(brief: Brief, counted: Sequence[tuple[str, Figure]]) -> Table:
    rows = tuple((Cell(word), brief.cell(figure)) for word, figure in counted)
    return Table(
        brief.voice.say("words.caption"), brief.columns("words.word", "words.responses"), rows
    )
