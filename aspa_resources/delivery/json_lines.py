"""JSONL deliveries: one object a line, or an array of them, their keys known headers.

Belongs here: from lines to records; an object may leave out a key or bring its keys in any order.
Does not belong here: which encoding the lines are in (`encoding`), what a cell means (`judging`).
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from aspa_resources.delivery.dialect import Dialect, FoundTable, Record, rows_frame
from aspa_resources.delivery.encoding import REPLACEMENT, Decoded
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders, best_header

KEYS_LIMIT = 1000
"""Different keys that a file may have; the message of `too_many_columns` says it too."""

_JSON = re.compile(r"\s*(\{|\[\s*[\[{])")
_WHOLE_FLOAT = re.compile(r"-?\d+\.0+")
_OPENING = re.compile(r"\s*\[\s*")
_BETWEEN = re.compile(r"\s*(?:(,)\s*|\]\s*\Z)")

_Object = dict[str, object]
_Line = tuple[int, _Object | str]  # its number from 1, and its object or the code of its fault


@dataclass(frozen=True)
class _Keys(Header):
    """Keys as a header: cells are needed no further than the last understood key."""

    @property
    def named(self) -> int:
        return 1 + max(chain.from_iterable(self.places.values()))


def is_json(text: str) -> bool:
    """Tell whether a text is JSON: its first character opens an object, or an array of some."""
    return _JSON.match(text) is not None


def json_table(decoded: Decoded, known: KnownHeaders) -> FoundTable | None:
    """Read one JSON object a line, or one array of objects; every key of any object is a header.

    Args:
        decoded: The file's text under one encoding.
        known: The known headers.

    Returns:
        The table, or None when no kind of file has such keys.

    Raises:
        UnreadableDelivery: `not_json_lines` when not a single line is an object,
            `too_many_columns` when there are more keys than any table has.
    """
    listed = _listed(decoded)
    lines = listed or [
        (number, _object(line, damaged=decoded.damaged))
        for number, line in enumerate(io.StringIO(decoded.text, newline=""), start=1)
        if line.strip()
    ]
    whole = [one for _, one in lines if isinstance(one, dict)]
    if not whole:
        raise UnreadableDelivery(Fault("file", "not_json_lines"))
    keys = dict.fromkeys(chain.from_iterable(whole))
    if len(keys) > KEYS_LIMIT:
        raise UnreadableDelivery(Fault("file", "too_many_columns"))
    found = best_header(tuple(keys), known)
    if found is None:
        return None
    spellings = _spellings(found, whole)
    header = best_header(tuple(key for key in keys if key not in spellings), known)
    if header is None:
        return None
    header = _Keys(header.kind, header.cells, header.places, told=header.told)
    rows = rows_frame(_records(lines, header, spellings), header)
    cut = not listed and not decoded.text.endswith(("\r", "\n")) and isinstance(lines[-1][1], str)
    return FoundTable(header, rows, Dialect("jsonl", encoding=decoded.encoding), cut)


def _listed(decoded: Decoded) -> list[_Line]:
    """Return the objects of a text that is one well-formed array of objects; else nothing."""
    text = decoded.text
    opening = _OPENING.match(text)
    if opening is None:
        return []
    found: list[_Line] = []
    decoder = json.JSONDecoder()
    at, line = opening.end(), 1 + text.count("\n", 0, opening.end())
    while True:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        after = _BETWEEN.match(text, end)
        if after is None or not isinstance(value, dict):
            return []
        found.append((line, _object(text[at:end], damaged=decoded.damaged)))
        if after[1] is None:
            return found
        line += text.count("\n", at, after.end())
        at = after.end()


def _spellings(header: Header, objects: Sequence[_Object]) -> dict[str, str]:
    """Return, for keys that mean a column an earlier key means, that key: where they never meet."""
    found: dict[str, str] = {}
    for places in header.places.values():
        first, *others = (header.cells[place] for place in places)
        same = {first, *others}
        if others and all(len(same & one.keys()) < 2 for one in objects):  # noqa: PLR2004 - met
            found |= dict.fromkeys(others, first)
    return found


def _object(line: str, *, damaged: bool) -> _Object | str:
    """Return the object of a line, or the code of the fault that broke it."""
    if damaged and REPLACEMENT in line:
        return "undecodable_row"
    try:
        value = json.loads(
            line, object_pairs_hook=_unambiguous, parse_int=str, parse_float=_number,
            parse_constant=str,
        )  # fmt: skip
        if "\\u" in line:  # an escaped half of a character is no text
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return "broken_json"
    return value if isinstance(value, dict) else "broken_json"


def _unambiguous(pairs: Sequence[tuple[str, object]]) -> _Object:
    """Refuse an object that gives one key twice: neither value may be dropped in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _number(written: str) -> str:
    """Return a number as written, a whole one without the '.0' that a data frame's export adds."""
    return written.partition(".")[0] if _WHOLE_FLOAT.fullmatch(written) else written


def _records(
    lines: Iterable[_Line], header: Header, spellings: Mapping[str, str]
) -> Iterator[tuple[int, Record]]:
    understood = set(chain.from_iterable(header.places.values()))
    asked = [(place in understood, key) for place, key in enumerate(header.cells[: header.named])]
    for line, one in lines:
        if isinstance(one, str):
            yield line, one
            continue
        told = {spellings.get(key, key): value for key, value in one.items()} if spellings else one
        if any(known and not _is_plain(told.get(key)) for known, key in asked):
            yield line, "broken_json"
        else:
            yield line, [_cell(told.get(key)) if known else "" for known, key in asked]


def _is_plain(value: object) -> bool:
    """Tell whether a value is what a cell may hold: text, a number or nothing."""
    return value is None or (isinstance(value, str) and "\0" not in value)


def _cell(value: object) -> str:
    return value if isinstance(value, str) else ""
