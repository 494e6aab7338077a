"""What several commands share: options, how they read rows and how they print.

Belongs here: anything more than one command module needs. Not here: a command. Imports beyond the
option parser happen inside the functions, so that `--help` stays light.
"""

from __future__ import annotations

import json
import os
import re
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
a_language = click.option(
    "--language", type=click.Choice(["fi", "sv", "en"]), default="fi", show_default=True
)


class Month(click.ParamType[str]):
    """A month on the command line, `YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the month, or end with a usage error."""
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
            self.fail(f"{value} is no month; write it like 2025-03.", param, ctx)
        return value


def log(what: str, /, **facts: str | int | None) -> None:
    """Add to the audit log what somebody does by a command; facts that are None are left out."""
    from aspa_resources.audit_log import AuditLog
    from aspa_resources.home import AspaHome

    told = {name: value for name, value in facts.items() if value is not None}
    AuditLog(AspaHome.current().root).record(what, user_id=os.getuid(), **told)


def known_county(county: str) -> None:
    """End with a usage error where there is no such county."""
    from aspa_resources.rule_book import RuleBook

    codes = RuleBook.load().counties
    if county not in codes:
        raise click.BadParameter(f"the codes are {', '.join(codes)}.", param_hint="--county")


def transform(
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
    tell(
        {"rows": written, "out": str(out_file)},
        lambda: [f"{written} rows written to {out_file}"],
        as_json=as_json,
    )


def tell(data: object, lines: Callable[[], list[str]], *, as_json: bool) -> None:
    """Print data for scripts, or lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for line in lines():
            click.echo(line)
