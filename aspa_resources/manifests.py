"""What is known of one version of one asset and partition: counts and outcomes, never content.

Belongs here: that record and its file. Not here: which version is current (storage).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from aspa_resources import atomic_files


class CheckOutcome(Protocol):
    """What storage needs to know of one expectation's result."""

    @property
    def name(self) -> str:
        """Name of the expectation."""

    @property
    def passed(self) -> bool:
        """Whether it held."""

    @property
    def blocking(self) -> bool:
        """Whether the seal depends on it."""

    @property
    def unexpected_count(self) -> int:
        """How many rows broke it."""


@dataclass(frozen=True)
class Manifest:
    """What is known of one version of one asset and partition. Holds counts, never content.

    Attributes:
        inputs: version of every input this was computed from, by `asset` or `asset@partition`.
        statistics: counts that the step measured.
        versions: version of code, rules and models that computed it.
        file_sha256: fingerprint of the encrypted file: tells damage, betrays no content.
        checks: outcome of every expectation: name, passed, blocking, unexpected_count.
        former: version that was current when this one was judged; empty where there was none.
        purged: whether its content was removed at the end of its retention time.
    """

    asset: str
    partition: str
    zone: str
    version: str
    created_at: str
    rows: int
    columns: dict[str, str]
    file_sha256: str
    inputs: dict[str, str]
    statistics: dict[str, Any]
    versions: dict[str, str]
    suite: str = ""
    suite_version: str = ""
    checks: list[dict[str, Any]] = field(default_factory=list)
    sealed: bool = False
    former: str = ""
    purged: bool = False

    @property
    def failed_checks(self) -> list[str]:
        """Names of the blocking expectations that did not hold."""
        return [c["name"] for c in self.checks if c["blocking"] and not c["passed"]]

    def judged(
        self,
        suite: str,
        suite_version: str,
        checks: Sequence[CheckOutcome],
        current: Manifest | None,
    ) -> Manifest:
        """Return it with a suite's outcome, sealed if every blocking expectation held."""
        judged = replace(
            self,
            suite=suite,
            suite_version=suite_version,
            checks=[
                {
                    "name": c.name,
                    "passed": c.passed,
                    "blocking": c.blocking,
                    "unexpected_count": c.unexpected_count,
                }
                for c in checks
            ],
            former=current.version if current else "",
        )
        return replace(judged, sealed=not judged.failed_checks)

    def write(self, path: Path) -> None:
        """Write it as a JSON file."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        atomic_files.write_text(path, text)

    @classmethod
    def read(cls, path: Path) -> Manifest | None:
        """Return the manifest that a file holds, or None where there is no file."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
