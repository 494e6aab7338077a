"""Finding the header: the known headers decide separator, encoding, sheet and kind of file.

Belongs here: matching candidate lines against the headers that the contract and the county's
profile know. Does not belong here: reading the rows below (`records`, `json_lines`, `workbooks`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.quoting import QUOTES, Quoting
from aspa_resources.rule_book import CountyProfile, DeliveryContract
from aspa_resources.rule_book.words import fold_header

SEPARATORS = (";", ",", "\t", "|")
PREAMBLE = 50  # lines before the header that an export may carry
_HEADER_LINES = 20  # physical lines a header with quoted line breaks may take
_LONGEST_CELL = 200  # characters; what is longer is rows that a stray quote swallowed
_LEAST_KNOWN = 2  # known columns below which a line is no header


@dataclass(frozen=True)
class Header:
    """The headers of a table and what they mean.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map.
        cells: The headers as written.
        places: By column, the indices of its cells; several only where a header stands twice.
        told: Folded headers without a column that may be told as written.
    """

    kind: str
    cells: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    told: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def named(self) -> int:
        """How many cells there are up to the last one that is not empty."""
        return max(place + 1 for place, cell in enumerate(self.cells) if cell)

    @property
    def written(self) -> dict[str, str]:
        """The header of each understood column, as the county wrote it."""
        return {name: self.cells[places[0]] for name, places in self.places.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that no column knows, by place: as written they may be content."""
        known = {place for places in self.places.values() for place in places}
        return tuple(
            cell if fold_header(cell) in self.told else f"#{place + 1}"
            for place, cell in enumerate(self.cells)
            if place not in known and cell
        )

    @property
    def score(self) -> tuple[int, int]:
        """How well it fits: more known columns, then fewer unknown ones."""
        return len(self.places), -len(self.ignored)


@dataclass(frozen=True)
class TextHeader(Header):
    """A header among the lines of a separated text.

    Attributes:
        separator: Between its cells.
        quote: The character around its cells; None: no cell has one.
        first_line: Index of its first physical line.
        end_line: Index of the first physical line after it.
    """

    separator: str
    quote: str | None
    first_line: int
    end_line: int


@dataclass(frozen=True)
class KnownHeaders:
    """The headers that the contract and a county's profile know.

    Attributes:
        words: By kind of file, the folded headers and the column each means.
        recognised_by: By kind of file, the columns of which it has at least one; none: any will do.
        texts: Columns of free text.
        told: The folded headers that the county's profile tells its suppliers by.
    """

    words: Mapping[str, Mapping[str, str]]
    recognised_by: Mapping[str, tuple[str, ...]]
    texts: frozenset[str]
    told: frozenset[str]

    def knows(self, word: str) -> bool:
        """Tell whether a folded header means a column of any kind of file."""
        return any(word in words for words in self.words.values())


def find_header(lines: Sequence[str], known: KnownHeaders) -> TextHeader | None:
    """Find the line that known headers fit best.

    Args:
        lines: The physical lines of the text, line ends kept.
        known: The known headers.

    Returns:
        The header, or None when no line has the columns of any kind.
    """
    found = [
        header
        for separator in SEPARATORS
        for first in range(min(len(lines), PREAMBLE))
        for quote in QUOTES
        if quote == QUOTES[0] or quote in lines[first]
        for header in _readings(lines, first, Quoting(separator, quote), known)
    ]
    return max(found, key=lambda header: header.score, default=None)


def best_header(cells: Sequence[str], known: KnownHeaders) -> Header | None:
    """Return what cells mean as the header of the kind they fit best; None: of no kind."""
    found = [
        Header(kind, tuple(cells), places, told=known.told)
        for kind, places in _meanings(cells, known)
    ]
    return max(found, key=lambda header: header.score, default=None)


def known_headers(contract: DeliveryContract, profile: CountyProfile) -> KnownHeaders:
    """Return the known headers; the county's own come before the contract's."""
    words: dict[str, dict[str, str]] = {}
    for kind, table in contract.tables.items():
        names = {column.name for column in table.columns}
        words[kind] = {
            fold_header(header): column.name
            for column in table.columns
            for header in (column.header, column.name, *column.synonyms)
        } | {fold_header(header): name for header, name in profile.columns.items() if name in names}
    return KnownHeaders(
        words,
        {kind: table.recognised_by for kind, table in contract.tables.items()},
        frozenset(c.name for t in contract.tables.values() for c in t.columns if c.type == "text"),
        frozenset(fold_header(header) for s in profile.suppliers.values() for header in s.headers),
    )


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
    lines: Sequence[str], first: int, quoting: Quoting, known: KnownHeaders
) -> Iterator[TextHeader]:
    """Read one line with one separator as a header of each kind it fits."""
    text = "".join(lines[first : first + _HEADER_LINES])
    read = quoting.cells(text, 0, len(text))
    if read is None:
        return
    cells = tuple(" ".join(cell.split()) for cell in read[0])
    if any(len(cell) > _LONGEST_CELL for cell in cells):
        return
    end, at = first, 0
    while at < read[1]:
        at += len(lines[end])
        end += 1
    shown = quoting.quote if quoting.quote in text[: read[1]] else None
    for kind, places in _meanings(cells, known):
        yield TextHeader(kind, cells, places, quoting.separator, shown, first, end, told=known.told)


def _meanings(
    cells: Sequence[str], known: KnownHeaders
) -> Iterator[tuple[str, Mapping[str, tuple[int, ...]]]]:
    """Give each kind of file that cells are a header of, and the places of its columns."""
    folded = [fold_header(cell) for cell in cells]
    for kind, words in known.words.items():
        places: dict[str, tuple[int, ...]] = {}
        for place, word in enumerate(folded):
            if name := words.get(word):
                places[name] = (*places.get(name, ()), place)
        needed = known.recognised_by[kind]
        recognised = not needed or any(name in places for name in needed)
        if recognised and len(places) >= _LEAST_KNOWN:
            yield kind, places
