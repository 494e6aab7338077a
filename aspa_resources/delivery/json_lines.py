"""JSONL deliveries: one object a line, its keys known headers.

Belongs here: from lines to records; an object may leave out a key or bring its keys in any order.
Does not belong here: which encoding the lines are in (`encoding`), what a cell means (`judging`).
"""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from aspa_resources.delivery.dialect import Dialect, FoundTable, Record, rows_frame
from aspa_resources.delivery.encoding import REPLACEMENT, Decoded
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.header import Header, KnownHeaders, best_header

_JSON = re.compile(r"\s*(\{|\[\s*[\[{])")
_WHOLE_FLOAT = re.compile(r"-?\d+\.0+")

_Object = dict[str, object]


def is_json(text: str) -> bool:
    """Tell whether a text is JSON: its first character opens an object, or an array of some."""
    return _JSON.match(text) is not None


def json_table(decoded: Decoded, known: KnownHeaders) -> FoundTable | None:
    """Read one JSON object a line; every key of any object is a header.

    Args:
        decoded: The file's text under one encoding.
        known: The known headers.

    Returns:
        The table, or None when no kind of file has such keys.

    Raises:
        UnreadableDelivery: `not_json_lines` when not a single line is an object.
    """
    objects = {
        number: _object(line, damaged=decoded.damaged)
        for number, line in enumerate(io.StringIO(decoded.text, newline=""), start=1)
        if line.strip()
    }
    whole = [one for one in objects.values() if isinstance(one, dict)]
    keys = tuple(dict.fromkeys(chain.from_iterable(whole)))
    if not whole:
        raise UnreadableDelivery(Fault("file", "not_json_lines"))
    header = best_header(keys, known)
    if header is None:
        return None
    rows = rows_frame(_records(objects, header), header)
    cut = not decoded.text.endswith(("\r", "\n")) and isinstance([*objects.values()][-1], str)
    return FoundTable(header, rows, Dialect("jsonl", encoding=decoded.encoding), cut)


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


def _records(objects: Mapping[int, _Object | str], header: Header) -> Iterator[tuple[int, Record]]:
    understood = {place for places in header.places.values() for place in places}
    asked = [(place in understood, key) for place, key in enumerate(header.cells)]
    for line, one in objects.items():
        if isinstance(one, str):
            yield line, one
        elif any(isinstance(one.get(key), dict | list) for known, key in asked if known):
            yield line, "broken_json"
        else:
            yield line, [_cell(one.get(key)) if known else "" for known, key in asked]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else str(value).lower()
