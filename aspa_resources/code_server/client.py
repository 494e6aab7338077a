"""Reading concept codes from the national code server, version 6 of its interface.

Belongs here: requests, paging, retries, what a page says. Does not belong here: comparing or
keeping what was read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import urllib3
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aspa_resources.errors import AspaError

VARIABLE: Final = "ASPA_CODE_SERVER"
Status = Literal["ACTIVE", "PROPOSAL", "DELETED"]

_EMPTY: Final = 204
_FINE: Final = 200
_TRANSIENT: Final = (429, 500, 502, 503, 504)
_SMALLEST_PAGE: Final = 10
_LARGEST_PAGE: Final = 500
_LONGEST_PAUSE: Final = 60  # seconds, whatever the server asks for
_READINGS: Final = 3  # of a list that changes while it is read


class CodeServerError(AspaError):
    """The code server cannot be read; the message says why and what to do."""


class CodeServerUnreachableError(CodeServerError):
    """The code server does not answer, however often it is asked."""


class _Changed(Exception):  # noqa: N818 (a signal to read again, no fault)
    """The list was changed between two of its pages."""


class _Attribute(BaseModel):
    name: str = Field(alias="attributeName")
    values: tuple[str, ...] = Field(alias="attributeValue")


class Concept(BaseModel):
    """One code in one period of validity.

    Attributes:
        code: The code.
        version: Version of the classification that it belongs to.
        status: ACTIVE, PROPOSAL or DELETED.
        begin: First day of validity; None: open.
        end: Last day of validity; None: open.
        attributes: What else the server says of it (LongName, `A:Långt_namn`, ...).
    """

    model_config = ConfigDict(frozen=True)

    code: str = Field(alias="conceptCodeId", min_length=1)
    version: str | None = Field(default=None, alias="versionId")
    status: Status
    begin: date | None = Field(default=None, alias="beginDate")
    end: date | None = Field(default=None, alias="expirationDate")
    attributes: tuple[_Attribute, ...] = ()

    def attribute(self, name: str) -> str | None:
        """Return the first value of an attribute; None where it has none."""
        found = (one.values for one in self.attributes if one.name == name)
        return next((values[0] for values in found if values), None)


class _Page(BaseModel):
    concepts: tuple[Concept, ...] = Field(alias="conceptCodes")
    total_items: int = Field(alias="totalItems", ge=0)
    total_pages: int = Field(alias="totalPages", ge=0)


@dataclass(frozen=True)
class CodeServer:
    """A code server that answers public reads.

    Attributes:
        url: Where its interface begins, such as `https://HOST/codeserver/csapi`.
        page_size: Codes a page, 10 to 500.
        timeout: Seconds to wait for a connection and for each piece of an answer.
        attempts: How many times a request is repeated after a failure that may pass.
        pause: Seconds of the first pause between attempts; each further one is twice as long,
            with up to as much again at random.
    """

    url: str
    page_size: int = _LARGEST_PAGE
    timeout: float = 30.0
    attempts: int = 4
    pause: float = 1.0

    def __post_init__(self) -> None:
        if not _SMALLEST_PAGE <= self.page_size <= _LARGEST_PAGE:
            raise CodeServerError(
                f"The code server gives pages of {_SMALLEST_PAGE} to {_LARGEST_PAGE} codes. "
                "Give a page size within these."
            )

    @staticmethod
    def from_environment() -> CodeServer | None:
        """Return the server that `ASPA_CODE_SERVER` names; None where it names none."""
        url = os.environ.get(VARIABLE)
        return CodeServer(url.rstrip("/")) if url else None

    def concepts(
        self,
        oid: str,
        *,
        status: Status = "ACTIVE",
        valid_on: date | None = None,
        modified_after: datetime | None = None,
    ) -> tuple[Concept, ...]:
        """Read the codes of a classification.

        Args:
            oid: Of the classification.
            status: Of the codes asked for.
            valid_on: Only codes valid that day.
            modified_after: Only codes changed since.

        Returns:
            The codes; one stands once for each period of validity. Empty where there are none.

        Raises:
            CodeServerUnreachableError: The server is not reached.
            CodeServerError: It refuses, answers what is no page, or its list never stands still
                while it is read.
        """
        asked = {
            "status": status,
            "validOn": valid_on.isoformat() if valid_on else None,
            "modifiedAfter": modified_after.isoformat() if modified_after else None,
            "sortBy": "CONCEPTCODEID",
            "pageSize": str(self.page_size),
        }
        query = {name: value for name, value in asked.items() if value}
        for _ in range(_READINGS):
            try:
                return self._all_pages(oid, query)
            except _Changed:
                continue
        raise CodeServerError(
            f"The pages of code set {oid} do not fit together. Try again later; if it goes on, "
            "take a manual export."
        )

    def _all_pages(self, oid: str, query: Mapping[str, str]) -> tuple[Concept, ...]:
        first = self._page(oid, query, 1)
        if first is None:
            return ()
        concepts = list(first.concepts)
        for number in range(2, first.total_pages + 1):
            page = self._page(oid, query, number)
            if page is None or page.total_items != first.total_items:
                raise _Changed
            concepts += page.concepts
        periods = {(one.code, one.version, one.begin, one.end) for one in concepts}
        if len(concepts) != first.total_items or len(periods) != len(concepts):
            raise _Changed
        return tuple(concepts)

    def _page(self, oid: str, query: Mapping[str, str], number: int) -> _Page | None:
        retries = urllib3.Retry(
            self.attempts,
            backoff_factor=self.pause,
            backoff_jitter=self.pause,
            retry_after_max=_LONGEST_PAUSE,
            status_forcelist=_TRANSIENT,
            raise_on_status=False,
            redirect=False,
        )
        try:
            answer = urllib3.request(
                "GET",
                f"{self.url}/v6/classifications/{oid}/conceptcodes",
                fields={**query, "page": str(number)},
                retries=retries,
                timeout=self.timeout,
            )
        except urllib3.exceptions.HTTPError as error:
            raise CodeServerUnreachableError(
                f"The code server was not reached ({type(error).__name__}). "
                f"Check {VARIABLE} and the network; the shipped code sets go on serving."
            ) from None
        if answer.status == _EMPTY:
            return None
        if answer.status != _FINE:
            raise CodeServerError(_refusal(answer.status, answer.data))
        try:
            return _Page.model_validate_json(answer.data)
        except ValidationError:
            raise CodeServerError(
                f"The code server's answer for code set {oid} is no page of codes. "
                f"Check that {VARIABLE} names version 6 of its interface."
            ) from None


def _refusal(status: int, body: bytes) -> str:
    """Tell the status, and the server's own number of the error where it gives one."""
    try:
        said: Any = json.loads(body)
    except ValueError:
        said = None
    number = said.get("debug_id") if isinstance(said, dict) else None
    told = f", its error {number}" if isinstance(number, str) and number.isalnum() else ""
    return (
        f"The code server refused with status {status}{told}. "
        "Check the code set's OID in code_sets/index.yaml, or ask the server's keepers."
    )
