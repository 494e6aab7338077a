"""How a county's own names of files and folders may be shown.

Belongs here: what may be in a name by mistake and must not be repeated. Does not belong here: names
that the platform gives.
"""

import re
import unicodedata
from typing import Final

from aspa_resources.rule_book.words import fold_header

_MASK = "******-****"
_IDENTITY_CODE = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"  # a day and a month: never a year-month
    r"[\s_.+–—-]*[A-FU-Y]?[\s_.+–—-]*\d{3}[0-9A-Z](?![0-9A-Z])",
    re.IGNORECASE | re.ASCII,
)
_UNSHOWN = "�"
_LONGEST_HEADER: Final = 60  # characters
_LONGEST_SEARCHED: Final = 1_000  # characters; looking through more of a header could take long


def shown_name(name: str) -> str:
    """Return a file's or folder's name as receipts, pages and listings may show it.

    Args:
        name: The name as it came.

    Returns:
        The name, anything shaped like a personal identity code masked, and what cannot be printed
        (control characters, bytes that are no text) replaced.
    """
    composed = unicodedata.normalize("NFC", name)
    printable = "".join(c if c.isprintable() else _UNSHOWN for c in composed)
    return _IDENTITY_CODE.sub(_MASK, printable)


def shown_header(header: str) -> str:
    """Return a header as receipts, changes of format and kept formats may show it.

    Args:
        header: The header as written.

    Returns:
        The header without what never decides its meaning and may be content (a trailing bracket,
        letters of another script, what cannot be printed), at most 60 characters of it.
    """
    kept = (c if c.isprintable() else " " for c in unicodedata.normalize("NFC", header))
    latin = "".join(c if not c.isalnum() or fold_header(c) else " " for c in kept)
    bare = _without_brackets(" ".join(latin.split())) or _UNSHOWN
    shown = shown_name(bare[:_LONGEST_SEARCHED])
    return shown if len(shown) <= _LONGEST_HEADER else f"{shown[: _LONGEST_HEADER - 1]}…"


def _without_brackets(header: str) -> str:
    """Drop trailing brackets, unless nothing else would be left."""
    while header.endswith((")", "]")):
        start = max(header.rfind("("), header.rfind("["))
        if start < 1 or any(closing in header[start:-1] for closing in ")]"):
            break
        header = header[:start].rstrip()
    return header
