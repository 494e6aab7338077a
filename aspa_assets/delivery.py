"""Steps at the gate: what a county delivered, as it came.

`raw_delivery` keeps the bytes and fingerprints of a month's files, `sampling_counts` and
`cost_centre_map` the tables that come beside the feedback.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import COUNTIES, COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.delivery import (
    parse_cost_centre_map,
    parse_sampling_counts,
    read_delivery,
)
from aspa_resources.drops import Drop
from aspa_resources.errors import AspaError
from aspa_resources.landing_zone import LandingZone
from aspa_resources.resources import LandingZoneResource, RuleBookResource, StorageResource
from aspa_resources.stock import Stock
from expectations.columns import empty_frame, names

GROUP: Final = "delivery"

_RAW: Final = asset_spec(
    "raw_delivery",
    group=GROUP,
    kinds={"file", "parquet"},
    description="A county's month as it came: the bytes of its files and their fingerprints.",
    partitions=COUNTY_MONTHS,
)
_SAMPLING: Final = asset_spec(
    "sampling_counts",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="Service events and surveys sent, by age group and service, from which coverage "
    "is computed. Empty where the county sent none.",
    partitions=COUNTY_MONTHS,
    deps=["raw_delivery"],
)
_COST_CENTRES: Final = asset_spec(
    "cost_centre_map",
    group=GROUP,
    kinds={"file", "polars", "parquet"},
    description="The county's own map from cost centre to Aura service class, with validity.",
    partitions=COUNTIES,
)


# Where no file has a value, Polars could not tell the type.
_FILE_TYPES: Final = {"other_number": pl.Int64, "other_file": pl.String}


class NothingDroppedError(AspaError):
    """A step was asked for files that nobody has dropped."""


@computes(_RAW)
def raw_delivery(
    context: dg.AssetExecutionContext, storage: StorageResource, landing_zone: LandingZoneResource
) -> Iterator[Event]:
    """Take the month's files in force out of the load layer into the restricted zone."""
    landing = landing_zone.open()

    def compute(partition: str, _: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        stock = landing.stock()
        drops = stock.months.get((county, month), ())
        if not drops:
            raise NothingDroppedError(
                f"Nothing that has been dropped for county {county}, month {month} is in force. "
                f"Put the delivery into landing/{county}/."
            )
        files = [_file(drop, stock, landing) for drop in drops]
        kinds = [drop.reading.kind for drop in drops]
        return [
            Candidate(
                "raw_delivery",
                pl.DataFrame(files, schema_overrides=_FILE_TYPES),
                statistics={"content_hashes": sorted(drop.content_hash for drop in drops)},
                figures={
                    "feedback_files": kinds.count("feedback"),
                    "files_of_one_place": len(drops) - len({drop.slot for drop in drops}),
                },
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


def _file(drop: Drop, stock: Stock, landing: LandingZone) -> dict[str, object]:
    """Return a row of `raw_delivery`: the file, and what it is to the county's other files."""
    relation, other = stock.relation(drop)
    before = stock.delivered_before(drop)
    return {
        "number": drop.number,
        "kind": drop.reading.kind,
        "supplier": drop.reading.supplier,
        "file_name": drop.file_name,
        "content_hash": drop.content_hash,
        "encrypted": drop.encrypted,
        "standing": relation,
        "other_number": other.number if other else None,
        "other_file": other.file_name if other else None,
        "file_format": drop.reading.file_format,
        "former_format": before.reading.file_format if before else "",
        "content": landing.fetch(drop),
    }


@computes(_SAMPLING)
def sampling_counts(
    context: dg.AssetExecutionContext, storage: StorageResource, rule_book: RuleBookResource
) -> Iterator[Event]:
    """Read the counts that came beside the feedback."""
    rules = rule_book.open()

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        files = inputs.read("raw_delivery", partition).filter(pl.col("kind") == "sampling_counts")
        frames = [
            parse_sampling_counts(read_delivery(content, county, rules), county, month, rules)
            for content in files["content"]
        ]
        frame = pl.concat(frames) if frames else empty_frame("sampling_counts")
        return [
            Candidate(
                "sampling_counts",
                frame,
                parameters={"age_groups": rules.code_sets["age_groups"].codes["code"].to_list()},
                versions={"rules": rules.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


@computes(_COST_CENTRES)
def cost_centre_map(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    landing_zone: LandingZoneResource,
    rule_book: RuleBookResource,
) -> Iterator[Event]:
    """Read the newest cost-centre map that the county dropped."""
    rules = rule_book.open()
    landing = landing_zone.open()

    def compute(county: str, _: Inputs) -> Sequence[Candidate]:
        drop = landing.stock().cost_centre_maps.get(county)
        if drop is None:
            raise NothingDroppedError(
                f"County {county} has no cost-centre map in force. Without one its service "
                "classes follow from the inference rules alone."
            )
        read = read_delivery(landing.fetch(drop), county, rules)
        frame = parse_cost_centre_map(read, county, rules)
        # As in the feedback: what is no short code can match no row and must not go on.
        form = rules.contract.feedback.column("cost_centre").pattern
        return [
            Candidate(
                "cost_centre_map",
                frame.filter(pl.col("cost_centre").str.contains(f"^(?:{form})$")).select(
                    names("cost_centre_map")
                ),
                statistics={"content_hashes": [drop.content_hash]},
                parameters={
                    "service_classes": rules.code_sets["service_classes"].codes["code"].to_list()
                },
                versions={"rules": rules.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)
