"""How much of the open answers a theme or tone has, and whether that changed more than chance.

Belongs here: the change of shares in words and as an exhibit. Does not belong here: which changes
chance explains (the table `alerts` holds those it does not), the themes' praise and blame
(`themes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aspa_resources.reporting.blocks import Cell, Exhibit, Table
from aspa_resources.reporting.figures import Figure
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.changes import change_in_words
from aspa_resources.reporting.sections.standing import EARLIER
from aspa_resources.rule_book.trends import ALERTS, TREND

_SHARE: Final = "share"
_TONES: Final = ("positive", "negative")

Of = Mapping[str, str]
"""A theme or a tone: `{"theme": code}` or `{"sentiment": tone}`."""


def share_change(brief: Brief, of: Of) -> str:
    """Return how a share changed since each earlier month; empty where there is none to compare."""
    say = brief.voice.say
    known = [against for against in EARLIER if _comparable(brief, of, against)]
    if not known:
        return ""
    if not any(_change(brief, of, against).published for against in known):
        return say("theme_changes.none_sure")
    told = [
        say(f"theme_changes.{against}", change=_in_words(brief, of, against)) for against in known
    ]
    return say("theme_changes.share", changes=", ".join(told))


def theme_changes(brief: Brief, themes: Sequence[str]) -> Exhibit:
    """Return the exhibit on shares of tones and themes, and how they changed.

    Args:
        brief: The page.
        themes: Codes of the themes, in the order shown.
    """
    say = brief.voice.say
    rows: list[tuple[str, Of]] = [
        (say("theme_changes.tone", tone=say(f"themes.{tone}")), {"sentiment": tone})
        for tone in _TONES
    ]
    rows += [(brief.names.theme(code), {"theme": code}) for code in themes]
    rows = [row for row in rows if _share(brief, row[1], brief.month).status != "missing"]
    title = say("theme_changes.title")
    if not rows:
        return Exhibit(title, say("theme_changes.unknown"))
    # A column in which nothing changed would say so in every row; the message says it once.
    told = [
        against
        for against in EARLIER
        if any(_change(brief, of, against).published for _, of in rows)
    ]
    cells = tuple(
        (
            Cell(name),
            brief.cell(_share(brief, of, brief.month), brief.voice.percent),
            *(_cell(brief, of, against) for against in told),
        )
        for name, of in rows
    )
    columns = brief.columns(
        "themes.theme", "theme_changes.now", *(f"theme_changes.since_{name}" for name in told)
    )
    notes = brief.notes(_share(brief, of, brief.month) for _, of in rows)
    caption = say("theme_changes.caption" if told else "theme_changes.caption_now")
    table = Table(caption, columns, cells, notes)
    return Exhibit(title, _message(brief, rows), table=table, table_open=True)


def _share(brief: Brief, of: Of, month: str) -> Figure:
    return brief.view.figure(TREND, _SHARE, brief.area, period=month, **of)


def _alert(of: Of, against: str) -> Mapping[str, str]:
    return {"indicator": _SHARE, "against": against, **of}


def _change(brief: Brief, of: Of, against: str) -> Figure:
    return brief.view.figure(ALERTS, "change", brief.area, **_alert(of, against))


def _in_words(brief: Brief, of: Of, against: str) -> str:
    """Return a change with its interval, or that there is no sure one."""
    if _change(brief, of, against).published:
        return change_in_words(brief, _alert(of, against))
    return brief.voice.say("theme_changes.unsure")


def _comparable(brief: Brief, of: Of, against: str) -> bool:
    months = (brief.month, brief.earlier_month(against))
    return all(_share(brief, of, month).published for month in months)


def _cell(brief: Brief, of: Of, against: str) -> Cell:
    change = _change(brief, of, against)
    if not _comparable(brief, of, against) and not change.published:
        return Cell(brief.voice.say("status.missing"), "unshown")
    if not change.published:
        return Cell(brief.voice.say("theme_changes.unsure_briefly"), "unshown")
    return Cell(change_in_words(brief, _alert(of, against)), "number", change)


def _message(brief: Brief, rows: Sequence[tuple[str, Of]]) -> str:
    """Name what changed since each earlier month more than chance explains."""
    say = brief.voice.say
    sentences = []
    for against in EARLIER:
        changes = {name: _change(brief, of, against).value or 0 for name, of in rows}
        for key, sign in (("rose", 1), ("fell", -1)):
            if named := {name: change for name, change in changes.items() if sign * change > 0}:
                names = brief.named(named)
                sentences.append(say(f"theme_changes.{key}_{against}", names=names))
        if not any(changes.values()) and any(_comparable(brief, of, against) for _, of in rows):
            sentences.append(say(f"theme_changes.none_{against}"))
    return " ".join(sentences) or say("theme_changes.no_earlier")
