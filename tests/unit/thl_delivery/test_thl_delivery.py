"""A delivery to THL is signed, numbered, anchors the audit log, and is resent when it changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from aspa_resources.audit_log import Anchor
from aspa_resources.rule_book import RuleBook
from aspa_resources.thl_delivery import Signer, anchors, compose, is_sent, write_receipt
from aspa_resources.thl_delivery.signing import KEY_VARIABLE, SigningKeyError

MONTH = "2025-03"
VERSIONS = {"release": "r1", "rules": "abc"}


class Sender:
    """Makes deliveries of one month in a folder of deliveries."""

    def __init__(self, root: Path) -> None:
        self.deliveries = root / "thl"
        self.signer = Signer(root / "keys")
        self.former = self.deliveries / MONTH
        self._made = 0

    def make(self, contents: Mapping[str, str], versions: Mapping[str, str] = VERSIONS) -> Path:
        """Compose a delivery beside what was sent."""
        self._made += 1
        folder = self.deliveries / f".aside-{self._made}"
        folder.mkdir(parents=True)
        files = []
        for name, content in contents.items():
            (folder / name).write_text(content)
            sha256 = hashlib.sha256(content.encode()).hexdigest()
            files.append({"file_name": name, "sha256": sha256, "rows": len(content.split())})
        anchor = Anchor(self._made, "5" * 64)
        compose(folder, MONTH, files, versions, anchor, self.former, self.signer)
        return folder

    def send(self, contents: Mapping[str, str], versions: Mapping[str, str] = VERSIONS) -> Path:
        """Put a delivery in the place of what was sent before, if it is other than that."""
        folder = self.make(contents, versions)
        if not is_sent(folder, self.former):
            if self.former.exists():
                self.former.rename(self.deliveries / f".old-{self._made}")
            folder.rename(self.former)
        return self.former


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path)


def _manifest(folder: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return told


def _verify(folder: Path) -> None:
    key = load_pem_public_key((folder / "public_key.pem").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    key.verify((folder / "manifest.json.sig").read_bytes(), (folder / "manifest.json").read_bytes())


def test_the_signature_holds_until_a_byte_of_the_manifest_changes(sender: Sender) -> None:
    folder = sender.send({"a.csv": "1 2 3"})
    _verify(folder)
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"a.csv", b"b.csv"))
    with pytest.raises(InvalidSignature):
        _verify(folder)


def test_openssl_checks_it_with_the_command_of_the_receipt(sender: Sender) -> None:
    folder = sender.send({"a.csv": "1 2 3"})
    page = write_receipt(sender.deliveries / "receipts", folder, RuleBook.load())
    command = (
        "openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin "
        "-in manifest.json -sigfile manifest.json.sig"
    )
    assert command in page.read_text()
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout


def test_the_same_figures_on_the_same_rules_are_not_sent_again(sender: Sender) -> None:
    folder = sender.send({"a.csv": "1 2 3"})
    told = (folder / "manifest.json").read_bytes()
    sender.send({"a.csv": "1 2 3"}, VERSIONS | {"release": "r2"})
    assert (folder / "manifest.json").read_bytes() == told


@pytest.mark.parametrize(
    ("contents", "versions", "changed"),
    [
        ({"a.csv": "1 2 4", "b.csv": "1"}, VERSIONS, ["a.csv"]),
        ({"a.csv": "1 2 3"}, VERSIONS, ["b.csv"]),
        ({"a.csv": "1 2 3", "b.csv": "1", "c.csv": "1"}, VERSIONS, ["c.csv"]),
        ({"a.csv": "1 2 3", "b.csv": "1"}, VERSIONS | {"rules": "abd"}, []),
    ],
)
def test_what_changed_is_sent_under_the_next_number(
    sender: Sender, contents: dict[str, str], versions: dict[str, str], changed: list[str]
) -> None:
    sender.send({"a.csv": "1 2 3", "b.csv": "1"})
    told = _manifest(sender.send(contents, versions))
    assert (told["delivery"], told["changed"]) == (2, changed)


def test_every_delivery_has_its_record_and_the_page_tells_all(sender: Sender) -> None:
    receipts, rules = sender.deliveries / "receipts", RuleBook.load()
    for content in ("1 2 3", "1 2 4"):
        folder = sender.send({"a.csv": content})
        page = write_receipt(receipts, folder, rules)
        write_receipt(receipts, folder, rules)  # as a run that was killed and goes on does
    records = sorted(path.name for path in (receipts / MONTH).glob("*.json"))
    assert records == ["0001.json", "0002.json"]
    assert _manifest(folder)["files"][0]["sha256"][:16] in page.read_text()  # type: ignore[index]


def test_deliveries_anchor_the_audit_log(sender: Sender) -> None:
    sender.send({"a.csv": "1 2 3"})
    assert list(anchors(sender.deliveries)) == [Anchor(1, "5" * 64)]


def test_a_key_that_is_none_is_told_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "no key at all")
    with pytest.raises(SigningKeyError, match="openssl genpkey -algorithm ed25519"):
        Signer(tmp_path).sign(b"")
