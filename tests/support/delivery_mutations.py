"""Files that any supplier may write from the delivery contract, with what must be read in them."""

import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from small_workbooks import small_workbook

from aspa_resources.rule_book import Column, RuleBook
from aspa_resources.rule_book.words import fold_value

Row = dict[str, str]

LINE_BREAK = re.compile(r"\r\n|\r|\n")
SWEDISH = re.compile(
    r"(?i)å|ö(?=ppen)|responsens|svarets|service(händ|enhet|form|kla|omr)|verksamhet|produktionss"
    r"|^yrke|specialitet|^kön|kanal|enkät|händelse|skickad|besvarad|besök|svararens|kontakt|hur san"
)
PLAIN = ("", "Hyvää palvelua!", "Väntan var lång", "Odotin 3 tuntia.", "Kiitos teille")
TRICKY = (
    *PLAIN, 'Sanoi "hei"\nja hymyili, ääneen', "Hyvää; palvelua | kiitos\tteille", "It's 5, vai 4?",
    "Rivi yksi\n\nrivi; kolme", '"Alusta loppuun"', "Polku C:\\temp ja \\", "Yhteensä; 5 hyvää",
)  # fmt: skip
UNWRAPPED = tuple(text for text in TRICKY if not text.startswith('"'))  # else two readings
PREAMBLES = {
    "none": (),
    "sep": ("sep={separator}",),
    "report": ("Palauteraportti 3/2025", "", "Jakso{separator} maaliskuu", ""),
    "comments": ('# koonti; "maaliskuu, 2025" | NPS', '# laatinut "Laatutiimi', "#\t;,|"),
}
OPTIONS: Mapping[str, Sequence[str]] = {
    "format": ("csv", "csv", "csv", "csv", "csv", "csv", "jsonl", "xlsx"),
    "encoding": (
        "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "cp1252",
    ),
    "separator": (";", ",", "\t", "|"),
    "quoting": ("minimal", "all", "none", "single", "single minimal", "escaped", "spaced"),
    "line_end": ("\r\n", "\n", "\r", "mixed"),
    "preamble": tuple(PREAMBLES),
    "order": ("contract", "shuffled", "reversed"),
    "headers": ("canonical", "titles", "synonyms", "swedish", "questions"),
    "container": ("none", "none", "gzip", "zip"),
    "times": (
        "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y klo %H.%M",
        "%Y-%m-%dT%H:%M:%S+02:00",
    ),
    "numbers": ("{}", "{},0", "{}.0"),
    "codes": ("codes", "names"),
    "extra": ("none", "unknown", "empty at end", "unnamed first"),
    "strays": ("none", "blank lines", "header again", "footer", "nul padding", "all but nul"),
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One way of writing a file; the words are those of OPTIONS."""

    number: int
    choices: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.choices[name]

    def __str__(self) -> str:
        return f"{self.number}: {dict(self.choices)}"


@dataclass(frozen=True)
class Written:
    """A file and what must be read in it: its cells by column and each row's first line."""

    content: bytes = field(repr=False)
    cells: Sequence[Mapping[str, str]] = field(repr=False)
    lines: Sequence[int]
    header_line: int | None
    separator: str | None


def corpus(count: int) -> list[Mutation]:
    """The first files of the corpus, the same ones every time."""
    return [
        Mutation(number, {name: chance.choice(options) for name, options in OPTIONS.items()})
        for number in range(count)
        for chance in [random.Random(number)]
    ]


class Records:
    """Rows of the contract, all of them right for March 2025, and their ways into files."""

    def __init__(self, rules: RuleBook) -> None:
        self.rules = rules
        self.columns = {column.name: column for column in rules.contract.columns}
        self._alike = {
            "service_unit_oid": "1.2.246.10.1234567.10.3", "place_of_performance": "SP001",
            "site": "Toimipaikka 3", "cost_centre": "41001", "mode_of_production": "own",
            "service_form": "T11", "contact_mode": "R10", "profession": "22213", "urgency": "E",
            "visit_type": "SH", "visitor_group": "1", "age_group": "45-64", "gender": "female",
            "language": "fi", "respondent_role": "customer", "channel": "sms",
            "questionnaire_version": "2024.1", "feedback_type": "point",
        }  # fmt: skip

    def rows(self, count: int, texts: Sequence[str] = PLAIN) -> list[Row]:
        """Rows by column of the contract, in the canonical spelling."""
        return [self._row(number, texts) for number in range(1, count + 1)]

    def write(
        self, mutation: Mutation, count: int = 12, texts: Sequence[str] | None = None
    ) -> Written:
        """Write rows as a mutation says; their texts are those that its quoting can write."""
        if texts is None:
            texts = {"none": PLAIN, "single minimal": UNWRAPPED}.get(mutation["quoting"], TRICKY)
        rows = [self._spelled(row, mutation) for row in self.rows(count, texts)]
        names = self._order(mutation)
        headers = [self.header(self.columns[name], mutation) for name in names]
        if mutation["format"] == "jsonl":
            written = _json_lines(rows, names, headers, mutation)
        elif mutation["format"] == "xlsx":
            written = _workbook(rows, names, headers, mutation)
        else:
            written = _separated(rows, names, headers, mutation)
        return written

    def header(self, column: Column, mutation: Mutation) -> str:
        """The header of a column in a style."""
        known = [one for one in (column.header, *column.synonyms) if _fits(one, mutation)]
        style = mutation["headers"]
        if style == "titles":
            return known[min(1, len(known) - 1)]
        if style == "questions":
            return max(known, key=len)
        if style == "synonyms":
            return random.Random(mutation.number + len(known)).choice(known)
        if style == "swedish":
            return next((word for word in known[1:] if SWEDISH.search(word)), known[-1])
        return column.header

    def _row(self, number: int, texts: Sequence[str]) -> Row:
        event = datetime.fromisoformat(f"2025-03-{1 + number % 28:02}T{8 + number % 9:02}:15:00")
        answers = {
            name: str((number + place) % 6)
            for place, name in enumerate(self.columns, start=1)
            if re.match(r"s\d_", name)
        }
        return dict.fromkeys(self.columns, "") | self._alike | answers | {
            "feedback_id": f"F-{number:06}",
            "service_event_id": f"1.2.246.10.1234567.14011.2025.{number}",
            "nps": str(number % 11),
            "event_time": event.isoformat(),
            "sent_time": (event + timedelta(hours=3)).isoformat(),
            "answered_time": (event + timedelta(days=1)).isoformat(),
            "text": texts[number % len(texts)],
        }  # fmt: skip

    def _order(self, mutation: Mutation) -> list[str]:
        names = list(self.columns)
        if mutation["order"] == "shuffled":
            random.Random(mutation.number).shuffle(names)
        return names[::-1] if mutation["order"] == "reversed" else names

    def _spelled(self, row: Row, mutation: Mutation) -> Row:
        return {name: self._cell(self.columns[name], cell, mutation) for name, cell in row.items()}

    def _cell(self, column: Column, cell: str, mutation: Mutation) -> str:
        if not cell:
            return cell
        if column.type == "time":
            return datetime.fromisoformat(cell).strftime(mutation["times"])
        if column.type == "integer":
            bare = mutation["quoting"] == "none" and mutation["separator"] == ","
            return ("{}.0" if bare else mutation["numbers"]).format(cell)
        if column.code_set and mutation["codes"] == "names":
            codes = self.rules.code_sets[column.code_set]
            name = codes.name(cell)
            told = mutation["quoting"] != "none" or mutation["separator"] not in name
            if told and _fits(name, mutation) and codes.spellings.get(fold_value(name)) == cell:
                return name
        return cell


def _fits(text: str, mutation: Mutation) -> bool:
    """Tell whether a text can be written in the file's encoding."""
    return text == text.encode(mutation["encoding"], "ignore").decode(mutation["encoding"])


def quoted(cell: str, separator: str, quoting: str) -> str:
    """Write one cell."""
    mark = "'" if quoting.startswith("single") else '"'
    special = {separator, mark, "\r", "\n"}
    if quoting.endswith("minimal") and special.isdisjoint(cell) and cell.strip(" \t") == cell:
        return cell
    if quoting == "none":
        return cell
    if quoting == "escaped":
        cell = cell.replace("\\", "\\\\").replace('"', '\\"')
    else:
        cell = cell.replace(mark, mark * 2)
    return f" {mark}{cell}{mark} " if quoting == "spaced" else f"{mark}{cell}{mark}"


def _separated(
    rows: Sequence[Row], names: Sequence[str], headers: Sequence[str], mutation: Mutation
) -> Written:
    separator, strays = mutation["separator"], mutation["strays"]
    before = {"unnamed first": [""], "unknown": ["Oma kysymys"]}.get(mutation["extra"], [])
    after = ["", ""] if mutation["extra"] == "empty at end" else []
    quoting = mutation["quoting"]
    if quoting == "none" and any(separator in header for header in headers):
        quoting = "minimal"

    def line(cells: Sequence[str]) -> str:
        return separator.join(quoted(cell, separator, quoting) for cell in cells)

    header = line([*before, *headers, *after])
    told = [one.format(separator=separator) for one in PREAMBLES[mutation["preamble"]]]
    told.append(header)
    lines = []
    for place, row in enumerate(rows):
        if place == len(rows) // 2 and strays in {"header again", "all but nul"}:
            told.append(header)
        if place % 5 == 3 and strays in {"blank lines", "all but nul"}:
            told += ["", separator * 3]
        lines.append(1 + len(told) + sum(len(LINE_BREAK.findall(one)) for one in told))
        told.append(line([*("7" for _ in before), *(row[name] for name in names), *after]))
    if strays in {"footer", "all but nul"}:
        told += ["", f"Yhteensä{separator}{len(rows)}", f"Rivejä {len(rows)}"]
    text = "".join(one + _line_end(place, mutation) for place, one in enumerate(told))
    text += "\0" * 96 if strays == "nul padding" else ""
    first = 1 + len(PREAMBLES[mutation["preamble"]])
    content = _packed(text.encode(mutation["encoding"]), mutation)
    return Written(content, rows, lines, first, separator)


def _line_end(place: int, mutation: Mutation) -> str:
    ends = ("\r\n", "\n", "\r") if mutation["line_end"] == "mixed" else (mutation["line_end"],)
    return ends[place % len(ends)]


def _json_lines(
    rows: Sequence[Row], names: Sequence[str], headers: Sequence[str], mutation: Mutation
) -> Written:
    told, lines = [], []
    for place, row in enumerate(rows):
        if place % 5 == 3 and mutation["strays"] == "blank lines":
            told.append("")
        lines.append(len(told) + 1)
        pairs = zip(headers, (row[name] for name in names), strict=True)
        told.append(json.dumps({h: cell or None for h, cell in pairs}, ensure_ascii=False))
    text = "".join(one + _line_end(place, mutation) for place, one in enumerate(told))
    return Written(_packed(text.encode(mutation["encoding"]), mutation), rows, lines, None, None)


def _workbook(
    rows: Sequence[Row], names: Sequence[str], headers: Sequence[str], mutation: Mutation
) -> Written:
    told = [[one] for one in PREAMBLES[mutation["preamble"]]]
    told.append(list(headers))
    top, lines = len(told), []
    for place, row in enumerate(rows):
        if place % 5 == 3 and mutation["strays"] == "blank lines":
            told.append([])
        if place == len(rows) // 2 and mutation["strays"] == "header again":
            told.append(list(headers))
        told.append([row[name] for name in names])
        lines.append(len(told))
    if mutation["strays"] == "footer":
        told += [[], ["Yhteensä", str(len(rows))]]
    return Written(_packed(small_workbook(told), mutation), rows, lines, top, None)


def _packed(content: bytes, mutation: Mutation) -> bytes:
    if mutation["container"] == "gzip":
        return gzip.compress(content)
    if mutation["container"] == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("palaute.csv", content)
        return stream.getvalue()
    return content
