"""What came of the files of figures, in words.

Belongs here: faults with file, line, field and cure in the three languages. Does not belong here:
finding them (`reading`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from aspa_resources.enrichment.dropped import ReadTable
from aspa_resources.enrichment.reading import Fault
from aspa_resources.rule_book.models import Language

_LINE: Final = {"fi": "rivi", "sv": "rad", "en": "line"}
_ABSENT: Final = {
    "fi": "tiedostoa ei ole; se ei ole pakollinen",
    "sv": "filen finns inte; den är inte obligatorisk",
    "en": "there is no such file; none is needed",
}
_FIGURES: Final = {"fi": "lukuja", "sv": "tal", "en": "figures"}


def told(found: Sequence[ReadTable]) -> list[dict[str, Any]]:
    """Return what came of each file as data: its faults in the three languages."""
    return [
        {
            "table": one.table.name,
            "file": one.table.file,
            "absent": one.absent,
            "figures": 0 if one.absent else one.figures.height,
            "faults": [
                {
                    "line": fault.line,
                    "field": fault.field,
                    **{language: _sentence(fault, language) for language in ("fi", "sv", "en")},
                }
                for fault in one.faults
            ],
        }
        for one in found
    ]


def lines(found: Sequence[ReadTable], language: Language) -> list[str]:
    """Return what came of each file as lines for people."""
    given = []
    for one in found:
        if one.absent:
            given.append(f"{one.table.file}: {_ABSENT[language]}")
        elif not one.faults:
            given.append(f"{one.table.file}: {_FIGURES[language]} {one.figures.height}")
        for fault in one.faults:
            where = f", {_LINE[language]} {fault.line}" if fault.line else ""
            given.append(f"{one.table.file}{where}: {_sentence(fault, language)}")
    return given


def _sentence(fault: Fault, language: Language) -> str:
    words = _texts()[fault.code][language]
    return f"{words['what']} {words['cure']}".format(field=fault.field)


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    text = Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    read: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return read
