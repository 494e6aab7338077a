"""The step that makes organisations comparable: an Aura service class for every feedback."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.anonymization import read_verified
from aspa_assets.partitions import COUNTY_MONTHS, OF_THE_COUNTY, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.residual_risk.generalise import with_members, without_groups
from aspa_resources.resources import RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.condition_checks import codes_of
from aspa_resources.rule_book.gaps import gaps
from aspa_resources.service_classifier import (
    SOURCES,
    UNCLASSIFIED,
    classify,
    county_map,
    first_day,
    measure_map,
    missing_inputs,
)
from expectations.columns import names

GROUP: Final = "classification"

# Above this the county's recording practice is worth a call; the rows are shown all the same.
UNCLASSIFIED_SHARE_AT_MOST: Final = 0.2

_CLASSIFIED: Final = asset_spec(
    "classified_feedback",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="Verified feedback without text, with its Aura service class, its specialty, the "
    "id of the rule that decided and a fingerprint of what it decided by.",
    partitions=COUNTY_MONTHS,
    deps=[
        "anonymized_feedback",
        "verification_run",
        dg.AssetDep("cost_centre_map", partition_mapping=OF_THE_COUNTY),
    ],
    code_version="2",
)


@computes(_CLASSIFIED)
def classified_feedback(
    context: dg.AssetExecutionContext, storage: StorageResource, rule_book: RuleBookResource
) -> Iterator[Event]:
    """Decide every verified row by the county's cost-centre map, then by the rule table."""
    rules = rule_book.open()
    latest = max(split(str(partition))[1] for partition in context.partition_keys)
    context.add_asset_metadata(
        {"undecided": dg.MetadataValue.md(_undecided(rules, latest))}, _CLASSIFIED.key
    )

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        risk = rules.disclosure.residual_risk
        verified = read_verified(inputs, partition)
        cost_centres = _county_map(inputs, county, rules)
        decided = _decided(verified, cost_centres, month, rules)
        statistics = _statistics(decided, cost_centres, month, rules)
        # A row with a coarse age has its class like any of that age, and in tables no age group.
        frame = decided.with_columns(
            without_groups(verified.select(risk.generalised), risk).get_columns()
        ).select(names("classified_feedback"))
        return [
            Candidate(
                "classified_feedback",
                frame,
                statistics=statistics,
                figures={
                    "rows_lost": verified.height - frame.height,
                    "unclassified_share": statistics["unclassified"] / max(frame.height, 1),
                },
                parameters=_parameters(rules, month),
                versions={"rules": rules.version, "service_classes": rules.classification_version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


def classes_under(inputs: Inputs, partition: str, rules: RuleBook) -> pl.DataFrame:
    """Return the verified rows of a county's month with the classes that some rules give them.

    Raises:
        NotSealedError: There are no verified rows, or their verification is out of date.
    """
    county, month = split(partition)
    cost_centres = _county_map(inputs, county, rules)
    return _decided(read_verified(inputs, partition), cost_centres, month, rules)


def _county_map(inputs: Inputs, county: str, rules: RuleBook) -> pl.DataFrame:
    return county_map(inputs.read_if_sealed("cost_centre_map", county), county, rules)


def _decided(
    verified: pl.DataFrame, cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> pl.DataFrame:
    risk = rules.disclosure.residual_risk
    return classify(with_members(verified.drop("text"), risk), cost_centres, month, rules)


def _statistics(
    decided: pl.DataFrame, cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> dict[str, Any]:
    """Count how classes came about, and what kept rows from having one."""
    day = first_day(month)
    by_rule = decided["service_class_rule"].value_counts().sort("service_class_rule")
    by_source = dict(decided["service_class_source"].value_counts().iter_rows())
    unclassified = decided.filter(pl.col("service_class") == UNCLASSIFIED)
    return {
        "unclassified": unclassified.height,
        "by_rule": dict(by_rule.iter_rows()),
        "by_source": {source: by_source.get(source, 0) for source in SOURCES},
        "missing_inputs": missing_inputs(unclassified, rules, day, cost_centres),
        "cost_centres": measure_map(decided, cost_centres, day, rules),
    }


def _undecided(rules: RuleBook, month: str) -> str:
    """Return, as a table in Markdown, what the rules of a month speak about and leave undecided."""
    codes = codes_of(rules.contract, rules.code_sets)
    lines = [
        f"| {gap.column} {', '.join(gap.codes)} | {_values(gap.undecided_with)} |"
        for gap in gaps(rules.inference, codes, first_day(month))
    ]
    return "\n".join(["| rows with | have no class with |", "|---|---|", *lines])


def _values(undecided_with: Mapping[str, Sequence[str | None]]) -> str:
    return "; ".join(
        f"{column} {', '.join(value or 'missing' for value in values)}"
        for column, values in undecided_with.items()
    )


def _parameters(rules: RuleBook, month: str) -> dict[str, Any]:
    classes = rules.code_sets["service_classes"].valid_on(first_day(month))["code"].to_list()
    rule_ids = dict.fromkeys(rule.id for rule in rules.inference_rules)
    return {
        "service_classes": [*classes, UNCLASSIFIED],
        "rule_ids": [*rule_ids, UNCLASSIFIED],
        "sources": list(SOURCES),
        "unclassified_share_at_most": UNCLASSIFIED_SHARE_AT_MOST,
    }
