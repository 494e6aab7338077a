"""A code server on this machine that speaks the protocol, and errs when it is told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aspa_resources.rule_book.code_sets import CodeSet

Concept = dict[str, Any]
Answer = tuple[int, bytes]

_CODES = re.compile(r"/v6/classifications/([\d.]+)/conceptcodes")


def concept(
    code: str, begin: str = "2020-01-01", end: str = "2099-12-31", **attributes: str
) -> Concept:
    named = {"LongName": f"Name {code}"} | attributes
    return {
        "classificationId": "1.2.3", "classificationName": "List", "versionId": "v1",
        "versionName": "1", "conceptCodeId": code, "status": "ACTIVE", "beginDate": begin,
        "expirationDate": end, "lastModifiedDate": "2024-01-01",
        "attributes": [{"attributeName": k, "attributeValue": [v]} for k, v in named.items()],
    }  # fmt: skip


def listed(code_set: CodeSet) -> list[Concept]:
    """Return what a server would say that has a list just as we have it."""
    concepts = []
    for row in code_set.codes.iter_rows(named=True):
        of_server = {
            "LongName": row["name_fi"], "A:Långt_namn": row["name_sv"],
            "A:Korvaava koodi": row.get("replaced_by"), "ParentId": row.get("parent"),
        }  # fmt: skip
        begin, end = (str(row[name] or "") or None for name in ("begin", "end"))
        one = concept(row["code"], **{k: v for k, v in of_server.items() if v})
        concepts.append(
            one | {"classificationId": code_set.oid, "beginDate": begin, "expirationDate": end}
        )
    return concepts


def refusal(status: int) -> Answer:
    """Return an error as the server words it, echoing what was sent."""
    detail = {"field": "x", "value": "SECRET", "issue": "bad", "location": "query"}
    body = {"name": "X", "debug_id": "abc123", "message": "SECRET", "details": [detail]}
    return status, json.dumps(body).encode()


@dataclass
class StandIn:
    """The server's state: what it lists, and how it errs.

    Attributes:
        fault: Given how many requests came and the query of this one, what to answer in place of
            the right thing.
        cut: How many of the next answers break off.
        slow: Seconds before each answer.
        asked: The queries so far, each with the list it was about.
    """

    concepts: Sequence[Concept]
    fault: Callable[[int, dict[str, str]], Answer | None] = lambda _n, _query: None
    cut: int = 0
    slow: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, query: dict[str, str]) -> Answer:
        self.asked.append(query)
        if (wrong := self.fault(len(self.asked), query)) is not None:
            return wrong
        return self.page(query)

    def page(self, query: dict[str, str], **changed: object) -> Answer:
        size, number = int(query["pageSize"]), int(query["page"])
        if not 10 <= size <= 500 or number < 1:
            return refusal(400)
        of_list = [c for c in self.concepts if c["classificationId"] == query["oid"]]
        matching = [c for c in of_list if c["status"] == query["status"]]
        if day := query.get("validOn"):
            matching = [
                c
                for c in matching
                if (c["beginDate"] or "") <= day <= (c["expirationDate"] or "9999")
            ]
        if since := query.get("modifiedAfter"):
            matching = [c for c in matching if c["lastModifiedDate"] > since]
        shown = matching[(number - 1) * size : number * size]
        if not shown:
            return 204, b""
        page = {
            "conceptCodes": shown, "pageSize": size, "page": number, "totalItems": len(matching),
            "totalPages": -(-len(matching) // size),
        }  # fmt: skip
        return 200, json.dumps(page | changed).encode()


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(stand_in.slow)
            asked = urlsplit(self.path)
            place = _CODES.fullmatch(asked.path)
            query = {k: v[0] for k, v in parse_qs(asked.query).items()}
            status, body = stand_in.answer({**query, "oid": place[1]}) if place else refusal(404)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cut, stand_in.cut = stand_in.cut, max(0, stand_in.cut - 1)
            with suppress(BrokenPipeError):  # a client that has given up
                self.wfile.write(body[:20] if cut else body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
