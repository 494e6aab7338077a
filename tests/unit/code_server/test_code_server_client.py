"""The client reads a code set whole or says why not, whatever the server does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from code_server import Answer, StandIn, concept, refusal, serving

from aspa_resources.code_server import CodeServer, CodeServerError

CODES = [f"{number:03d}" for number in range(25)]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with serving(StandIn([concept(code) for code in CODES])) as stand_in:
        yield stand_in


def client(server: StandIn, **other: float) -> CodeServer:
    timeout = other.get("timeout", 5.0)
    return CodeServer(server.url, page_size=10, timeout=timeout, attempts=2, pause=0.001)


def test_every_page_is_read(server: StandIn) -> None:
    read = client(server).concepts("1.2.3")
    assert [one.code for one in read] == CODES
    assert read[3].attribute("LongName") == "Name 003"
    assert read[3].attribute("ParentId") is None
    assert [query["page"] for query in server.asked] == ["1", "2", "3"]


def test_a_code_stands_once_for_each_period(server: StandIn) -> None:
    server.concepts = [concept("70", "2000-01-01", "2010-12-31"), concept("70", "2015-01-01")]
    assert [one.begin for one in client(server).concepts("1.2.3")] == [
        date(2000, 1, 1), date(2015, 1, 1),
    ]  # fmt: skip
    (valid,) = client(server).concepts("1.2.3", valid_on=date(2016, 1, 1))
    assert valid.begin == date(2015, 1, 1)


def test_nothing_there_is_an_empty_list(server: StandIn) -> None:
    assert client(server).concepts("1.2.3", status="DELETED") == ()
    assert client(server).concepts("1.2.3", modified_after=datetime(2025, 1, 1)) == ()  # noqa: DTZ001 (the server's clock has no zone)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 415, 500])
def test_a_refusal_is_told_without_what_the_server_echoes(server: StandIn, status: int) -> None:
    server.fault = lambda _n, _query: refusal(status)
    with pytest.raises(CodeServerError, match=f"status {status}, its error abc123") as refused:
        client(server).concepts("1.2.3")
    assert "SECRET" not in str(refused.value)
    assert len(server.asked) == (3 if status == 500 else 1)


def test_an_error_that_passes_is_tried_again(server: StandIn) -> None:
    server.fault = lambda n, _query: (500, b"") if n == 2 else None
    assert len(client(server).concepts("1.2.3")) == 25


def test_an_answer_cut_short_is_asked_for_again(server: StandIn) -> None:
    server.cut = 1
    assert len(client(server).concepts("1.2.3")) == 25


def test_a_slow_server_is_given_up(server: StandIn) -> None:
    server.slow = 0.2
    with pytest.raises(CodeServerError, match="not reached"):
        client(server, timeout=0.05).concepts("1.2.3")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"conceptCodes": [{}]}'])
def test_what_is_no_page_is_refused(server: StandIn, body: bytes) -> None:
    server.fault = lambda _n, _query: (200, body)
    with pytest.raises(CodeServerError, match="no page of codes"):
        client(server).concepts("1.2.3")


def test_a_list_that_changes_while_it_is_read_is_read_again(server: StandIn) -> None:
    def change(n: int, _: dict[str, str]) -> Answer | None:
        if n == 2:
            server.concepts = server.concepts[:-1]
        return None

    server.fault = change
    assert [one.code for one in client(server).concepts("1.2.3")] == CODES[:-1]


@pytest.mark.parametrize("wrong", [{"totalPages": 2}, {"totalItems": 26}])
def test_totals_that_are_wrong_are_never_taken_for_a_whole_list(
    server: StandIn, wrong: dict[str, int]
) -> None:
    server.fault = lambda _n, query: server.page(query, **wrong)
    with pytest.raises(CodeServerError, match="do not fit together"):
        client(server).concepts("1.2.3")


def test_a_code_that_comes_while_the_list_is_read_is_not_missed(server: StandIn) -> None:
    server.concepts = server.concepts[:20]

    def add(n: int, _: dict[str, str]) -> Answer | None:
        if n == 2:
            server.concepts = [*server.concepts, concept("999")]
        return None

    server.fault = add
    assert len(client(server).concepts("1.2.3")) == 21


def test_a_page_sent_twice_is_never_taken_for_a_whole_list(server: StandIn) -> None:
    server.concepts = server.concepts[:20]
    server.fault = lambda _n, query: server.page({**query, "page": "1"})
    with pytest.raises(CodeServerError, match="do not fit together"):
        client(server).concepts("1.2.3")


def test_nothing_reaches_out_unless_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASPA_CODE_SERVER", raising=False)
    assert CodeServer.from_environment() is None
    monkeypatch.setenv("ASPA_CODE_SERVER", "http://localhost:1/csapi/")
    assert CodeServer.from_environment() == CodeServer("http://localhost:1/csapi")


@pytest.mark.parametrize("size", [9, 501])
def test_page_sizes_are_the_servers(size: int) -> None:
    with pytest.raises(CodeServerError, match="10 to 500"):
        CodeServer("http://localhost:1", page_size=size)
