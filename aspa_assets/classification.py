"""The step that makes organisations comparable: an Aura service class for every feedback."""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.anonymization import read_verified
from aspa_assets.partitions import COUNTY_MONTHS, OF_THE_COUNTY, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.residual_risk.generalise import with_members, without_groups
from aspa_resources.resources import RuleBookResource, StorageResource
from aspa_resources.service_classifier import UNCLASSIFIED, classify
from expectations.columns import empty_frame, names

GROUP: Final = "classification"

# Above this the county's recording practice is worth a call; the rows are shown all the same.
UNCLASSIFIED_SHARE_AT_MOST: Final = 0.2

_CLASSIFIED: Final = asset_spec(
    "classified_feedback",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="Verified feedback without text, with its Aura service class, its specialty and "
    "the id of the rule that decided.",
    partitions=COUNTY_MONTHS,
    deps=[
        "anonymized_feedback",
        "verification_run",
        dg.AssetDep("cost_centre_map", partition_mapping=OF_THE_COUNTY),
    ],
)


@computes(_CLASSIFIED)
def classified_feedback(
    context: dg.AssetExecutionContext, storage: StorageResource, rule_book: RuleBookResource
) -> Iterator[Event]:
    """Decide every verified row by the county's cost-centre map, then by the rule table."""
    rules = rule_book.open()
    risk = rules.disclosure.residual_risk

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        verified = read_verified(inputs, partition)
        cost_centres = inputs.read_if_sealed("cost_centre_map", county)
        # A row with a coarse age has its class like any of that age, and in tables no age group.
        frame = classify(
            with_members(verified.drop("text"), risk),
            empty_frame("cost_centre_map") if cost_centres is None else cost_centres,
            month,
            rules,
        ).with_columns(without_groups(verified.select(risk.generalised), risk).get_columns())
        frame = frame.select(names("classified_feedback"))
        unclassified = frame.filter(pl.col("service_class") == UNCLASSIFIED).height
        by_rule = frame["service_class_rule"].value_counts().sort("service_class_rule")
        classes = rules.code_sets["service_classes"].codes["code"].to_list()
        return [
            Candidate(
                "classified_feedback",
                frame,
                statistics={
                    "unclassified": unclassified,
                    "by_rule": dict(by_rule.iter_rows()),
                },
                figures={
                    "rows_lost": verified.height - frame.height,
                    "unclassified_share": unclassified / max(frame.height, 1),
                },
                parameters={
                    "service_classes": [*classes, UNCLASSIFIED],
                    "rule_ids": [*(rule.id for rule in rules.inference_rules), UNCLASSIFIED],
                    "unclassified_share_at_most": UNCLASSIFIED_SHARE_AT_MOST,
                },
                versions={"rules": rules.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)
