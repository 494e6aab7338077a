"""The app: one door that every request goes through, and says no unless something says yes.

Belongs here: the way of a request, from who asks over whether they may to what they get, and the
log of it. Does not belong here: any of those questions' answers (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from mimetypes import guess_type
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import NATION
from aspa_resources.serving import pages
from aspa_resources.serving.contents import contents_for
from aspa_resources.serving.gates import DemoGate, Gate
from aspa_resources.serving.headers import NO_PAGE, headers_of, policy_of
from aspa_resources.serving.places import Place, place_of
from aspa_resources.serving.readers import Reader
from aspa_resources.serving.shelves import Shelves

FIRST_PAGE: Final = "first_page"
OTHER: Final = "other"
NOBODY: Final = "nobody"

_ERRORS: Final = (
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.INTERNAL_SERVER_ERROR,
)


class _Every(Convertor[str]):
    """Whatever a path may hold.

    The library's own `path` knows no lines: a path that has some would be answered, or led
    elsewhere, without having gone through the door.
    """

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return it as it is."""
        return value


register_url_convertor("every", _Every())


class AccessLog(Protocol):
    """Keeps what it is told, in order."""

    def record(self, what: str, /, **facts: str | int) -> object:
        """Keep that something happened."""
        ...


def create_app(
    home: AspaHome,
    rules: RuleBook,
    gate: Gate,
    log: AccessLog,
    pseudonym: Callable[[str], str],
) -> Starlette:
    """Return the app.

    Args:
        home: The installation whose pages are shown.
        rules: The rule book: which counties there are, and their names.
        gate: Tells who asks.
        log: Is told of every request, also of those refused.
        pseudonym: What a reader is called in the log.
    """
    threshold = rules.disclosure.threshold
    errors = {status: pages.error_page(status, threshold) for status in _ERRORS}
    door = _Door(Shelves(home), rules, gate, log, pseudonym, errors)
    return Starlette(
        routes=[Route("/{path:every}", door.answer)],  # to GET and HEAD
        exception_handlers={HTTPException: door.no_such_request, Exception: door.failed},
    )


@dataclass(frozen=True)
class _Door:
    """What every request passes; it runs in a thread of its own, so reading a file may wait."""

    shelves: Shelves
    rules: RuleBook
    gate: Gate
    log: AccessLog
    pseudonym: Callable[[str], str]
    errors: Mapping[HTTPStatus, str]

    def answer(self, request: Request) -> Response:
        """Return what a request gets, once it is logged."""
        path = request.path_params["path"]
        claims = self.gate.claims(request.headers)
        reader = Reader.of(claims, self.rules.counties) if claims else None
        place = place_of(path)
        if reader is None:
            response = self.error(HTTPStatus.FORBIDDEN)
        elif not path:
            response = self.first_page(reader)
        elif place is None or not reader.may_read(place):
            response = self.error(HTTPStatus.NOT_FOUND)
        else:
            response = self.found(place)
        who = self.pseudonym(claims.subject) if claims else NOBODY
        self.log.record(
            "read", reader=who, answer=int(response.status_code), **self.asked(path, place)
        )
        return response

    def asked(self, path: str, place: Place | None) -> dict[str, str]:
        """Return what was asked for, as far as it is one of the places that there can be."""
        if place is None:
            return {"page": OTHER if path else FIRST_PAGE}
        known = {NATION, *self.rules.counties}
        county = next((stem for stem in place.stems if stem in known), "")
        told = {"page": place.folder, "county": county, "month": place.month}
        return {name: value for name, value in told.items() if value}

    def first_page(self, reader: Reader) -> Response:
        contents = contents_for(reader, self.shelves, self.rules.counties)
        demo = isinstance(self.gate, DemoGate)
        return self.page(pages.first_page(reader, contents, self.rules, demo=demo))

    def found(self, place: Place) -> Response:
        """Return a place that the reader may read, or the answer to one that they may not."""
        if place.is_folder:
            return self.folder(place)
        content = self.shelves.read(place)
        if content is None:
            return self.error(HTTPStatus.NOT_FOUND)
        if place.is_page:
            return self.page(content.decode())
        name = place.names[-1]
        kept = {"Content-Disposition": f'attachment; filename="{name}"'}
        media_type = guess_type(name)[0] or "application/octet-stream"
        return Response(content, HTTPStatus.OK, self.headers(NO_PAGE) | kept, media_type)

    def folder(self, place: Place) -> Response:
        sizes = self.shelves.list(place)
        if sizes is None:
            return self.error(HTTPStatus.NOT_FOUND)
        name, up = f"{place.folder}/{'/'.join(place.names)}", "../" * (1 + len(place.names))
        threshold = self.rules.disclosure.threshold
        return self.page(pages.folder_page(name, sizes, up, threshold))

    def no_such_request(self, _: Request, problem: Exception) -> Response:
        """Answer what reaches no page at all: writing, or a path that is none."""
        writing = getattr(problem, "status_code", 0) == HTTPStatus.METHOD_NOT_ALLOWED
        if not writing:
            return self.error(HTTPStatus.NOT_FOUND)
        response = self.error(HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = "GET, HEAD"
        return response

    def failed(self, _: Request, __: Exception) -> Response:
        """Answer where the app itself is at fault; what happened goes to the server's own log."""
        return self.error(HTTPStatus.INTERNAL_SERVER_ERROR)

    def error(self, status: HTTPStatus) -> Response:
        return self.page(self.errors[status], status)

    def page(self, html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
        return HTMLResponse(html, status, self.headers(policy_of(html)))

    def headers(self, policy: str) -> dict[str, str]:
        demo = isinstance(self.gate, DemoGate)
        return headers_of(self.gate.vary, policy, over_tls=not demo)
