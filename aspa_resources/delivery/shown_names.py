"""How a county's own names of files and folders may be shown.

Belongs here: what may be in a name by mistake and must not be repeated. Does not belong here: names
that the platform gives.
"""

import re
import unicodedata

_MASK = "******-****"
_IDENTITY_CODE = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"  # a day and a month: never a year-month
    r"[\s_.+–—-]*[A-FU-Y]?[\s_.+–—-]*\d{3}[0-9A-Z](?![0-9A-Z])",
    re.IGNORECASE | re.ASCII,
)
_UNSHOWN = "�"


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
