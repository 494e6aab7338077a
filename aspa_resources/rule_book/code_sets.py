"""Code sets: lists of codes with names, validity and provenance.

Belongs here: reading one list and answering what it says. Does not belong here: fetching newer
lists (the code server client), which codes a delivery may use (the contract).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from pydantic import Field

from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import LANGUAGES, Language, Name, Rule
from aspa_resources.rule_book.words import fold_value

if TYPE_CHECKING:
    from aspa_resources.rule_book.files import RuleFolder

INDEX: Final = "code_sets/index.yaml"
COLUMNS: Final = ("code", "name_fi", "name_sv", "name_en", "begin", "end")


class AcceptedCode(Rule):
    """A code in use that may vanish or end all the same, because somebody said so."""

    code: str
    reason: str = Field(min_length=1)


class CodeSetEntry(Rule):
    """One list of `rules/code_sets/index.yaml`, whose head explains every key."""

    name: Name
    title: str
    file: str
    version: str
    provenance: str
    licence: str
    oid: str | None
    fetched: date | None = None
    accept_vanished: tuple[AcceptedCode, ...] = ()


class CodeSetIndex(Rule):
    """The lists that the platform ships with."""

    code_sets: tuple[CodeSetEntry, ...]


@dataclass(frozen=True, eq=False)
class CodeSet:
    """A list of codes.

    Attributes:
        id: Our name of the list.
        title: Its Finnish title.
        version: Which version of the list this is.
        provenance: Where it comes from.
        licence: Under which terms.
        oid: Its OID on the national code server, where it has one.
        fetched: The day it was read from the code server or a manual export; None: the list that
            the platform came with.
        accept_vanished: Codes that may vanish or end though they are in use.
        codes: code, name_fi, name_sv, name_en (String), begin, end (Date, null = open), then the
            list's own columns (String). A code stands once for each period of validity.
    """

    id: str
    title: str
    version: str
    provenance: str
    licence: str
    oid: str | None
    fetched: date | None
    accept_vanished: frozenset[str]
    codes: pl.DataFrame

    def name(self, code: str, language: Language = "fi") -> str:
        """Return a code's name; in Finnish, then as the bare code, where there is none."""
        row = self._rows.get(code)
        return (row[f"name_{language}"] or row["name_fi"]) if row else code

    def valid_on(self, day: date) -> pl.DataFrame:
        """Return the codes that are valid on a day."""
        begins, ends = pl.col("begin"), pl.col("end")
        return self.codes.filter(
            (begins.is_null() | (begins <= day)) & (ends.is_null() | (ends >= day))
        )

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Folded spelling -> code: codes, names in every language, and code and name together.

        Of codes that share a name, the one longest valid has it, and of those the most detailed
        where each is part of the one before; else the name is left out: it tells neither.
        """
        codes = {fold_value(code): code for code in self._rows}
        named: dict[str, set[str]] = {}
        for code, row in self._rows.items():
            for name in {row[f"name_{language}"] for language in LANGUAGES} - {None, ""}:
                for spelling in (name, f"{code} {name}", f"{code}-{name}", f"{code}: {name}"):
                    named.setdefault(fold_value(spelling), set()).add(code)
        meant = {name: self._meant(owners) for name, owners in named.items()}
        return {name: code for name, code in meant.items() if code is not None} | codes

    def _meant(self, owners: set[str]) -> str | None:
        """Return the one of the codes of a name that it means; None where it could be several."""
        ends = {code: self._rows[code]["end"] or date.max for code in owners}
        lasting = sorted((code for code in owners if ends[code] == max(ends.values())), key=len)
        chain = all(part.startswith(whole) for whole, part in pairwise(lasting))
        return lasting[-1] if chain else None

    @cached_property
    def _rows(self) -> Mapping[str, dict[str, Any]]:
        """The newest row of each code."""
        ordered = self.codes.sort("begin", nulls_last=False)
        return {row["code"]: row for row in ordered.iter_rows(named=True)}


def load_code_sets(folder: RuleFolder) -> Mapping[str, CodeSet]:
    """Read every list the index names.

    Args:
        folder: The rules folder.

    Returns:
        The lists by name.

    Raises:
        RuleError: An unknown column, a code or Finnish name missing, a date that is none.
    """
    index = folder.load(INDEX, CodeSetIndex)
    return {
        entry.name: CodeSet(
            id=entry.name,
            title=entry.title,
            version=entry.version,
            provenance=entry.provenance,
            licence=entry.licence,
            oid=entry.oid,
            fetched=entry.fetched,
            accept_vanished=frozenset(one.code for one in entry.accept_vanished),
            codes=_read_codes(folder.path(f"code_sets/{entry.file}"), f"code_sets/{entry.file}"),
        )
        for entry in index.code_sets
    }


def _read_codes(path: Path, file: str) -> pl.DataFrame:
    """Read one CSV list (utf-8, comma)."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        columns = tuple(reader.fieldnames or ())
        if columns[: len(COLUMNS)] != COLUMNS:
            raise RuleError(
                file, "line 1", "the header is not the one of a code set",
                f"Begin it with {','.join(COLUMNS)}.",
            )  # fmt: skip
        rows = list(_checked_rows(reader, file))
    schema = {name: pl.Date() if name in {"begin", "end"} else pl.String() for name in columns}
    return pl.DataFrame(rows, schema=schema)


def _checked_rows(reader: csv.DictReader[str], file: str) -> Iterator[dict[str, str | date | None]]:
    for row in reader:
        line = f"line {reader.line_num}"
        if None in row or None in row.values():
            raise RuleError(
                file, line, "the line has another number of columns than the header",
                "Quote names that hold a comma.",
            )  # fmt: skip
        if not row["code"] or not row["name_fi"]:
            raise RuleError(
                file, line, "code or name_fi is empty", "Give every code its Finnish name."
            )
        yield {
            name: _day(text, file, line) if name in {"begin", "end"} else (text or None)
            for name, text in row.items()
        }


def _day(text: str, file: str, line: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RuleError(
            file, line, "begin or end is not a date", "Write dates as YYYY-MM-DD."
        ) from None
