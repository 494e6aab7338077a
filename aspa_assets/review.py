"""The step that asks people: a random share of the cleaned texts, and what they said of them.

`review_queue` is drawn with every new version of the anonymous rows. `review_verdicts` is sealed
by `aspa review` (see `verdicts`), and shown in the lineage here; a leak among them quarantines its
text at the next verification run.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from aspa_assets.partitions import COUNTY_MONTHS
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.resources import RuleBookResource, StorageResource
from aspa_resources.review import draw

GROUP: Final = "anonymization"

_QUEUE: Final = asset_spec(
    "review_queue",
    group=GROUP,
    kinds={"polars", "parquet"},
    description="A random share of the cleaned texts, for a person to look at with `aspa review`.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback"],
)
review_verdicts: Final = asset_spec(
    "review_verdicts",
    group=GROUP,
    kinds={"parquet"},
    description="What people said of the texts they looked at, by hash of the text: clean, leak "
    "or too much removed. Sealed by `aspa review`, not by a run.",
    partitions=COUNTY_MONTHS,
    deps=["review_queue"],
)


@computes(_QUEUE)
def review_queue(
    context: dg.AssetExecutionContext, storage: StorageResource, rule_book: RuleBookResource
) -> Iterator[Event]:
    """Draw the texts that a person is asked to look at."""
    rules = rule_book.open()

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        texts = inputs.read("anonymized_feedback", partition)["text"].drop_nulls()
        queue = draw(texts, rules.review)
        distinct = texts.filter(texts.str.strip_chars() != "").n_unique()
        return [
            Candidate(
                "review_queue",
                queue,
                statistics={"texts": distinct, "drawn": queue.height},
                figures={"texts_not_drawn": rules.review.size(distinct) - queue.height},
                versions={"rules": rules.version},
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)
