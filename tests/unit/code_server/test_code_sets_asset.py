"""The asset tells what fetched lists change, and refuses one that takes away what is in use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from code_server import StandIn, concept, listed, refusal, serving

from aspa_assets.code_sets import code_sets
from aspa_resources.resources import CodeServerResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Manifest
from expectations.columns import COLUMNS

SHIPPED = Path(__file__).parents[3] / "rules"
SPECIALTIES = "1.2.246.537.6.24"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def server() -> Iterator[StandIn]:
    sets = RuleBook.load().code_sets.values()
    with serving(StandIn([one for of in sets if of.oid for one in listed(of)])) as stand_in:
        yield stand_in


class Step:
    """A storage, and the step that fetches code lists into it."""

    def __init__(self, home: Path, rules: Path = SHIPPED) -> None:
        self.resource = StorageResource(home=str(home))
        self.storage = self.resource.open()
        self.rules = rules

    def run(self, url: str | None, **config: str) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [code_sets],
            resources={
                "storage": self.resource,
                "rule_book": RuleBookResource(folder=str(self.rules)),
                "code_server": CodeServerResource(url=url),
            },
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "ops": {"code_sets": {"config": config}},
            },
            raise_on_error=False,
        )

    def attempt(self) -> Manifest:
        attempt = self.storage.attempt("code_sets", NO_PARTITION)
        assert attempt is not None
        return attempt

    def classified(self, month: date, **values: str) -> None:
        schema = {c.name: getattr(pl, c.type) for c in COLUMNS["classified_feedback"]}
        candidate = self.storage.write_candidate(
            "classified_feedback", f"10|{month:%Y-%m}", pl.DataFrame([values], schema=schema),
            inputs={}, statistics={}, versions={},
        )  # fmt: skip
        self.storage.seal(candidate, "classified_feedback", "1", [])


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


def without(server: StandIn, code: str) -> None:
    server.concepts = [c for c in server.concepts if c["conceptCodeId"] != code]


def told(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (made,) = result.asset_materializations_for_node("code_sets")
    return dict(made.metadata)


def test_offline_nothing_is_sealed_and_nothing_fails(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASPA_CODE_SERVER", raising=False)
    assert step.run(None).success
    assert step.storage.attempt("code_sets", NO_PARTITION) is None


def test_lists_as_we_have_them_are_sealed_without_changes(step: Step, server: StandIn) -> None:
    assert step.run(server.url).success
    attempt = step.attempt()
    assert attempt.sealed
    assert attempt.statistics["not_read"] == {}
    assert set(attempt.statistics["lists"]) == {
        name for name, one in RuleBook.load().code_sets.items() if one.oid
    }
    assert not any(sum(one.values()) for one in attempt.statistics["lists"].values())


def test_what_changes_is_shown(step: Step, server: StandIn) -> None:
    new = concept("99X", LongName="Uusi | ala") | {"classificationId": SPECIALTIES}
    server.concepts = [*server.concepts, new]
    result = step.run(server.url)
    assert step.attempt().statistics["lists"]["specialties"]["added"] == 1
    shown = told(result)["differences"].value
    assert "| specialties | added | 99X |  | Uusi / ala |" in shown


@pytest.mark.parametrize("how", ["vanished", "ended"])
def test_a_code_that_a_rule_names_is_not_taken_away(step: Step, server: StandIn, how: str) -> None:
    if how == "vanished":
        without(server, "70F")
    for one in server.concepts:
        if one["conceptCodeId"] == "70F":
            one["expirationDate"] = str(TODAY - timedelta(days=1))
    assert not step.run(server.url).success
    attempt = step.attempt()
    assert attempt.failed_checks == ["codes_in_use_taken_away"]
    assert attempt.statistics["taken_away_in_use"] == {"specialties": ["70F"]}
    assert step.storage.sealed("code_sets", NO_PARTITION) is None


def test_a_code_that_recent_feedback_has_is_not_taken_away(step: Step, server: StandIn) -> None:
    without(server, "10A")  # no rule names it
    step.classified(TODAY - timedelta(days=400), specialty="10A")
    assert step.run(server.url).success
    step.classified(TODAY - timedelta(days=200), specialty="10A")
    assert not step.run(server.url).success
    assert step.attempt().statistics["taken_away_in_use"] == {"specialties": ["10A"]}


def test_a_code_may_go_when_the_index_says_why(tmp_path: Path, server: StandIn) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(SHIPPED, rules)
    index = rules / "code_sets" / "index.yaml"
    oid = f"    oid: {SPECIALTIES}\n"
    accepted = f'{oid}    accept_vanished: [{{code: "70F", reason: "Merged into 70."}}]\n'
    index.write_text(index.read_text("utf-8").replace(oid, accepted), "utf-8")
    without(server, "70F")
    step = Step(tmp_path / "home", rules)
    assert step.run(server.url).success
    assert step.attempt().statistics["lists"]["specialties"]["vanished"] == 1


def test_a_list_that_cannot_be_read_stays_and_is_named(step: Step, server: StandIn) -> None:
    server.fault = lambda _n, query: refusal(404) if query["oid"] == SPECIALTIES else None
    assert step.run(server.url).success
    not_read = step.attempt().statistics["not_read"]
    assert list(not_read) == ["specialties"]
    assert "status 404" in not_read["specialties"]


def test_a_server_that_is_not_there_fails_the_run_and_says_so(step: Step) -> None:
    server = StandIn([])
    with serving(server):
        server.fault = lambda _n, _query: refusal(403)
        result = step.run(server.url)
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert "status 403" in (failed.step_failure_data.user_failure_data.description or "")
    assert step.storage.attempt("code_sets", NO_PARTITION) is None


def test_an_unknown_code_set_is_refused(step: Step, tmp_path: Path) -> None:
    result = step.run(None, export=str(tmp_path / "export.csv"), of="colours")
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert "no code set colours" in (failed.step_failure_data.user_failure_data.description or "")
