"""What every asset of the lineage declares about itself.

Belongs here: the attributes that are the same for all, built from the asset's name: zone, owner,
column schema, checks, code version, backfill policy. Not here: what is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import dagster as dg

from aspa_resources.zones import ZONE_OF
from expectations.columns import COLUMNS
from expectations.suites import SUITES

OWNERS: Final = ["team:aspa"]
# Many partitions in one run: one run a partition would take hours for a national backfill.
BACKFILL: Final = dg.BackfillPolicy.single_run()


def asset_spec(
    name: str,
    *,
    group: str,
    kinds: set[str],
    description: str,
    partitions: dg.PartitionsDefinition[str] | None,
    deps: Sequence[dg.AssetDep | str] = (),
    code_version: str = "1",
) -> dg.AssetSpec:
    """Return the full specification of one asset of the lineage.

    Args:
        name: of the asset; its zone, column schema and suite are found by it.
        group: the room of the lineage it is shown in.
        kinds: tags of the tools that compute it.
        code_version: raised when the computation changes.
    """
    return dg.AssetSpec(
        key=name,
        deps=list(deps),
        description=description,
        group_name=group,
        owners=OWNERS,
        kinds=kinds,
        code_version=code_version,
        partitions_def=partitions,
        metadata={
            "zone": ZONE_OF[name].value,
            "suite": f"{name} {SUITES[name].version}",
            "dagster/column_schema": _column_schema(name),
            **_column_lineage(name, deps),
        },
    )


def computes(
    *specs: dg.AssetSpec, name: str | None = None, may_skip: bool = False
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Make a function the op that computes these assets, gated by their suites.

    Args:
        specs: what `asset_spec` returned for each.
        name: of the op; the asset's own where there is one.
        may_skip: whether a run may end well without a version.
    """
    return dg.multi_asset(
        specs=specs,
        check_specs=[check for spec in specs for check in _checks(spec.key.to_user_string())],
        name=name or specs[0].key.to_user_string(),
        backfill_policy=BACKFILL if specs[0].partitions_def else None,
        can_subset=may_skip,  # Dagster's word for: no output is missed
    )


def _checks(asset: str) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=expectation.name,
            asset=asset,
            description=expectation.description,
            blocking=expectation.blocking,
        )
        for expectation in SUITES[asset].expectations
    ]


def _column_schema(name: str) -> dg.TableSchema:
    return dg.TableSchema(
        [dg.TableColumn(c.name, c.type, description=c.description) for c in COLUMNS[name]]
    )


def _column_lineage(name: str, deps: Sequence[dg.AssetDep | str]) -> dict[str, Any]:
    """Trace each column that an upstream frame has under the same name back to it."""
    upstream = [d.asset_key if isinstance(d, dg.AssetDep) else dg.AssetKey(d) for d in deps]
    survivors = {
        column.name: [
            dg.TableColumnDep(key, column.name)
            for key in upstream
            if any(column.name == c.name for c in COLUMNS[key.to_user_string()])
        ]
        for column in COLUMNS[name]
    }
    traced = {column: sources for column, sources in survivors.items() if sources}
    if not traced:
        return {}
    return {"dagster/column_lineage": dg.TableColumnLineage(traced)}
