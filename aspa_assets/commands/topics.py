"""The commands of who tends the topics.

Belongs here: their options and what they print. Not here: finding, matching and keeping topics.
"""

from __future__ import annotations

import sys

import click

from aspa_assets.commands.options import BAD_INPUT, as_json, log, tell


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def topics(context: click.Context, *, as_json: bool) -> None:
    """Tell the topics there are and those that the last refit proposes."""
    if context.invoked_subcommand is None:
        _tell(as_json=as_json)


@topics.command()
@as_json
def refit(*, as_json: bool) -> None:
    """Look for topics anew in every verified text. Changes none: it proposes those that are new."""
    from aspa_assets.tending import refit_topics

    _do(refit_topics(), as_json=as_json)


@topics.command()
@click.argument("proposals", nargs=-1, required=True, type=int)
@click.option("--name-fi", help="What the topic is called in Finnish.")
@click.option("--name-sv", help="In Swedish.")
@click.option("--name-en", help="In English.")
@as_json
def accept(
    proposals: tuple[int, ...],
    name_fi: str | None,
    name_sv: str | None,
    name_en: str | None,
    *,
    as_json: bool,
) -> None:
    """Make proposals topics. Months read before keep their topics until aspa reanalyze."""
    from aspa_assets.tending import decide

    named = {"name_fi": name_fi, "name_sv": name_sv, "name_en": name_en}
    if len(proposals) > 1 and any(named.values()):
        raise click.UsageError("A name is for one topic: accept the proposals one by one.")
    log("topics_accepted", proposals=len(proposals))
    _do(decide({"accept": [*proposals], **named}), as_json=as_json)


@topics.command()
@click.argument("proposals", nargs=-1, required=True, type=int)
@as_json
def reject(proposals: tuple[int, ...], *, as_json: bool) -> None:
    """Keep proposals from being proposed again."""
    from aspa_assets.tending import decide

    log("topics_rejected", proposals=len(proposals))
    _do(decide({"reject": [*proposals]}), as_json=as_json)


def _do(problems: list[tuple[str, str, str]], *, as_json: bool) -> None:
    for job, _, problem in problems:
        click.echo(f"problem   {job}: {problem}", err=True)
    if problems:
        sys.exit(BAD_INPUT)
    _tell(as_json=as_json)


def _tell(*, as_json: bool) -> None:
    from aspa_assets.tending import told

    found = told()
    tell(found.as_dict(), found.as_lines, as_json=as_json)
