"""The command line: the door for people and scripts that do not open the UI.

Belongs here: commands, their options, what they print and their exit codes: 0, 1 where the input is
bad, 2 for wrong usage. Not here: doing the work. Every import beyond the option parser happens
inside the command that needs it, so that a light install and `--help` stay light.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

BAD_INPUT: Final = 1
TEXTS_AT_ONCE: Final = 1_000

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
a_county = click.option("--county", required=True, help="Code of the county, such as 10.")
in_file = click.argument(
    "in_file", metavar="IN", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
out_file = click.argument("out_file", metavar="OUT", type=click.Path(path_type=Path))


class Month(click.ParamType[str]):
    """A month on the command line, `YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the month, or end with a usage error."""
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
            self.fail(f"{value} is no month; write it like 2025-03.", param, ctx)
        return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def aspa() -> None:
    """One national, comparable, anonymous picture of customer feedback."""


def main() -> None:
    """Run the command line; what a person can mend ends in one line that says how."""
    from aspa_resources.errors import AspaError

    try:
        aspa.main(prog_name="aspa")
    except AspaError as problem:
        click.echo(f"Error: {problem}", err=True)
    except OSError as problem:
        click.echo(f"Error: {problem.filename or 'file'}: {problem.strerror}", err=True)
    sys.exit(BAD_INPUT)


@aspa.command()
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


@aspa.command()
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
    _print(told.as_dict(), told.as_lines, as_json=as_json)
    return told.bad_input


@aspa.command()
@click.option("--history", is_flag=True, help="Tell everything that ever happened to a delivery.")
@as_json
def status(*, history: bool, as_json: bool) -> None:
    """Tell what is there, per county and month."""
    from aspa_assets.status import status_told
    from aspa_resources.home import AspaHome

    told = status_told(AspaHome.current(), history=history)
    _print(told.as_dict(), told.as_lines, as_json=as_json)


@aspa.command()
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
    decide(open_landing_zone(AspaHome.current()), county, month, file)
    _run_all(as_json=as_json)


@aspa.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@a_county
@click.option("--month", type=Month(), help="Month of the delivery; else the rows tell it.")
@click.option("--language", type=click.Choice(["fi", "sv", "en"]), default="fi", show_default=True)
@as_json
def check(file: Path, county: str, month: str | None, language: str, *, as_json: bool) -> None:
    """Check a delivery at the county's own desk, by the platform's own code.

    Exit 1 where a row or the whole file would be rejected.
    """
    from aspa_resources.delivery import check_file, receipt_text
    from aspa_resources.rule_book import RuleBook

    _known_county(county)
    receipt = check_file(file.read_bytes(), file.name, county, month, RuleBook.load())
    _print(receipt, lambda: [receipt_text(receipt, language)], as_json=as_json)
    if receipt["verdict"] != "accepted":
        sys.exit(BAD_INPUT)


@aspa.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@as_json
def contract(folder: Path, *, as_json: bool) -> None:
    """Write the delivery contract: a page for people, Frictionless Table Schemas for programs.

    Beside them the public key that deliveries may be encrypted to, where this process has it.
    """
    from aspa_resources.atomic_files import write_text
    from aspa_resources.delivery.contract_documents import contract_page, table_schemas
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.transport import TransportKeys

    rules, keys = RuleBook.load(), TransportKeys(AspaHome.current().keys)
    files = {"contract.html": contract_page(rules)}
    for name, schema in table_schemas(rules).items():
        files[name] = json.dumps(schema, ensure_ascii=False, indent=1)
    if keys.held:
        files["recipient.txt"] = f"{keys.recipient}\n"
    for name, content in files.items():
        write_text(folder / name, content)
    written = [str(folder / name) for name in files]
    _print(written, lambda: written, as_json=as_json)


@aspa.command()
@in_file
@out_file
@click.option(
    "--text-column",
    "text_columns",
    default=["text"],
    show_default=True,
    multiple=True,
    help="Column of the texts; may be given several times.",
)
@click.option("--language", type=click.Choice(["fi", "sv", "en"]), default="fi", show_default=True)
@as_json
def anonymize(
    in_file: Path, out_file: Path, text_columns: tuple[str, ...], language: str, *, as_json: bool
) -> None:
    """Clean the texts of a JSONL or CSV file (also .gz); every other byte stays as it is.

    OUT appears when all is done, in the form and encoding of IN.
    """
    from aspa_assets.progress import share_done
    from aspa_assets.text_cleaning import clean_file

    size = in_file.stat().st_size
    with share_done(out_file.name, size, shown=not as_json) as told:
        cleaned = clean_file(in_file, out_file, text_columns, told)
    _print(cleaned.as_dict(), lambda: cleaned.as_lines(language), as_json=as_json)


@aspa.command()
@a_county
@click.option("--month", type=Month(), required=True, help="Month whose texts are looked at.")
@click.option(
    "--lang",
    type=click.Choice(["fi", "sv", "en"]),
    envvar="ASPA_LANG",
    default="fi",
    show_default=True,
    help="Language of the questions; else ASPA_LANG.",
)
@click.option(
    "--record",
    metavar="ITEM=VERDICT",
    multiple=True,
    help="Give a verdict without a terminal: 3=clean, 3=too_much, 3=leak:PERSON,PHONE.",
)
@click.option(
    "--take-back", metavar="ITEM", multiple=True, type=int, help="Let a text wait for review again."
)
@as_json
def review(
    county: str,
    month: str,
    lang: str,
    record: tuple[str, ...],
    take_back: tuple[int, ...],
    *,
    as_json: bool,
) -> None:
    """Look at a random share of the cleaned texts and say whether anything personal is left.

    Shows a text at a time in this terminal and nowhere else. A text with a leak is quarantined at
    the next run. Stop whenever you like: what was said is kept.
    """
    from aspa_assets.reviewing import Desk

    _known_county(county)
    desk = Desk.open(county, month, lang)
    if record or take_back:
        desk.record(record, take_back)
    elif not as_json:
        desk.sit()
    _print(desk.counts(), desk.summary, as_json=as_json)


@aspa.command()
@in_file
@out_file
@as_json
def analyze(in_file: Path, out_file: Path, *, as_json: bool) -> None:
    """Find language, sentiment, themes and topic of each text of a JSONL file."""
    import numpy as np

    from aspa_assets.desk import topics_of
    from aspa_resources.home import AspaHome
    from aspa_resources.text_models import TextModels, assign_topics

    home = AspaHome.current()
    models, topics = TextModels(home.models), topics_of(home)

    def read(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        analyses = models.analyze([row["text"] or "" for row in rows])
        vectors = np.stack([analysis.embedding for analysis in analyses])
        numbers = [None] * len(rows) if topics is None else assign_topics(vectors, topics)
        return [
            {
                "id": row.get("id"),
                "lang": row.get("lang") or analysis.language,
                "sentiment": analysis.sentiment,
                "themes": list(analysis.themes),
                "topic": number,
            }
            for row, analysis, number in zip(rows, analyses, numbers, strict=True)
        ]

    _transform(in_file, out_file, "text", read, as_json=as_json)


@aspa.command()
@in_file
@out_file
@click.option("--county", help="Take this county's cost-centre map from storage.")
@click.option(
    "--cost-centres",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the cost-centre map of this file instead.",
)
@click.option("--month", type=Month(), help="Month of the rows: decides which rules hold.")
@as_json
def classify(
    in_file: Path,
    out_file: Path,
    county: str | None,
    cost_centres: Path | None,
    month: str | None,
    *,
    as_json: bool,
) -> None:
    """Give each row of code values its Aura class, and the rule and reason that decided."""
    from aspa_assets.desk import RowClassifier

    if county is not None:
        _known_county(county)
    classifier = RowClassifier.open(county, cost_centres, month)
    _transform(in_file, out_file, None, classifier.classify, as_json=as_json)


@aspa.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "file_format", type=click.Choice(["csv", "parquet"]), default="csv")
@as_json
def export(folder: Path, file_format: str, *, as_json: bool) -> None:
    """Write the published tables, one file each."""
    from aspa_resources.home import AspaHome
    from aspa_resources.published_form import write_table
    from aspa_resources.warehouse import Warehouse

    warehouse = Warehouse(AspaHome.current().warehouse)
    names = warehouse.tables()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in names:
        frame = warehouse.read(name)
        path = folder / f"{name}.{file_format}"
        sha256 = write_table(frame, path, "csv" if file_format == "csv" else "parquet")
        files.append({"file": str(path), "rows": frame.height, "sha256": sha256})
    _print(files, lambda: [f"{f['file']}: {f['rows']} rows" for f in files], as_json=as_json)


def _transform(
    in_file: Path,
    out_file: Path,
    text_column: str | None,
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
    *,
    as_json: bool,
) -> None:
    """Read rows, change them a batch at a time, and write them where OUT says."""
    from aspa_assets.progress import counter
    from aspa_resources.record_files import RecordFile

    source = RecordFile(in_file)
    written = 0
    separator = source.found_separator() if in_file.suffix == out_file.suffix else None
    with (
        RecordFile(out_file, separator).writer() as writer,
        counter(out_file.name, shown=not as_json) as advance,
    ):
        remaining = source.rows()
        while rows := list(islice(remaining, TEXTS_AT_ONCE)):
            if text_column is not None:
                source.check_texts(rows, text_column, after=written)
            writer.write(change(rows))
            written += len(rows)
            advance(len(rows))
    _print(
        {"rows": written, "out": str(out_file)},
        lambda: [f"{written} rows written to {out_file}"],
        as_json=as_json,
    )


def _known_county(county: str) -> None:
    from aspa_resources.rule_book import RuleBook

    codes = RuleBook.load().counties
    if county not in codes:
        raise click.BadParameter(f"the codes are {', '.join(codes)}.", param_hint="--county")


def _print(data: object, lines: Callable[[], list[str]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for line in lines():
            click.echo(line)
