"""Who asks: what a trusted proxy or a signed token says of them, and nothing else.

The app logs nobody in. It stands behind an authenticating proxy, and believes either the proxy
(which proves itself by a secret and overwrites the headers that name the reader) or the token that
an OpenID provider signed and the proxy passes on. A request that says anything twice says nothing.

Belongs here: believing or not, and the settings for it. Does not belong here: what a claim opens
(`readers`), checking a signature (`tokens`).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from starlette.datastructures import Headers

from aspa_resources.errors import AspaError
from aspa_resources.serving.readers import Claims
from aspa_resources.serving.tokens import TokenCheck

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

_PROXY: Final = "ASPA_SERVE_PROXY_SECRET"
_TOKEN: Final = ("ASPA_SERVE_OIDC_ISSUER", "ASPA_SERVE_OIDC_AUDIENCE", "ASPA_SERVE_OIDC_KEYS")
_LEAST_SECRET: Final = 32  # characters
_LONGEST_TOKEN: Final = 16_384  # characters
_SETTINGS: Final = f"""Set one of
  {_PROXY}: a secret of {_LEAST_SECRET} characters or more that the authenticating proxy sends with every request
  {", ".join(_TOKEN)}: whose tokens to believe, for whom they are made, and the issuer's keys (JWKS), an https address or a file
or try it out on this machine with --demo-as."""  # noqa: E501


class GateError(AspaError):
    """The settings do not say whom to believe."""


class Gate(Protocol):
    """Tells who asks."""

    @property
    def vary(self) -> str:
        """Names of the headers that it looks at, as `Vary` has them."""
        ...

    def claims(self, headers: Headers) -> Claims | None:
        """Return what is believed of whoever sent a request; None where nothing is."""
        ...


@dataclass(frozen=True)
class ProxyGate:
    """Believes a proxy that knows the secret.

    Attributes:
        secret: What the proxy sends with every request.
        user_header: The header that names the reader.
        groups_header: The header that names their groups, parted by commas.
        secret_header: The header that holds the secret.
    """

    secret: str
    user_header: str = "X-Forwarded-User"
    groups_header: str = "X-Forwarded-Groups"
    secret_header: str = "X-Aspa-Proxy-Secret"  # noqa: S105  # a header's name

    @property
    def vary(self) -> str:
        """Names of the headers that it looks at."""
        return f"{self.user_header}, {self.groups_header}"

    def claims(self, headers: Headers) -> Claims | None:
        """Return what the proxy says; None where it did not, or what it says is not plain."""
        secret = _only(headers, self.secret_header)
        user, groups = _only(headers, self.user_header), _only(headers, self.groups_header)
        if secret is None or not hmac.compare_digest(secret.encode(), self.secret.encode()):
            return None
        if not user or groups is None:
            return None
        return Claims(user, tuple(group.strip(" \t") for group in groups.split(",")))


@dataclass(frozen=True)
class TokenGate:
    """Believes a token that the OpenID provider signed, whoever brings it."""

    check: TokenCheck
    vary: str = "Authorization"

    def claims(self, headers: Headers) -> Claims | None:
        """Return what the token says; None where there is none, or it does not hold."""
        scheme, _, token = (_only(headers, self.vary) or "").partition(" ")
        if scheme.lower() != "bearer" or len(token) > _LONGEST_TOKEN:
            return None
        return self.check.claims(token)


@dataclass(frozen=True)
class DemoGate:
    """Takes everybody for one and the same reader: for trying the app out on one's own machine."""

    groups: tuple[str, ...]
    vary: str = ""

    def claims(self, headers: Headers) -> Claims | None:
        """Return the same for every request that is meant for this machine.

        A page from elsewhere could let its own name stand for this machine's address; the browser
        would then send that name.
        """
        host = (_only(headers, "Host") or "").partition(":")[0]
        return Claims("demo", self.groups) if host in LOOPBACK else None


def gate_of_environment(environment: Mapping[str, str]) -> Gate:
    """Return the gate that the settings ask for.

    Args:
        environment: `ASPA_SERVE_PROXY_SECRET`, and if need be `ASPA_SERVE_USER_HEADER`,
            `ASPA_SERVE_GROUPS_HEADER` and `ASPA_SERVE_SECRET_HEADER`; or `ASPA_SERVE_OIDC_ISSUER`,
            `ASPA_SERVE_OIDC_AUDIENCE`, `ASPA_SERVE_OIDC_KEYS`, and if need be
            `ASPA_SERVE_OIDC_CLAIM`.

    Raises:
        GateError: They ask for none, for two, or for half of one.
    """
    told = {name: value for name, value in environment.items() if value}
    by_token = [name for name in _TOKEN if name in told]
    if _PROXY in told and by_token:
        raise GateError(f"{_PROXY} and {by_token[0]} are both set, so it is not clear whom to "
                        "believe: keep one.")  # fmt: skip
    if _PROXY in told:
        return _proxy_gate(told)
    if not by_token:
        raise GateError(f"Nothing says who may read what, so nobody may. {_SETTINGS}")
    if missing := [name for name in _TOKEN if name not in told]:
        raise GateError(f"{', '.join(missing)} is not set beside {by_token[0]}: set it too.")
    issuer, audience, keys = (told[name] for name in _TOKEN)
    if not keys.startswith("https://") and not Path(keys).is_file():
        raise GateError(f"{_TOKEN[2]} is neither an https address nor a file: {keys}. Correct it.")
    groups = told.get("ASPA_SERVE_OIDC_CLAIM", "groups")
    return TokenGate(TokenCheck(issuer, audience, keys, groups))


def _proxy_gate(told: Mapping[str, str]) -> ProxyGate:
    secret = told[_PROXY]
    if len(secret) < _LEAST_SECRET:
        raise GateError(f"{_PROXY} is too short to be a secret: give it {_LEAST_SECRET} characters "
                        "or more, made at random.")  # fmt: skip
    named = {
        field: told[f"ASPA_SERVE_{field.upper()}"]
        for field in ("user_header", "groups_header", "secret_header")
        if f"ASPA_SERVE_{field.upper()}" in told
    }
    return ProxyGate(secret, **named)


def _only(headers: Headers, name: str) -> str | None:
    """Return a header's value; None where it is not there, or is there more than once."""
    values: Sequence[str] = headers.getlist(name)
    return values[0] if len(values) == 1 else None
