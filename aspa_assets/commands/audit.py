"""The command that attacks what is published.

Belongs here: choosing the tables, printing counts, the exit code. Not here: the attack
(`aspa_resources.audit`). Nothing printed names a hidden cell or says what it can be.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from aspa_assets.commands.options import BAD_INPUT, as_json, tell


@click.command()
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@as_json
def audit(folder: Path | None, *, as_json: bool) -> None:
    """Work out from the published tables what they hide, as an attacker would.

    DIR holds tables that `aspa export` wrote; without it the warehouse is attacked. Exit 1 where a
    hidden count can be known more closely than the rules allow.
    """
    from aspa_resources.audit import audit_months, read_folder
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.warehouse import Warehouse

    rules = RuleBook.load()
    if folder is None:
        warehouse = Warehouse(AspaHome.current().warehouse)
        there = set(warehouse.tables())
        tables = {name: warehouse.read(name) for name in rules.published_tables if name in there}
    else:
        tables = read_folder(folder, rules)
    audits = audit_months(tables, rules)
    months = [
        {
            "month": month,
            "hidden": int(found.summary["hidden"].sum()),
            "derivable": found.derivable,
            "narrow": found.narrow,
            "telling": found.told,
            "measures": found.summary.to_dicts(),
            "figures": found.telling.to_dicts(),
        }
        for month, found in audits.items()
    ]
    tell(
        months,
        lambda: [
            f"{m['month']}: {m['hidden']} hidden counts, {m['derivable']} derivable, "
            f"{m['narrow']} too narrow; {m['telling']} published figures tell answers"
            for m in months
        ],
        as_json=as_json,
    )
    if any(found.derivable or found.narrow or found.told for found in audits.values()):
        sys.exit(BAD_INPUT)
