"""The command of who looks at cleaned texts.

Belongs here: its options and what it prints. Not here: asking and keeping verdicts.
"""

from __future__ import annotations

import click

from aspa_assets.commands.options import Month, a_county, as_json, known_county, log, tell


@click.command()
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

    known_county(county)
    desk = Desk.open(county, month, lang)
    log("reviewed", county=county, month=month)
    if record or take_back:
        desk.record(record, take_back)
    elif not as_json:
        desk.sit()
    tell(desk.counts(), desk.summary, as_json=as_json)
