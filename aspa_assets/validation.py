"""The step that judges a delivery: accepted rows, rejected rows, and what the county is told."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.delivery import Judged, judge, read_delivery, receipt
from aspa_resources.receipts import write_receipt
from aspa_resources.resources import HomeResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from expectations.columns import names

GROUP: Final = "validation"

_VALIDATED: Final = asset_spec(
    "validated_feedback",
    group=GROUP,
    kinds={"polars", "greatexpectations", "parquet"},
    description="The accepted rows in the canonical schema.",
    partitions=COUNTY_MONTHS,
    deps=["raw_delivery"],
)
_REJECTED: Final = asset_spec(
    "rejected_rows",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="Which rows were not taken in, and why: row, field and fault, no values.",
    partitions=COUNTY_MONTHS,
    deps=["raw_delivery"],
)
_RECEIPT: Final = asset_spec(
    "delivery_receipt",
    group=GROUP,
    kinds={"html", "json"},
    description="What the county is told of its delivery, in Finnish, Swedish and English.",
    partitions=COUNTY_MONTHS,
    deps=["raw_delivery"],
)


@computes(_REJECTED, _RECEIPT, _VALIDATED, name="validate_delivery")
def validated_feedback(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Judge every row of a delivery; the receipt is written also when the whole is refused."""
    rules, receipts = rule_book.open(), home.open_home().receipts

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        raw = inputs.read("raw_delivery", partition).filter(pl.col("kind") == "feedback")
        file_name, content = raw.select("file_name", "content").row(0)
        read = read_delivery(content, county, rules)
        judged = judge(read, county, month, rules)
        told = receipt(file_name, county, month, rules, read=read, judged=judged)
        versions = {"rules": rules.version}
        return [
            Candidate("rejected_rows", judged.rejected, versions=versions),
            Candidate(
                "delivery_receipt",
                pl.DataFrame(
                    {
                        "file_name": [file_name],
                        "verdict": [told["verdict"]],
                        "receipt": [json.dumps(told, ensure_ascii=False)],
                    }
                ),
                versions=versions,
                effect=lambda: write_receipt(receipts / county / month, told),
            ),
            _validated(judged, county, rules),
        ]

    yield from seal_partitions(context, storage.open(), compute)


def _validated(judged: Judged, county: str, rules: RuleBook) -> Candidate:
    profile = rules.profile(county)
    cost_centre = judged.completeness["cost_centre"]
    site = judged.completeness["site"]
    return Candidate(
        "validated_feedback",
        judged.accepted.select(names("validated_feedback")),
        statistics={
            "rows_delivered": judged.rows_delivered,
            "rows_accepted": judged.rows_accepted,
            "rows_rejected": judged.rows_rejected,
            "cost_centre_completeness": cost_centre,
            "site_completeness": site,
        },
        figures={
            "rows_unaccounted": judged.rows_delivered - judged.rows_accepted - judged.rows_rejected,
            "rejected_share": judged.rows_rejected / judged.rows_delivered,
            "cost_centre_completeness": cost_centre,
            "site_completeness": site,
        },
        parameters={
            "rejected_share_at_most": profile.rejected_share_at_most,
            "completeness_at_least": profile.completeness_at_least,
            **{
                name: rules.code_sets[name].codes["code"].unique().to_list()
                for name in ("age_groups", "specialties", "contact_modes", "service_forms")
            },
        },
        versions={"rules": rules.version},
    )
