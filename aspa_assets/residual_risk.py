"""What risk is left in a county's anonymous rows, in figures and on a page for operators.

It looks at the delivery and at the rows made of it, so it stands where both may be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import dagster as dg

from aspa_assets.partitions import COUNTY_MONTHS, split
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources import atomic_files
from aspa_resources.home import AspaHome
from aspa_resources.residual_risk.assessment import ORDER_TELLS_FROM, assess
from aspa_resources.residual_risk.measure import ANY
from aspa_resources.residual_risk.month_list import Month, index_page
from aspa_resources.residual_risk.pages import month_page
from aspa_resources.resources import HomeResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NotSealedError, Storage
from expectations.columns import names

_RISK: Final = asset_spec(
    "residual_risk",
    group="anonymization",
    kinds={"polars", "html"},
    description="What anonymous rows could still tell of a person, before and after generalisation:"
    " singling out, linking, inference. Figures only.",
    partitions=COUNTY_MONTHS,
    deps=["validated_feedback", "anonymized_feedback"],
)


@computes(_RISK)
def residual_risk(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    rule_book: RuleBookResource,
    home: HomeResource,
) -> Iterator[Event]:
    """Measure the risk that is left and write it down for the operators."""
    rules, store, folders = rule_book.open(), storage.open(), home.open_home()
    limits = rules.disclosure.residual_risk.limits

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        county, month = split(partition)
        delivered = inputs.manifest("validated_feedback", partition)
        anonymous = inputs.manifest("anonymized_feedback", partition)
        if anonymous.inputs[f"validated_feedback@{partition}"] != delivered.version:
            raise NotSealedError(
                f"The anonymous rows of {partition} were made of an earlier version of the "
                "delivery. Materialise anonymized_feedback first."
            )
        generalised = anonymous.statistics["generalised"]
        assessed = assess(
            inputs.read("validated_feedback", partition),
            inputs.read("anonymized_feedback", partition),
            generalised,
            rules,
        )
        page = month_page(county, month, assessed.figures, rules)
        statistics = _told(anonymous.rows, generalised, assessed.held)

        def write_pages() -> None:
            atomic_files.write_text(_page(folders, partition), page)
            write_index(folders, store, rules, {partition: statistics})

        return [
            Candidate(
                "residual_risk",
                assessed.frame(county, month).select(names("residual_risk")),
                statistics=statistics,
                figures=assessed.held,
                parameters={**limits.model_dump(), "order_tells_from": ORDER_TELLS_FROM},
                versions={
                    "rules": rules.version,
                    "residual_risk": rules.disclosure.residual_risk.version,
                },
                effect=write_pages,
            )
        ]

    yield from seal_partitions(context, store, compute)


def write_index(
    home: AspaHome,
    storage: Storage,
    rules: RuleBook,
    changed: Mapping[str, Mapping[str, float] | None],
) -> None:
    """Write the page that lists every county's months.

    Args:
        changed: by `county|month`, the statistics of a month that is about to be sealed, or None
            for one that is about to be withdrawn.
    """
    known = {*storage.sealed_partitions("residual_risk"), *changed} - {
        key for key, statistics in changed.items() if statistics is None
    }
    months = [
        Month(*split(key), changed.get(key) or storage.manifest("residual_risk", key).statistics)
        for key in sorted(known)
    ]
    atomic_files.write_text(
        home.operator / "residual_risk" / "index.html", index_page(months, rules)
    )


def remove_page(home: AspaHome, storage: Storage, partition: str) -> None:
    """Remove a month's page and its place on the list; may be repeated."""
    atomic_files.remove(_page(home, partition))
    write_index(home, storage, RuleBook.load(), {partition: None})


def _page(home: AspaHome, partition: str) -> Path:
    county, month = split(partition)
    return home.operator / "residual_risk" / county / f"{month}.html"


def _told(rows: int, generalised: Mapping[str, int], held: Mapping[str, float]) -> dict[str, float]:
    """Return what the list of months shows of one."""
    return {"rows": rows, "generalised_rows": generalised[ANY], **held}
