"""Polluted files: good rows written, then spoilt in one of the ways that real files are.

Each pollution is a function of a `Sheet` and a source of chance and gives the file's text.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from delivery_mutations import Row, quoted


@dataclass(frozen=True)
class Sheet:
    """Rows and how they are to be written."""

    rows: Sequence[Row]
    headers: Sequence[str]
    names: Sequence[str]
    separator: str
    quoting: str

    def line(self, cells: Sequence[str]) -> str:
        return self.separator.join(quoted(cell, self.separator, self.quoting) for cell in cells)

    def lines(self) -> list[str]:
        """The header line and the rows."""
        return [self.line(self.headers), *(self.line(self.cells(row)) for row in self.rows)]

    def cells(self, row: Row) -> list[str]:
        return [row[name] for name in self.names]


Chance = random.Random
Pollution = Callable[[Sheet, Chance], str]


def _text(lines: Sequence[str], end: str = "\n") -> str:
    return "".join(line + end for line in lines)


def _one_row(spoil: Callable[[str, Sheet, Chance], str]) -> Pollution:
    """Spoil the line of one row."""

    def pollute(sheet: Sheet, chance: Chance) -> str:
        lines = sheet.lines()
        place = chance.randrange(1, len(lines))
        return _text([*lines[:place], spoil(lines[place], sheet, chance), *lines[place + 1 :]])

    return pollute


def _separated_by(separator: Callable[[str], str]) -> Pollution:
    """Separate all cells by something longer, quoted as it needs."""

    def pollute(sheet: Sheet, _: Chance) -> str:
        lines = (sheet.headers, *map(sheet.cells, sheet.rows))
        between = separator(sheet.separator)
        return _text(
            [
                between.join(quoted(c, sheet.separator, sheet.quoting) for c in cells)
                for cells in lines
            ]
        )

    return pollute


def _insert(line: str, what: str, places: Sequence[int], chance: Chance) -> str:
    place = chance.choice(places)
    return line[:place] + what + line[place:]


def _separators(line: str, sheet: Sheet) -> list[int]:
    """Where separators stand outside quotes; inside them they are of a text."""
    return [p for p in _outside(line) if line[p : p + 1] == sheet.separator]


def _outside(line: str) -> list[int]:
    return [place for place in range(len(line) + 1) if line[:place].count('"') % 2 == 0]


def _extra(line: str, sheet: Sheet, chance: Chance) -> str:
    return _insert(line, sheet.separator, [*_separators(line, sheet), len(line)], chance)


def _missing(line: str, sheet: Sheet, chance: Chance) -> str:
    place = chance.choice(_separators(line, sheet))
    return line[:place] + line[place + 1 :]


def _other_separator(line: str, sheet: Sheet, _: Chance) -> str:
    return line.replace(sheet.separator, "," if sheet.separator != "," else ";")


def _stray_quote(line: str, _: Sheet, chance: Chance) -> str:
    return _insert(line, '"', range(len(line) + 1), chance)


def _lost_quote(line: str, sheet: Sheet, chance: Chance) -> str:
    places = [place for place, letter in enumerate(line) if letter == '"']
    if not places:
        return _stray_quote(line, sheet, chance)
    place = chance.choice(places)
    return line[:place] + line[place + 1 :]


def _single_quotes(line: str, _: Sheet, __: Chance) -> str:
    return line.replace('"', "'")


def _backslashes(line: str, _: Sheet, __: Chance) -> str:
    return line.replace('""', '\\"')


def _split(line: str, _: Sheet, chance: Chance) -> str:
    """Break a line outside quotes; inside them it would be a text of two lines."""
    return _insert(line, "\n", _outside(line)[1:-1], chance)


def _raw_row(sheet: Sheet, chance: Chance) -> str:
    """One row without any quoting; a text in quotes of its own would have two readings."""
    sheet = _unwrapped(sheet)
    lines = sheet.lines()
    place = chance.randrange(len(sheet.rows))
    lines[place + 1] = sheet.separator.join(sheet.cells(sheet.rows[place]))
    return _text(lines)


def _raw_rows(sheet: Sheet, _: Chance) -> str:
    """No quoting at all; a text in quotes of its own would have two readings."""
    sheet = _unwrapped(sheet)
    return _text([sheet.separator.join(c) for c in (sheet.headers, *map(sheet.cells, sheet.rows))])


def _unwrapped(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=[row for row in sheet.rows if not row["text"].startswith('"')])


def _two_tables(sheet: Sheet, chance: Chance) -> str:
    half = len(sheet.rows) // 2
    order = chance.sample(range(len(sheet.names)), len(sheet.names))
    second = replace(
        sheet,
        rows=sheet.rows[half:],
        names=[sheet.names[place] for place in order],
        headers=[sheet.headers[place] for place in order],
    )
    return _text([*replace(sheet, rows=sheet.rows[:half]).lines(), "", *second.lines()])


def _narrow_table(sheet: Sheet, _: Chance) -> str:
    few = replace(sheet, names=sheet.names[:4], headers=sheet.headers[:4])
    return _text([*sheet.lines(), "", "Yhteenveto", *few.lines()])


def _header(change: Callable[[list[str]], Sequence[str]]) -> Pollution:
    def pollute(sheet: Sheet, _: Chance) -> str:
        return _text([sheet.line(change(list(sheet.headers))), *sheet.lines()[1:]])

    return pollute


def _headers_below(sheet: Sheet, _: Chance) -> str:
    lines = sheet.lines()
    units = sheet.line([f"({place})" for place in range(len(sheet.headers))])
    return _text([sheet.separator.join(["Tausta", "", "Vastaus"]), lines[0], units, *lines[1:]])


def _twice(sheet: Sheet, chance: Chance) -> str:
    """Every row wider than the header by a stray empty cell, as after a decimal comma."""
    lines = sheet.lines()
    places = _separators(lines[1], sheet)
    place = places.index(chance.choice(places))
    return _text([lines[0], *(_nth_doubled(line, place, sheet) for line in lines[1:])])


def _nth_doubled(line: str, number: int, sheet: Sheet) -> str:
    places = _separators(line, sheet)
    place = places[min(number, len(places) - 1)]
    return line[:place] + sheet.separator + line[place:]


POLLUTIONS: dict[str, Pollution] = {
    "none": lambda sheet, _: _text(sheet.lines()),
    "no header": lambda sheet, _: _text(sheet.lines()[1:]),
    "header alone": lambda sheet, _: _text(sheet.lines()[:1]),
    "one row": lambda sheet, _: _text(sheet.lines()[:2]),
    "one row, a separator more": lambda sheet, chance: _text(
        [sheet.lines()[0], _extra(sheet.lines()[1], sheet, chance)]
    ),
    "header narrower": _header(lambda headers: headers[:-1]),
    "header wider": _header(lambda headers: [*headers, "Oma"]),
    "header shifted": _header(lambda headers: ["", *headers[:-1]]),
    "header twice in it": _header(lambda headers: [*headers[:-1], headers[0]]),
    "header in two lines": _headers_below,
    "rows wider at one place": _twice,
    "two tables": _two_tables,
    "another narrow table": _narrow_table,
    "a separator more": _one_row(_extra),
    "a separator less": _one_row(_missing),
    "another separator": _one_row(_other_separator),
    "a stray quote": _one_row(_stray_quote),
    "a quote lost": _one_row(_lost_quote),
    "single quotes": _one_row(_single_quotes),
    "backslashes": _one_row(_backslashes),
    "a line break": _one_row(_split),
    "no quoting in a row": _raw_row,
    "no quoting": _raw_rows,
    "separator doubled": _separated_by(lambda separator: separator * 2),
    "separator and space": _separated_by(lambda separator: separator + " "),
    "separator a space": _separated_by(lambda _: " "),
    "line ends CR": lambda sheet, _: _text(sheet.lines(), "\r"),
    "line ends mixed": lambda sheet, chance: "".join(
        line + chance.choice(["\r", "\n", "\r\n", "\n\n"]) for line in sheet.lines()
    ),
    "footnote": lambda sheet, _: _text([*sheet.lines(), "", "Lähde: palautejärjestelmä"]),
    "sum": lambda sheet, _: _text([*sheet.lines(), sheet.separator.join(["Yhteensä", "", "12"])]),
    "rows of other widths": lambda sheet, chance: _text(
        [line + sheet.separator * chance.randrange(3) for line in sheet.lines()]
    ),
}
