"""The sealed versions a figure stands on, each with its counts, its checks and what is left of it.

Belongs here: one version as a trace tells it. Does not belong here: which versions belong to a
figure (`trace`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from aspa_resources.storage import Content, Manifest, Storage

# The statistics that the quality table publishes or that count no responses. All others may hold
# what disclosure control hides: rows by rule, texts with a finding.
_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "validated_feedback": ("rows_delivered", "rows_accepted", "rows_rejected"),
    "verification_run": ("quarantined",),
    "classified_feedback": ("unclassified",),
    "published_tables": ("cells", "suppressed", "earlier_releases", "held"),
    "published_periods": ("suppressed",),
}
_ANALYZED: Final = "analyzed_feedback"
COUNT_TEXTS: Final = frozenset({_ANALYZED, "review_queue", "review_verdicts"})
"""Assets whose rows are texts: how many responses have one may be suppressed."""


@dataclass(frozen=True)
class Step:
    """One sealed version.

    Attributes:
        at: when its candidate was written, ISO 8601 in UTC.
        rows: of its frame; None where that would tell of fewer responses than may be shown.
        rows_in: rows of the inputs gone after, by asset; None as above.
        counts: what else the step counted.
        checks: name, passed, blocking and unexpected_count of every expectation.
        inputs: version of every input, those not gone after too.
        content: what is left of its file, whose hash was compared with the seal's.
        current: whether it is the version in force.
    """

    asset: str
    partition: str
    version: str
    at: str
    zone: str
    rows: int | None
    rows_in: dict[str, int | None]
    counts: dict[str, Any]
    suite: str
    checks: list[dict[str, Any]]
    versions: dict[str, str]
    inputs: dict[str, str]
    file_sha256: str
    content: Content
    current: bool

    @property
    def sound(self) -> bool:
        """Whether its file is the sealed one, or was removed as it should be."""
        return self.content not in ("changed", "missing")


def steps(storage: Storage, manifests: Iterable[Manifest], threshold: int) -> list[Step]:
    """Return manifests as steps of a trace, in the order given.

    Args:
        threshold: the fewest responses that a count may tell of.
    """
    known = {m.version: m for m in manifests}
    rows = {version: _shown_rows(m, known, threshold) for version, m in known.items()}
    return [_step(storage, m, known, rows) for m in known.values()]


def shown_texts(texts: int, verified: int, threshold: int) -> int | None:
    """Return how many verified responses have a text, or None where it may not be told.

    Published tables count responses with a text, and hide that count, or what is left of all
    responses, where it is small: so it is told here neither.
    """
    few = range(1, threshold)
    return None if texts in few or verified - texts in few else texts


def _shown_rows(manifest: Manifest, known: Mapping[str, Manifest], threshold: int) -> int | None:
    if manifest.asset not in COUNT_TEXTS:
        return manifest.rows
    rows, verified = (
        known.get(manifest.inputs.get(f"{asset}@{manifest.partition}", ""))
        for asset in ("anonymized_feedback", "verification_run")
    )
    if manifest.asset != _ANALYZED or rows is None or verified is None:
        return None
    passed = rows.rows - verified.statistics["quarantined"]
    return shown_texts(manifest.rows, passed, threshold)


def _step(
    storage: Storage,
    manifest: Manifest,
    known: Mapping[str, Manifest],
    rows: Mapping[str, int | None],
) -> Step:
    current = storage.sealed(manifest.asset, manifest.partition)
    rows_in: dict[str, list[int | None]] = {}
    for version in manifest.inputs.values():
        if version in known:
            rows_in.setdefault(known[version].asset, []).append(rows[version])
    return Step(
        asset=manifest.asset,
        partition=manifest.partition,
        version=manifest.version,
        at=manifest.created_at,
        zone=manifest.zone,
        rows=rows[manifest.version],
        rows_in={asset: total(counts) for asset, counts in rows_in.items()},
        counts={
            name: manifest.statistics[name]
            for name in _TOLD.get(manifest.asset, ())
            if name in manifest.statistics
        },
        suite=f"{manifest.suite} {manifest.suite_version}",
        checks=manifest.checks,
        versions=manifest.versions,
        inputs=manifest.inputs,
        file_sha256=manifest.file_sha256,
        content=storage.content(manifest),
        current=current is not None and current.version == manifest.version,
    )


def total(counts: Iterable[int | None]) -> int | None:
    """Return a sum, or None where a part of it may not be told: it would follow from the rest."""
    parts = list(counts)
    told = [count for count in parts if count is not None]
    return sum(told) if len(told) == len(parts) else None
