"""The command of who keeps the code sets.

Belongs here: its options and what it prints. Not here: fetching, comparing, installing.
"""

from __future__ import annotations

from pathlib import Path

import click

from aspa_assets.commands.options import as_json, log, tell


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def codes(context: click.Context, *, as_json: bool) -> None:
    """List the code sets: version, provenance, age, and changes that wait to be installed."""
    if context.invoked_subcommand is None:
        from aspa_assets.code_desk import CodeDesk

        desk = CodeDesk.open()
        tell(desk.sets() if as_json else None, desk.set_lines, as_json=as_json)


@codes.command()
@as_json
def refresh(*, as_json: bool) -> None:
    """Read the lists that have an OID from the code server, and show what they would change.

    The server is named by ASPA_CODE_SERVER; without it nothing is read from anywhere.
    """
    from aspa_assets.code_desk import CodeDesk
    from aspa_assets.code_sets import OFFLINE

    desk = CodeDesk.open()
    if not desk.refresh():
        tell({"read": False, "problem": OFFLINE}, lambda: [OFFLINE], as_json=as_json)
        return
    tell(
        {"read": True, "not_read": desk.not_read(), "differences": desk.differences()},
        desk.difference_lines,
        as_json=as_json,
    )


@codes.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", required=True, help="Which code set it is, such as specialties.")
@as_json
def import_(file: Path, name: str, *, as_json: bool) -> None:
    """Read one list from a manual export (CSV or XLSX), and show what it would change."""
    from aspa_assets.code_desk import CodeDesk

    desk = CodeDesk.open()
    desk.take(file, name)
    tell({"differences": desk.differences()}, desk.difference_lines, as_json=as_json)


@codes.command()
@click.option("--name", "names", multiple=True, help="Only this code set; may be repeated.")
@as_json
def install(names: tuple[str, ...], *, as_json: bool) -> None:
    """Put the lists read last into the rules folder. Months keep their classes until reclassify."""
    from aspa_assets.code_desk import CodeDesk

    told = CodeDesk.open().install(names)
    log("code_sets_installed", code_sets=len(told["installed"]), rules=told["rules_after"])
    tell(
        told,
        lambda: [
            f"Installed: {', '.join(told['installed'])}.",
            f"Rules {told['rules_before']} -> {told['rules_after']}.",
            "aspa reclassify shows what that changes.",
        ],
        as_json=as_json,
    )
