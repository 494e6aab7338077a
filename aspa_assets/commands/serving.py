"""The command that shows everybody the pages they may read.

Belongs here: the settings of the server and starting it. Not here: who may read what
(`aspa_resources.serving`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.serving import DemoGate


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--demo-as",
    "demo_groups",
    multiple=True,
    metavar="GROUP",
    help="Ask nobody who they are and show what a group may read: aspa-county-10, aspa-national, "
    "aspa-operator. For trying it out at 127.0.0.1 only; may be given several times.",
)
def serve(host: str, port: int, demo_groups: tuple[str, ...]) -> None:
    """Show reports, receipts and operators' pages to those who may read them.

    An authenticating proxy stands before it. Either it is trusted (ASPA_SERVE_PROXY_SECRET) and
    names the reader and their groups in headers that it overwrites, or it passes on the token of an
    OpenID provider (ASPA_SERVE_OIDC_ISSUER, ASPA_SERVE_OIDC_AUDIENCE, ASPA_SERVE_OIDC_KEYS).
    aspa-county-10 shows county 10, aspa-national every county and the published tables,
    aspa-operator the operators' pages; everybody with one of them sees the nation. Whoever has none
    sees nothing.
    """
    import uvicorn

    from aspa_resources.audit_log import AuditLog
    from aspa_resources.home import AspaHome
    from aspa_resources.rule_book import RuleBook
    from aspa_resources.serving import create_app, gate_of_environment
    from aspa_resources.serving.pseudonyms import Pseudonyms

    home, rules = AspaHome.current(), RuleBook.load()
    gate = _demo_gate(host, demo_groups, rules) if demo_groups else gate_of_environment(os.environ)
    pseudonyms = Pseudonyms(home.keys / "readers")
    app = create_app(home, rules, gate, AuditLog(home.root), pseudonyms.of)
    click.echo(f"Pages of {home.root} at http://{host}:{port}")
    uvicorn.run(
        app,
        host=host,
        port=port,
        proxy_headers=False,  # who asks is told by the gate's headers alone
        server_header=False,
        access_log=False,  # an address is personal data; the audit log knows what was read
        log_level="warning",
        lifespan="off",
        ws="none",
    )


def _demo_gate(host: str, groups: tuple[str, ...], rules: RuleBook) -> DemoGate:
    from aspa_resources.serving import DemoGate
    from aspa_resources.serving.gates import LOOPBACK
    from aspa_resources.serving.readers import Claims, Reader

    if host not in LOOPBACK:
        raise click.UsageError(f"--demo-as asks nobody who they are, so not at {host}.")
    if Reader.of(Claims("demo", groups), rules.counties) is None:
        raise click.UsageError(f"{', '.join(groups)} opens nothing; try --demo-as aspa-county-10.")
    click.echo(
        "DEMO: nobody is asked who they are; everybody on this machine reads as "
        f"{', '.join(groups)}.",
        err=True,
    )
    return DemoGate(groups)
