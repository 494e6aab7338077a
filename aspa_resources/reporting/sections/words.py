"""Words that recur in the open answers: all of them, those of praise and blame, those of a theme.

Belongs here: the chapter on words. Does not belong here: which words may be shown (disclosure).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aspa_resources.reporting.blocks import Cell, Cloud, CloudWord, Column, Exhibit, Section, Table
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.sections.brief import Brief

_TABLE: Final = "words"
_TONES: Final = ("positive", "negative")
_IN_CLOUD: Final = 60
_OF_A_THEME: Final = 8
_SIZES: Final = 5

Counted = Sequence[tuple[str, Figure]]


def words(brief: Brief) -> Section:
    """Return the chapter on words."""
    say = brief.voice.say
    counted = _counted(brief)
    tones = [(tone, _counted(brief, sentiment=tone)) for tone in _TONES]
    clouds = [("cloud", counted), *tones]
    return Section(
        "words",
        say("sections.words"),
        say("words.lead" if counted else "words.empty"),
        exhibits=(
            *(_exhibit(brief, name, found) for name, found in clouds if found),
            *_of_themes(brief),
        ),
        definitions=brief.define("word", "suppressed"),
    )


def _counted(brief: Brief, **within: str) -> Counted:
    """Return the area's words in a cell and how many responses have each, most first."""
    view, area = brief.view, brief.area
    found = [
        (word, figure)
        for word in view.categories(_TABLE, "word", area, **within)
        if (figure := view.figure(_TABLE, "responses", area, word=word, **within)).published
    ]
    return sorted(found, key=lambda entry: (-(entry[1].value or 0), entry[0]))


def _exhibit(brief: Brief, name: str, counted: Counted) -> Exhibit:
    say = brief.voice.say
    first, figure = counted[0]
    title = say(f"words.{name}")
    return Exhibit(
        title,
        say("words.message", word=first, count=brief.voice.whole(figure.value or 0)),
        cloud=_cloud(title, counted[:_IN_CLOUD]),
        table=_table(brief, counted),
    )


def _cloud(label: str, counted: Counted) -> Cloud:
    """Size words by their count, in equal steps from the rarest shown to the most frequent."""
    counts = [(word, figure.value or 0) for word, figure in counted]
    low, high = counts[-1][1], counts[0][1]
    step = (high - low) / (_SIZES - 1)
    sized = (
        CloudWord(word, 1 + round((count - low) / step) if step else (1 + _SIZES) // 2)
        for word, count in counts
    )
    return Cloud(label, tuple(sized))


def _table(brief: Brief, counted: Counted) -> Table:
    rows = tuple((Cell(word), brief.cell(figure)) for word, figure in counted)
    return Table(
        brief.voice.say("words.caption"), brief.columns("words.word", "words.responses"), rows
    )


def _of_themes(brief: Brief) -> tuple[Exhibit, ...]:
    """Return the most frequent words of each theme, where any may be shown."""
    rows = [
        (Cell(brief.names.theme(theme)), Cell(_listed(brief, counted[:_OF_A_THEME])))
        for theme in brief.names.rules.themes
        if (counted := _counted(brief, theme=theme))
    ]
    if not rows:
        return ()
    title = brief.voice.say("words.themes")
    columns = tuple(
        Column(brief.voice.say(key), numeric=False) for key in ("themes.theme", "words.words")
    )
    table = Table(brief.voice.say("words.themes_caption"), columns, tuple(rows))
    return (Exhibit(title, brief.voice.say("words.themes_message"), table=table, table_open=True),)


def _listed(brief: Brief, counted: Counted) -> str:
    return ", ".join(f"{word} ({brief.voice.whole(f.value or 0)})" for word, f in counted)
