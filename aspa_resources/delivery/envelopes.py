"""Telling a file that is encrypted for its way (age format) from one that can be read.

Belongs here: that one question, asked where no key is at hand. Does not belong here: opening such
a file (`aspa_resources.transport`).
"""

import codecs

from aspa_resources.delivery.faults import Fault, UnreadableDelivery

_BINARY = b"age-encryption.org/"
_ARMOUR = "-----BEGIN AGE ENCRYPTED FILE-----"
_HEAD = 400  # bytes that hold the armour's first line, with what stands before it
_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"", "utf-8-sig"),
)


def is_envelope(content: bytes) -> bool:
    """Tell whether a file is an age file, binary or armoured."""
    return content.startswith(_BINARY) or armour_encoding(content) is not None


def refuse_envelope(content: bytes) -> None:
    """Refuse a file that is still encrypted where it should be read.

    Raises:
        UnreadableDelivery: `encrypted_for_platform`.
    """
    if is_envelope(content):
        raise UnreadableDelivery(Fault("file", "encrypted_for_platform"))


def armour_encoding(content: bytes) -> str | None:
    """Return the encoding of an armoured age file; None: it is no such file.

    A shell that writes text as UTF-16 does so with armour too.
    """
    head = content[:_HEAD]
    encoding = next(name for mark, name in _MARKS if head.startswith(mark))
    text = head.decode(encoding, errors="ignore").lstrip()
    return encoding if text.startswith(_ARMOUR) else None
