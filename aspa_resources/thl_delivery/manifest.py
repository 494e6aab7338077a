"""The manifest of a delivery: its files, what they stand on, and how far the audit log had come.

A delivery is sent again only where its figures, or the rules or models that they stand on, changed.
Its number counts what was sent of the month.

Belongs here: what a manifest says, and comparing two. Does not belong here: writing tables
(`published_form`), signing (`signing`), telling people (`receipts`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from aspa_resources.audit_log import Anchor
from aspa_resources.data_dictionary import PACKAGE
from aspa_resources.thl_delivery.signing import Signer

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.json.sig"
PUBLIC_KEY: Final = "public_key.pem"

_RELEASE: Final = "release"  # new at each publication, also where nothing changed


def compose(  # noqa: PLR0917 (what a manifest names)
    folder: Path,
    month: str,
    files: Sequence[Mapping[str, Any]],
    versions: Mapping[str, str],
    anchor: Anchor,
    former: Path,
    signer: Signer,
) -> None:
    """Write the manifest of a folder of files, its signature, and the key to check it with.

    Args:
        folder: where the files lie.
        month: whose figures they are.
        files: file_name, sha256 and rows of each.
        versions: what the figures stand on, `release` among them.
        anchor: how far the audit log has come.
        former: folder of what was sent of the month before; need not be there.
        signer: signs the manifest.
    """
    before = _read(former)
    manifest = {
        "month": month,
        "delivery": before["delivery"] + 1 if before else 1,
        "sent_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions,
        "schema": PACKAGE,
        "files": files,
        "changed": _changed(files, before["files"] if before else ()),
        "audit_log": {"entries": anchor.entries, "seal": anchor.seal},
    }
    told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    (folder / MANIFEST).write_bytes(told)
    (folder / SIGNATURE).write_bytes(signer.sign(told))
    (folder / PUBLIC_KEY).write_bytes(signer.public_key())


def is_sent(folder: Path, former: Path) -> bool:
    """Tell whether what a folder holds was sent before, figure by figure and version by version."""
    new, before = _read(folder), _read(former)
    return new is not None and before is not None and _content(new) == _content(before)


def anchors(deliveries: Path) -> Iterator[Anchor]:
    """Give how far the audit log had come at each delivery that lies in a folder of deliveries."""
    for path in sorted(deliveries.glob(f"20*/{MANIFEST}")):
        told = json.loads(path.read_text(encoding="utf-8")).get("audit_log")
        if told:
            yield Anchor(told["entries"], told["seal"])


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest of a delivery says."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return told


def _read(folder: Path) -> dict[str, Any] | None:
    told = read_manifest(folder) if (folder / MANIFEST).exists() else None
    return told if told and "delivery" in told else None


def _content(manifest: Mapping[str, Any]) -> tuple[object, object]:
    versions = {name: v for name, v in manifest["versions"].items() if name != _RELEASE}
    return manifest["files"], versions


def _changed(files: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of files that are new, other than before, or gone."""
    new, old = ({f["file_name"]: f["sha256"] for f in some} for some in (files, before))
    return sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
