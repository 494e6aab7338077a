"""Giving months the classes of other rules: first what would change, then, if told to, computing.

A changed rule reclassifies no month by itself: what is published stands on the rules that decided
it until somebody has seen what would move.

Belongs here: which months, the comparison, launching. Not here: deciding classes or counting moves
(`aspa_resources`), what the command prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aspa_assets.automation import reclassification_job
from aspa_assets.classification import classes_under
from aspa_assets.headless import launch
from aspa_assets.partitions import county_month, split
from aspa_assets.sealing import Inputs
from aspa_resources.home import AspaHome
from aspa_resources.reclassification import Comparison, moves
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage

ASSET: Final = "classified_feedback"
VERSION: Final = "service_classes"


def classified_months(storage: Storage, county: str | None, month: str | None) -> list[str]:
    """Return the `county|month` keys that have sealed classes, of a county or month if given."""
    return [
        key
        for key in storage.sealed_partitions(ASSET)
        if county in (None, split(key)[0]) and month in (None, split(key)[1])
    ]


def standing_on_other_rules(storage: Storage, rules: RuleBook) -> list[str]:
    """Return the `county|month` keys whose classes stand on another version of the rules."""
    return [
        key
        for key in storage.sealed_partitions(ASSET)
        if storage.manifest(ASSET, key).versions.get(VERSION) != rules.classification_version
    ]


def compare(storage: Storage, keys: Sequence[str], rules: RuleBook) -> list[Comparison]:
    """Return what some rules would do to the sealed classes of counties' months.

    Raises:
        NotSealedError: A month's rows have to be verified anew first.
    """
    return [_compared(storage, key, rules) for key in keys]


def _compared(storage: Storage, key: str, rules: RuleBook) -> Comparison:
    inputs = Inputs(storage)
    manifest = inputs.manifest(ASSET, key)
    columns = ("response_id", "service_class", "service_class_rule")
    sealed = inputs.read_version(manifest).select(columns)
    other = classes_under(inputs, key, rules).select(columns)
    pairs = sealed.join(other, on="response_id", suffix="_other", maintain_order="left")
    after = pairs.select(
        service_class="service_class_other", service_class_rule="service_class_rule_other"
    )
    county, month = split(key)
    return Comparison(
        county=county,
        month=month,
        stands_on=manifest.versions.get(VERSION, ""),
        compared=rules.classification_version,
        rows=pairs.height,
        moves=moves(pairs, after),
    )


def due(comparisons: Sequence[Comparison]) -> list[str]:
    """Return the `county|month` keys whose classes stand on another version of the rules."""
    return [county_month(o.county, o.month) for o in comparisons if o.stands_on != o.compared]


def reclassify(home: AspaHome, keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """Compute the classes of counties' months anew, under the rules in force.

    What stands on them is pending afterwards: the next run computes it.

    Returns:
        What went wrong, as `(job, partition, message)`.
    """
    return launch(home, reclassification_job.name, keys)
