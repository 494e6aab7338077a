"""What is left to do, told by the manifests alone.

A partition is pending where the sealed versions of its inputs are not those its latest attempt was
made from. So a refused candidate is not tried again until an input or a rule changes, a killed
process leaves its partition pending, and nothing depends on who launched what or when.

Belongs here: finding pending partitions, stage by stage. Not here: running them (automation, cli).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aspa_assets.anonymization_log import PASSES, history
from aspa_assets.partitions import MONTHS_READ, county_month, months_before, split
from aspa_assets.topics import FEWEST_TEXTS, VECTORS
from aspa_assets.verdicts import LEAKS_KNOWN, leaks_known
from aspa_resources.drops import Drop
from aspa_resources.periods import periods_ending
from aspa_resources.rule_book import RuleBook
from aspa_resources.stock import Stock
from aspa_resources.storage import NO_PARTITION, Manifest, Storage
from aspa_resources.warehouse import PUBLISHED
from expectations.marts import SHOWN

# An input of a partition: asset and partition.
Input = tuple[str, str]


def pending_cost_centre_maps(stock: Stock, storage: Storage, rules: RuleBook) -> list[str]:
    """Return counties whose cost-centre map in force is not the one taken in."""
    return [
        county
        for county, drop in sorted(stock.cost_centre_maps.items())
        if not _taken(storage.attempt("cost_centre_map", county), [drop.content_hash], rules)
    ]


def pending_deliveries(stock: Stock, storage: Storage, rules: RuleBook) -> list[str]:
    """Return `county|month` keys whose files in force have not gone the way to anonymous rows."""
    return [
        county_month(*month)
        for month, drops in sorted(stock.months.items())
        if any(drop.reading.kind == "feedback" for drop in drops)
        and _delivery_pending(drops, storage, rules, county_month(*month))
    ]


def _delivery_pending(drops: Sequence[Drop], storage: Storage, rules: RuleBook, key: str) -> bool:
    hashes = sorted(drop.content_hash for drop in drops)
    if not _taken(storage.attempt("raw_delivery", key), hashes, None):
        return True
    delivered, anonymous = ("validated_feedback", key), ("anonymized_feedback", key)
    return _made_under_other_risk_rules(storage, key, rules) or any(
        _stale(storage, asset, key, inputs, rules)
        for asset, inputs in (
            ("validated_feedback", [("raw_delivery", key)]),
            ("sampling_counts", [("raw_delivery", key)]),
            ("anonymized_feedback", [delivered]),
            *(
                [("residual_risk", [delivered, anonymous]), ("review_queue", [anonymous])]
                if _kept(storage, key)
                else []
            ),
        )
    )


def _made_under_other_risk_rules(storage: Storage, key: str, rules: RuleBook) -> bool:
    """Tell whether rows could be generalised by rules that changed since.

    Other rules than those of the residual risk decide nothing in anonymous rows, and what was
    purged after its retention time cannot be made anew.
    """
    attempt = storage.attempt("anonymized_feedback", key)
    return (
        attempt is not None
        and attempt.versions.get("residual_risk") != rules.disclosure.residual_risk.version
        and _kept(storage, key)
    )


def _kept(storage: Storage, key: str) -> bool:
    """Tell whether the rows that the county delivered are still there."""
    delivered = storage.sealed("validated_feedback", key)
    return delivered is not None and not delivered.purged


def pending_verifications(storage: Storage) -> list[str]:
    """Return `county|month` keys whose anonymous rows have not been verified and classified.

    Other rules for service classes make nothing due: `aspa reclassify` shows first what they move.
    """
    return [
        key
        for key in storage.sealed_partitions("anonymized_feedback")
        if any(
            _stale(storage, asset, key, inputs)
            for asset, inputs in _verification_inputs(storage, key)
        )
        or _leaks_changed(storage, key)
    ]


def _leaks_changed(storage: Storage, key: str) -> bool:
    """Tell whether reviewers have seen other leaks than the verification run knew of."""
    attempt = storage.attempt("verification_run", key)
    known = attempt.statistics.get(LEAKS_KNOWN, "") if attempt else ""
    return bool(known != leaks_known(storage.sealed("review_verdicts", key)))


def _verification_inputs(storage: Storage, key: str) -> list[tuple[str, list[Input]]]:
    county, _ = split(key)
    anonymized, verified = ("anonymized_feedback", key), ("verification_run", key)
    mapped = storage.sealed("cost_centre_map", county) is not None
    cost_centres = [("cost_centre_map", county)] if mapped else []
    return [
        ("verification_run", [anonymized]),
        ("classified_feedback", [anonymized, verified, *cost_centres]),
    ]


def pending_logs(storage: Storage) -> list[str]:
    """Return `county|month` keys whose log does not stand on the counts of its month and history.

    A late, changed or withdrawn month makes the logs that reach back to it due, each once.
    """
    verified = storage.sealed_partitions("verification_run")
    current = {
        f"{asset}@{key}": storage.manifest(asset, key).version
        for asset in (*PASSES, "review_verdicts")
        for key in storage.sealed_partitions(asset)
    }
    waiting = set(pending_verifications(storage))
    return [
        key
        for key in verified
        if key not in waiting and _log_due(storage, key, history(verified, key), current)
    ]


def _log_due(
    storage: Storage, key: str, earlier: Sequence[str], current: Mapping[str, str]
) -> bool:
    attempt = storage.attempt("anonymization_log", key)
    if attempt is None:
        return True
    wanted = {f"{asset}@{month}" for asset in PASSES for month in (key, *earlier)}
    wanted |= {f"review_verdicts@{key}"} & current.keys()
    return any(attempt.inputs.get(name) != current[name] for name in wanted) or any(
        name not in current for name in attempt.inputs
    )


def pending_analyses(storage: Storage) -> list[str]:
    """Return `county|month` keys whose verified texts have not been analysed as they can be.

    Other text models or a changed topic model make nothing due: `aspa reanalyze` shows what they
    concern. The first topic model does: texts analysed before it have no topics.
    """
    fitted = storage.sealed("topic_model", NO_PARTITION) is not None
    return [
        key
        for key in storage.sealed_partitions("verification_run")
        if _stale(
            storage,
            "analyzed_feedback",
            key,
            [("anonymized_feedback", key), ("verification_run", key)],
        )
        or (fitted and _without_topics(storage, key))
    ]


def _without_topics(storage: Storage, key: str) -> bool:
    attempt = storage.attempt("analyzed_feedback", key)
    return attempt is not None and f"topic_model@{NO_PARTITION}" not in attempt.inputs


def topic_model_missing(storage: Storage, vectors: str) -> bool:
    """Tell whether the first topic model can be fitted, or must be moved to other vectors.

    A refit is never pending.

    Args:
        storage: where the versions are.
        vectors: SHA-256 of the model in force that gives texts their vectors.
    """
    known = storage.attempt("topic_model", NO_PARTITION)
    if known is not None and known.sealed:
        return known.versions.get(VECTORS) != vectors
    verified = [("verification_run", key) for key in storage.sealed_partitions("verification_run")]
    manifests = [storage.manifest(*verification) for verification in verified]
    return (
        storage.sealed("topic_model", NO_PARTITION) is None
        and sum(m.statistics["texts_passed"] for m in manifests) >= FEWEST_TEXTS
        and _stale(storage, "topic_model", NO_PARTITION, verified)
    )


def pending_months(storage: Storage, rules: RuleBook) -> list[str]:
    """Return months whose published tables do not stand on the sealed versions, oldest first.

    A changed rule makes every month due: what is published must follow the thresholds in force.
    """
    sealed = storage.sealed_partitions("classified_feedback")
    return [
        month
        for month in sorted({split(key)[1] for key in sealed})
        if any(
            _stale(storage, asset, month, inputs) for asset, inputs in _month_inputs(storage, month)
        )
        or _published_under_other_rules(storage, month, rules)
    ]


def _published_under_other_rules(storage: Storage, month: str, rules: RuleBook) -> bool:
    attempt = storage.attempt("published_tables", month)
    return attempt is not None and attempt.versions["rules"] != rules.version


def _month_inputs(storage: Storage, month: str) -> list[tuple[str, list[Input]]]:
    def of_counties(*assets: str) -> list[Input]:
        return [
            (asset, key)
            for asset in assets
            for key in storage.sealed_partitions(asset)
            if split(key)[1] == month
        ]

    year = [
        ("indicator_mart", other)
        for other in months_before(month)
        if storage.sealed("indicator_mart", other)
    ]
    texts = of_counties("classified_feedback", "analyzed_feedback")
    published = [
        ("published_tables", other)
        for other in (month, *months_before(month, MONTHS_READ - 1))
        if storage.sealed("published_tables", other)
    ]
    periods = periods_ending(month)
    months = {month, *(m for period in periods for m in period.months)}
    ended = [q.last_month for p in periods for q in p.quarters if q.last_month != month]
    behind = [
        *((asset, m) for m in months for asset in ("published_tables", "indicator_mart")),
        *(("published_periods", m) for m in ended),
    ]
    shown = [(asset, month) for asset in PUBLISHED]
    return [
        ("indicator_mart", of_counties("classified_feedback")),
        ("theme_mart", texts),
        ("word_mart", texts),
        ("coverage_mart", of_counties("classified_feedback", "sampling_counts")),
        ("quality_mart", of_counties("classified_feedback", "verification_run")),
        ("trend_mart", [("indicator_mart", month), *year]),
        ("published_tables", [(mart, month) for mart in SHOWN]),
        ("published_trends", published),
        ("published_periods", [one for one in behind if storage.sealed(*one)]),
        ("national_report", shown),
        ("thl_delivery", shown),
    ]


def pending_county_reports(storage: Storage) -> list[str]:
    """Return `county|month` keys whose report does not stand on the month's published tables."""
    return [
        key
        for key in storage.sealed_partitions("classified_feedback")
        if _stale(
            storage,
            "county_report",
            key,
            [(asset, split(key)[1]) for asset in PUBLISHED],
        )
    ]


def _taken(attempt: Manifest | None, hashes: Sequence[str], rules: RuleBook | None) -> bool:
    """Tell whether the latest attempt took exactly these files, under these rules if given."""
    if attempt is None or attempt.statistics["content_hashes"] != list(hashes):
        return False
    return attempt.sealed or rules is None or attempt.versions.get("rules") == rules.version


def _stale(
    storage: Storage,
    asset: str,
    partition: str,
    inputs: Iterable[Input],
    rules: RuleBook | None = None,
) -> bool:
    """Tell whether a partition can be computed and was not yet from these inputs."""
    current = {f"{a}@{p}": storage.sealed(a, p) for a, p in inputs}
    if any(manifest is None for manifest in current.values()):
        return False
    attempt = storage.attempt(asset, partition)
    if attempt is None:
        return True
    if any(m and attempt.inputs.get(key) != m.version for key, m in current.items()):
        return True
    if any(storage.sealed(*_named(key)) is None for key in attempt.inputs.keys() - current.keys()):
        return True  # an input was taken out
    # A refused candidate deserves another try once a rule was mended.
    return (
        not attempt.sealed and rules is not None and attempt.versions.get("rules") != rules.version
    )


def _named(key: str) -> Input:
    asset, _, partition = key.partition("@")
    return asset, partition
