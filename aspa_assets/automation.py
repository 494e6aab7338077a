"""What starts by itself: jobs over the lineage, and the sensors and schedules that launch them.

Belongs here: jobs, sensors, schedules, and which of them a code location holds. Not here: what is
pending (pending), or running headless (cli).
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import dagster as dg

from aspa_assets import pending
from aspa_assets.enrichment import enrichment_pending
from aspa_assets.partitions import split
from aspa_assets.retention import purge_outlived, retention_days
from aspa_assets.withdrawal import (
    purge_former_versions,
    sweep,
    withdraw_retracted,
    withdraw_unfounded,
)
from aspa_resources.drops import Drop
from aspa_resources.enrichment import files_in, fingerprints
from aspa_resources.intake import take_stock
from aspa_resources.ledger import Ledger
from aspa_resources.resources import (
    HomeResource,
    LandingZoneResource,
    RuleBookResource,
    StorageResource,
    TextModelsResource,
    WarehouseResource,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.storage import Storage
from aspa_resources.warehouse import PUBLISHED
from expectations.marts import MARTS

EVERY_SECONDS: Final = 30
MOST_ATTEMPTS: Final = 3
WORK_TAG: Final = "aspa/work"

cost_centre_job: Final = dg.define_asset_job(
    "take_in_cost_centres",
    ["cost_centre_map"],
    description="A county's cost-centre map, from the landing zone to storage.",
)
code_sets_job: Final = dg.define_asset_job(
    "refresh_code_sets",
    ["code_sets"],
    description="Code lists from the national code server, held against those in force.",
)
delivery_job: Final = dg.define_asset_job(
    "take_in_delivery",
    [
        "raw_delivery",
        "validated_feedback",
        "rejected_rows",
        "delivery_receipt",
        "sampling_counts",
        "anonymized_feedback",
        "residual_risk",
        "review_queue",
    ],
    description="A county's month, from the landing zone to anonymous rows and a receipt.",
)
verification_job: Final = dg.define_asset_job(
    "verify_and_classify",
    ["verification_run", "anonymization_log", "classified_feedback"],
    description="The second pass over a county's month, its log, and the service classes.",
)
reclassification_job: Final = dg.define_asset_job(
    "classify_again",
    ["classified_feedback"],
    description="A county's month under the rules in force; aspa reclassify shows what moves.",
)
enrichment_job: Final = dg.define_asset_job(
    "take_in_enrichment",
    ["enrichment"],
    description="Figures from elsewhere: need, wellbeing, unit costs.",
)
log_job: Final = dg.define_asset_job(
    "log_anonymization",
    ["anonymization_log"],
    description="A county's month held anew against its earlier months, after one of them changed.",
)
topic_model_job: Final = dg.define_asset_job(
    "fit_topics",
    ["topic_model"],
    description="Fit the first national topic model, move it to other text models' vectors, or "
    "carry out a decision on what a refit proposed.",
)
topic_refit_job: Final = dg.define_asset_job(
    "refit_topics",
    ["topic_proposals"],
    description="Look for topics anew and propose those that the model does not have.",
)
analysis_job: Final = dg.define_asset_job(
    "analyze_texts",
    ["analyzed_feedback"],
    description="Language, sentiment, themes and topics of a county's month.",
)
publication_job: Final = dg.define_asset_job(
    "publish_month",
    [*MARTS, *PUBLISHED, "national_report", "thl_delivery"],
    description="A month's marts, its published tables, the national report and THL's files.",
)
county_report_job: Final = dg.define_asset_job(
    "report_to_county",
    ["county_report"],
    description="A county's report of a published month.",
)


@dg.op(description="Removes what killed processes left, and what has outlived its retention time.")
def remove_what_is_due(
    context: dg.OpExecutionContext,
    landing_zone: LandingZoneResource,
    storage: StorageResource,
    home: HomeResource,
) -> None:
    """Sweep this home and purge published months past their retention time."""
    store = storage.open()
    sweep(home.open_home(), store)
    purged = purge_outlived(landing_zone.open(), store, retention_days(), datetime.now(UTC))
    context.log.info("Purged after their retention time: %s.", ", ".join(purged) or "nothing")


@dg.job(description="Daily: sweep, and purge published months past their retention time.")
def tidy_up() -> None:
    """Keep the restricted zone as short-lived as it is promised to be."""
    remove_what_is_due()


tidy_daily: Final = dg.ScheduleDefinition(
    name="tidy_daily",
    job=tidy_up,
    cron_schedule="15 3 * * *",
    execution_timezone="Europe/Helsinki",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Runs tidy_up every night.",
)

code_sets_weekly: Final = dg.ScheduleDefinition(
    name="code_sets_weekly",
    job=code_sets_job,
    cron_schedule="45 5 * * 1",
    execution_timezone="Europe/Helsinki",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Asks the national code server every Monday what changed; without one, nothing.",
)


@dg.sensor(
    jobs=[cost_centre_job, delivery_job],
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Registers dropped files by content and starts the partitions they belong to.",
)
def dropped_files(
    context: dg.SensorEvaluationContext,
    landing_zone: LandingZoneResource,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[dg.RunRequest]:
    """Start a run for every county's month whose dropped files are not taken in."""
    landing, store, rules = landing_zone.open(), storage.open(), rule_book.open()
    take_stock(landing, rules, home.open_home().receipts)
    withdraw_retracted(landing, store)
    stock = landing.stock()
    purge_former_versions(stock, store)
    for county in pending.pending_cost_centre_maps(stock, store, rules):
        marks = _placed([stock.cost_centre_maps[county]])
        request, _ = _request(context, cost_centre_job.name, county, [*marks, rules.version])
        if request:
            yield request
    for key in pending.pending_deliveries(stock, store, rules):
        marks = _placed(stock.months[split(key)])
        request, _ = _request(context, delivery_job.name, key, [*marks, rules.version])
        if request:
            yield request


@dg.sensor(
    jobs=[
        verification_job,
        topic_model_job,
        analysis_job,
        publication_job,
        county_report_job,
        log_job,
        enrichment_job,
    ],
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts what newly sealed versions make due, one stage of the lineage at a time.",
)
def sealed_versions(
    context: dg.SensorEvaluationContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    warehouse: WarehouseResource,
    home: HomeResource,
) -> Iterator[dg.RunRequest]:
    """Start the earliest stage that has work; later stages wait while any of it is under way.

    Work that failed too often holds nobody up.
    """
    store, rules = storage.open(), rule_book.open()
    purge_former_versions(Stock.of(Ledger(home.open_home().ledger)), store)
    if withdraw_unfounded(store, home.open_home()):
        warehouse.open().sync(store, rules)
    folder = home.open_home().enrichment
    if enrichment_pending(store, folder, rules):
        hashes = fingerprints(files_in(folder, rules))
        marks = [*hashes, *hashes.values(), rules.version]
        request, _ = _request(context, enrichment_job.name, None, marks)
        if request:
            yield request
    for job, partitions, inputs in _stages(store, rules):
        marks = [v for asset in inputs for v in _versions(store, asset)]
        asked = [
            _request(context, job, partition, [*marks, rules.version]) for partition in partitions
        ]
        yield from (request for request, _ in asked if request)
        if any(request or under_way for request, under_way in asked):
            return


def _stages(storage: Storage, rules: RuleBook) -> Iterator[tuple[str, list[str | None], list[str]]]:
    """Yield each national stage: its job, its pending partitions, the assets they depend on."""
    yield (
        verification_job.name,
        [*pending.pending_verifications(storage)],
        ["anonymized_feedback", "review_verdicts", "cost_centre_map"],
    )
    vectors = TextModelsResource().open().model_sha256
    missing: list[str | None] = [None] if pending.topic_model_missing(storage, vectors) else []
    yield topic_model_job.name, missing, ["verification_run"]
    yield (
        analysis_job.name,
        [*pending.pending_analyses(storage)],
        ["verification_run", "topic_model"],
    )
    # One month at a time, oldest first: a later month's trend reads the earlier ones.
    months: list[str | None] = [*pending.pending_months(storage, rules)[:1]]
    yield (
        publication_job.name,
        months,
        ["classified_feedback", "analyzed_feedback", "published_tables"],
    )
    yield (
        county_report_job.name,
        [*pending.pending_county_reports(storage)],
        [*PUBLISHED],
    )
    yield log_job.name, [*pending.pending_logs(storage)], ["verification_run", "review_verdicts"]


def _placed(drops: Iterable[Drop]) -> list[str]:
    """Return what tells these files from others, and a reinstated one from its former time."""
    return [f"{drop.content_hash} {drop.look}" for drop in drops]


def _versions(storage: Storage, asset: str) -> list[str]:
    manifests = [storage.sealed(asset, key) for key in storage.sealed_partitions(asset)]
    return [manifest.version for manifest in manifests if manifest]


def _request(
    context: dg.SensorEvaluationContext, job: str, partition: str | None, marks: Iterable[str]
) -> tuple[dg.RunRequest | None, bool]:
    """Ask for a run of this work unless one is under way or it has been tried often enough.

    Args:
        marks: what the work is made from; other marks make it other work.

    Returns:
        The request, if any, and whether a run of this work is under way.
    """
    told = "\n".join([job, partition or "", *sorted(marks)])
    work = hashlib.sha256(told.encode()).hexdigest()[:16]
    runs = context.instance.get_runs(dg.RunsFilter(tags={WORK_TAG: work}))
    if not all(run.is_finished for run in runs):
        return None, True
    if len(runs) >= MOST_ATTEMPTS:
        return None, False
    request = dg.RunRequest(
        run_key=f"{work}-{len(runs)}",
        job_name=job,
        partition_key=partition,
        tags={WORK_TAG: work},
    )
    return request, False
