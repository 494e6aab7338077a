"""The headers of every answer: nothing is kept, nothing is framed, only a page's own script runs.

Belongs here: what a browser and everything on the way are told. Does not belong here: what is
answered (`app`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import unescape
from typing import Final

_ALWAYS: Final[Mapping[str, str]] = {
    # What one reader may see must never reach another out of a cache, a shared browser's own too.
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_TLS: Final = "max-age=31536000"
_NOTHING: Final = "default-src 'none'"
_ENCLOSED: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_META: Final = re.compile(
    r"""<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">""", re.IGNORECASE
)
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# What may stand in a page's own policy: itself by hash, and nothing from elsewhere.
_ONLY_ITSELF: Final = re.compile(r"[a-z-]+(?: '(?:none|sha(?:256|384|512)-[0-9A-Za-z+/]+={0,2})')+")


def headers_of(vary: str, policy: str, *, over_tls: bool) -> dict[str, str]:
    """Return the headers of an answer.

    Args:
        vary: Names of the headers that tell who asks.
        policy: The content security policy.
        over_tls: Whether readers reach the app over TLS only.
    """
    told = {**_ALWAYS, "Content-Security-Policy": policy}
    if vary:
        told["Vary"] = vary
    if over_tls:
        told["Strict-Transport-Security"] = _TLS
    return told


def policy_of(page: str) -> str:
    """Return the content security policy that a page is sent with.

    A page's own policy, as it stands in its head, is what it was made with; it counts only where it
    allows nothing but the page's own style and script, by hash. A page without one gets its style
    and no script: a script that somehow came into it later is never let run.

    Args:
        page: The page as HTML.
    """
    head = page.partition("</head>")[0]
    own = _META.search(head)
    if own is not None:
        parts = [part.strip() for part in unescape(own[1]).split(";")]
        if _NOTHING in parts and all(map(_ONLY_ITSELF.fullmatch, parts)):
            kept = [part for part in parts if part.split()[0] not in _ENCLOSED]
            return "; ".join([*kept, _ENCLOSED])
    styles = " ".join(f"'{_hash(style)}'" for style in _STYLE.findall(head))
    return f"{_NOTHING}; style-src {styles or repr('none')}; {_ENCLOSED}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


NO_PAGE: Final = f"{_NOTHING}; {_ENCLOSED}; sandbox"
"""The policy of what is no page."""
