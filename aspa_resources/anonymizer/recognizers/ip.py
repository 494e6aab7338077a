"""Internet addresses, version 4 and 6."""

import ipaddress
import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_V4 = re.compile(r"(?<![\d.])(?:\d{1,3}\s?\.\s?){3}\d{1,3}(?:/\d{1,2}(?!\d))?(?![\d]|\.\d)")
_V6 = re.compile(
    r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)?(?:/\d{1,3})?(?![\w])"
)


def _is_v6(candidate: str) -> bool:
    try:
        ipaddress.IPv6Address(candidate.split("/", maxsplit=1)[0].split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return any(c.isalnum() for c in candidate)


class IpRecognizer(SpanRecognizer):
    """Finds IP addresses; four numbers with dots are taken even where one exceeds 255."""

    ENTITY = "IP"
    GATE = re.compile(r"\d\s?\.\s?\d|::|:[0-9A-Fa-f]{1,4}:")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield addresses, with prefix length and zone where written."""
        for match in _V4.finditer(text):
            yield match.start(), match.end(), 0.96
        for match in _V6.finditer(text):
            end = match.end()
            while end > match.start() and not _is_v6(text[match.start() : end]):
                end -= 1  # a colon or a word that follows is not part of it
            yield match.start(), end, 0.99
