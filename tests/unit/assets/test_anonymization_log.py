"""The log of a month: sealed with its history, shown to operators, gone when its month is gone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from made_up_logs import first_pass, second_pass

from aspa_assets.anonymization_log import anonymization_log, history
from aspa_assets.pending import pending_logs
from aspa_assets.withdrawal import withdraw_unfounded
from aspa_resources.home import AspaHome
from aspa_resources.resources import HomeResource, RuleBookResource, StorageResource
from aspa_resources.storage import Storage
from aspa_resources.zones import ZoneKeys

MONTHS = [f"10|2025-{month:02d}" for month in range(1, 5)]


@dataclass
class Check:
    passed: bool = True
    name: str = "rule"
    blocking: bool = True
    unexpected_count: int = 0


@dataclass
class Platform:
    """A home whose passes are sealed by hand and whose logs are computed."""

    home: AspaHome

    @property
    def storage(self) -> Storage:
        return Storage(self.home.storage, ZoneKeys(self.home.keys))

    def passes(self, key: str, **found: int) -> None:
        self._seal("anonymized_feedback", key, first_pass(**found), {"anonymizer": "2+7"})
        version = self.storage.manifest("anonymized_feedback", key).version
        inputs = {f"anonymized_feedback@{key}": version}
        self._seal("verification_run", key, second_pass(), {"verifier": "3"}, inputs)
        verified = self.storage.manifest("verification_run", key).version
        self._seal(
            "classified_feedback", key, {}, {}, {**inputs, f"verification_run@{key}": verified}
        )

    def review(self, key: str, leaks: int) -> None:
        """Seal verdicts, and the verification run that knows of them."""
        said = {"reviewed": 40, "leaks": leaks, "too_much": 0}
        known = {"leaks_known": f"these {leaks}"}
        self._seal("review_verdicts", key, {**said, **known}, {})
        inputs = {
            f"{asset}@{key}": self.storage.manifest(asset, key).version
            for asset in ("anonymized_feedback", "review_verdicts")
        }
        self._seal("verification_run", key, {**second_pass(), **known}, {"verifier": "3"}, inputs)
        inputs[f"verification_run@{key}"] = self.storage.manifest("verification_run", key).version
        del inputs[f"review_verdicts@{key}"]
        self._seal("classified_feedback", key, {}, {}, inputs)

    def log(self, *keys: str) -> dg.ExecuteInProcessResult:
        root = str(self.home.root)
        resources = {
            "storage": StorageResource(home=root),
            "rule_book": RuleBookResource(),
            "home": HomeResource(home=root),
        }
        results = [
            dg.materialize([anonymization_log], partition_key=key, resources=resources)
            for key in keys
        ]
        assert all(result.success for result in results)
        return results[-1]

    def drift(self, key: str) -> dict[str, dict[str, Any]]:
        told = self.storage.manifest("anonymization_log", key).statistics["drift"]
        return {one["measure"]: one for one in told}

    def page(self, name: str) -> Path:
        return self.home.operator / "anonymization" / f"{name}.html"

    def _seal(
        self,
        asset: str,
        key: str,
        statistics: dict[str, Any],
        versions: dict[str, str],
        inputs: dict[str, str] | None = None,
    ) -> None:
        storage = self.storage
        candidate = storage.write_candidate(
            asset, key, pl.DataFrame({"a": [1]}), inputs=inputs or {}, statistics=statistics,
            versions=versions,
        )  # fmt: skip
        storage.seal(candidate, asset, "1", [Check()])


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    platform = Platform(AspaHome(tmp_path))
    for key in MONTHS:
        platform.passes(key)
    return platform


def test_history_is_the_countys_own_and_earlier():
    keys = [f"{county}|{year}-06" for county in ("10", "18") for year in range(2010, 2030)]
    assert history(keys, "10|2025-06") == [f"10|{year}-06" for year in range(2024, 2012, -1)]
    assert history(keys, "10|2010-06") == []


def test_a_month_is_logged_warned_of_and_shown(platform):
    platform.passes(MONTHS[3], PERSON=0)
    result = platform.log(MONTHS[3])
    checks = {e.check_name: e for e in result.get_asset_check_evaluations()}
    assert not checks["drifting"].passed
    assert checks["drifting"].severity == dg.AssetCheckSeverity.WARN
    assert all(check.passed for name, check in checks.items() if name != "drifting")

    told = platform.drift(MONTHS[3])["PERSON"]
    assert (told["result"], told["basis"], told["months"]) == ("fewer", "county", 3)
    frame = platform.storage.read("anonymization_log", MONTHS[3])
    phones = frame.filter(pl.col("entity_type") == "PHONE").to_dicts()[0]
    assert (phones["findings"], phones["per_1000_texts"], phones["lowest_score"]) == (30, 30, 0.7)
    assert "Name of a person ↓" in platform.page("10").read_text("utf-8")
    assert "Name of a person ↓" in platform.page("index").read_text("utf-8")


def test_a_changed_month_makes_the_later_logs_due_once_and_a_late_one_as_well(platform):
    assert pending_logs(platform.storage) == MONTHS
    platform.log(*MONTHS)
    assert pending_logs(platform.storage) == []
    platform.passes("10|2024-12", PERSON=70)
    assert pending_logs(platform.storage) == ["10|2024-12", *MONTHS]
    platform.log("10|2024-12", MONTHS[0])
    assert pending_logs(platform.storage) == MONTHS[1:]
    platform.passes("18|2025-01")  # another county's month is nobody else's business
    assert pending_logs(platform.storage) == [*MONTHS[1:], "18|2025-01"]


def test_verdicts_make_their_months_log_due_and_stand_on_its_page(platform):
    platform.log(MONTHS[3])
    assert MONTHS[3] not in pending_logs(platform.storage)
    platform.review(MONTHS[3], leaks=1)
    assert MONTHS[3] in pending_logs(platform.storage)
    platform.log(MONTHS[3])
    assert MONTHS[3] not in pending_logs(platform.storage)
    assert "1 of 40; 95 % interval 0.1%–13.2%" in platform.page("10").read_text("utf-8")


def test_a_withdrawn_month_leaves_history_and_page(platform):
    platform.passes("18|2025-01")
    platform.log("18|2025-01", MONTHS[0], MONTHS[3])
    for asset in ("classified_feedback", "anonymized_feedback"):
        platform.storage.withdraw(asset, MONTHS[0])
    withdraw_unfounded(platform.storage, platform.home)
    assert MONTHS[3] in pending_logs(platform.storage)
    assert "January 2025" not in platform.page("10").read_text("utf-8")
    platform.log(MONTHS[3])
    assert platform.drift(MONTHS[3])["PERSON"]["months"] == 3  # two of its own, and another county
    assert platform.drift(MONTHS[3])["PERSON"]["basis"] == "nation"

    for key in MONTHS[1:]:
        for asset in ("classified_feedback", "anonymized_feedback"):
            platform.storage.withdraw(asset, key)
    withdraw_unfounded(platform.storage, platform.home)
    assert not platform.page("10").exists()
    assert "10.html" not in platform.page("index").read_text("utf-8")
    assert "18.html" in platform.page("index").read_text("utf-8")


def test_counts_of_an_older_version_are_no_history(platform):
    old = {"findings": []}
    platform._seal("anonymized_feedback", "10|2024-11", old, {"anonymizer": "1"})
    version = platform.storage.manifest("anonymized_feedback", "10|2024-11").version
    inputs = {"anonymized_feedback@10|2024-11": version}
    platform._seal("verification_run", "10|2024-11", second_pass(), {"verifier": "1"}, inputs)
    platform.log(MONTHS[3])
    told = platform.drift(MONTHS[3])["PERSON"]
    assert (told["months"], told["other_version"]) == (3, False)
