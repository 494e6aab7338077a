"""Cleaning the texts of a file at somebody's desk, and what is told of it afterwards.

Belongs here: what `aspa anonymize` does beyond the anonymiser and the file: counting, the look
at the columns left alone, the words for people. Not here: finding personal data, reading rows.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aspa_resources.anonymizer import Anonymizer
from aspa_resources.table_files import Rewritten, Table, TableFileError, open_table
from aspa_resources.table_files.table import is_json

LANGUAGES: Final = ("fi", "sv", "en")
MODEL_CARD: Final = "aspa_resources/anonymizer/training/MODEL_CARD.md"

_ROWS_LOOKED_AT: Final = 200
_SUSPECTED_FROM: Final = 0.1  # share of a column's filled cells
_NOTHING: Final = "null"  # as JSON writes it
_PERSONAL: Final = frozenset({"PERSON", "HETU", "EMAIL", "PHONE", "ADDRESS"})

_WORDS: Final = {
    "fi": {
        "done": "{texts} tekstiä puhdistettu ({rows} riviä, {seconds} s): {out}",
        "found": "Poistettu: {found}.",
        "nothing": "Poistettavaa ei löytynyt.",
        "untouched": "Muut sarakkeet jätettiin ennalleen: {columns}.",
        "suspected": "VAROITUS: sarakkeessa {column} näyttää olevan henkilötietoja ({types}). "
        "Sitä ei puhdistettu: lisää --text-column tai poista sarake.",
        "promise": "Kone ei löydä kaikkea. Mitattu vuoto on mallikortissa ({card}): "
        "ihmisen on katsottava tekstejä ennen kuin ne luovutetaan.",
    },
    "sv": {
        "done": "{texts} texter rensade ({rows} rader, {seconds} s): {out}",
        "found": "Borttaget: {found}.",
        "nothing": "Inget att ta bort hittades.",
        "untouched": "Övriga kolumner lämnades som de var: {columns}.",
        "suspected": "VARNING: kolumnen {column} verkar innehålla personuppgifter ({types}). "
        "Den rensades inte: lägg till --text-column eller ta bort kolumnen.",
        "promise": "Maskinen hittar inte allt. Det uppmätta läckaget står i modellkortet ({card}): "
        "en människa måste titta på texter innan de lämnas ut.",
    },
    "en": {
        "done": "{texts} texts cleaned ({rows} rows, {seconds} s): {out}",
        "found": "Removed: {found}.",
        "nothing": "Nothing was found to remove.",
        "untouched": "Other columns were left as they were: {columns}.",
        "suspected": "WARNING: column {column} seems to hold personal data ({types}). "
        "It was not cleaned: add --text-column or drop the column.",
        "promise": "The machine does not find everything. The measured leak rate is in the model "
        "card ({card}): a person has to look at texts before they are handed on.",
    },
}


@dataclass(frozen=True)
class Cleaned:
    """What was cleaned, in counts and names of columns.

    Attributes:
        findings: replacements by entity type.
        untouched: columns left as they were.
        suspected: of these the ones that seem to hold personal data, with the entity types.
        version: of the anonymiser.
    """

    out: Path
    rewritten: Rewritten
    findings: dict[str, int]
    untouched: Sequence[str]
    suspected: dict[str, list[str]]
    encoding: str
    seconds: float
    version: str

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as data."""
        return {
            "out": str(self.out),
            "rows": self.rewritten.rows,
            "texts": self.rewritten.texts,
            "findings": self.findings,
            "untouched_columns": list(self.untouched),
            "suspected_columns": self.suspected,
            "encoding": self.encoding,
            "seconds": round(self.seconds, 1),
            "anonymizer": self.version,
            "model_card": MODEL_CARD,
        }

    def as_lines(self, language: str) -> list[str]:
        """Return it in words: fi, sv or en."""
        words = _WORDS[language]
        counts = ", ".join(f"{kind} {number}" for kind, number in self.findings.items())
        lines = [
            words["done"].format(
                texts=self.rewritten.texts,
                rows=self.rewritten.rows,
                seconds=round(self.seconds, 1),
                out=self.out,
            ),
            words["found"].format(found=counts) if counts else words["nothing"],
        ]
        if self.untouched:
            lines.append(words["untouched"].format(columns=", ".join(self.untouched)))
        lines += [
            words["suspected"].format(column=column, types=", ".join(types))
            for column, types in self.suspected.items()
        ]
        return [*lines, words["promise"].format(card=MODEL_CARD)]


def clean_file(
    path: Path, out: Path, columns: Sequence[str], told: Callable[[int, int], None]
) -> Cleaned:
    """Clean the texts of a file into another one of the same form.

    Args:
        columns: the columns of texts.
        told: told now and then how many rows are done and how far the file is read (bytes).

    Raises:
        TableFileError: a file is not what it should be, or both are one.
        AnonymizationError: a text could not be cleaned.
    """
    began = time.monotonic()
    if is_json(path) != is_json(out):
        raise TableFileError(f"{out}: name it like {path.name}: the form of a file stays.")
    if out.is_dir():
        raise TableFileError(f"{out} is a folder. Name a file to write.")
    if out.exists() and out.samefile(path):
        raise TableFileError(f"{out} is the file to be cleaned. Name another one to write.")
    table = open_table(path)
    anonymizer, counts = Anonymizer(), Counter[str]()

    def clean(texts: list[str]) -> list[str]:
        cleaned = anonymizer.anonymize(texts)
        counts.update(finding.entity_type for one in cleaned for finding in one.findings)
        return [one.text for one in cleaned]

    rewritten = table.rewrite(out, columns, clean, told)
    return Cleaned(
        out,
        rewritten,
        dict(sorted(counts.items())),
        table.shown_columns(without=columns),
        _suspected(table, columns, anonymizer),
        table.source.encoding,
        time.monotonic() - began,
        anonymizer.version,
    )


def _suspected(
    table: Table, columns: Sequence[str], anonymizer: Anonymizer
) -> dict[str, list[str]]:
    """Return the columns left alone whose first cells hold personal data, with its types."""
    first = table.first_rows(_ROWS_LOOKED_AT)
    shown = dict(zip(table.form.columns, table.shown_columns(), strict=True))
    found: dict[str, list[str]] = {}
    for column, cells in first.items():
        filled = [c for c in cells if c != _NOTHING and any(map(str.isalnum, c))]
        # Digits alone are ids and ratings, and look like telephone numbers all the same.
        telling = [cell for cell in filled if any(c.isalpha() or c == "+" for c in cell)]
        if column in columns:
            continue
        types = Counter[str]()
        for cleaned in anonymizer.anonymize(telling):
            types.update({f.entity_type for f in cleaned.findings} & _PERSONAL)
        often = sorted(t for t, n in types.items() if n >= _SUSPECTED_FROM * len(filled))
        if often:
            found[shown[column]] = often
    return found
