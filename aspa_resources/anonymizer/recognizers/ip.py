"""Internet addresses, version 4 and 6."""

import ipaddress
import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer

_ENDING = re.compile(r":[A-Za-zÅÄÖåäö]{1,6}\b")
_DOT = r"(?:\s?\.\s?|\[\.\]|\s(?:piste|punkt|dot|point)\s)"
_V4 = re.compile(rf"(?<![\d.])(?:\d{{1,3}}{_DOT}){{3}}\d{{1,3}}(?:/\d{{1,2}}(?!\d))?(?![\d]|\.\d)")
# A word and a colon may stand right before it: "osoite:2001:db8::1"
_V6 = re.compile(
    r"(?:(?<=[^\W\d_][^\W\d_][:=])|(?<![\w:]))(?:[0-9A-Fa-f]{0,4}:){2,7}"
    r"(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4})?(?:%\w+)?(?:/\d{1,3})?(?![\w])"
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
    GATE = re.compile(rf"\d{_DOT}\d|::|:[0-9A-Fa-f]{{1,4}}:")

    def spans(self, text: str) -> Iterable[Span]:
        """Yield addresses, with prefix length and zone where written."""
        for match in _V4.finditer(text):
            yield match.start(), _with_ending(text, match.end()), 0.96
        for match in _V6.finditer(text):
            end = match.end()
            while end > match.start() and not _is_v6(text[match.start() : end]):
                end -= 1  # a colon or a word that follows is not part of it
            if end > match.start():
                yield match.start(), _with_ending(text, end), 0.99


def _with_ending(text: str, end: int) -> int:
    """Return where an address ends with its case ending: `192.0.2.7:ään`."""
    ending = _ENDING.match(text, end)
    return ending.end() if ending else end
