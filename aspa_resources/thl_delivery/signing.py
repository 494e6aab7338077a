"""The signature of a delivery: Ed25519 (RFC 8032), checked with OpenSSL or anything else.

Belongs here: the key and the signature. Does not belong here: what is signed (`manifest`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aspa_resources.errors import AspaError
from aspa_resources.key_files import kept_secret

KEY_VARIABLE: Final = "ASPA_KEY_THL"


class SigningKeyError(AspaError):
    """The key that deliveries are signed with is no Ed25519 key."""


class Signer:
    """Signs deliveries.

    Args:
        keys: folder of demo keys. The key is `ASPA_KEY_THL` (PKCS #8 as PEM), or else a demo key
            that is made once.
    """

    def __init__(self, keys: Path) -> None:
        self._demo_key = keys / "thl.pem"

    def sign(self, content: bytes) -> bytes:
        """Return the signature, 64 bytes.

        Raises:
            SigningKeyError: the key is none.
        """
        return self._key().sign(content)

    def public_key(self) -> bytes:
        """Return what signatures are checked with, as PEM."""
        return (
            self._key()
            .public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def _key(self) -> Ed25519PrivateKey:
        told = os.environ.get(KEY_VARIABLE) or kept_secret(self._demo_key, _made)
        try:
            key = serialization.load_pem_private_key(told.encode("ascii"), password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyError(
                f"{KEY_VARIABLE} holds no Ed25519 key. Make one with: "
                "openssl genpkey -algorithm ed25519"
            )
        return key


def _made() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )
