"""The anonymisation log: what both passes counted in a county's month, and how unusual that is.

A month is held against the county's earlier ones, up to twelve, as they are sealed now; they are
inputs of its log. So a month that is delivered late, changed or taken out makes the logs after it
due, each once: they read the counts of the passes, never one another. Other counties' months stand
in where a county has few of its own; of these only a withdrawal makes a log due.

Belongs here: gathering the counts, sealing the log, writing its pages. Not here: the statistics
(aspa_resources.anonymization_log).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, county_month, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources import atomic_files
from aspa_resources.anonymization_log.drift import MOST_MONTHS, Month, drift
from aspa_resources.anonymization_log.pages import Logged, county_page, index_page
from aspa_resources.anonymization_log.shares import can_be_read, shares
from aspa_resources.home import AspaHome
from aspa_resources.resources import HomeResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Manifest, NotSealedError, Storage
from expectations.columns import empty_frame

PASSES: Final = ("anonymized_feedback", "verification_run")
_KEPT: Final = ("texts", "texts_without_finding", "texts_with", "words", "words_removed")
_PER: Final = 1000  # texts

_LOG: Final = asset_spec(
    "anonymization_log",
    group="anonymization",
    kinds={"polars", "parquet", "html"},
    description="What both passes found, by entity type and recogniser, and how it stands to the "
    "county's earlier months: counts, never text.",
    partitions=COUNTY_MONTHS,
    deps=[*PASSES, "review_verdicts"],
)


@computes(_LOG)
def anonymization_log(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Write down what both passes counted, and show it to the operators."""
    rules, store, folders = rule_book.open(), storage.open(), home.open_home()

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        first, second = (inputs.manifest(asset, partition) for asset in PASSES)
        if second.inputs[f"anonymized_feedback@{partition}"] != first.version:
            raise NotSealedError(
                f"The verification run of {partition} looked at an earlier version of the "
                "anonymous rows. Materialise verification_run first."
            )
        reviewed = inputs.manifest_if_sealed("review_verdicts", partition)
        told = drift(_month(first, second), *_history(store, inputs, partition))
        statistics = {
            **{name: first.statistics[name] for name in _KEPT},
            "quarantined": second.statistics["quarantined"],
            "texts_passed": second.statistics["texts_passed"],
            "found": first.statistics["findings"],
            "objected": second.statistics["findings"],
            "drift": [asdict(one) for one in told],
            "review": reviewed.statistics if reviewed else {},
        }
        logged = Logged(*split(partition), statistics, _versions(first, second))
        return [
            Candidate(
                "anonymization_log",
                _frame(logged),
                statistics=statistics,
                figures={"drifting": sum(one.result in ("more", "fewer") for one in told)},
                versions=logged.versions,
                effect=lambda: write_pages(folders, store, rules, {partition: logged}),
            )
        ]

    yield from seal_partitions(context, store, compute)


def history(partitions: Iterable[str], partition: str) -> list[str]:
    """Return the county's earlier months among these, the nearest first, as `county|month`."""
    of_county = county_month(split(partition)[0], "")
    earlier = [key for key in partitions if key.startswith(of_county) and key < partition]
    return sorted(earlier, reverse=True)[:MOST_MONTHS]


def write_pages(
    home: AspaHome,
    storage: Storage,
    rules: RuleBook,
    changed: Mapping[str, Logged | None],
) -> None:
    """Write the pages of the counties concerned, and the list of all; may be repeated.

    Args:
        changed: by `county|month`, what is about to be sealed, or None for what is about to be
            withdrawn. A county without any month left loses its page.
    """
    sealed = {key: _logged(storage, key) for key in storage.sealed_partitions("anonymization_log")}
    known = [one for one in {**sealed, **changed}.values() if one is not None]
    folder = home.operator / "anonymization"
    for county in {split(key)[0] for key in changed}:
        months = [one for one in known if one.county == county]
        if months:
            atomic_files.write_text(folder / f"{county}.html", county_page(months, rules))
        else:
            atomic_files.remove(folder / f"{county}.html")
    atomic_files.write_text(folder / "index.html", index_page(known, rules))


def _history(store: Storage, inputs: Inputs, partition: str) -> tuple[list[Month], list[Month]]:
    """Return the county's earlier months, and the latest one of every other county.

    Versions that were sealed before all these counts were kept tell nothing.
    """
    sealed = store.sealed_partitions("verification_run")
    latest = {split(key)[0]: key for key in sealed if split(key)[0] != split(partition)[0]}

    def read(keys: Iterable[str]) -> list[Month]:
        passes = [[inputs.manifest(asset, key) for asset in PASSES] for key in keys]
        return [_month(*both) for both in passes if can_be_read(both[0].statistics)]

    own = read(history(sealed, partition))
    return own, [] if len(own) == MOST_MONTHS else read(latest.values())


def _month(first: Manifest, second: Manifest) -> Month:
    versions = _versions(first, second)
    return Month(
        shares(first.statistics, second.statistics), " ".join(sorted(set(versions.values())))
    )


def _versions(first: Manifest, second: Manifest) -> dict[str, str]:
    return {
        "anonymizer": first.versions["anonymizer"],
        "verifier": second.versions["verifier"],
    }


def _logged(storage: Storage, key: str) -> Logged | None:
    """Return a sealed log; None for one of a version that did not tell of drift."""
    manifest = storage.manifest("anonymization_log", key)
    if "drift" not in manifest.statistics:
        return None
    return Logged(*split(key), manifest.statistics, manifest.versions)


def _frame(logged: Logged) -> pl.DataFrame:
    texts = logged.statistics["texts"]
    rows: list[dict[str, Any]] = [
        {
            "county": logged.county,
            "month": logged.month,
            "pass": name,
            "per_1000_texts": _PER * counted["findings"] / texts if texts else None,
            **{k: v for k, v in counted.items() if k != "score_tenths"},
        }
        for name, findings in (("anonymization", "found"), ("verification", "objected"))
        for counted in logged.statistics[findings]
    ]
    return pl.DataFrame(rows, schema=empty_frame("anonymization_log").schema)
