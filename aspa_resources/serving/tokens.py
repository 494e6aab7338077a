"""Tokens of an OpenID provider: who signed them, for whom, until when, and what they claim.

Belongs here: checking one token (PyJWT does the work). Does not belong here: where it came from
(`gates`).
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aspa_resources.errors import AspaError
from aspa_resources.serving.readers import Claims

if TYPE_CHECKING:
    from jwt import PyJWK, PyJWKClient

# Signatures by a key pair only: with a shared key whoever can check a token can also make one.
_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                      "ES512", "EdDSA"]  # fmt: skip
_CLOCKS_APART: Final = 30  # seconds
_PATIENCE: Final = 5  # seconds

_log = logging.getLogger(__name__)


class KeysError(AspaError):
    """The issuer's keys cannot be had."""


@dataclass(frozen=True)
class TokenCheck:
    """What a token has to be.

    Attributes:
        issuer: Who has to have made it (`iss`).
        audience: Whom it has to be made for (`aud`).
        keys: Where the issuer's public keys are (JWKS): an https address, or a file.
        groups: The claim that names the reader's groups: a list, or one group.
    """

    issuer: str
    audience: str
    keys: str
    groups: str = "groups"

    def claims(self, token: str) -> Claims | None:
        """Return what a token says; None where it does not hold."""
        import jwt

        try:
            name = jwt.get_unverified_header(token).get("kid")
            key = self._key(name) if isinstance(name, str) else None
            if key is None or key.public_key_use not in {None, "sig"}:
                return None
            told = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self.audience,
                issuer=self.issuer,
                leeway=_CLOCKS_APART,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, RecursionError):  # the latter: a header nested without end
            return None
        except KeysError as problem:
            _log.warning("%s Until then nobody is let in.", problem)
            return None
        return self._told(told)

    def _told(self, told: dict[str, Any]) -> Claims | None:
        groups = told.get(self.groups)
        listed = [groups] if isinstance(groups, str) else groups
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            return None
        return Claims(str(told["sub"]), tuple(listed)) if told["sub"] else None

    def _key(self, name: str) -> PyJWK | None:
        """Return the issuer's key of that name, as it is now; None where there is none."""
        import jwt

        try:
            if self._client is not None:
                return self._client.get_signing_key(name)
            keys = jwt.PyJWKSet.from_json(Path(self.keys).read_text(encoding="utf-8"))
            return next((key for key in keys.keys if key.key_id == name), None)
        except (jwt.PyJWKClientConnectionError, jwt.PyJWKSetError, OSError, json.JSONDecodeError):
            raise KeysError(f"The keys at {self.keys} cannot be read: make them so.") from None

    @cached_property
    def _client(self) -> PyJWKClient | None:
        """What asks the issuer for its keys, at most every few minutes; None for a file."""
        import jwt

        over_network = self.keys.startswith("https://")
        return jwt.PyJWKClient(self.keys, timeout=_PATIENCE) if over_network else None
