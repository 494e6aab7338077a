"""A home with pages of three areas, and with what nobody may be handed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from aspa_resources.home import AspaHome

SECRET = "a secret of the proxy, 32 characters or more"
KIT_POLICY = "default-src &#39;none&#39;; style-src &#39;sha256-AAAA&#39;; base-uri &#39;none&#39;"

FILES = {
    "reports/08/2025-02.html": "08",
    "reports/08/2025-03.html": "08",
    "reports/10/2025-03.html": "10",
    "reports/FI/2025-03.html": "FI",
    "receipts/08/index.html": "08",
    "receipts/08/2025-03/0123456789ab/receipt.html": "08",
    "receipts/08/2025-03/0123456789ab/receipt.json": "08",
    "receipts/10/index.html": "10",
    "receipts/10/2025-03/fedcba987654/receipt.html": "10",
    "operator/anonymization/index.html": "operator",
    "operator/anonymization/10.html": "operator",
    "operator/audit/2025-03.json": "operator",
    "operator/what_happened/10/2025-03.html": "operator",
    "thl/2025-03/indicators.csv": "thl",
    "thl/2025-03/indicators.parquet": "thl",
    "thl/receipts/2025-03/index.html": "thl",
}
"""Files that are handed out, and whose they are."""

HELD_BACK = (
    "landing/10/aspa_10_2025-03.csv", "storage/national/x.parquet", "keys/national",
    "dagster/runs.db", "ledger.sqlite", "reports/.2025-03.html.0a1b2c3d/new",
    "reports/10/.2025-02.html.0a1b2c3d/new", "secret.html",
    "thl/2025-03/not plain.csv", "operator/.audit.0a1b2c3d/new/2025-03.json",
)  # fmt: skip
"""Files that nobody is handed."""


def mark(owner: str) -> str:
    """Return what every file of an owner holds and no other page does."""
    return f"MARK-{owner}-MARK"


@dataclass
class Recorded:
    """A log that keeps what it is told."""

    entries: list[dict[str, str | int]] = field(default_factory=list)

    def record(self, what: str, /, **facts: str | int) -> None:
        self.entries.append({"what": what, **facts})


def html(owner: str, policy: str | None = None, style: str = "p{margin:0}") -> str:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    return (
        f"<!doctype html><html lang=fi><head>{meta}<title>x</title><style>{style}</style></head>"
        f"<body>{mark(owner)}</body></html>"
    )


def fill(root: Path) -> AspaHome:
    """Return a home at a folder, with files, and with links and a pipe that lead elsewhere."""
    for name, owner in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        of_kit = name.startswith(("reports", "operator"))
        page = html(owner, KIT_POLICY if of_kit else None)
        path.write_text(page if name.endswith(".html") else mark(owner), encoding="utf-8")
    for name in HELD_BACK:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mark("held-back"), encoding="utf-8")
    (root / "reports/10/2024-12.html").symlink_to(root / "reports/08/2025-03.html")
    (root / "reports/10/other").symlink_to(root / "reports/08", target_is_directory=True)
    (root / "receipts/10/keys").symlink_to(root / "keys", target_is_directory=True)
    (root / "operator/linked").symlink_to(root / "keys", target_is_directory=True)
    os.mkfifo(root / "reports/10/2024-11.html")
    return AspaHome(root)


def said(*groups: str, user: str = "somebody@example.fi") -> dict[str, str]:
    """Return the headers by which the proxy names a reader."""
    return {
        "X-Forwarded-User": user,
        "X-Forwarded-Groups": ",".join(groups),
        "X-Aspa-Proxy-Secret": SECRET,
    }
