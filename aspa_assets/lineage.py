"""The lineage as manifests tell it, and the columns as the assets declare them, for events.

Belongs here: choosing manifests, reading Dagster's column lineage. Not here: the form of the events
(`aspa_resources.openlineage`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aspa_resources.home import AspaHome
    from aspa_resources.openlineage import ColumnLineage
    from aspa_resources.storage import Manifest

_COLUMN_LINEAGE: Final = "dagster/column_lineage"


def manifests(home: AspaHome, figure: str | None) -> list[Manifest]:
    """Return every manifest of a home, or those behind one published figure, the oldest first.

    Args:
        figure: key of the figure; None for all.

    Raises:
        NoFigureKeyError, UnknownFigureError: the key names no figure.
        NotSealedError: nothing was ever computed.
    """
    from aspa_resources.figure_keys import FigureKey
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import NotSealedError, Storage
    from aspa_resources.tracing import manifests_behind
    from aspa_resources.zones import ZoneKeys

    storage = Storage(home.storage, ZoneKeys(home.keys))
    if figure is not None:
        found = manifests_behind(storage, RuleBook.load(), FigureKey.parse(figure))
    else:
        found = list(storage.histories())
    if not found:
        raise NotSealedError(
            f"Nothing was computed in {home.root} yet. Deliver, then run `aspa run`."
        )
    return sorted(found, key=lambda manifest: manifest.version)


def column_lineage() -> ColumnLineage:
    """Return, by asset and column, the columns that it comes from: as Dagster shows it."""
    from aspa_assets.definitions import build_definitions

    lineage: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for spec in build_definitions().resolve_all_asset_specs():
        declared = spec.metadata.get(_COLUMN_LINEAGE)
        if declared is not None:
            lineage[spec.key.to_user_string()] = {
                column: [(dep.asset_key.to_user_string(), dep.column_name) for dep in sources]
                for column, sources in declared.deps_by_column.items()
            }
    return lineage
