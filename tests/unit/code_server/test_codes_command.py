"""`aspa codes`: look, fetch, put into force; each step shows what the next would do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from code_server import StandIn, listed, refusal, serving

from aspa_assets.cli import aspa
from aspa_resources.code_server import CodeServerError
from aspa_resources.code_server.lists import CodeListError
from aspa_resources.rule_book import RuleBook

SHIPPED = Path(__file__).parents[3] / "rules"
EXPORT = (
    "Tunniste;Pitkä nimi;Voimassaolo alkaa;Voimassaolo päättyy;Tila\n"
    "SH;Sairaanhoito;;;ACTIVE\nTH;{name};;;ACTIVE\n"
)


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "rules"))
    monkeypatch.setenv("ASPA_RULES", str(folder))
    monkeypatch.setenv("ASPA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ASPA_CODE_SERVER", raising=False)
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    sets = RuleBook.load().code_sets.values()
    with serving(StandIn([one for of in sets if of.oid for one in listed(of)])) as stand_in:
        monkeypatch.setenv("ASPA_CODE_SERVER", stand_in.url)
        yield stand_in


def codes(*arguments: str) -> Any:
    told = CliRunner().invoke(aspa, ["codes", *arguments, "--json"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return json.loads(told.output)


def lines(*arguments: str) -> str:
    return CliRunner().invoke(aspa, ["codes", *arguments], catch_exceptions=False).output


def test_every_set_is_listed_with_version_provenance_and_age() -> None:
    listing = {one["name"]: one for one in codes()}
    assert set(listing) == set(RuleBook.load().code_sets)
    assert all(one["version"] and one["provenance"] and one["codes"] for one in listing.values())
    assert listing["specialties"]["age_days"] is None
    assert "came with the platform" in lines()


def test_without_a_server_nothing_is_read_and_it_says_so() -> None:
    assert codes("refresh")["read"] is False
    assert "ASPA_CODE_SERVER" in lines("refresh")


def test_a_refreshed_list_waits_until_it_is_installed(server: StandIn) -> None:
    for one in server.concepts:
        if one["conceptCodeId"] == "70F":
            one["attributes"][0]["attributeValue"] = ["Uusi nimi"]
    told = codes("refresh")
    assert [(one["code"], one["change"]) for one in told["differences"]] == [("70F", "renamed")]
    waiting = {one["name"]: one["waiting_changes"] for one in codes()}
    assert waiting["specialties"] == 1
    assert waiting["professions"] == 0
    assert waiting["genders"] is None
    before = RuleBook.load()
    installed = codes("install", "--name", "specialties")
    assert installed["installed"] == ["specialties"]
    now = RuleBook.load()
    assert (installed["rules_before"], installed["rules_after"]) == (before.version, now.version)
    assert now.code_sets["specialties"].name("70F") == "Uusi nimi"
    assert now.code_sets["specialties"].fetched == datetime.now(UTC).date()
    assert now.code_sets["professions"].fetched is None
    assert "changes waiting" not in lines()


def test_a_manual_export_goes_the_same_way(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT.format(name="Uusi nimi"), encoding="utf-8")
    shown = lines("import", str(export), "--name", "visit_types")
    assert "renamed" in shown
    assert "Terveydenhoito" in shown
    assert "aspa codes install" in shown
    codes("install")
    now = RuleBook.load().code_sets["visit_types"]
    assert now.name("TH") == "Uusi nimi"
    assert now.name("TH", "en") == "Preventive health care"
    assert "manual export" in now.provenance


def test_a_list_without_a_code_in_use_is_refused_and_named(server: StandIn) -> None:
    server.concepts = [c for c in server.concepts if c["conceptCodeId"] != "70F"]
    with pytest.raises(CodeServerError, match=r"specialties 70F.*accept_vanished"):
        codes("refresh")
    with pytest.raises(CodeListError, match="Fetched are no lists"):
        codes("install")
    server.fault = lambda _n, _query: refusal(400)
    with pytest.raises(CodeServerError, match="status 400"):  # and no word of the refusal before
        codes("refresh")


def test_a_list_that_came_into_use_since_is_not_installed(server: StandIn, rules: Path) -> None:
    """What was fine when it was fetched may be in use by now."""
    server.concepts = [c for c in server.concepts if c["conceptCodeId"] != "10A"]
    codes("refresh")
    profile = rules / "counties" / "10.yaml"
    profile.write_text(
        f'{profile.read_text("utf-8")}values: {{specialty: {{allergia: "10A"}}}}\n', "utf-8"
    )
    with pytest.raises(CodeListError, match="specialties 10A"):
        codes("install")


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(CodeListError, match="Fetched are no lists"):
        codes("install", "--name", "colours")


def test_lists_that_could_not_be_read_are_named(server: StandIn) -> None:
    oid = RuleBook.load().code_sets["specialties"].oid
    server.fault = lambda _n, query: refusal(404) if query["oid"] == oid else None
    told = lines("refresh").splitlines()
    assert [line.split()[:3] for line in told if "not read" in line] == [
        ["specialties", "not", "read:"]
    ]
