"""Steps across the border from restricted to national: cleaned rows, verified and logged.

`anonymized_feedback` cleans text and rows, `verification_run` looks over the cleaned text by
independent means and gates all that follows, `anonymization_log` keeps the counts of both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.anonymizer import Finding
from aspa_resources.anonymizer.rows import anonymize_rows
from aspa_resources.resources import AnonymizerResource, RuleBookResource, StorageResource
from aspa_resources.storage import NotSealedError
from expectations.columns import empty_frame, names

GROUP: Final = "anonymization"

# From this many rows on, the delivered order of these columns cannot come back by chance.
ORDER_TELLS_FROM: Final = 20
ORDER_TELLING: Final = ("nps", "age_group", "gender", "cost_centre", "service_form", "text")
# A larger share of disagreement says that a pass is broken, not that a text is unusual.
QUARANTINED_SHARE_AT_MOST: Final = 0.1
FEW_QUARANTINED: Final = 5  # so few say nothing about a pass, whatever their share

_ANONYMIZED: Final = asset_spec(
    "anonymized_feedback",
    group=GROUP,
    kinds={"presidio", "polars", "parquet"},
    description="Feedback with cleaned text, new random ids, coarse times and random order.",
    partitions=COUNTY_MONTHS,
    deps=["validated_feedback"],
)
_VERIFICATION: Final = asset_spec(
    "verification_run",
    group=GROUP,
    kinds={"python", "parquet"},
    description="The independent second pass over the cleaned text: which rows it lets through.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback"],
)
_LOG: Final = asset_spec(
    "anonymization_log",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="What both passes found, by entity type and recogniser: counts, never text.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback", "verification_run"],
)


@computes(_ANONYMIZED)
def anonymized_feedback(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    anonymizer: AnonymizerResource,
    rule_book: RuleBookResource,
) -> Iterator[Event]:
    """Clean the texts and the rows of a delivery."""
    contract = rule_book.open().contract

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        delivery = inputs.manifest("validated_feedback", partition).statistics
        validated = inputs.read("validated_feedback", partition)
        first_pass = anonymizer.open()
        texts = validated["text"].drop_nulls()
        cleaned = first_pass.anonymize(texts.to_list())
        place = ["delivery", "row_number"]
        by_row = validated.filter(pl.col("text").is_not_null()).select(
            *place, text=pl.Series([c.text for c in cleaned], dtype=pl.String)
        )
        with_text = validated.drop("text").join(by_row, on=place, how="left")
        frame = anonymize_rows(with_text, *split(partition), contract)
        return [
            Candidate(
                "anonymized_feedback",
                frame.select(names("anonymized_feedback")),
                statistics={
                    "delivery": delivery,
                    "findings": _count(f for c in cleaned for f in c.findings),
                },
                figures={
                    "rows_lost": validated.height - frame.height,
                    "rows_in_delivered_order": int(
                        frame.height >= ORDER_TELLS_FROM and _same_order(with_text, frame)
                    ),
                },
                parameters={
                    f"{name}_form": f"^(?:{contract.feedback.column(name).pattern})$"
                    for name in ("cost_centre", "questionnaire_version")
                },
                versions={"anonymizer": first_pass.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


@computes(_VERIFICATION)
def verification_run(
    context: dg.AssetExecutionContext, storage: StorageResource, anonymizer: AnonymizerResource
) -> Iterator[Event]:
    """Look over every cleaned text a second time, by other means."""

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        anonymized = inputs.read("anonymized_feedback", partition)
        verifier = anonymizer.open_verifier()
        findings = verifier.verify(anonymized["text"].fill_null("").to_list())
        frame = pl.DataFrame(
            {
                "response_id": anonymized["response_id"],
                "passed": [not of_text for of_text in findings],
                "finding_types": [sorted({f.entity_type for f in of_text}) for of_text in findings],
            },
            schema_overrides={"passed": pl.Boolean, "finding_types": pl.List(pl.String)},
        )
        quarantined = frame.filter(~pl.col("passed")).height
        texts = anonymized["text"].drop_nulls().len()
        return [
            Candidate(
                "verification_run",
                frame,
                statistics={
                    "findings": _count(f for of_text in findings for f in of_text),
                    "quarantined": quarantined,
                    "texts_passed": texts - quarantined,
                },
                figures={
                    "quarantined_share": quarantined / texts if quarantined > FEW_QUARANTINED else 0
                },
                parameters={"quarantined_share_at_most": QUARANTINED_SHARE_AT_MOST},
                versions={"verifier": verifier.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


@computes(_LOG)
def anonymization_log(
    context: dg.AssetExecutionContext, storage: StorageResource
) -> Iterator[Event]:
    """Write down what both passes counted."""

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        passes = {
            "anonymization": inputs.manifest("anonymized_feedback", partition),
            "verification": inputs.manifest("verification_run", partition),
        }
        rows = [
            {"county": county, "month": month, "pass": name, **counted}
            for name, manifest in passes.items()
            for counted in manifest.statistics["findings"]
        ]
        schema = empty_frame("anonymization_log").schema
        return [
            Candidate(
                "anonymization_log",
                pl.DataFrame(rows, schema=schema),
                statistics={"quarantined": passes["verification"].statistics["quarantined"]},
                versions={k: v for m in passes.values() for k, v in m.versions.items()},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


def read_verified(inputs: Inputs, partition: str) -> pl.DataFrame:
    """Return the anonymous rows that the verification run let through, with their text.

    Raises:
        NotSealedError: the verification run looked at another version of the anonymous rows.
    """
    verified = inputs.manifest("verification_run", partition)
    anonymous = inputs.manifest("anonymized_feedback", partition)
    if verified.inputs[f"anonymized_feedback@{partition}"] != anonymous.version:
        raise NotSealedError(
            f"The verification run of {partition} looked at an earlier version of the anonymous "
            "rows. Materialise verification_run first."
        )
    passed = inputs.read("verification_run", partition).filter(pl.col("passed"))
    anonymized = inputs.read("anonymized_feedback", partition)
    return anonymized.join(passed, on="response_id", how="semi")


def _same_order(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Tell whether the ratings still stand in the order in which they were delivered."""
    return before.select(ORDER_TELLING).equals(after.select(ORDER_TELLING))


def _count(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for finding in findings:
        scores[finding.entity_type, finding.recognizer].append(finding.score)
    return [
        {
            "entity_type": entity_type,
            "recognizer": recognizer,
            "findings": len(of_kind),
            "mean_score": sum(of_kind) / len(of_kind),
        }
        for (entity_type, recognizer), of_kind in sorted(scores.items())
    ]
