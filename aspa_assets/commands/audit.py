"""The command that attacks what is published.

Belongs here: choosing the tables, printing and filing counts, the exit code. Not here: the attack
(`aspa_resources.audit`). Nothing printed names a hidden cell or says what it can be.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aspa_assets.commands.options import BAD_INPUT, as_json, log, tell

if TYPE_CHECKING:
    from aspa_resources.audit import Audit
    from aspa_resources.rule_book import RuleBook


@click.command()
@click.argument(
    "folders",
    metavar="[DIR]...",
    nargs=-1,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option("--log", "of_log", is_flag=True, help="Check the audit log instead.")
@as_json
def audit(folders: tuple[Path, ...], *, of_log: bool, as_json: bool) -> None:
    """Work out from the published tables what they hide, as an attacker would.

    Each DIR holds tables that `aspa export` wrote, the latest release last: it is attacked with all
    before it. Without DIR every release of this installation is, and the outcome is filed under
    operator/audit. Exit 1 where a hidden count, or the change of a few responses, can be known more
    closely than the rules allow.

    With --log every byte of the audit log is checked, also against what deliveries to THL hold of
    it. Exit 1 where anything in it was changed, moved, added or removed.
    """
    if of_log:
        if folders:
            raise click.UsageError("Give folders of tables, or --log.")
        _check_log(as_json=as_json)
        return
    from aspa_resources.audit import audit_months, audit_periods, read_folder
    from aspa_resources.rule_book import RuleBook

    rules = RuleBook.load()
    if folders:
        *earlier, latest = (read_folder(folder, rules) for folder in folders)
        audits = audit_months(latest, rules, earlier) | audit_periods(latest, rules)
    else:
        audits = _of_installation(rules)
    found = [_counts(period, one) for period, one in audits.items()]
    if not folders:
        _file(found)
        log("audited", periods=len(found))
    tell(
        found,
        lambda: [
            f"{one['period']}: {one['hidden']} hidden counts, {one['derivable']} derivable, "
            f"{one['narrow']} too narrow; {one['telling']} published figures tell answers; "
            f"{one['betrayed']} changes of few responses betrayed by {one['earlier_releases']} "
            "earlier releases"
            for one in found
        ],
        as_json=as_json,
    )
    if any(one[kind] for one in found for kind in ("derivable", "narrow", "telling", "betrayed")):
        sys.exit(BAD_INPUT)


def _of_installation(rules: RuleBook) -> dict[str, Audit]:
    """Attack every month in force with all its earlier releases, and every quarter and year."""
    from aspa_resources.audit import audit_month, audit_periods
    from aspa_resources.home import AspaHome
    from aspa_resources.published_form import release_tables
    from aspa_resources.storage import Storage
    from aspa_resources.warehouse import NoWarehouseError, Warehouse
    from aspa_resources.zones import ZoneKeys

    home = AspaHome.current()
    storage = Storage(home.storage, ZoneKeys(home.keys))
    audits = {}
    for month in storage.sealed_partitions("published_tables"):
        releases = storage.releases("published_tables", month)
        *earlier, latest = (release_tables(storage, release, rules) for release in releases)
        audits[month] = audit_month(latest, month, rules, earlier)
    if not audits:
        raise NoWarehouseError("Nothing is published. Deliver, then run `aspa run`.")
    warehouse = Warehouse(home.warehouse)
    return audits | audit_periods({t: warehouse.read(t) for t in warehouse.tables()}, rules)


def _counts(period: str, found: Audit) -> dict[str, Any]:
    return {
        "period": period,
        "hidden": int(found.summary["hidden"].sum()),
        "derivable": found.derivable,
        "narrow": found.narrow,
        "telling": found.told,
        "betrayed": found.betrayed,
        "earlier_releases": found.earlier,
        "measures": found.summary.to_dicts(),
        "figures": found.telling.to_dicts(),
    }


def _file(found: list[dict[str, Any]]) -> None:
    from aspa_resources import atomic_files
    from aspa_resources.home import AspaHome

    for one in found:
        path = AspaHome.current().operator / "audit" / f"{one['period']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_files.write_bytes(path, json.dumps(one, indent=1).encode())


def _check_log(*, as_json: bool) -> None:
    from aspa_resources.audit_log import AuditLog
    from aspa_resources.home import AspaHome
    from aspa_resources.thl_delivery import anchors

    home = AspaHome.current()
    checked = AuditLog(home.root).check(anchors(home.thl))
    span = f", {checked.first} to {checked.last}" if checked.entries else ""
    unfinished = "A line at the end was begun and not ended: by a power cut, or by somebody."
    empty = (
        f"The log of {home.root} is empty: it was removed, or nothing was done there yet. "
        "Is ASPA_HOME right?"
    )
    found = [
        checked.problem,
        unfinished * checked.unfinished,
        empty * (not checked.entries and not checked.problem),
    ]
    faults = [fault for fault in found if fault]
    tell(
        {
            "entries": checked.entries,
            "first": checked.first,
            "last": checked.last,
            "faults": faults,
        },
        lambda: [f"{checked.entries} entries hold{span}", *faults, *([] if faults else ["Whole."])],
        as_json=as_json,
    )
    if faults:
        sys.exit(BAD_INPUT)
