"""Running the lineage without the UI: every pending stage in order, in this process.

Belongs here: launching jobs and gathering how they came out. Not here: what is pending (pending)
or how it is told to people (cli).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import dagster as dg

from aspa_assets import automation, pending
from aspa_assets.definitions import build_definitions
from aspa_assets.enrichment import enrichment_pending
from aspa_assets.event_log import light_commits
from aspa_assets.retention import purge_outlived, retention_days
from aspa_assets.withdrawal import (
    purge_former_versions,
    sweep,
    withdraw_retracted,
    withdraw_unfounded,
)
from aspa_resources.drops import Event
from aspa_resources.home import AspaHome
from aspa_resources.intake import take_stock
from aspa_resources.landing_zone import LandingZone
from aspa_resources.resources import TextModelsResource, open_landing_zone
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.warehouse import Warehouse
from aspa_resources.zones import ZoneKeys

SETTINGS: Final = Path(__file__).with_name("dagster.yaml")
QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

# Told of each piece of work before it starts: stage, partition, how many are left in the stage.
Listener = Callable[[str, str, int], None]


@dataclass
class Summary:
    """What one headless run did.

    Attributes:
        events: what happened to dropped files since the last run.
        done: partitions that went through, by job.
        problems: what went wrong, as `(job, partition, message)`.
    """

    events: list[Event] = field(default_factory=list)
    done: dict[str, list[str]] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def open_instance(home: AspaHome) -> dg.DagsterInstance:
    """Return Dagster's instance of this home, with our settings where it has none."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    if not (home.dagster / SETTINGS.name).exists():
        shutil.copy(SETTINGS, home.dagster / SETTINGS.name)
    return dg.DagsterInstance.from_config(str(home.dagster))


def run_pending(home: AspaHome, listener: Listener) -> Summary:
    """Scan the landing zone and run every pending stage, earliest first."""
    rules = RuleBook.load()
    landing = open_landing_zone(home)
    storage = Storage(home.storage, ZoneKeys(home.keys))
    sweep(home, storage)
    purge_outlived(landing, storage, retention_days(), datetime.now(UTC))
    summary = Summary(events=take_stock(landing, rules, home.receipts))
    withdraw_retracted(landing, storage)
    withdraw_unfounded(storage, home)
    definitions = build_definitions()
    with light_commits(), open_instance(home) as instance:
        for job, find in _stages(landing, storage, rules, home.enrichment):
            tried: list[str | None] = []
            # What one partition seals may make another due: a late month, the months after it.
            while todo := [partition for partition in find() if partition not in tried]:
                for done, partition in enumerate(todo):
                    listener(job, partition or "", len(todo) - done)
                    problem = _run(definitions, instance, job, partition)
                    if problem:
                        summary.problems.append((job, partition or "", problem))
                    else:
                        summary.done.setdefault(job, []).append(partition or "")
                tried += todo
    Warehouse(home.warehouse).sync(storage, rules)  # a killed run may have left it behind
    purge_former_versions(landing.stock(), storage)
    return summary


def launch(
    home: AspaHome,
    job: str,
    partitions: Sequence[str | None],
    config: Mapping[str, object] | None = None,
) -> list[tuple[str, str, str]]:
    """Run one job on partitions by somebody's decision, whether or not they are pending.

    Args:
        home: where.
        job: its name.
        partitions: their keys; None for a job without partitions.
        config: by op, what it is told for this run.

    Returns:
        What went wrong, as `(job, partition, message)`.
    """
    definitions = build_definitions()
    with light_commits(), open_instance(home) as instance:
        told = [(one, _run(definitions, instance, job, one, config)) for one in partitions]
    return [(job, one or "", problem) for one, problem in told if problem]


def _stages(
    landing: LandingZone, storage: Storage, rules: RuleBook, folder: Path
) -> Iterator[tuple[str, Callable[[], Sequence[str | None]]]]:
    text_models = TextModelsResource().open()
    yield (
        automation.cost_centre_job.name,
        lambda: pending.pending_cost_centre_maps(landing.stock(), storage, rules),
    )
    yield (
        automation.delivery_job.name,
        lambda: pending.pending_deliveries(landing.stock(), storage, rules),
    )
    yield automation.verification_job.name, lambda: pending.pending_verifications(storage)
    yield (
        automation.topic_model_job.name,
        lambda: [None] if pending.topic_model_missing(storage, text_models.model_sha256) else [],
    )
    yield (
        automation.enrichment_job.name,
        lambda: [None] if enrichment_pending(storage, folder, rules) else [],
    )
    yield automation.analysis_job.name, lambda: pending.pending_analyses(storage)
    yield automation.publication_job.name, lambda: pending.pending_months(storage, rules)
    yield automation.county_report_job.name, lambda: pending.pending_county_reports(storage)
    yield automation.log_job.name, lambda: pending.pending_logs(storage)


def _run(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    job: str,
    partition: str | None,
    config: Mapping[str, object] | None = None,
) -> str:
    """Run one job and return what went wrong, or nothing."""
    result = definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        partition_key=partition,
        run_config={**QUIET, "ops": dict(config or {})},
        raise_on_error=False,
    )
    if result.success:
        return ""
    messages = [_message(event) for event in result.all_events if event.is_step_failure]
    return " ".join(messages) or f"Run {result.run_id} failed; the Dagster UI shows where."


def _message(event: dg.DagsterEvent) -> str:
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    # Any other error may quote data in its text: name its kind only.
    error = failure.error.cause or failure.error if failure.error else None
    kind = error.cls_name if error else "error"
    return f"{event.step_key} stopped with {kind}; the Dagster UI shows where."
