"""The step that judges a delivery: accepted rows, rejected rows, and what the county is told."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.delivery import Judged, judge, read_delivery, receipt
from aspa_resources.delivery.notes import DeliveryNote, fingerprint
from aspa_resources.delivery.receipts import Receipt
from aspa_resources.delivery.service_classes import told_classes
from aspa_resources.delivery.several_files import without_repeated
from aspa_resources.histories import changes_between, write_county_history
from aspa_resources.ledger import Ledger
from aspa_resources.receipts import receipt_folder, write_receipt
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


@dataclass(frozen=True, eq=False)
class _JudgedFile:
    """One of a month's files: its number, content hash, what came of its rows, its receipt."""

    number: int
    content_hash: str
    judged: Judged
    told: Receipt

    @property
    def accepted(self) -> pl.DataFrame:
        """The rows that go on; none of a file that is refused as a whole."""
        rows = self.judged.accepted.head(0) if self.judged.refused else self.judged.accepted
        return rows.select(pl.lit(self.number, pl.Int32).alias("delivery"), pl.all())

    @property
    def rejected(self) -> pl.DataFrame:
        """Why rows do not go on, a row per reason."""
        return self.judged.rejected.select(
            pl.lit(self.number, pl.Int32).alias("delivery"), pl.all()
        )


@computes(_REJECTED, _RECEIPT, _VALIDATED, name="validate_delivery")
def validated_feedback(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Judge every row of a month's files; receipts are written also when the whole is refused."""
    rules, folders = rule_book.open(), home.open_home()

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        raw = inputs.read("raw_delivery", partition).filter(pl.col("kind") == "feedback")
        # A receipt tells what the map says today; a newer map makes no delivery due again.
        mapped = inputs.sealed("cost_centre_map", county)
        cost_centres = inputs.read_version(mapped) if mapped else None
        files: list[_JudgedFile] = []
        for row in raw.iter_rows(named=True):
            files.append(_judged(row, files, partition, rules, cost_centres))

        def write_receipts() -> None:
            for file in files:
                folder = receipt_folder(folders.receipts, county, month, file.content_hash)
                write_receipt(folder, file.told)
            write_county_history(Ledger(folders.ledger), county, rules, folders.receipts)

        versions = {"rules": rules.version}
        return [
            Candidate("rejected_rows", pl.concat([f.rejected for f in files]), versions=versions),
            Candidate(
                "delivery_receipt",
                pl.DataFrame(
                    [_receipt_row(file) for file in files], schema_overrides={"delivery": pl.Int32}
                ),
                versions=versions,
                effect=write_receipts,
            ),
            _validated(files, county, rules),
        ]

    yield from seal_partitions(context, storage.open(), compute)


def _judged(
    row: Mapping[str, Any],
    former: Sequence[_JudgedFile],
    partition: str,
    rules: RuleBook,
    cost_centres: pl.DataFrame | None,
) -> _JudgedFile:
    """Judge one file; a row that another supplier's file has already is not taken twice."""
    county, month = split(partition)
    read = read_delivery(row["content"], county, rules)
    judged = judge(read, county, month, rules)
    for other in former:
        judged = without_repeated(judged, other.accepted)
    taken_in = not judged.refused and judged.accepted.height
    told = receipt(
        row["file_name"],
        county,
        month,
        rules,
        read=read,
        judged=judged,
        delivery=DeliveryNote(
            number=row["number"],
            fingerprint=fingerprint(row["content_hash"]),
            standing=row["standing"],
            other_file=row["other_file"],
            other_number=row["other_number"],
            encrypted=row["encrypted"],
            format_changes=changes_between(row["former_format"], row["file_format"]),
        ),
        service_classes=told_classes(judged.accepted, cost_centres, county, month, rules)
        if taken_in
        else None,
    )
    return _JudgedFile(row["number"], row["content_hash"], judged, told)


def _receipt_row(file: _JudgedFile) -> dict[str, object]:
    return {
        "delivery": file.number,
        "file_name": file.told["file"],
        "verdict": file.told["verdict"],
        "receipt": json.dumps(file.told, ensure_ascii=False),
    }


def _validated(files: Sequence[_JudgedFile], county: str, rules: RuleBook) -> Candidate:
    profile = rules.profile(county)
    accepted = pl.concat([file.accepted for file in files])
    delivered = sum(file.judged.rows_delivered for file in files)
    rejected = delivered - accepted.height
    complete = {
        f"{column}_completeness": sum(
            file.judged.completeness[column] * file.judged.rows_delivered for file in files
        )
        / delivered
        for column in rules.contract.completeness_of
    }
    unaccounted = sum(
        f.judged.rows_delivered - f.judged.rows_accepted - f.judged.rows_rejected for f in files
    )
    return Candidate(
        "validated_feedback",
        accepted.select(names("validated_feedback")),
        statistics={
            "rows_delivered": delivered,
            "rows_accepted": accepted.height,
            "rows_rejected": rejected,
            **complete,
        },
        figures={
            "rows_unaccounted": unaccounted,
            "rejected_share": rejected / delivered,
            **complete,
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
