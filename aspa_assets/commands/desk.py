"""Commands for somebody's own desk: they read a file and write one, and need no platform.

Belongs here: their options and what they print. Not here: doing the work.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from aspa_assets.commands.options import (
    BAD_INPUT,
    Month,
    a_county,
    a_language,
    as_json,
    in_file,
    known_county,
    out_file,
    tell,
    transform,
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@a_county
@click.option("--month", type=Month(), help="Month of the delivery; else the rows tell it.")
@a_language
@as_json
def check(file: Path, county: str, month: str | None, language: str, *, as_json: bool) -> None:
    """Check a delivery at the county's own desk, by the platform's own code.

    Exit 1 where a row or the whole file would be rejected.
    """
    from aspa_resources.delivery import check_file, receipt_text
    from aspa_resources.rule_book import RuleBook

    known_county(county)
    receipt = check_file(file.read_bytes(), file.name, county, month, RuleBook.load())
    tell(receipt, lambda: [receipt_text(receipt, language)], as_json=as_json)
    if receipt["verdict"] != "accepted":
        sys.exit(BAD_INPUT)


@click.command()
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
    tell(written, lambda: written, as_json=as_json)


@click.command()
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
@a_language
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
    tell(cleaned.as_dict(), lambda: cleaned.as_lines(language), as_json=as_json)


@click.command()
@in_file
@out_file
@as_json
def analyze(in_file: Path, out_file: Path, *, as_json: bool) -> None:
    """Find language, sentiment, themes and topic of each text of a JSONL file."""
    import numpy as np

    from aspa_assets.desk import topics_of
    from aspa_resources.home import AspaHome
    from aspa_resources.resources import TextModelsResource
    from aspa_resources.text_models import assign_topics

    models = TextModelsResource().open()
    topics = topics_of(AspaHome.current(), models.model_sha256)

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

    transform(in_file, out_file, "text", read, as_json=as_json)


@click.command()
@in_file
@out_file
@click.option("--county", help="Take this county's cost-centre map from storage.")
@click.option(
    "--cost-centres",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the cost-centre map of this file instead.",
)
@click.option("--month", type=Month(), help="Month of the rows: decides which rules hold.")
@click.option(
    "--compare",
    "other_rules",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Write instead what the rules of this folder would change: from, to and rows.",
)
@as_json
def classify(
    in_file: Path,
    out_file: Path,
    *,
    county: str | None,
    cost_centres: Path | None,
    month: str | None,
    other_rules: Path | None,
    as_json: bool,
) -> None:
    """Give each row of code values its Aura class, and the rule and reason that decided.

    A JSON Lines file also gets every rule tried, with the values it looked at.
    """
    from aspa_assets.desk import RowClassifier
    from aspa_resources.record_files import RecordFile
    from aspa_resources.rule_book import RuleBook

    if county is not None:
        known_county(county)
    classifier = RowClassifier.open(county, cost_centres, month)
    if other_rules is None:
        decide = partial(classifier.classify, steps=not RecordFile(out_file).is_csv)
        transform(in_file, out_file, None, decide, as_json=as_json)
        return
    told = classifier.compare_file(in_file, out_file, RuleBook.load(other_rules))
    tell(told.as_dict(), told.as_lines, as_json=as_json)
