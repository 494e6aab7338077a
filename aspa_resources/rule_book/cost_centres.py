"""Cost-centre maps that the rule book keeps for counties that deliver none.

Belongs here: reading `rules/aura/cost_centres/<county>.csv` and checking it. Does not belong here:
maps that counties deliver (`delivery`), applying a map (`service_classifier`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.files import RuleFolder
from aspa_resources.rule_book.inference import InferenceRules

FOLDER: Final = "aura/cost_centres"
COLUMNS: Final = {
    "cost_centre": pl.String(),
    "service_class": pl.String(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
}
"""The columns of a map, a delivered one too."""

_HEADER: Final = ["cost_centre", "name", "service_class", "valid_from", "valid_to"]


@dataclass(frozen=True)
class _Entry:
    """One line of a map; the name is for people only."""

    file: str
    where: str
    cost_centre: str
    service_class: str
    valid_from: date | None
    valid_to: date | None

    @property
    def first_day(self) -> date:
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        return self.valid_to or date.max

    def wrong(self, problem: str, cure: str) -> RuleError:
        """Return the error that names this line."""
        return RuleError(self.file, self.where, problem, cure)


def load_cost_centres(
    folder: RuleFolder, classes: CodeSet, pattern: str, inference: InferenceRules
) -> dict[str, pl.DataFrame]:
    """Read every county's map that the folder has.

    Args:
        folder: The rules folder.
        classes: The code set of service classes.
        pattern: The form of a cost centre, as the contract has it.
        inference: The service class table, which carries ended classes forward.

    Returns:
        Maps by county: cost_centre, service_class (String), valid_from, valid_to (Date, null =
        open), in the order of the file.

    Raises:
        RuleError: A line is not of the form, names no class or an ended one, or gives a cost centre
            a class while another entry holds; names file, line and cure.
    """
    maps = {}
    for path in sorted((folder.root / FOLDER).glob("*.csv")):
        entries = list(_entries(folder, f"{FOLDER}/{path.name}"))
        for entry in entries:
            _check_entry(entry, pattern)
            _check_class(entry, classes, inference)
        _check_once(entries)
        rows = [{name: getattr(entry, name) for name in COLUMNS} for entry in entries]
        maps[path.stem] = pl.DataFrame(rows, schema=COLUMNS)
    return maps


def _entries(folder: RuleFolder, file: str) -> Iterator[_Entry]:
    with folder.path(file).open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != _HEADER:
            raise RuleError(
                file, "line 1", "the header is not the one of a cost-centre map",
                f"Write {','.join(_HEADER)}.",
            )  # fmt: skip
        for row in reader:
            where = f"line {reader.line_num}"
            if None in row or None in row.values():
                raise RuleError(
                    file, where, "the line has another number of columns than the header",
                    "Quote names that hold a comma.",
                )  # fmt: skip
            yield _Entry(
                file,
                where,
                row["cost_centre"],
                row["service_class"],
                _day(row["valid_from"], file, where),
                _day(row["valid_to"], file, where),
            )


def _day(text: str, file: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RuleError(
            file, where, "valid_from or valid_to is not a date", "Write dates as YYYY-MM-DD."
        ) from None


def _check_entry(entry: _Entry, pattern: str) -> None:
    if not re.fullmatch(pattern, entry.cost_centre):
        raise entry.wrong(
            "cost_centre is not of the form that the contract lets through",
            "Write it as the pattern of cost_centre in delivery/contract.yaml has it.",
        )
    if entry.last_day < entry.first_day:
        raise entry.wrong("it ends before it begins", "Correct valid_from or valid_to.")


def _check_class(entry: _Entry, classes: CodeSet, inference: InferenceRules) -> None:
    """The class is known, and valid as long as the entry or carried forward."""
    given = classes.codes.filter(pl.col("code") == entry.service_class)
    if given.is_empty():
        raise entry.wrong(
            f"there is no service class {entry.service_class}",
            "Use a code of code_sets/service_classes.csv.",
        )
    end = given["end"].fill_null(date.max).max()
    carried = any(entry.service_class in rule.carried_forward for rule in inference.rules)
    if isinstance(end, date) and end < min(entry.last_day, inference.checked_to) and not carried:
        raise entry.wrong(
            f"the service class {entry.service_class} ended on {end}",
            "End the entry that day, and give the cost centre its new class on a line of its own.",
        )


def _check_once(entries: list[_Entry]) -> None:
    """No cost centre has two entries on a day."""
    latest: dict[str, _Entry] = {}
    for entry in sorted(entries, key=lambda one: one.first_day):
        former = latest.get(entry.cost_centre)
        if former and entry.first_day <= former.last_day:
            raise entry.wrong(
                f"{former.where} gives the cost centre a class on the same days",
                "Let one entry end before the other begins.",
            )
        latest[entry.cost_centre] = entry


def check_counties(maps: Mapping[str, pl.DataFrame], counties: Mapping[str, object]) -> None:
    """Check that every map is a county's.

    Raises:
        RuleError: A file is named by something else.
    """
    for name in maps.keys() - counties.keys():
        raise RuleError(
            f"{FOLDER}/{name}.csv", "the file's name", "there is no such county",
            "Name the file by the county's two-digit code.",
        )  # fmt: skip
