"""The command line: the door for people and scripts that do not open the UI.

Belongs here: the group of all commands and how it ends: exit code 0, 1 where the input is bad, 2
for wrong usage. Not here: a command (`commands`), doing the work. Every import beyond the option
parser happens inside the command that needs it, so that a light install and `--help` stay light.
"""

from __future__ import annotations

import sys

import click

from aspa_assets.commands import (
    audit,
    codes,
    desk,
    onboarding,
    platform,
    reviewing,
    serving,
    topics,
    tracing,
)
from aspa_assets.commands.options import BAD_INPUT

COMMANDS = (
    platform.demo,
    platform.run,
    platform.status,
    platform.reclassify,
    platform.reanalyze,
    platform.retract,
    platform.export,
    audit.audit,
    tracing.trace,
    tracing.lineage,
    platform.enrichment,
    onboarding.onboard,
    desk.check,
    desk.contract,
    desk.anonymize,
    desk.analyze,
    desk.classify,
    reviewing.review,
    codes.codes,
    topics.topics,
    serving.serve,
)


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


for command in COMMANDS:
    aspa.add_command(command)
