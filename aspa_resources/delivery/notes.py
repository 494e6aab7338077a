"""Where a delivery stands among the others of its county, and what of its form changed.

Belongs here: what the landing zone knows of a file beyond its content, and its wording. Does not
belong here: deciding it (`stock`, `formats`), the faults of the file (`receipts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict

from aspa_resources.delivery.formats import FormatChange
from aspa_resources.delivery.labels import labels
from aspa_resources.delivery.shown_names import shown_name
from aspa_resources.rule_book import LANGUAGES, Language

Standing = Literal[
    "new", "replaces", "adds_up", "unchanged", "replaced", "retracted", "refused", "contested"
]

_FINGERPRINT: Final = 12  # hex digits of a content hash


@dataclass(frozen=True)
class DeliveryNote:
    """What is known of a delivery beyond its file.

    Attributes:
        number: Its number in the ledger.
        fingerprint: The first 12 hex digits of its content hash.
        standing: new; replaces: took the place of another; adds_up: beside the files of other
            suppliers; unchanged: the same bytes came again; replaced: another took its place;
            retracted; refused: the file as a whole was not taken in; contested: another came at
            the same time and neither is taken into use.
        other_file: The name of the file that the standing is about, where there is one.
        other_number: Its number.
        encrypted: Whether the file came encrypted.
        format_changes: What differs in form from the county's delivery before.
    """

    number: int
    fingerprint: str
    standing: Standing
    other_file: str | None = None
    other_number: int | None = None
    encrypted: bool = False
    format_changes: tuple[FormatChange, ...] = ()


class ToldNote(TypedDict):
    """A note as a receipt tells it; fi, sv, en: its standing in a sentence."""

    number: int
    fingerprint: str
    standing: Standing
    other_file: str | None
    other_number: int | None
    encrypted: bool
    fi: str
    sv: str
    en: str


class ToldChange(TypedDict):
    """A change of format as told. `field` is the contract's header; fi, sv, en: a sentence."""

    what: str
    field: str | None
    before: str | None
    now: str | None
    fi: str
    sv: str
    en: str


def fingerprint(content_hash: str) -> str:
    """Return what of a content hash names a delivery to people."""
    return content_hash[:_FINGERPRINT]


def told_note(note: DeliveryNote) -> ToldNote:
    """Return a note as a receipt tells it."""
    other = shown_name(note.other_file) if note.other_file else None
    said = {language: _standing(note, other, language) for language in LANGUAGES}
    return {
        "number": note.number,
        "fingerprint": note.fingerprint,
        "standing": note.standing,
        "other_file": other,
        "other_number": note.other_number,
        "encrypted": note.encrypted,
        "fi": said["fi"],
        "sv": said["sv"],
        "en": said["en"],
    }


def told_change(change: FormatChange, fields: Mapping[str, str]) -> ToldChange:
    """Return a change of format as a receipt tells it.

    Args:
        change: The change.
        fields: The contract's header of each column.
    """
    field = fields.get(change.field, change.field) if change.field else None
    said = {language: _change(change, field, language) for language in LANGUAGES}
    return {
        "what": change.what,
        "field": field,
        "before": change.before,
        "now": change.now,
        "fi": said["fi"],
        "sv": said["sv"],
        "en": said["en"],
    }


def _standing(note: DeliveryNote, other: str | None, language: Language) -> str:
    words = labels()[language]
    parts = [
        words["other_number"].format(number=note.other_number) if note.other_number else "",
        words["other_file"].format(file=other) if other else "",
    ]
    named = ", ".join(filter(None, parts))
    sentence: str = words["standings"][note.standing]
    return sentence.format(other=f" ({named})" if named else "")


def _change(change: FormatChange, field: str | None, language: Language) -> str:
    words = labels()[language]
    what: str = words["changes"][change.what].format(field=field)
    forms = (_form(change, form, words) for form in (change.before, change.now))
    shown = " → ".join(form for form in forms if form and form != field)
    return f"{what}: {shown}" if shown else what


def _form(change: FormatChange, form: str | None, words: Mapping[str, Any]) -> str:
    """Return a form in a language's words: a separator by name, the parts of a time as letters."""
    if "column" in change.what:
        return form or ""  # a header stays as it is written
    if form is None:
        return str(words["nothing"])
    if change.what == "time_form":
        for part, letters in words["time_parts"].items():
            form = form.replace(part, letters)
        return form
    return str(words["forms"].get(form, form))
