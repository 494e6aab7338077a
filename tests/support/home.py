"""A home in which tests run `aspa` commands as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from aspa_resources.storage import Storage
from aspa_resources.zones import ZoneKeys


@dataclass(frozen=True)
class Home:
    """A home in which `aspa` commands run."""

    root: Path

    def aspa(self, *arguments: str, code: int | None = 0) -> str:
        """Run one command and return its standard output."""
        done = subprocess.run(
            [sys.executable, "-c", "from aspa_assets.cli import main; main()", *arguments],
            env={**os.environ, "ASPA_HOME": str(self.root)},
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def json(self, *arguments: str, code: int | None = 0) -> Any:  # noqa: ANN401 (any JSON)
        """Run one command and return what it prints as JSON."""
        return json.loads(self.aspa(*arguments, "--json", code=code))

    @property
    def storage(self) -> Storage:
        """The home's storage layer."""
        return Storage(self.root / "storage", ZoneKeys(self.root / "keys"))

    def read(self, asset: str, partition: str) -> pl.DataFrame:
        """Return a sealed frame."""
        return self.storage.read(asset, partition)
