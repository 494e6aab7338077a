"""Files of a home's landing zone, as whole-flow tests drop, find and change them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from home import Home

MONTH = "2025-03"


def drop(home: Home, county: str, name: str, content: bytes) -> Path:
    path = home.root / "landing" / county / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def delivered(home: Home, county: str) -> Path:
    (path,) = (home.root / "landing" / county).glob("*.csv")
    return path


def rows_between(content: bytes, first: int, end: int) -> bytes:
    """Return a delivery of some of the rows of another; a text may take several lines."""
    header, *rows = csv.reader(io.StringIO(content.decode()), delimiter=";")
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([header, *rows[first:end]])
    return out.getvalue().encode()
