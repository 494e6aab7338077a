"""No path and no claim ever yields a byte of another county, nor of what is not handed out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from served_home import FILES, HELD_BACK, SECRET, Recorded, said
from starlette.applications import Starlette

from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.serving import create_app
from aspa_resources.serving.gates import ProxyGate

Pairs = list[tuple[bytes, bytes]]

NAMES = (
    "reports", "receipts", "operator", "thl", "storage", "landing", "keys", "dagster", "08", "10",
    "FI", "fi", "no-month", "2025-03", "2025-03.html", "2024-12.html", "index.html", "other",
    "0123456789ab", "receipt.html", "secret.html", ".2025-03.html.0a1b2c3d", "new", "..", "...",
    ".", "", "~", "..;", "%2e%2e", "%252e%252e", "..%2f08", "%2f", "\\", "..\\08", "\x00", "\r\n",
    "０８", "١٠", "．．", "etc", "passwd", "*", "?", "#", "reports/08/2025-03.html",
)  # fmt: skip
PATHS = st.lists(
    st.sampled_from(NAMES) | st.text(max_size=4) | st.sampled_from([*FILES, *HELD_BACK]), max_size=7
).map("/".join)
GROUPS = st.lists(
    st.sampled_from(
        ["aspa-county-10", "aspa-county-99", "aspa-county-FI", "ASPA-NATIONAL", "aspa_county_08",
         "aspa-national \u200b", "aspa-county-8", "aspa-county-08.", "aspa-operator\x1f", "staff",
         "", "county:08", "aspa-county-10;aspa-county-08", "aspa-county-10 aspa-county-08"]
    )
    | st.text(max_size=12).filter(lambda group: "," not in group),
    max_size=4,
)  # fmt: skip
HEADERS = (
    "X-Forwarded-User", "X-Forwarded-Groups", "x-forwarded-groups", "X_Forwarded_Groups",
    "X-Forwarded-Groups ", "X-Aspa-Proxy-Secret", "Authorization", "Forwarded", "X-Original-URL",
    "X-Rewrite-URL", "X-HTTP-Method-Override", "Range", "Host",
)  # fmt: skip
VALUES = ("aspa-county-08", "aspa-national", "/reports/08/2025-03.html", SECRET, "", "bytes=0-99")


@pytest.fixture(scope="module")
def app(home: AspaHome) -> Starlette:
    who = "<reader>"
    return create_app(home, RuleBook.load(), ProxyGate(SECRET), Recorded(), lambda _: who)


def ask(app: Starlette, path: str, headers: Pairs, method: str = "GET") -> tuple[int, bytes]:
    """Ask with a path and headers just as a server hands them on, however odd, and return all."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": quote(path).encode(), "query_string": b"",
        "root_path": "", "headers": headers, "client": ("192.0.2.1", 1), "server": ("aspa", 80),
    }  # fmt: skip
    sent = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    said_back = b"".join(b"%b:%b\n" % pair for pair in sent[0]["headers"])
    return sent[0]["status"], said_back + b"".join(part.get("body", b"") for part in sent[1:])


def raw(told: dict[str, str]) -> Pairs:
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]


def foreign(content: bytes) -> bool:
    """Tell whether anything stands there that county 10 may not see, the nation set aside."""
    marks = content.count(b"MARK-")
    return marks > content.count(b"MARK-10-MARK") + content.count(b"MARK-FI-MARK")


def spellings(path: str) -> Iterator[str]:
    """Give a path as it may reach the app: as it is, decoded, and decoded twice."""
    yield from {path, unquote(path), unquote(unquote(path)), path.replace("/", "\\")}


@settings(max_examples=400, deadline=None)
@given(PATHS, st.sampled_from(["GET", "HEAD"]))
@example("reports/10/../08/2025-03.html", "GET")
@example("reports/10/2024-12.html", "GET")
@example("reports/10/other/2025-03.html", "GET")
@example("receipts/10/keys/national", "GET")
@example("reports/10/2024-11.html", "GET")
@example("\n/", "GET")
@example("reports/10/2025-03.html\n", "GET")
@example("reports/10/2025-03.html\n/", "GET")
def test_no_path_yields_a_byte_of_another(app, path, method):
    for spelling in spellings(path):
        status, content = ask(app, f"/{spelling}", raw(said("aspa-county-10")), method)
        assert status in {200, 404}
        assert not foreign(content), spelling


@settings(max_examples=150, deadline=None)
@given(GROUPS, st.sampled_from([*FILES, ""]))
def test_no_claim_yields_a_byte_of_another(app, groups, path):
    status, content = ask(app, f"/{path}", raw(said(*groups)))
    assert status in {200, 403, 404}
    assert not foreign(content)
    if "aspa-county-10" not in [group.strip(" \t") for group in groups]:
        assert b"MARK-" not in content


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADERS), st.sampled_from(VALUES)), max_size=4),
    st.sampled_from([*FILES, ""]),
    st.booleans(),
)
def test_no_header_more_yields_a_byte_of_another(app, more, path, first):
    own = raw(said("aspa-county-10"))
    smuggled = [(name.lower().encode(), value.encode()) for name, value in more]
    pairs = smuggled + own if first else own + smuggled
    status, content = ask(app, f"/{path}", pairs)
    assert status in {200, 403, 404}
    assert not foreign(content)


@pytest.mark.parametrize("path", HELD_BACK)
@pytest.mark.parametrize("group", ["aspa-national", "aspa-operator"])
def test_nobody_gets_what_is_not_handed_out(app, path, group):
    status, content = ask(app, f"/{path}", raw(said(group)))
    assert status == 404
    assert b"MARK-" not in content


def test_the_first_page_names_nothing_of_another(app):
    _, content = ask(app, "/", raw(said("aspa-county-10")))
    assert b"reports/10/2025-03.html" in content
    assert b"reports/FI/2025-03.html" in content
    for other in (b"reports/08", b"receipts/08", b"thl/", b"operator/", b"Pirkanma"):
        assert other not in content
