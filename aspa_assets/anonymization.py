"""Steps across the border from restricted to national: cleaned rows, verified.

`anonymized_feedback` cleans text and rows, `verification_run` looks over the cleaned text by
independent means and gates all that follows. `anonymization_log` keeps the counts of both.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_assets.verdicts import LEAKS_KNOWN, leaks_known
from aspa_resources.anonymization_log.counting import count_findings, count_texts
from aspa_resources.anonymizer import Finding
from aspa_resources.anonymizer.rows import anonymize_rows
from aspa_resources.anonymizer.verification.planted import missed_by
from aspa_resources.residual_risk.generalise import generalise
from aspa_resources.residual_risk.measure import ANY, broken_promises
from aspa_resources.resources import AnonymizerResource, RuleBookResource, StorageResource
from aspa_resources.review import leaks, text_hash
from aspa_resources.storage import NotSealedError
from expectations.columns import names

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
    description="The independent second pass over the cleaned text: which rows it lets through. "
    "A text in which a reviewer saw a leak does not pass either.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback", "review_verdicts"],
    code_version="2",
)


@computes(_ANONYMIZED)
def anonymized_feedback(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    anonymizer: AnonymizerResource,
    rule_book: RuleBookResource,
) -> Iterator[Event]:
    """Clean the texts and the rows of a delivery."""
    rules = rule_book.open()
    contract, risk = rules.contract, rules.disclosure.residual_risk

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
        generalised = generalise(anonymize_rows(with_text, *split(partition), contract), risk)
        frame = generalised.rows
        return [
            Candidate(
                "anonymized_feedback",
                frame.select(names("anonymized_feedback")),
                statistics={
                    "delivery": delivery,
                    **count_texts(texts, cleaned),
                    "findings": count_findings(c.findings for c in cleaned),
                    "generalised": {ANY: generalised.count, **generalised.by_column},
                },
                figures={
                    "rows_rarer_than_promised": broken_promises(frame, risk),
                    "rows_lost": validated.height - frame.height,
                    "rows_in_delivered_order": int(
                        frame.height >= ORDER_TELLS_FROM
                        and _same_order(with_text, frame, risk.generalised)
                    ),
                },
                parameters={
                    f"{name}_form": f"^(?:{contract.feedback.column(name).pattern})$"
                    for name in ("cost_centre", "questionnaire_version")
                },
                versions={"anonymizer": first_pass.version, "residual_risk": risk.version},
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
        verdicts = inputs.manifest_if_sealed("review_verdicts", partition)
        reported = leaks(inputs.read_version(verdicts)) if verdicts else {}
        verifier = anonymizer.open_verifier()
        texts = anonymized["text"].fill_null("").to_list()
        objections = verifier.verify(texts)
        disagreeing = sum(map(bool, objections))  # what a person reports says nothing of a pass
        findings = [
            (*found, *_reported(text, reported))
            for text, found in zip(texts, objections, strict=True)
        ]
        frame = pl.DataFrame(
            {
                "response_id": anonymized["response_id"],
                "passed": [not of_text for of_text in findings],
                "finding_types": [sorted({f.entity_type for f in of_text}) for of_text in findings],
            },
            schema_overrides={"passed": pl.Boolean, "finding_types": pl.List(pl.String)},
        )
        quarantined = frame.filter(~pl.col("passed")).height
        not_empty = anonymized["text"].drop_nulls().len()
        return [
            Candidate(
                "verification_run",
                frame,
                statistics={
                    "findings": count_findings(findings),
                    "quarantined": quarantined,
                    "texts_passed": not_empty - quarantined,
                    LEAKS_KNOWN: leaks_known(verdicts),
                },
                figures={
                    "rows_unverified": anonymized.join(frame, on="response_id", how="anti").height,
                    "rows_passed": frame.height - quarantined,
                    "planted_leaks_missed": missed_by(verifier),
                    "quarantined_share": disagreeing / not_empty
                    if disagreeing > FEW_QUARANTINED
                    else 0,
                },
                parameters={"quarantined_share_at_most": QUARANTINED_SHARE_AT_MOST},
                versions={"verifier": verifier.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


def read_verified(inputs: Inputs, partition: str) -> pl.DataFrame:
    """Return the anonymous rows that the verification run let through, with their text.

    Raises:
        NotSealedError: the verification run looked at another version of the anonymous rows, or
            did not know what reviewers have said of them by now.
    """
    verified = inputs.manifest("verification_run", partition)
    rows = inputs.manifest("anonymized_feedback", partition)
    leaks_now = leaks_known(inputs.sealed("review_verdicts", partition))
    for current, told in (
        (
            verified.inputs.get(f"anonymized_feedback@{partition}") == rows.version,
            "looked at an earlier version of the anonymous rows",
        ),
        (
            verified.statistics.get(LEAKS_KNOWN, "") == leaks_now,
            "knows nothing of the reviewers' latest verdicts",
        ),
    ):
        if not current:
            raise NotSealedError(
                f"The verification run of {partition} {told}. Materialise verification_run first."
            )
    # These very versions: what was sealed since has other ids, and no row would seem to pass.
    passed = inputs.read_version(verified).filter(pl.col("passed"))
    return inputs.read_version(rows).join(passed, on="response_id", how="semi")


def _reported(text: str, leaking: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Yield what a reviewer saw left in a text."""
    for entity_type in leaking.get(text_hash(text), ()) if leaking else ():
        yield Finding(entity_type, "reviewer", 1.0)


def _same_order(before: pl.DataFrame, after: pl.DataFrame, changed: Sequence[str]) -> bool:
    """Tell whether the ratings still stand in the order in which they were delivered.

    Columns that may have changed meanwhile would hide it.
    """
    telling = [column for column in ORDER_TELLING if column not in changed]
    return before.select(telling).equals(after.select(telling))
