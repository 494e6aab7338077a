"""Nobody gets past a gate: not alone, not in a range, not by the sensor, not after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import polars as pl
import pytest

from aspa_assets import automation
from aspa_assets.definitions import build_definitions
from aspa_assets.headless import QUIET, run_pending
from aspa_assets.partitions import COUNTY_MONTHS
from aspa_resources.anonymizer import Anonymizer
from aspa_resources.delivery import read_delivery
from aspa_resources.demo import write_demo_deliveries
from aspa_resources.home import AspaHome
from aspa_resources.intake import take_stock
from aspa_resources.resources import (
    HomeResource,
    LandingZoneResource,
    RuleBookResource,
    StorageResource,
    WarehouseResource,
    open_landing_zone,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.zones import ZONE_OF, ZoneKeys

KEY = "08|2025-03"
OTHER = "08|2025-02"
DELIVERY_ASSETS = {
    "raw_delivery",
    "validated_feedback",
    "rejected_rows",
    "delivery_receipt",
    "sampling_counts",
    "anonymized_feedback",
}


class Platform:
    """Deliveries of county 08 in a landing zone, and Dagster to run them."""

    def __init__(self, root: Path, instance: dg.DagsterInstance) -> None:
        self.home = AspaHome(root)
        self.instance = instance
        self.landing = open_landing_zone(self.home)
        self.storage = Storage(self.home.storage, ZoneKeys(self.home.keys))
        self.definitions = build_definitions()

    def delivery(self, month: str) -> Path:
        return self.home.landing / "08" / f"aspa_08_{month}.csv"

    def take_stock(self) -> None:
        take_stock(self.landing, RuleBook.load(), self.home.receipts)

    def run(self, job: str, partition: str | None = None, **tags: str) -> dg.ExecuteInProcessResult:
        return self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance,
            partition_key=partition,
            tags=tags or None,
            run_config=QUIET,
            raise_on_error=False,
        )

    def sealed(self, partition: str) -> set[str]:
        return {asset for asset in DELIVERY_ASSETS if self.storage.sealed(asset, partition)}

    def spoil(self, month: str) -> None:
        """Make every row of a delivery one that must be rejected."""
        path = self.delivery(month)
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        place = header.split(";").index("nps")
        spoilt = [";".join([*r.split(";")[:place], "11", *r.split(";")[place + 1 :]]) for r in rows]
        path.write_text("\n".join([header, *spoilt]), encoding="utf-8")


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setenv("ASPA_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        platform = Platform(tmp_path, instance)
        write_demo_deliveries(
            platform.home.landing, tmp_path / "truth", counties=1, months=2, rows=40, seed=3
        )
        yield platform


def test_a_refused_delivery_stops_its_run_and_the_county_is_told(platform: Platform) -> None:
    platform.spoil("2025-03")
    platform.take_stock()
    result = platform.run("take_in_delivery", KEY)
    assert not result.success
    assert platform.sealed(KEY) == {
        "raw_delivery",
        "sampling_counts",
        "rejected_rows",
        "delivery_receipt",
    }
    receipt = platform.storage.read("delivery_receipt", KEY)
    assert receipt["verdict"].to_list() == ["rejected"]
    assert list((platform.home.receipts / "08" / "2025-03").glob("*/receipt.html"))
    failed = {
        e.asset_check_evaluation_data.check_name
        for e in result.all_events
        if e.event_type_value == "ASSET_CHECK_EVALUATION"
        and not e.asset_check_evaluation_data.passed
    }
    assert {"some_rows", "rejected_share"} <= failed


def test_downstream_launched_alone_meets_the_gate(platform: Platform) -> None:
    platform.spoil("2025-03")
    platform.take_stock()
    platform.run("take_in_delivery", KEY)
    alone = platform.definitions.resolve_implicit_global_asset_job_def()
    result = alone.execute_in_process(
        instance=platform.instance,
        partition_key=KEY,
        asset_selection=[dg.AssetKey("anonymized_feedback")],
        run_config=QUIET,
        raise_on_error=False,
    )
    assert not result.success
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    told = failure.step_failure_data.user_failure_data.description
    assert "validated_feedback" in told
    assert "rejected_share" in told
    assert "anonymized_feedback" not in platform.sealed(KEY)


def test_one_bad_partition_does_not_stop_the_others_of_its_range(platform: Platform) -> None:
    platform.spoil("2025-02")
    platform.take_stock()
    result = platform.run(
        "take_in_delivery",
        **{
            "dagster/asset_partition_range_start": OTHER,
            "dagster/asset_partition_range_end": KEY,
        },
    )
    assert result.success
    assert platform.sealed(KEY) == DELIVERY_ASSETS
    assert "validated_feedback" not in platform.sealed(OTHER)
    told = {
        e.partition: e.materialization.metadata
        for e in result.all_events
        if e.is_step_materialization and e.asset_key == dg.AssetKey("validated_feedback")
    }
    assert told[KEY]["sealed"].value is True
    assert told[OTHER]["sealed"].value is False
    assert "rejected_share" in told[OTHER]["problem"].value


def test_the_last_good_version_stays_current_when_a_bad_delivery_replaces_it(
    platform: Platform,
) -> None:
    platform.take_stock()
    assert platform.run("take_in_delivery", KEY).success
    before = platform.storage.manifest("validated_feedback", KEY)
    platform.spoil("2025-03")
    platform.take_stock()
    assert not platform.run("take_in_delivery", KEY).success
    assert platform.storage.manifest("validated_feedback", KEY) == before


def test_rows_leave_the_restricted_zone_anonymous_and_shuffled(platform: Platform) -> None:
    platform.take_stock()
    assert platform.run("take_in_delivery", KEY).success
    validated = platform.storage.read("validated_feedback", KEY)
    anonymized = platform.storage.read("anonymized_feedback", KEY)
    assert anonymized.height == validated.height
    assert not set(anonymized["response_id"]) & set(validated["feedback_id"])
    # Columns that rare rows do not lose: what else should tell the orders apart?
    columns = ["nps", "cost_centre", "service_form"]
    assert not set(columns) & set(RuleBook.load().disclosure.residual_risk.generalised)
    assert not anonymized.select(columns).equals(validated.select(columns))
    counted = [f.group_by(columns).len().sort(columns) for f in (anonymized, validated)]
    assert counted[0].equals(counted[1])


def test_rows_in_the_order_of_the_delivery_are_not_sealed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()
    in_order = SimpleNamespace(token_hex=lambda _: f"{next(numbers):032x}")
    monkeypatch.setattr("aspa_resources.anonymizer.rows.secrets", in_order)
    platform.take_stock()
    assert not platform.run("take_in_delivery", KEY).success
    attempt = platform.storage.attempt("anonymized_feedback", KEY)
    assert attempt
    assert attempt.failed_checks == ["rows_in_delivered_order"]


def test_running_twice_gives_other_ids(platform: Platform) -> None:
    platform.take_stock()
    ids = []
    for _ in range(2):
        assert platform.run("take_in_delivery", KEY).success
        ids.append(set(platform.storage.read("anonymized_feedback", KEY)["response_id"]))
    assert not ids[0] & ids[1]


def requests(platform: Platform) -> list[dg.RunRequest]:
    """Let the file-drop sensor tick once."""
    context = dg.build_sensor_context(instance=platform.instance, definitions=platform.definitions)
    ticked = automation.dropped_files(
        context,
        landing_zone=LandingZoneResource(),
        storage=StorageResource(),
        rule_book=RuleBookResource(),
        home=HomeResource(),
    )
    return [request for request in ticked if isinstance(request, dg.RunRequest)]


def test_the_sensor_starts_each_dropped_partition_once(platform: Platform) -> None:
    asked = requests(platform)
    assert [r.partition_key for r in asked] == [OTHER, KEY]
    assert [r.run_key for r in requests(platform)] == [r.run_key for r in asked]
    for request in asked:
        assert platform.run(request.job_name, request.partition_key, **request.tags).success
    assert requests(platform) == []


def test_the_sensor_starts_again_for_new_bytes_under_the_same_name(platform: Platform) -> None:
    for request in requests(platform):
        platform.run(request.job_name, request.partition_key, **request.tags)
    path = platform.delivery("2025-03")
    path.write_bytes(path.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    assert [r.partition_key for r in requests(platform)] == [KEY]


def test_the_sensor_leaves_a_refused_delivery_until_something_changes(platform: Platform) -> None:
    platform.spoil("2025-03")
    for request in requests(platform):
        platform.run(request.job_name, request.partition_key, **request.tags)
    assert requests(platform) == []


def test_the_sensor_tries_a_crashed_run_again_but_not_for_ever(platform: Platform) -> None:
    (first, *_) = requests(platform)
    keys = []
    for _ in range(automation.MOST_ATTEMPTS):
        (request,) = [r for r in requests(platform) if r.partition_key == first.partition_key]
        keys.append(request.run_key)
        run = platform.instance.create_run_for_job(
            platform.definitions.resolve_job_def(request.job_name), tags=dict(request.tags)
        )
        platform.instance.report_run_failed(run)
    assert len(set(keys)) == automation.MOST_ATTEMPTS
    assert first.partition_key not in [r.partition_key for r in requests(platform)]


def test_the_raw_bytes_are_kept_as_they_came(platform: Platform) -> None:
    platform.take_stock()
    platform.run("take_in_delivery", KEY)
    raw = platform.storage.read("raw_delivery", KEY).filter(pl.col("kind") == "feedback")
    assert raw["content"].to_list() == [platform.delivery("2025-03").read_bytes()]
    assert read_delivery(raw["content"][0], "08", RuleBook.load()).frame.height == 40


def test_an_unexpected_error_is_told_by_kind_and_place_and_never_by_its_text(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = "SALAINENTEKSTI"

    def burst(_self: object, texts: list[str]) -> None:
        raise ValueError(f"{mark}: {texts[0]}")

    monkeypatch.setattr(Anonymizer, "anonymize", burst)
    platform.take_stock()
    result = platform.run("take_in_delivery", KEY)
    assert not result.success
    events = " ".join(str(event) for event in result.all_events)
    assert "Stopped by ValueError at" in events
    logged = " ".join(str(r) for r in platform.instance.all_logs(result.run_id))
    texts = platform.storage.read("validated_feedback", KEY)["text"].drop_nulls()
    assert mark not in events + logged
    assert not [text for text in texts if text in events + logged]


def test_a_delivery_of_another_age_is_refused_and_stops_no_other(platform: Platform) -> None:
    old = platform.delivery("2025-03").read_text(encoding="utf-8").replace("2025-03-", "2019-03-")
    path = platform.home.landing / "10" / "old.csv"
    path.parent.mkdir()
    path.write_text(old, encoding="utf-8")
    assert [r.partition_key for r in requests(platform)] == [OTHER, KEY]
    (refused,) = [drop for drop in platform.landing.stock().drops if drop.refused]
    assert refused.reading.fault == "month_outside_platform"


def test_an_analysis_waits_for_the_verification_of_the_rows_it_reads(platform: Platform) -> None:
    platform.take_stock()
    assert platform.run("take_in_delivery", KEY).success
    assert platform.run("verify_and_classify", KEY).success
    assert platform.run("take_in_delivery", KEY).success
    result = platform.definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=platform.instance,
        partition_key=KEY,
        asset_selection=[dg.AssetKey("classified_feedback")],
        run_config=QUIET,
        raise_on_error=False,
    )
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert "Materialise verification_run" in failure.step_failure_data.user_failure_data.description


def test_work_that_fails_for_good_does_not_hold_up_the_stages_after_it(platform: Platform) -> None:
    platform.take_stock()
    for key in (KEY, OTHER):
        assert platform.run("take_in_delivery", key).success
        assert platform.run("verify_and_classify", key).success
    assert platform.run("take_in_delivery", KEY).success  # its verification is due again
    job = platform.definitions.resolve_job_def("verify_and_classify")
    for _ in range(automation.MOST_ATTEMPTS):
        (request,) = national_requests(platform)
        assert (request.job_name, request.partition_key) == ("verify_and_classify", KEY)
        run = platform.instance.create_run_for_job(job, tags=dict(request.tags))
        platform.instance.report_run_failed(run)
    assert "analyze_texts" in {r.job_name for r in national_requests(platform)}


def national_requests(platform: Platform) -> list[dg.RunRequest]:
    """Let the sensor over sealed versions tick once."""
    context = dg.build_sensor_context(instance=platform.instance, definitions=platform.definitions)
    ticked = automation.sealed_versions(
        context,
        storage=StorageResource(),
        rule_book=RuleBookResource(),
        warehouse=WarehouseResource(),
        home=HomeResource(),
    )
    return [request for request in ticked if isinstance(request, dg.RunRequest)]


BEHIND_THE_GATE = [
    asset
    for asset in ZONE_OF
    if asset == "anonymized_feedback"
    or asset
    not in {
        "arrived_file",
        "cost_centre_map",
        "topic_model",
        "topic_proposals",
        "code_sets",  # these two read no delivery: lists of codes, and figures from elsewhere
        "enrichment",
        "review_verdicts",  # sealed by people at a command, which no launch does
        *DELIVERY_ASSETS,
    }
]


def alone(platform: Platform, asset: str, partition: str) -> None:
    platform.definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=platform.instance,
        partition_key=partition,
        asset_selection=[dg.AssetKey(asset)],
        run_config=QUIET,
        raise_on_error=False,
    )


def in_a_backfill(platform: Platform, asset: str, partition: str) -> None:
    start = OTHER if "|" in partition else "2025-02"
    platform.definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=platform.instance,
        tags={
            "dagster/asset_partition_range_start": start,
            "dagster/asset_partition_range_end": partition,
        },
        asset_selection=[dg.AssetKey(asset)],
        run_config=QUIET,
        raise_on_error=False,
    )


@pytest.mark.parametrize("launch", [alone, in_a_backfill])
def test_no_launch_gets_past_an_unsealed_version(
    platform: Platform, launch: Callable[[Platform, str, str], None]
) -> None:
    for month in ("2025-02", "2025-03"):
        platform.spoil(month)
    platform.take_stock()
    for key in (OTHER, KEY):
        platform.run("take_in_delivery", key)
    by_county = {
        spec.key.to_user_string()
        for spec in platform.definitions.resolve_all_asset_specs()
        if spec.partitions_def == COUNTY_MONTHS
    }
    for asset in BEHIND_THE_GATE:
        launch(platform, asset, KEY if asset in by_county else "2025-03")
    assert {a for a in BEHIND_THE_GATE if platform.storage.sealed_partitions(a)} == set()


def test_automation_and_the_command_line_stop_at_an_unsealed_version(platform: Platform) -> None:
    for month in ("2025-02", "2025-03"):
        platform.spoil(month)
    for request in requests(platform):
        platform.run(request.job_name, request.partition_key, **request.tags)
    assert requests(platform) == []
    assert national_requests(platform) == []
    run_pending(platform.home, lambda *_: None)
    assert {a for a in BEHIND_THE_GATE if platform.storage.sealed_partitions(a)} == set()


def test_the_nightly_job_purges_what_has_outlived_its_time(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.take_stock()
    assert platform.run("take_in_delivery", KEY).success
    assert platform.run("tidy_up").success
    assert platform.storage.read("raw_delivery", KEY).height
    monkeypatch.setenv("ASPA_RETENTION_DAYS", "soon")
    assert not platform.run("tidy_up").success
