"""Files that come encrypted to the platform's key: the key, and opening them in memory.

A county encrypts with any tool of the age format to the public key; what comes in without an
envelope passes unchanged. The key comes from the environment, or a demo key is made once.

Belongs here: the identity and the envelope. Does not belong here: what is inside (`delivery`), the
keys that data is stored under (`zones`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aspa_resources.delivery.containers import UNPACKED_LIMIT
from aspa_resources.delivery.envelopes import armour_encoding, is_envelope
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.key_files import kept_secret
from aspa_resources.zones import MissingKeyError

if TYPE_CHECKING:
    from pyrage import x25519

VARIABLE: Final = "ASPA_TRANSPORT_KEY"
_ZONE_VARIABLES: Final = "ASPA_KEY_"
_NO_MATCH: Final = "No matching keys found"  # all that the library tells a foreign envelope by


@dataclass(frozen=True)
class Opened:
    """What a file says.

    Attributes:
        content: Its bytes, decrypted where they came encrypted.
        encrypted: Whether they did.
    """

    content: bytes = field(repr=False)
    encrypted: bool


class TransportKeys:
    """The platform's age identities.

    They come from `ASPA_TRANSPORT_KEY`: one or several `AGE-SECRET-KEY-1...`, parted by blanks; the
    first is the current one, the others still open what was encrypted to them. Where neither that
    nor any key of a zone is in the environment, a demo identity is made once and kept under
    `folder`, readable by its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def recipient(self) -> str:
        """The current public key (`age1...`), which counties encrypt to.

        Raises:
            MissingKeyError: Keys come from the environment but this one does not, or is bad.
        """
        return str(self._identities()[0].to_public())

    @property
    def held(self) -> bool:
        """Whether this process holds an identity, or may make a demo one."""
        return VARIABLE in os.environ or not _zone_keys_given()

    def open(self, content: bytes) -> Opened:
        """Take a file out of its envelope, if it came in one.

        Args:
            content: The file's bytes.

        Returns:
            What it says; bytes that are no age file unchanged.

        Raises:
            UnreadableDelivery: `not_for_this_key`, `damaged_envelope` or `unpacked_too_large`.
            MissingKeyError: It is encrypted, but this process has no key to open it with.
        """
        if not is_envelope(content):
            return Opened(content, encrypted=False)
        import pyrage

        identities = self._identities()
        try:
            opened = pyrage.decrypt(_plain_armour(content), identities)
        except pyrage.DecryptError as error:
            foreign = str(error) == _NO_MATCH
            raise _refusal("not_for_this_key" if foreign else "damaged_envelope") from None
        if len(opened) > UNPACKED_LIMIT:
            raise _refusal("unpacked_too_large")
        return Opened(opened, encrypted=True)

    def _identities(self) -> list[x25519.Identity]:
        """Return the identities, the current one first."""
        import pyrage

        try:
            return [pyrage.x25519.Identity.from_str(key) for key in self._keys()]
        except pyrage.IdentityError:
            raise MissingKeyError(
                f"The transport key is malformed: {VARIABLE} takes AGE-SECRET-KEY-1... as "
                "age-keygen writes it, several with blanks between them."
            ) from None

    def _keys(self) -> list[str]:
        if keys := os.environ.get(VARIABLE, "").split():
            return keys
        if not self.held or VARIABLE in os.environ:
            raise MissingKeyError(
                "No transport key: this process may not open encrypted deliveries. "
                f"Run it where {VARIABLE} is set."
            )
        return [kept_secret(self._folder / "transport.key", _new_key)]


def _zone_keys_given() -> bool:
    return any(name.startswith(_ZONE_VARIABLES) for name in os.environ)


def _new_key() -> str:
    import pyrage

    return str(pyrage.x25519.Identity.generate())


def _plain_armour(content: bytes) -> bytes:
    """Return an age file as the library takes it: armour in ASCII, with nothing before it."""
    encoding = armour_encoding(content)
    if encoding is None:
        return content
    return content.decode(encoding, errors="replace").lstrip().encode("ascii", errors="replace")


def _refusal(code: str) -> UnreadableDelivery:
    return UnreadableDelivery(Fault("file", code))
