"""The receipt: what a county is told about a file, as data.

Belongs here: one shape for every file, read or not, with each fault and its cure in three
languages. Does not belong here: how it looks (`receipt_pages`), the wording (`rules/`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from itertools import groupby
from typing import Final, Literal, NotRequired, TypedDict

from aspa_resources.delivery.demands import Demands
from aspa_resources.delivery.faults import Fault, Level
from aspa_resources.delivery.judging import Judged
from aspa_resources.delivery.labels import labels
from aspa_resources.delivery.notes import (
    DeliveryNote,
    Standing,
    ToldChange,
    ToldNote,
    told_change,
    told_note,
)
from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.delivery.service_classes import ToldClasses
from aspa_resources.delivery.shown_names import shown_header, shown_name
from aspa_resources.rule_book import LANGUAGES, RuleBook
from aspa_resources.rule_book.words import fold_header

Outcome = Literal["accepted", "partly", "rejected"]
Verdict = Literal["accepted", "partly", "rejected", "unchanged", "retracted"]

_ROWS_LISTED: Final = 50
_FAULTS_LISTED: Final = 10_000
# Faults of a value: told as a remark only where its column is taken in without it.
_OF_A_VALUE: Final = frozenset({
    "not_in_code_set", "not_an_age_group", "not_a_number", "out_of_range", "not_a_time",
    "not_a_short_code", "label_contradicts", "questionnaire_unknown",
})  # fmt: skip
_FORMAT_CHANGED: Final = Fault("file", "format_changed")
# What a standing makes of a file, whatever came of its rows.
_VERDICTS: Final[Mapping[Standing, Verdict]] = {
    "unchanged": "unchanged",
    "retracted": "retracted",
    "refused": "rejected",
    "contested": "rejected",
}


class Sentences(TypedDict):
    """What is wrong and the cure, in each language.

    `rule` is what the contract demands there, by language; None where nothing else is to be said.
    """

    fi: str
    sv: str
    en: str
    rule: dict[str, str] | None


class Place(TypedDict):
    """Where a fault is.

    `field` is the contract's header, `header` the county's, `column` our name, `column_number` the
    column's place in the file from 1; None where the fault is of no column, or the file has none.
    """

    field: str | None
    header: str | None
    column: str | None
    column_number: int | None


class ToldFault(Place):
    """One fault. `row` counts data rows from 1, `line` is the line of the file, or the sheet.

    A very long list of faults leaves the sentences to the groups.
    """

    level: Level
    row: int | None
    line: int | None
    code: str
    fi: NotRequired[str]
    sv: NotRequired[str]
    en: NotRequired[str]
    rule: NotRequired[dict[str, str] | None]


class FaultGroup(Sentences, Place):
    """Equal faults: how many, and the first rows and lines of them."""

    level: Level
    code: str
    count: int
    rows: list[int]
    lines: list[int]


class Columns(TypedDict):
    """What was understood of the header line: header as shown -> field of the contract."""

    understood: dict[str, str]
    ignored: list[str]
    missing: list[str]


class Receipt(TypedDict):
    """The receipt of one file.

    `outcome` is what came of the file itself, `verdict` what holds of it now; `delivery` is None
    where the file was only checked, `service_classes` where no row was taken in. Counts are of a
    file that was read, else 0. `faults_left_out` is how many faults are not listed one by one;
    `groups` counts them too.
    """

    file: str
    county: str
    county_name: dict[str, str]
    month: str | None
    kind: str | None
    verdict: Verdict
    outcome: Outcome
    delivery: ToldNote | None
    format_changes: list[ToldChange]
    rows_delivered: int
    rows_accepted: int
    rows_rejected: int
    dialect: dict[str, object] | None
    columns: Columns | None
    faults: list[ToldFault]
    faults_left_out: int
    groups: list[FaultGroup]
    completeness: dict[str, float]
    service_classes: ToldClasses | None
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
    delivery: DeliveryNote | None = None,
    service_classes: ToldClasses | None = None,
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
        delivery: Where the file stands among the county's others; None when it is only checked.
        service_classes: How its rows get their classes; None where none is taken in.

    Returns:
        The receipt, ready for JSON. The first 10 000 faults are listed; where there are more, only
        the groups count them all and carry the sentences and rules.
    """
    changes = delivery.format_changes if delivery else ()
    every = (
        *faults,
        *([_FORMAT_CHANGED] if changes else []),
        *(judged.faults if judged else ()),
    )
    delivered, accepted = _rows(read, judged, faults)
    refused = read is None or (judged is not None and judged.refused)
    outcome = _outcome(delivered, accepted, refused=refused)
    teller = _Teller(file, rules, read)
    left_out = max(0, len(every) - _FAULTS_LISTED)
    return {
        "file": shown_name(file),
        "county": shown_name(county),
        "county_name": county_names(county, rules),
        "month": month,
        "kind": read.kind if read else None,
        "verdict": _verdict(outcome, delivery),
        "outcome": outcome,
        "delivery": told_note(delivery) if delivery else None,
        "format_changes": [told_change(change, teller.fields) for change in changes],
        "rows_delivered": delivered,
        "rows_accepted": accepted,
        "rows_rejected": delivered - accepted,
        "dialect": asdict(read.dialect) if read else None,
        "columns": teller.columns(),
        "faults": [teller.told(f, sentences=not left_out) for f in every[:_FAULTS_LISTED]],
        "faults_left_out": left_out,
        "groups": teller.groups(every),
        "completeness": {
            teller.field(name) or name: round(share, 4)
            for name, share in (judged.completeness if judged else {}).items()
        },
        "service_classes": service_classes,
        "rules_version": rules.version,
    }


def restated(told: Receipt, delivery: DeliveryNote, file: str | None = None) -> Receipt:
    """Return a receipt once its file stands otherwise: replaced, retracted, dropped again.

    Args:
        told: The receipt as it was.
        delivery: Where the file stands now; changes of format stay as they were told.
        file: The name it came under now; None: the same.
    """
    return {
        **told,
        "file": shown_name(file) if file else told["file"],
        "verdict": _verdict(told["outcome"], delivery),
        "delivery": told_note(delivery),
    }


def county_names(county: str, rules: RuleBook) -> dict[str, str]:
    """Return a county's name by language; the folder's name where there is no such county."""
    known = rules.counties.get(county)
    return {
        language: getattr(known, f"name_{language}") if known else shown_name(county)
        for language in LANGUAGES
    }


def _rows(
    read: ReadDelivery | None, judged: Judged | None, faults: Sequence[Fault]
) -> tuple[int, int]:
    """Return how many rows were delivered and how many taken in."""
    if judged:
        return judged.rows_delivered, judged.rows_accepted
    delivered = read.frame.height if read else 0
    return delivered, 0 if faults else delivered


def _outcome(delivered: int, accepted: int, *, refused: bool) -> Outcome:
    if refused or not accepted:
        return "rejected"
    return "accepted" if accepted == delivered else "partly"


def _verdict(outcome: Outcome, delivery: DeliveryNote | None) -> Verdict:
    return _VERDICTS.get(delivery.standing, outcome) if delivery else outcome


class _Teller:
    """Puts faults into the words of one file and one county."""

    def __init__(self, file: str, rules: RuleBook, read: ReadDelivery | None) -> None:
        self._file = shown_name(file)
        self._messages = rules.messages
        self._demands = Demands(rules, read.kind if read else None)
        self._read = read
        self.fields = {
            column.name: column.header
            for table in rules.contract.tables.values()
            for column in table.columns
        }
        understood = read.understood if read else {}
        self._written = {name: shown_header(header) for name, header in understood.items()}

    def field(self, column: str | None) -> str | None:
        """Return the contract's header of a column."""
        return self.fields.get(column, column) if column else None

    def columns(self) -> Columns | None:
        """Return what was understood of the header line."""
        if self._read is None:
            return None
        return {
            "understood": {h: self.fields[name] for name, h in self._written.items()},
            "ignored": [shown_header(header) for header in self._read.ignored],
            "missing": [self.fields[name] for name in self._read.missing],
        }

    def told(self, fault: Fault, *, sentences: bool) -> ToldFault:
        """Return one fault as told."""
        place = self._place(fault.field)
        told: ToldFault = {
            "level": fault.level,
            "row": fault.row,
            "line": self._line(fault.row),
            "field": place["field"],
            "header": place["header"],
            "column": place["column"],
            "column_number": place["column_number"],
            "code": fault.code,
        }
        if sentences:
            said = self._sentences(fault)
            told["fi"], told["sv"], told["en"] = said["fi"], said["sv"], said["en"]
            told["rule"] = said["rule"]
        return told

    def groups(self, faults: Sequence[Fault]) -> list[FaultGroup]:
        """Return equal faults together, those of the file first, then the most frequent."""

        def kind(fault: Fault) -> tuple[str, str, str]:
            return fault.level, fault.code, fault.field or ""

        groups: list[FaultGroup] = []
        for _, equal in groupby(sorted(faults, key=kind), key=kind):
            same = list(equal)
            rows = [fault.row for fault in same if fault.row is not None][:_ROWS_LISTED]
            lines = [self._line(row) for row in rows]
            groups.append(
                {
                    "level": same[0].level,
                    **self._place(same[0].field),
                    "code": same[0].code,
                    "count": len(same),
                    "rows": rows,
                    "lines": [line for line in lines if line is not None],
                    **self._sentences(same[0]),
                }
            )
        order = {"file": 0, "row": 1, "field": 2}
        return sorted(groups, key=lambda group: (order[group["level"]], -group["count"]))

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        """The place of each understood column in the file, from 1; none among keys of JSON."""
        if self._read is None or self._read.dialect.format == "jsonl":
            return {}
        return self._read.positions

    @cached_property
    def _lines(self) -> Sequence[int | None]:
        """The line of each data row, in order."""
        return () if self._read is None else self._read.frame["line"].to_list()

    def _line(self, row: int | None) -> int | None:
        return self._lines[row - 1] if row is not None and row <= len(self._lines) else None

    def _place(self, column: str | None) -> Place:
        return {
            "field": self.field(column),
            "header": self._written.get(column or ""),
            "column": column,
            "column_number": self._positions.get(column or ""),
        }

    def _sentences(self, fault: Fault) -> Sentences:
        message = self._messages.messages[fault.code]
        consequence = self._messages.consequences[fault.level]
        names = {"file": self._file, "row": fault.row, "field": self._named(fault.field)}
        left_out = fault.level == "field" and fault.code in _OF_A_VALUE
        said = {
            language: " ".join(
                part.format(**names)
                for part in (
                    message.of(language).what,
                    labels()[language]["value_left_out"] if left_out else "",
                    consequence.of(language),
                    message.of(language).cure,
                )
                if part
            )
            for language in LANGUAGES
        }
        rule = self._demands.of(fault.code, fault.field)
        return {"fi": said["fi"], "sv": said["sv"], "en": said["en"], "rule": rule}

    def _named(self, column: str | None) -> str:
        """Name a field as the county wrote it, with the contract's header where that differs."""
        field = self.field(column) or ""
        written = self._written.get(column or "", field)
        same = fold_header(written) == fold_header(field)
        return written if same else f"”{written}” ({field})"
