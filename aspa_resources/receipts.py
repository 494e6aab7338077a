"""Where receipts lie: a folder each, with the receipt as JSON for machines and HTML for people.

Belongs here: writing them in place at once. Not here: what they say (delivery).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aspa_resources.delivery import receipt_html


def write_receipt(folder: Path, told: Mapping[str, Any]) -> None:
    """Write `receipt.json` and `receipt.html` into a folder, each by one rename."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("receipt.json", json.dumps(told, ensure_ascii=False, indent=1)),
        ("receipt.html", receipt_html(told)),
    ):
        aside = folder / f".{name}.{secrets.token_hex(4)}"
        aside.write_text(content, encoding="utf-8")
        aside.replace(folder / name)
