"""The whole trace of one figure.

Belongs here: putting it together, and whether what is kept agrees. Does not belong here: which
versions belong to a figure (`ways`), a step's own record (`steps`), the ends of the walk
(`deliveries`), printing (`telling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from aspa_resources import data_dictionary
from aspa_resources.stock import Stock
from aspa_resources.tracing.deliveries import CountyMonth, deliveries, registered_at, row_counts
from aspa_resources.tracing.figures import Figure, find
from aspa_resources.tracing.steps import Step, steps
from aspa_resources.tracing.ways import behind, way_to

if TYPE_CHECKING:
    from aspa_resources.figure_keys import FigureKey
    from aspa_resources.ledger import Ledger
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.rule_book.published import PublishedTable
    from aspa_resources.storage import Manifest, Storage

_LANDED: Final = ("raw_delivery", "cost_centre_map")


@dataclass(frozen=True)
class Trace:
    """What stands behind one published figure.

    Attributes:
        definition: what table, measure and dimensions mean.
        release: the version that shows the figure, when it was sealed, how many came before.
        steps: every version behind it, the release first, then the nearest first.
        counties: each county's month: rows step by step, and the files with their hashes.
        problems: what does not agree; empty where all does.
    """

    key: str
    value: float | None
    n: int | None
    status: str
    definition: dict[str, Any]
    release: dict[str, Any]
    steps: list[Step]
    counties: list[CountyMonth]
    problems: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        return asdict(self)


def trace(
    storage: Storage, ledger: Ledger, rules: RuleBook, key: FigureKey, version: str | None = None
) -> Trace:
    """Trace a figure back to the deliveries.

    Args:
        version: of the release; None for the one in force.

    Raises:
        UnknownFigureError: as of `find`, with PurgedError, NotSealedError and StorageDamagedError.
    """
    figure = find(storage, rules, key, version)
    way = way_to(figure.table, key, rules)
    manifests = behind(storage, figure, way)
    taken = steps(storage, manifests, rules.disclosure.threshold)
    counties = _county_months(manifests, ledger, rules.disclosure.threshold)
    return Trace(
        key=str(key),
        value=figure.value,
        n=figure.n,
        status=figure.status,
        definition=_definition(figure.table, key, rules),
        release=_release(figure),
        steps=taken,
        counties=counties,
        problems=[*way.missing(manifests), *_broken(taken), *_astray(counties)],
    )


def manifests_behind(storage: Storage, rules: RuleBook, key: FigureKey) -> list[Manifest]:
    """Return the manifests of every version behind a figure in force, the release's first.

    Raises:
        UnknownFigureError: as of `find`.
    """
    figure = find(storage, rules, key)
    return behind(storage, figure, way_to(figure.table, key, rules))


def _county_months(behind: list[Manifest], ledger: Ledger, threshold: int) -> list[CountyMonth]:
    stock, registered = Stock.of(ledger), registered_at(ledger.events())
    of_month: dict[tuple[str, str], dict[str, Manifest]] = {}
    for manifest in sorted(behind, key=lambda m: m.version):  # the newest of an asset counts
        county, bar, month = manifest.partition.partition("|")
        if bar or manifest.asset in _LANDED:
            of_month.setdefault((county, month), {})[manifest.asset] = manifest
    return [
        CountyMonth(
            county=county,
            month=month,
            rows=row_counts(manifests, threshold),
            deliveries=[
                delivery
                for asset in _LANDED
                if asset in manifests
                for delivery in deliveries(manifests[asset], stock, registered)
            ],
        )
        for (county, month), manifests in sorted(of_month.items())
    ]


def _definition(table: PublishedTable, key: FigureKey, rules: RuleBook) -> dict[str, Any]:
    return {
        "table": table.name,
        "title": table.titles.en,
        "description": table.description.strip(),
        "measure": {
            "name": key.measure,
            "unit": rules.dictionary.measures[key.measure].unit,
            "meaning": data_dictionary.meaning(rules, key.measure),
        },
        "dimensions": [
            {
                "name": name,
                "category": category,
                "meaning": rules.dictionary.columns[name].meaning,
            }
            for name, category in sorted(key.dimensions.items())
        ],
        "rules": rules.version,
    }


def _release(figure: Figure) -> dict[str, Any]:
    return {
        "asset": figure.release.asset,
        "version": figure.release.version,
        "sealed_at": figure.release.created_at,
        "in_force": figure.in_force,
        "earlier_releases": figure.earlier,
        "held": figure.origin is not figure.release,
        "figures_of": figure.origin.version,
    }


def _broken(taken: list[Step]) -> Iterator[str]:
    for step in taken:
        if not step.sound:
            what = "is not the one that was sealed" if step.content == "changed" else "is gone"
            yield (
                f"The file of {step.asset} {step.partition}, version {step.version}, {what}. "
                "Restore it from a copy, or materialise the asset again."
            )


def _astray(counties: list[CountyMonth]) -> Iterator[str]:
    for one in counties:
        where = f"county {one.county}, {one.month}".removesuffix(", ")
        if not one.rows.add_up:
            yield f"The rows of {where} do not add up from step to step."
        for delivery in one.deliveries:
            if delivery.number is None:
                yield (
                    f"A file of {where} is not in the ledger: {delivery.content_hash}. "
                    "Restore the ledger from a copy."
                )
