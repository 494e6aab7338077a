"""What a reader is called where their reading is logged.

The same reader is called the same, so that an auditor can follow one; who it is can be told only
with the key of this installation, by trying names.

Belongs here: that one way of naming. Does not belong here: what is logged (`app`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from aspa_resources.key_files import kept_secret

_LENGTH: Final = 16  # hex digits


class Pseudonyms:
    """Gives names to readers.

    Args:
        path: File of the key; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._key = kept_secret(path, secrets.token_hex).encode()

    def of(self, subject: str) -> str:
        """Return what a reader is called, in hex digits."""
        return hmac.new(self._key, subject.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
