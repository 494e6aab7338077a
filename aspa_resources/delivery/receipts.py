"""The receipt: what a county is told about a file, as data.

Belongs here: one shape for every file, read or not, with each fault and its cure in three
languages. Does not belong here: how it looks (`receipt_pages`), the wording (`rules/`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TypedDict

from aspa_resources.delivery.faults import Fault, Level
from aspa_resources.delivery.judging import Judged
from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.rule_book import LANGUAGES, RuleBook
from aspa_resources.rule_book.words import fold_header

_ROWS_LISTED = 50
_SENTENCES_REPEATED = 10_000


class Sentences(TypedDict, total=False):
    """What is wrong and the cure, in each language; left out of very long lists of faults."""

    fi: str
    sv: str
    en: str


class ToldFault(Sentences):
    """One fault. `field` is the contract's header, `header` the county's, `column` our name."""

    level: Level
    row: int | None
    field: str | None
    header: str | None
    column: str | None
    code: str


class FaultGroup(Sentences):
    """Equal faults: how many, and the first rows of them."""

    level: Level
    field: str | None
    header: str | None
    column: str | None
    code: str
    count: int
    rows: list[int]


class Columns(TypedDict):
    """What was understood of the header line: header as written -> field of the contract."""

    understood: dict[str, str]
    ignored: list[str]
    missing: list[str]


class Receipt(TypedDict):
    """The receipt of one file."""

    file: str
    county: str
    county_name: dict[str, str]
    month: str | None
    kind: str | None
    verdict: str
    rows_delivered: int
    rows_accepted: int
    rows_rejected: int
    dialect: dict[str, object] | None
    columns: Columns | None
    faults: list[ToldFault]
    groups: list[FaultGroup]
    completeness: dict[str, float]
    rules_version: str


def receipt(
    file: str,
    county: str,
    month: str | None,
    rules: RuleBook,
    *,
    read: ReadDelivery | None = None,
    judged: Judged | None = None,
    faults: Sequence[Fault] = (),
) -> Receipt:
    """Tell a county what came of a file.

    Args:
        file: The file's name.
        county: The county's code.
        month: The month delivered, where it is known.
        rules: The rule book.
        read: What was understood of the file; None when it could not be read.
        judged: What came of its rows; None for a file without feedback rows.
        faults: Faults found elsewhere, such as those of `UnreadableDelivery`. A fault of a file
            that was not read or judged refuses the file.

    Returns:
        The receipt, ready for JSON. Every fault is listed; above 10 000 of them only the groups
        carry the sentences.
    """
    every = (*faults, *(judged.faults if judged else ()))
    delivered, accepted = _rows(read, judged, faults)
    teller = _Teller(file, rules, read)
    known = rules.counties.get(county)
    repeat = len(every) <= _SENTENCES_REPEATED
    return {
        "file": file,
        "county": county,
        "county_name": {
            language: getattr(known, f"name_{language}") if known else county
            for language in LANGUAGES
        },
        "month": month,
        "kind": read.kind if read else None,
        "verdict": _verdict(
            delivered, accepted, refused=read is None or (judged is not None and judged.refused)
        ),
        "rows_delivered": delivered,
        "rows_accepted": accepted,
        "rows_rejected": delivered - accepted,
        "dialect": asdict(read.dialect) if read else None,
        "columns": teller.columns(),
        "faults": [teller.told(fault, sentences=repeat) for fault in every],
        "groups": teller.groups(every),
        "completeness": {
            teller.field(name) or name: round(share, 4)
            for name, share in (judged.completeness if judged else {}).items()
        },
        "rules_version": rules.version,
    }


def _rows(
    read: ReadDelivery | None, judged: Judged | None, faults: Sequence[Fault]
) -> tuple[int, int]:
    """Return how many rows were delivered and how many taken in."""
    if judged:
        return judged.rows_delivered, judged.rows_accepted
    delivered = read.frame.height if read else 0
    return delivered, 0 if faults else delivered


def _verdict(delivered: int, accepted: int, *, refused: bool) -> str:
    if refused or not accepted:
        return "rejected"
    return "accepted" if accepted == delivered else "partly"


class _Teller:
    """Puts faults into the words of one file and one county."""

    def __init__(self, file: str, rules: RuleBook, read: ReadDelivery | None) -> None:
        self._file = file
        self._messages = rules.messages
        self._read = read
        self._fields = {
            column.name: column.header
            for table in rules.contract.tables.values()
            for column in table.columns
        }
        self._written = dict(read.understood) if read else {}

    def field(self, column: str | None) -> str | None:
        """Return the contract's header of a column."""
        return self._fields.get(column, column) if column else None

    def columns(self) -> Columns | None:
        """Return what was understood of the header line."""
        if self._read is None:
            return None
        return {
            "understood": {h: self._fields[name] for name, h in self._written.items()},
            "ignored": list(self._read.ignored),
            "missing": [self._fields[name] for name in self._read.missing],
        }

    def told(self, fault: Fault, *, sentences: bool) -> ToldFault:
        """Return one fault as told."""
        told: ToldFault = {
            "level": fault.level,
            "row": fault.row,
            "field": self.field(fault.field),
            "header": self._written.get(fault.field or ""),
            "column": fault.field,
            "code": fault.code,
        }
        if sentences:
            told.update(self._sentences(fault))  # type: ignore[typeddict-item]  # a part of it
        return told

    def groups(self, faults: Sequence[Fault]) -> list[FaultGroup]:
        """Return equal faults together, those of the file first, then the most frequent."""

        def kind(fault: Fault) -> tuple[str, str, str]:
            return fault.level, fault.code, fault.field or ""

        groups: list[FaultGroup] = []
        for _, equal in groupby(sorted(faults, key=kind), key=kind):
            same = list(equal)
            rows = [fault.row for fault in same if fault.row is not None]
            one = self.told(same[0], sentences=True)
            groups.append(
                {
                    "level": one["level"], "field": one["field"], "header": one["header"],
                    "column": one["column"], "code": one["code"], "count": len(same),
                    "rows": rows[:_ROWS_LISTED],
                    "fi": one["fi"], "sv": one["sv"], "en": one["en"],
                }
            )  # fmt: skip
        order = {"file": 0, "row": 1, "field": 2}
        return sorted(groups, key=lambda group: (order[group["level"]], -group["count"]))

    def _sentences(self, fault: Fault) -> Sentences:
        message = self._messages.messages[fault.code]
        consequence = self._messages.consequences[fault.level]
        names = {"file": self._file, "row": fault.row, "field": self._named(fault.field)}
        said = {
            language: " ".join(
                part.format(**names)
                for part in (
                    message.of(language).what,
                    consequence.of(language),
                    message.of(language).cure,
                )
                if part
            )
            for language in LANGUAGES
        }
        return {"fi": said["fi"], "sv": said["sv"], "en": said["en"]}

    def _named(self, column: str | None) -> str:
        """Name a field as the county wrote it, with the contract's header where that differs."""
        field = self.field(column) or ""
        written = self._written.get(column or "", field)
        same = fold_header(written) == fold_header(field)
        return written if same else f"”{written}” ({field})"
