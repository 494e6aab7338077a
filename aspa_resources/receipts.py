"""Where receipts lie: a folder each, and a county's page that leads to all of them.

Belongs here: the folders, and writing them in place at once. Not here: what they say (delivery).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aspa_resources.atomic_files import write_text
from aspa_resources.delivery import receipt_html
from aspa_resources.delivery.history import History, history_html
from aspa_resources.delivery.notes import fingerprint
from aspa_resources.delivery.receipts import Receipt
from aspa_resources.delivery.shown_names import shown_name

NO_MONTH: Final = "no-month"
OUTSIDE: Final = "outside"  # stands for a folder whose name is none to repeat
_FOLDER_NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,40}")


def county_folder(receipts: Path, county: str) -> Path:
    """Return where a county's receipts and history lie.

    Args:
        receipts: Folder of all receipts.
        county: The county's code, or the name of the folder that a misplaced file lay in.
    """
    fit = _FOLDER_NAME.fullmatch(county) and shown_name(county) == county
    return receipts / (county if fit else OUTSIDE)


def receipt_folder(receipts: Path, county: str, month: str | None, content_hash: str) -> Path:
    """Return where a file's receipt lies; the same for the same content.

    Args:
        receipts: Folder of all receipts.
        county: As of `county_folder`.
        month: `YYYY-MM`; None or empty where the file has none.
        content_hash: SHA-256 of what the file says, in hex.
    """
    return county_folder(receipts, county) / (month or NO_MONTH) / fingerprint(content_hash)


def write_receipt(folder: Path, told: Mapping[str, Any]) -> None:
    """Write `receipt.json` and `receipt.html` into a folder, each by one rename."""
    write_text(folder / "receipt.json", json.dumps(told, ensure_ascii=False, indent=1))
    write_text(folder / "receipt.html", receipt_html(told))


def read_receipt(folder: Path) -> Receipt | None:
    """Return the receipt that lies in a folder; None where none does."""
    path = folder / "receipt.json"
    if not path.exists():
        return None
    told: Receipt = json.loads(path.read_text(encoding="utf-8"))
    return told


def write_history(folder: Path, told: History) -> None:
    """Write a county's `index.json` and `index.html`, each by one rename.

    Args:
        folder: The county's folder (`county_folder`).
        told: Its deliveries; the links to receipts are relative to the folder.
    """
    write_text(folder / "index.json", json.dumps(told, ensure_ascii=False, indent=1))
    write_text(folder / "index.html", history_html(told))
