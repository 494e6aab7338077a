"""The command that prepares a first meeting with a new county.

Belongs here: its options and what it prints. Not here: doing the work (`aspa_resources`).
"""

from __future__ import annotations

from pathlib import Path

import click

from aspa_assets.commands.options import a_county, as_json, known_county, tell


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@a_county
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of what is written; else onboarding/CODE under $ASPA_HOME.",
)
@as_json
def onboard(file: Path, county: str, folder: Path | None, *, as_json: bool) -> None:
    """Profile a sample export of a new county: the first meeting's agenda, and its file's proposal.

    Writes CODE.yaml, to be read, changed and put into rules/counties, and agenda.html in Finnish,
    Swedish and English. Shows no text, id or value of the sample.
    """
    from aspa_resources import atomic_files, onboarding
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook

    known_county(county)
    rules = RuleBook.load()
    agenda = onboarding.onboard(file.read_bytes(), file.name, county, rules)
    folder = folder or AspaHome.current().root / "onboarding" / county
    proposal, page = folder / f"{county}.yaml", folder / "agenda.html"
    text = onboarding.profile_file(agenda.profile, agenda.matches, rules)
    atomic_files.write_text(proposal, text)
    atomic_files.write_text(page, onboarding.agenda_page(agenda, rules))
    written = {"proposal": str(proposal), "agenda": str(page)}
    tell(
        agenda.as_dict() | written,
        lambda: [*onboarding.agenda_lines(agenda, rules), str(proposal), str(page)],
        as_json=as_json,
    )
