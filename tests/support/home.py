"""A home in which tests run `aspa` commands as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
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

    def aspa(self, *arguments: str, code: int = 0) -> str:
        """Run one command and return its standard output."""
        done = self._run(arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def failing(self, *arguments: str) -> str:
        """Run one command whose input is bad and return what it says of it."""
        done = self._run(arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("aspa"), *arguments],
            env={**os.environ, "ASPA_HOME": str(self.root)},
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run one command and return what it prints as JSON."""
        return json.loads(self.aspa(*arguments, "--json", code=code))

    @property
    def storage(self) -> Storage:
        """The home's storage layer."""
        return Storage(self.root / "storage", ZoneKeys(self.root / "keys"))

    def read(self, asset: str, partition: str) -> pl.DataFrame:
        """Return a sealed frame."""
        return self.storage.read(asset, partition)
