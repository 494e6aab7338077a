"""Which finding a character belongs to, where several recognisers found something in one place.

Belongs here: from results that overlap to parts that do not, in order of the text. Does not belong
here: finding anything, or replacing it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aspa_resources.anonymizer.records import ENTITY_TYPES

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult

PLAIN_NUMBER: Final = "NUMBER"
"""The type that gives way to every other one: they say more about the same digits."""

_PLACEHOLDER: Final = re.compile(rf"<(?:{'|'.join(ENTITY_TYPES)})>")
_SIGNS: Final = " \t\r\n\u00a0\u202f.,:;!?/|–—-+()[]{}'’\"”"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that one placeholder replaces: characters `start` to `end`.

    Attributes:
        score: Confidence of the recogniser, 0..1.
    """

    entity_type: str
    start: int
    end: int
    score: float
    recognizer: str


def parts_of(results: "Iterable[RecognizerResult]", text: str) -> list[Part]:
    """Return parts that do not overlap and cover all that the results cover, in order.

    Of a result inside another one the outer one stays (a name in an address, in an e-mail); of two
    that cross, the surer one keeps what they share. What is left of the other one is cut to what is
    not mere signs and spaces. Parts of one type with nothing but spaces between become one. A
    placeholder that stands in the text already stays as it is, so cleaning twice changes nothing.

    Args:
        results: What Presidio's analyser found in the text.
        text: The text.
    """
    found = [
        Part(r.entity_type, r.start, r.end, r.score, r.recognition_metadata["recognizer_name"])
        for r in results
    ]
    if len(found) > 1:
        clusters = _clusters(_merged(found))
        found = [part for cluster in clusters for part in _shared_out(cluster, text)]
    if found and "<" in text:
        found = list(_outside_placeholders(found, text))
    return _joined(found, text)


def _outside_placeholders(parts: Iterable[Part], text: str) -> Iterator[Part]:
    standing = [Part("", m.start(), m.end(), 1.0, "") for m in _PLACEHOLDER.finditer(text)]
    for part in parts:
        yield from _left_over(part, standing, text)


def _merged(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts, those of one type that overlap as one, under the surer one's name."""
    of_type: dict[str, list[Part]] = defaultdict(list)
    for part in sorted(parts, key=lambda p: p.start):
        same = of_type[part.entity_type]
        if same and part.start < same[-1].end:
            same[-1] = _together(same[-1], part)
        else:
            same.append(part)
    for same in of_type.values():
        yield from same


def _together(one: Part, other: Part) -> Part:
    surer = max(one, other, key=lambda p: p.score)
    start, end = min(one.start, other.start), max(one.end, other.end)
    return Part(one.entity_type, start, end, surer.score, surer.recognizer)


def _clusters(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Yield the parts in groups none of which reaches into the next, in order of the text."""
    cluster: list[Part] = []
    end = -1
    for part in sorted(parts, key=lambda p: (p.start, -p.end, -p.score)):
        if cluster and part.start >= end:
            yield cluster
            cluster = []
        cluster.append(part)
        end = max(end, part.end)
    if cluster:
        yield cluster


def _shared_out(cluster: list[Part], text: str) -> list[Part]:
    """Return the parts of a cluster cut so that none overlaps another, in order."""
    if len(cluster) == 1:
        return cluster
    telling = _outermost(part for part in cluster if part.entity_type != PLAIN_NUMBER)
    numbers = [part for part in cluster if part.entity_type == PLAIN_NUMBER]
    owners: list[Part] = []
    for part in [*sorted(telling, key=lambda p: (-p.score, p.start)), *numbers]:
        owners += _left_over(part, owners, text)
    return sorted(owners, key=lambda p: p.start)


def _outermost(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts, in order, that lie inside no other one; of equals the surest."""
    end = -1
    for part in parts:
        if part.end > end:
            yield part
            end = part.end


def _left_over(part: Part, owners: Iterable[Part], text: str) -> list[Part]:
    """Return what of a part no owner has taken."""
    crossing = [o for o in owners if o.start < part.end and o.end > part.start]
    if not crossing:
        return [part]
    left, start = [], part.start
    for owner in sorted(crossing, key=lambda p: p.start):
        left.append(_bare(part, start, owner.start, text))
        start = max(start, owner.end)
    left.append(_bare(part, start, part.end, text))
    return [piece for piece in left if piece is not None]


def _bare(part: Part, start: int, end: int, text: str) -> Part | None:
    """Return a piece of a part without signs at its ends, None where there is nothing else."""
    surface = text[start:end]
    left = start + len(surface) - len(surface.lstrip(_SIGNS))
    right = end - len(surface) + len(surface.rstrip(_SIGNS))
    if left >= right:
        return None
    return Part(part.entity_type, left, right, part.score, part.recognizer)


def _joined(parts: Iterable[Part], text: str) -> list[Part]:
    """Join parts of one type that nothing but spaces separates."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.entity_type == part.entity_type
            and not text[last.end : part.start].strip(" ")
        ):
            joined[-1] = _together(last, part)
        else:
            joined.append(part)
    return joined
