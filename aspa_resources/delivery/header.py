"""Finding the header line: the known headers decide separator, encoding and kind of file.

Belongs here: matching candidate lines against the headers that the contract and the county's
profile know. Does not belong here: reading the rows below (`records`).
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.rule_book import CountyProfile, DeliveryContract
from aspa_resources.rule_book.words import fold_header

SEPARATORS = (";", ",", "\t", "|")
_PREAMBLE = 50  # lines before the header that an export may carry
_HEADER_LINES = 20  # physical lines a header with quoted line breaks may take
_LEAST_KNOWN = 2  # known columns below which a line is no header


@dataclass(frozen=True)
class Header:
    """A header line and what it means.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map.
        separator: Between its cells.
        first_line: Index of its first physical line.
        end_line: Index of the first physical line after it.
        cells: The headers as written.
        places: By column, the indices of its cells; several only where a header stands twice.
    """

    kind: str
    separator: str
    first_line: int
    end_line: int
    cells: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]

    @property
    def written(self) -> dict[str, str]:
        """The header of each understood column, as the county wrote it."""
        return {name: self.cells[places[0]] for name, places in self.places.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that no column knows, as written."""
        known = {place for places in self.places.values() for place in places}
        return tuple(c for i, c in enumerate(self.cells) if i not in known and c)

    @property
    def score(self) -> tuple[int, int]:
        """How well it fits: more known columns, then fewer unknown ones."""
        return len(self.places), -len(self.ignored)


def find_header(
    lines: Sequence[str], contract: DeliveryContract, profile: CountyProfile
) -> Header | None:
    """Find the line that known headers fit best.

    Args:
        lines: The physical lines of the file, line ends kept.
        contract: The known headers of each kind of file.
        profile: The county's own headers.

    Returns:
        The header, or None when no line has the columns of any kind.
    """
    words = known_headers(contract, profile)
    found = [
        header
        for separator in SEPARATORS
        for first in range(min(len(lines), _PREAMBLE))
        for header in _readings(lines, first, separator, contract, words)
    ]
    return max(found, key=lambda header: header.score, default=None)


def known_headers(
    contract: DeliveryContract, profile: CountyProfile
) -> Mapping[str, Mapping[str, str]]:
    """Return, by kind of file, the folded headers and the column each means.

    The county's own headers come before the contract's.
    """
    known: dict[str, dict[str, str]] = {}
    for kind, table in contract.tables.items():
        names = {column.name for column in table.columns}
        known[kind] = {
            fold_header(header): column.name
            for column in table.columns
            for header in (column.header, column.name, *column.synonyms)
        } | {fold_header(header): name for header, name in profile.columns.items() if name in names}
    return known


def check_columns(header: Header, contract: DeliveryContract) -> None:
    """Check that a header has what its kind of file cannot do without.

    Raises:
        UnreadableDelivery: `column_twice` where two headers mean one column (several open texts
            are joined instead), `required_column_missing` where one is not there.
    """
    for column in contract.tables[header.kind].columns:
        if len(header.places.get(column.name, ())) > 1 and column.type != "text":
            raise UnreadableDelivery(Fault("file", "column_twice", field=column.name))
        missing = column.name not in header.places
        instead = any(name in header.places for name in column.unless)
        if missing and not instead and column.required in {"required", "conditional"}:
            raise UnreadableDelivery(Fault("file", "required_column_missing", field=column.name))


def _readings(
    lines: Sequence[str],
    first: int,
    separator: str,
    contract: DeliveryContract,
    words: Mapping[str, Mapping[str, str]],
) -> Iterator[Header]:
    """Read one line with one separator as a header of each kind it fits."""
    reader = csv.reader(iter(lines[first : first + _HEADER_LINES]), delimiter=separator)
    try:
        cells = tuple(" ".join(cell.split()) for cell in next(reader, []))
    except csv.Error:
        return
    folded = [fold_header(cell) for cell in cells]
    for kind, table in contract.tables.items():
        places: dict[str, tuple[int, ...]] = {}
        for place, word in enumerate(folded):
            if name := words[kind].get(word):
                places[name] = (*places.get(name, ()), place)
        recognised = any(name in places for name in table.recognised_by)
        if recognised and len(places) >= _LEAST_KNOWN:
            yield Header(kind, separator, first, first + reader.line_num, cells, places)
