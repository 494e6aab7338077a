"""Commands for who runs the platform: process, look, take out, hand on.

Belongs here: their options and what they print. Not here: doing the work.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from aspa_assets.commands.options import (
    BAD_INPUT,
    Month,
    a_county,
    a_language,
    as_json,
    known_county,
    log,
    tell,
)


@click.command()
@click.option("--counties", default=3, show_default=True, type=click.IntRange(1, 23))
@click.option("--months", default=2, show_default=True, type=click.IntRange(1, 15))
@click.option("--rows", default=250, show_default=True, type=click.IntRange(1), help="A delivery.")
@click.option("--seed", default=1, show_default=True)
@as_json
def demo(counties: int, months: int, rows: int, seed: int, *, as_json: bool) -> None:
    """Make deliveries, some of them faulty, run everything on them, and say where to look."""
    from aspa_resources.demo import write_demo_deliveries
    from aspa_resources.home import AspaHome

    home = AspaHome.current()
    truth = home.root / "demo_truth"
    if home.ledger.exists() and not truth.exists():
        raise click.UsageError(
            f"{home.root} holds deliveries that are no demo's. Set ASPA_HOME to another folder."
        )
    write_demo_deliveries(
        home.landing,
        truth,
        counties=counties,
        months=months,
        rows=rows,
        seed=seed,
    )
    _run_all(as_json=as_json)


@click.command()
@as_json
def run(*, as_json: bool) -> None:
    """Process what lies in the landing zone. Exit 1 where something of it could not be taken."""
    if _run_all(as_json=as_json):
        sys.exit(BAD_INPUT)


def _run_all(*, as_json: bool) -> bool:
    """Run everything pending, tell how it came out, and return whether any input was bad."""
    from aspa_assets.headless import run_pending
    from aspa_assets.progress import progress
    from aspa_assets.status import run_told
    from aspa_resources.home import AspaHome

    home = AspaHome.current()
    with progress(shown=not as_json) as listener:
        summary = run_pending(home, listener)
    told = run_told(home, summary)
    tell(told.as_dict(), told.as_lines, as_json=as_json)
    return told.bad_input


@click.command()
@click.option("--history", is_flag=True, help="Tell everything that ever happened to a delivery.")
@as_json
def status(*, history: bool, as_json: bool) -> None:
    """Tell what is there, per county and month."""
    from aspa_assets.status import status_told
    from aspa_resources.home import AspaHome

    told = status_told(AspaHome.current(), history=history)
    tell(told.as_dict(), told.as_lines, as_json=as_json)


@click.command()
@a_county
@click.option("--month", type=Month(), help="Take out all files of this month.")
@click.option("--file", help="Take out one file: its name, delivery number, or content hash.")
@click.option("--undo", is_flag=True, help="Put it back in force instead.")
@as_json
def retract(county: str, month: str | None, file: str | None, *, undo: bool, as_json: bool) -> None:
    """Take a delivery out of every layer and compute anew what stood on it.

    The county is the name of its folder. Without --file every file of the month goes, replaced
    ones too.
    """
    from aspa_assets import retraction
    from aspa_resources.home import AspaHome
    from aspa_resources.resources import open_landing_zone

    if month is None and file is None:
        raise click.UsageError("Say which delivery: give --month, --file or both.")
    decide = retraction.reinstate if undo else retraction.retract
    decided = decide(open_landing_zone(AspaHome.current()), county, month, file)
    log("reinstated" if undo else "retracted", county=county, month=month, files=len(decided))
    _run_all(as_json=as_json)


@click.command()
@click.option("--county", help="Code of the county, such as 10; else all.")
@click.option("--month", type=Month(), help="Month, such as 2025-03; else all.")
@click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Compare with the rules of this folder instead of those in force.",
)
@click.option("--yes", is_flag=True, help="Do it, and compute what stands on it.")
@as_json
def reclassify(
    county: str | None, month: str | None, folder: Path | None, *, yes: bool, as_json: bool
) -> None:
    """Show what the rules would change in the service classes of months that have them.

    Nothing changes without --yes. A changed rule reclassifies no month by itself.
    """
    from aspa_assets import reclassifying
    from aspa_resources.home import AspaHome
    from aspa_resources.reclassification import Told
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.storage import Storage
    from aspa_resources.zones import ZoneKeys

    if folder is not None and yes:
        raise click.UsageError(
            "Months are computed under the rules in force: put the folder in force "
            "(ASPA_RULES), then reclassify without --rules."
        )
    if county is not None:
        known_county(county)
    home = AspaHome.current()
    storage, rules = Storage(home.storage, ZoneKeys(home.keys)), RuleBook.load(folder)
    keys = reclassifying.classified_months(storage, county, month)
    comparisons = reclassifying.compare(storage, keys, rules)
    told = Told.of(comparisons, rules)
    if not yes:
        tell(told.as_dict(), told.as_lines, as_json=as_json)
        return
    if not as_json:
        tell(None, told.as_lines, as_json=False)
    due = reclassifying.due(comparisons)
    log("reclassified", months=len(due), rules=rules.version)
    problems = reclassifying.reclassify(home, due)
    for job, partition, problem in problems:
        click.echo(f"problem   {job} {partition}: {problem}", err=True)
    if _run_all(as_json=as_json) or problems:
        sys.exit(BAD_INPUT)


@click.command()
@click.option("--county", help="Code of the county, such as 10; else all.")
@click.option("--month", type=Month(), help="Month, such as 2025-03; else all.")
@click.option("--yes", is_flag=True, help="Read stale months anew, and compute what follows.")
@as_json
def reanalyze(county: str | None, month: str | None, *, yes: bool, as_json: bool) -> None:
    """Show which months' texts other text models have read than those in force.

    Nothing changes without --yes. Another model reads no month anew by itself.
    """
    from aspa_assets import reanalyzing
    from aspa_resources.home import AspaHome
    from aspa_resources.resources import TextModelsResource
    from aspa_resources.storage import Storage
    from aspa_resources.zones import ZoneKeys

    if county is not None:
        known_county(county)
    home = AspaHome.current()
    storage = Storage(home.storage, ZoneKeys(home.keys))
    told = reanalyzing.standing(storage, TextModelsResource().open().version, county, month)
    if not yes:
        tell(told.as_dict(), told.as_lines, as_json=as_json)
        return
    log("reanalyzed", months=len(told.stale))
    problems = reanalyzing.reanalyze(home, told.stale)
    for job, partition, problem in problems:
        click.echo(f"problem   {job} {partition}: {problem}", err=True)
    if _run_all(as_json=as_json) or problems:
        sys.exit(BAD_INPUT)


@click.command()
@a_language
@as_json
def enrichment(language: Literal["fi", "sv", "en"], *, as_json: bool) -> None:
    """Tell what is right and wrong with the files in enrichment/, before a run takes them in.

    Exit 1 where a file does not hold what rules/enrichment.yaml asks for.
    """
    from aspa_resources.enrichment import files_in, lines, read_dropped, told
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook

    rules = RuleBook.load()
    found = read_dropped(files_in(AspaHome.current().enrichment, rules), rules)
    tell(told(found), lambda: lines(found, language), as_json=as_json)
    if any(one.faults for one in found):
        sys.exit(BAD_INPUT)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet", "json-stat"]),
    default="csv",
    show_default=True,
)
@as_json
def export(
    folder: Path, file_format: Literal["csv", "parquet", "json-stat"], *, as_json: bool
) -> None:
    """Write the published tables, one file each, and a data dictionary beside them."""
    from aspa_resources.home import AspaHome
    from aspa_resources.published_form import write_files, write_table
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.warehouse import Warehouse

    warehouse = Warehouse(AspaHome.current().warehouse)
    rules = RuleBook.load()
    there = set(warehouse.tables())
    tables = {name: warehouse.read(name) for name in rules.published_tables if name in there}
    folder.mkdir(parents=True, exist_ok=True)
    files = write_files(tables, folder, [file_format], rules)
    for name in sorted(
        there - tables.keys()
    ):  # figures from elsewhere, with a contract of their own
        figures, plain = warehouse.read(name), "csv" if file_format == "json-stat" else file_format
        sha256 = write_table(figures, folder / f"{name}.{plain}", plain)
        files.append({"file_name": f"{name}.{plain}", "rows": figures.height, "sha256": sha256})
    log("exported", tables=len(tables), file_format=file_format)
    files = [{**told, "file": str(folder / told["file_name"])} for told in files]
    tell(files, lambda: [f"{f['file']}: {f['rows']} rows" for f in files], as_json=as_json)
