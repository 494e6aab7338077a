"""The storage layer: immutable, encrypted Parquet versions of every asset and partition.

A step writes a *candidate*, its suite judges it, and only then is it *sealed*: one atomic rename
of the manifest makes it the current version. Readers are handed sealed versions only, whoever
launches them. A refused candidate is kept aside, and the last sealed version stays current. A
partition that is *withdrawn* has no version any more; its manifests, which hold counts, stay.

Belongs here: versions, seals, and what is removed. Not here: what a frame must fulfil
(expectations), encryption (encrypted_parquet), which zone an asset belongs to (zones).

Layout, in `<zone>/<asset>/<partition...>/`: `current.json`, the sealed manifest; `refused.json`,
the manifest of the latest refused candidate; `<version>.json`, manifests that were one or the
other; `<version>.parquet`; `aside/<version>.parquet` of refused candidates. A candidate waits for
its seal in its writer's own hidden folder (atomic_files).

What a kill can leave: every change hangs on the one write or removal of `current.json` or
`refused.json`. What goes before it is told by no manifest and swept; what follows it is removal of
what no reader asks for, done again by `sweep`, by the next seal or by the next withdrawal.
Whoever changes a partition holds the lock of its folder; readers need none.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from aspa_resources import atomic_files
from aspa_resources.atomic_files import Aside
from aspa_resources.encrypted_parquet import EncryptedParquet, UnreadableParquetError
from aspa_resources.errors import AspaError
from aspa_resources.manifests import CheckOutcome, Manifest
from aspa_resources.zones import RELEASED, ZONE_OF, Zone, ZoneKeys

__all__ = ["NO_PARTITION", "Manifest", "NotSealedError", "Storage", "StorageDamagedError"]

NO_PARTITION: Final = "all"

_CURRENT: Final = "current.json"
_REFUSED: Final = "refused.json"

Content = Literal["intact", "changed", "purged", "removed", "missing"]
Follows = Callable[[Manifest, str], bool]


def _every_input(_: Manifest, __: str) -> bool:
    return True


class NotSealedError(AspaError):
    """A consumer asked for a version that no seal stands on."""


class PurgedError(AspaError):
    """The content of a sealed version was removed at the end of its retention time."""


class StorageDamagedError(AspaError):
    """A stored file is missing, was changed after its seal, or cannot be decrypted."""


class Storage:
    """Reads and writes versions under one root folder, one encryption key a zone.

    Args:
        root: folder of the storage layer.
        keys: where the zones' keys come from.
        zones: zone of each asset.
    """

    def __init__(self, root: Path, keys: ZoneKeys, zones: Mapping[str, Zone] = ZONE_OF) -> None:
        self.root = root
        self._parquet = EncryptedParquet(keys)
        self._zones = zones
        self._candidates: dict[str, Aside] = {}  # by version, until each is judged

    def write_candidate(
        self,
        asset: str,
        partition: str,
        frame: pl.DataFrame,
        *,
        inputs: Mapping[str, str],
        statistics: Mapping[str, Any],
        versions: Mapping[str, str],
    ) -> Manifest:
        """Write a frame as a new, not yet sealed version and return its manifest.

        It is removed with this object where it is never judged.
        """
        now = datetime.now(UTC)
        version = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        aside = Aside(self._folder(asset, partition) / f"{version}.parquet")
        self._parquet.write(frame, aside.target, self._zones[asset])
        self._candidates[version] = aside
        return Manifest(
            asset=asset,
            partition=partition,
            zone=self._zones[asset].value,
            version=version,
            created_at=now.isoformat(timespec="seconds"),
            rows=frame.height,
            columns={name: str(kind) for name, kind in frame.schema.items()},
            file_sha256=_sha256(aside.target),
            inputs=dict(inputs),
            statistics=dict(statistics),
            versions=dict(versions),
        )

    def seal(
        self, candidate: Manifest, suite: str, suite_version: str, checks: Sequence[CheckOutcome]
    ) -> Manifest:
        """Seal a candidate whose blocking expectations all held; set any other one aside.

        Of candidates that several processes seal, the one sealed last is current.

        Returns:
            The manifest with the outcome. `sealed` says which of the two happened.

        Raises:
            NotSealedError: an input was taken out since the candidate was computed from it.
        """
        folder = self._folder(candidate.asset, candidate.partition)
        aside = self._candidates.pop(candidate.version)
        with atomic_files.locked(folder):
            self._require_inputs(candidate)
            self._finish(folder)
            current = Manifest.read(folder / _CURRENT)
            judged = candidate.judged(suite, suite_version, checks, current)
            _keep_manifests(folder)
            if judged.sealed:
                aside.publish()
                judged.write(folder / _CURRENT)
                atomic_files.remove(folder / _REFUSED)
            else:
                aside.publish(folder / "aside" / f"{judged.version}.parquet")
                judged.write(folder / _REFUSED)
        return judged

    def withdraw(self, asset: str, partition: str) -> None:
        """Take a partition out: no version is current, nothing of its content is stored any more.

        Manifests stay as history, and so do releases. The partition counts as never
        computed. May be repeated.
        """
        folder = self._folder(asset, partition)
        if not folder.exists():
            return
        with atomic_files.locked(folder):
            _keep_manifests(folder)
            atomic_files.remove(folder / _REFUSED)
            atomic_files.remove(folder / _CURRENT)
            self._finish(folder)
        atomic_files.sweep(folder)

    def purge(self, asset: str, partition: str) -> None:
        """Remove all content of a partition; its sealed version stays current, known as purged."""
        folder = self._folder(asset, partition)
        if not (folder / _CURRENT).exists():
            return
        with atomic_files.locked(folder):
            current = Manifest.read(folder / _CURRENT)
            if current is not None:
                replace(current, purged=True).write(folder / _CURRENT)
            for path in _contents(folder):
                atomic_files.remove(path)

    def purge_former(self, asset: str, partition: str) -> int:
        """Remove the content of every version but the current one, refused candidates too.

        Releases stay.

        Returns:
            How many files were removed.
        """
        folder = self._folder(asset, partition)
        if not folder.exists() or self._was_released(folder):
            return 0
        with atomic_files.locked(folder):
            current = Manifest.read(folder / _CURRENT)
            former = [p for p in _contents(folder) if not current or p.stem != current.version]
            for path in former:
                atomic_files.remove(path)
        return len(former)

    def sweep(self) -> None:
        """Remove what killed processes left, whatever others write meanwhile.

        That is unfinished files, candidates that were never judged, content that no manifest
        names, and what is left of a partition that was being withdrawn.
        """
        atomic_files.sweep(self.root)
        for folder, files in _folders(self.root):
            if any(name.endswith(".parquet") for name in files):
                partition = folder.parent if folder.name == "aside" else folder
                with atomic_files.locked(partition):
                    self._finish(partition)

    def read(self, asset: str, partition: str) -> pl.DataFrame:
        """Return the sealed version's frame.

        Raises:
            NotSealedError: there is none; the message names the failed check and the cure.
            StorageDamagedError: the file is not the one that was sealed.
        """
        manifest = self.manifest(asset, partition)
        try:
            return self.read_version(manifest)
        except NotSealedError:  # replaced in this very moment, and its content removed
            return self.read(asset, partition)

    def read_version(self, manifest: Manifest) -> pl.DataFrame:
        """Return the frame of exactly the version that a sealed manifest names.

        Raises:
            NotSealedError: it is current no more, and its content was removed.
            PurgedError: its content was removed at the end of its retention time.
            StorageDamagedError: the file is not the one that was sealed.
        """
        asset, partition, version = manifest.asset, manifest.partition, manifest.version
        path = self._folder(asset, partition) / f"{version}.parquet"
        try:
            if _sha256(path) == manifest.file_sha256:
                return self._parquet.read(path, self._zones[asset])
            problem = (
                f"The stored file of {asset} {partition}, version {version}, is missing or was "
                "changed after it was sealed. Materialise the asset again."
            )
        except UnreadableParquetError as unreadable:
            problem = str(unreadable)
        current = self.sealed(asset, partition)
        if current and current.purged and current.version == version:
            raise PurgedError(
                f"The content of {asset} {partition} was removed at the end of its retention time. "
                "To compute it anew, have the county deliver the month again."
            )
        if path.exists() or (current and current.version == version):
            raise StorageDamagedError(problem)
        raise NotSealedError(
            f"Version {version} of {asset} {partition} was replaced or taken out, and its content "
            "removed. Materialise again what was to read it."
        )

    def manifest(self, asset: str, partition: str) -> Manifest:
        """Return the sealed version's manifest.

        Raises:
            NotSealedError: there is none.
        """
        sealed = self.sealed(asset, partition)
        if sealed is None:
            raise NotSealedError(self._why_not_sealed(asset, partition))
        return sealed

    def sealed(self, asset: str, partition: str) -> Manifest | None:
        """Return the sealed version's manifest, or None."""
        return Manifest.read(self._folder(asset, partition) / _CURRENT)

    def history(self, asset: str, partition: str) -> list[Manifest]:
        """Return every version that was ever judged, sealed or refused, the oldest first."""
        paths = sorted(self._folder(asset, partition).glob("*.json"))  # current.json after the rest
        known = {m.version: m for path in paths if (m := Manifest.read(path))}
        return [known[version] for version in sorted(known)]

    def histories(self) -> Iterator[Manifest]:
        """Give every version of every asset and partition that was ever judged."""
        for asset, zone in self._zones.items():
            base = self.root / zone / asset
            for folder, files in _folders(base):
                if any(name.endswith(".json") for name in files):
                    yield from self.history(asset, "|".join(folder.relative_to(base).parts))

    def releases(self, asset: str, partition: str) -> list[Manifest]:
        """Return every version of a released asset that was ever sealed, the oldest first.

        Their content is kept when others replace them, and when the partition is withdrawn.
        """
        return [m for m in self.history(asset, partition) if m.sealed and not m.purged]

    def content(self, manifest: Manifest) -> Content:
        """Tell what is left of the content of a version that was sealed.

        Returns:
            intact: the very bytes that were sealed. changed: other bytes. purged: removed at the
            end of its retention time. removed: since it was replaced or taken out. missing: it is
            current and its file is gone.
        """
        asset, partition, version = manifest.asset, manifest.partition, manifest.version
        found = _sha256(self._folder(asset, partition) / f"{version}.parquet")
        if found:
            return "intact" if found == manifest.file_sha256 else "changed"
        current = self.sealed(asset, partition)
        if current is None or current.version != version:
            return "removed"
        return "purged" if current.purged else "missing"

    def attempt(self, asset: str, partition: str) -> Manifest | None:
        """Return the manifest of the latest attempt, sealed or refused, or None."""
        sealed, refused = _standing(self._folder(asset, partition))
        return refused or sealed

    def behind(self, manifest: Manifest, follows: Follows = _every_input) -> Iterator[Manifest]:
        """Give every version that a version stands on, once each, the nearest first.

        Args:
            manifest: where to begin; it is not given itself.
            follows: whether an input, named as in a manifest, is to be gone after.
        """
        waiting, seen = deque([manifest]), {manifest.version}
        while waiting:
            of = waiting.popleft()
            for key, version in of.inputs.items():
                if version in seen or not follows(of, key):
                    continue
                seen.add(version)
                asset, _, partition = key.partition("@")
                source = self._known(asset, partition, version)
                if source:
                    waiting.append(source)
                    yield source

    def versions_behind(self, manifest: Manifest) -> dict[str, list[str]]:
        """Return every version of rules, code or models that a version and its inputs stand on."""
        behind: dict[str, set[str]] = {}
        for of in (manifest, *self.behind(manifest)):
            for name, version in of.versions.items():
                behind.setdefault(name, set()).add(version)
        return {name: sorted(versions) for name, versions in behind.items()}

    def sealed_partitions(self, asset: str) -> list[str]:
        """Return the partitions that have a sealed version, sorted."""
        base = self.root / self._zones[asset] / asset
        return sorted(
            "|".join(folder.relative_to(base).parts)
            for folder, files in _folders(base)
            if _CURRENT in files
        )

    def _known(self, asset: str, partition: str, version: str) -> Manifest | None:
        """Return the manifest of a version, be it current or a former one."""
        current = self.sealed(asset, partition)
        if current and current.version == version:
            return current
        return Manifest.read(self._folder(asset, partition) / f"{version}.json")

    def _why_not_sealed(self, asset: str, partition: str) -> str:
        where = asset if partition == NO_PARTITION else f"{asset} of {partition}"
        attempt = self.attempt(asset, partition)
        if attempt is None and any(self._folder(asset, partition).glob("*.json")):
            return f"{where} was taken out. Deliver the data again, then materialise {asset}."
        if attempt is None:
            return f"There is no version of {where} yet. Materialise {asset} first."
        return (
            f"{where} has no sealed version: its latest candidate failed "
            f"{', '.join(attempt.failed_checks)}. Mend the input, then materialise {asset} again; "
            "the refused candidate is kept aside."
        )

    def _folder(self, asset: str, partition: str) -> Path:
        return self.root.joinpath(self._zones[asset], asset, *partition.split("|"))

    def _was_released(self, folder: Path) -> bool:
        _, asset, *_ = folder.relative_to(self.root).parts
        return asset in RELEASED

    def _finish(self, folder: Path) -> None:
        """Remove what a killed change left: what no manifest names, and what was taken out."""
        current, refused = _standing(folder)
        if refused is None:
            atomic_files.remove(folder / _REFUSED)
        standing = [manifest.version for manifest in (current, refused) if manifest]
        kept = standing or self._was_released(folder)
        history = [path.stem for path in folder.glob("*.json")] if kept else []
        named = {*standing, *history}
        for path in _contents(folder):
            if path.stem not in named:
                atomic_files.remove(path)

    def _require_inputs(self, candidate: Manifest) -> None:
        for key, version in candidate.inputs.items():
            asset, _, partition = key.partition("@")
            content = self._folder(asset, partition) / f"{version}.parquet"
            if self.sealed(asset, partition) is None or not content.exists():
                raise NotSealedError(
                    f"{candidate.asset} of {candidate.partition} was not sealed: {key}, which it "
                    "was computed from, was taken out meanwhile. Materialise it again."
                )


def _folders(base: Path) -> Iterator[tuple[Path, list[str]]]:
    """Give every folder with the names of its files; not what writers are just making."""
    for folder, names, files in os.walk(base):
        names[:] = [name for name in names if not name.startswith(".")]
        yield Path(folder), files


def _contents(folder: Path) -> list[Path]:
    """Return every stored file of a partition, those of refused candidates too."""
    return [*folder.glob("*.parquet"), *folder.glob("aside/*.parquet")]


def _keep_manifests(folder: Path) -> None:
    """Keep, as history, the manifests that are about to be replaced or removed."""
    for name in (_CURRENT, _REFUSED):
        manifest = Manifest.read(folder / name)
        if manifest and not (path := folder / f"{manifest.version}.json").exists():
            manifest.write(path)


def _standing(folder: Path) -> tuple[Manifest | None, Manifest | None]:
    """Return the current manifest, and the refused one unless a version was sealed since."""
    current, refused = (Manifest.read(folder / name) for name in (_CURRENT, _REFUSED))
    if refused and refused.former != (current.version if current else ""):
        refused = None
    return current, refused


def _sha256(path: Path) -> str:
    """Return the hash of a file; nothing where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
