"""A list is read whole when it must be, and left alone when it did not change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl
import pytest
from code_server import StandIn, concept, listed, refusal, serving

from aspa_resources.code_server import CodeServer, CodeServerError
from aspa_resources.code_server.fetching import SCHEMA, WHOLE_AFTER, Fetched, fetch
from aspa_resources.code_server.lists import CodeListError, list_of
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.code_sets import CodeSet

DAY = date(2025, 6, 1)
NOTHING = pl.DataFrame(schema=SCHEMA)


@pytest.fixture(scope="module")
def visits() -> Mapping[str, CodeSet]:
    return {"visit_types": RuleBook.load().code_sets["visit_types"]}


@pytest.fixture
def server(visits: Mapping[str, CodeSet]) -> Iterator[StandIn]:
    with serving(StandIn(listed(visits["visit_types"]))) as stand_in:
        yield stand_in


def read(
    server: StandIn, visits: Mapping[str, CodeSet], former: pl.DataFrame, day: date
) -> Fetched:
    return fetch(CodeServer(server.url, attempts=0), visits, former, day)


def test_an_unchanged_list_is_not_read_again(
    server: StandIn, visits: Mapping[str, CodeSet]
) -> None:
    first = read(server, visits, NOTHING, DAY).codes
    assert len(server.asked) == 1
    again = read(server, visits, first, DAY + timedelta(days=1)).codes
    assert again.equals(first)
    assert all("modifiedAfter" in query for query in server.asked[1:])
    assert {query["status"] for query in server.asked[1:]} == {"ACTIVE", "PROPOSAL", "DELETED"}


@pytest.mark.parametrize("status", ["ACTIVE", "DELETED"])
def test_a_changed_list_is_read_whole(
    server: StandIn, visits: Mapping[str, CodeSet], status: str
) -> None:
    first = read(server, visits, NOTHING, DAY).codes
    server.concepts[0]["status"] = status
    server.concepts[0]["lastModifiedDate"] = "2025-06-02"
    again = read(server, visits, first, DAY + timedelta(days=2)).codes
    assert set(again["read_on"]) == {DAY + timedelta(days=2)}
    assert again.height == first.height - (status == "DELETED")


def test_a_list_that_was_not_read_for_long_is_read_whole(
    server: StandIn, visits: Mapping[str, CodeSet]
) -> None:
    """A code that vanishes without a trace is in no increment."""
    first = read(server, visits, NOTHING, DAY).codes
    server.concepts = server.concepts[:1]
    assert read(server, visits, first, DAY + WHOLE_AFTER).codes.height == 2
    assert read(server, visits, first, DAY + WHOLE_AFTER + timedelta(days=1)).codes.height == 1


def test_no_list_at_all_is_an_error(server: StandIn, visits: Mapping[str, CodeSet]) -> None:
    server.fault = lambda _n, _query: refusal(401)
    with pytest.raises(CodeServerError, match="status 401"):
        read(server, visits, NOTHING, DAY)


def test_a_server_out_of_reach_is_not_asked_for_every_list(server: StandIn) -> None:
    server.fault = lambda _n, _query: (200, b" " * 100)
    server.cut = 100
    with pytest.raises(CodeServerError, match="not reached"):
        read(server, RuleBook.load().code_sets, NOTHING, DAY)
    assert len(server.asked) == 1


def test_a_concept_becomes_a_code_for_each_period_once(server: StandIn) -> None:
    server.concepts = [
        concept("1", "2000-01-01", "2009-12-31", ShortName="Lyhyt"),
        concept("1", "2010-01-01", **{"A:Långt_namn": "Namn", "A:Korvaava koodi": "2"}),
        concept("1", "2010-01-01") | {"versionId": "v0"},
    ]
    codes = list_of(CodeServer(server.url).concepts("1.2.3"))
    assert codes.height == 2
    assert codes.row(1, named=True) == {
        "code": "1", "name_fi": "Name 1", "name_sv": "Namn", "name_en": None,
        "begin": date(2010, 1, 1), "end": date(2099, 12, 31), "parent": None, "replaced_by": "2",
        "version": "v1",
    }  # fmt: skip


def test_a_code_without_a_name_is_refused(server: StandIn) -> None:
    server.concepts = [concept("1", LongName="")]
    with pytest.raises(CodeListError, match="1 codes have no Finnish name"):
        list_of(CodeServer(server.url).concepts("1.2.3"))
