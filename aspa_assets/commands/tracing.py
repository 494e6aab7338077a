"""Commands for auditors: what stands behind a figure, what happened to a month, lineage events.

Belongs here: their options and what they print. Not here: walking back (`aspa_resources.tracing`),
a month's page (`aspa_resources.what_happened`), events (`aspa_resources.openlineage`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from aspa_assets.commands.options import BAD_INPUT, Month, as_json, known_county, tell


@click.command()
@click.argument("key", required=False)
@click.option("--release", metavar="VERSION", help="An earlier release's figure instead.")
@click.option("--county", help="Instead of a figure: what happened to this county's month.")
@click.option("--month", type=Month(), help="The month, such as 2025-03.")
@as_json
def trace(
    key: str | None, release: str | None, county: str | None, month: str | None, *, as_json: bool
) -> None:
    """Tell what stands behind a published figure, down to the deliveries' hashes.

    KEY names the figure as report pages do, such as
    "2025-03/indicators_by_service_class/10/nps?service_class=2545". Exit 1 where a kept file is not
    the one that was sealed, or counts and hashes do not agree.

    With --county and --month a page is written for people instead: everything that happened to that
    month, in order.
    """
    if key is not None and county is None and month is None:
        _figure(key, release, as_json=as_json)
    elif key is None and release is None and county is not None and month is not None:
        known_county(county)
        _month(county, month, as_json=as_json)
    else:
        raise click.UsageError("Give the KEY of a figure, or --county and --month.")


def _figure(key: str, release: str | None, *, as_json: bool) -> None:
    from aspa_resources import tracing
    from aspa_resources.figure_keys import FigureKey
    from aspa_resources.home import AspaHome
    from aspa_resources.ledger import Ledger
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import Storage
    from aspa_resources.zones import ZoneKeys

    home, rules = AspaHome.current(), RuleBook.load()
    storage = Storage(home.storage, ZoneKeys(home.keys))
    ledger = Ledger(home.ledger)
    told = tracing.trace(storage, ledger, rules, FigureKey.parse(key), release)
    tell(told.as_dict(), lambda: tracing.lines(told), as_json=as_json)
    if told.problems:
        sys.exit(BAD_INPUT)


def _month(county: str, month: str, *, as_json: bool) -> None:
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.what_happened import write_page

    page = write_page(AspaHome.current(), county, month, RuleBook.load())
    tell({"page": str(page)}, lambda: [str(page)], as_json=as_json)


@click.command()
@click.argument("out_file", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--figure", metavar="KEY", help="Only what stands behind this figure.")
@as_json
def lineage(out_file: Path, figure: str | None, *, as_json: bool) -> None:
    """Write the lineage as OpenLineage events, one JSON object a line.

    Every version that was ever judged is a run, and so is its judgement. Nothing is computed for
    it: the same manifests give the same events, so they may be sent again.
    """
    from aspa_assets.lineage import column_lineage, manifests
    from aspa_resources.home import AspaHome
    from aspa_resources.openlineage import events, write_events

    chosen = manifests(AspaHome.current(), figure)
    written = write_events(out_file, events(chosen, column_lineage()))
    tell(
        {"events": written, "out": str(out_file)},
        lambda: [f"{written} events written to {out_file}"],
        as_json=as_json,
    )
