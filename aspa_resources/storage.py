"""The storage layer: immutable, encrypted Parquet versions of every asset and partition.

A step writes a *candidate*, its suite judges it, and only then is it *sealed*: one atomic rename
of the manifest makes it the current version. Readers are handed sealed versions only, whoever
launches them. A refused candidate is kept aside, and the last sealed version stays current.

Belongs here: files, manifests, seals. Not here: what a frame must fulfil (expectations), which
zone an asset belongs to (zones).

Layout: `<zone>/<asset>/<partition...>/<version>.parquet`, `current.json` (the sealed manifest),
`attempt.json` (the manifest of the latest attempt, sealed or not), `aside/` (refused candidates).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.zones import ZONE_OF, Zone, ZoneKeys

NO_PARTITION: Final = "all"


class NotSealedError(AspaError):
    """A consumer asked for a version that no seal stands on."""


class StorageDamagedError(AspaError):
    """A stored file is missing, was changed after its seal, or cannot be decrypted."""


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

    @property
    def failed_checks(self) -> list[str]:
        """Names of the blocking expectations that did not hold."""
        return [c["name"] for c in self.checks if c["blocking"] and not c["passed"]]


class Storage:
    """Reads and writes versions under one root folder, one encryption key a zone.

    Args:
        root: folder of the storage layer.
        keys: where the zones' keys come from.
        zones: zone of each asset.
    """

    def __init__(self, root: Path, keys: ZoneKeys, zones: Mapping[str, Zone] = ZONE_OF) -> None:
        self._root = root
        self._keys = keys
        self._zones = zones

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
        """Write a frame as a new, not yet sealed version and return its manifest."""
        now = datetime.now(UTC)
        version = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        folder = self._folder(asset, partition)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{version}.parquet"
        self._write_parquet(frame, path, self._zones[asset])
        return Manifest(
            asset=asset,
            partition=partition,
            zone=self._zones[asset].value,
            version=version,
            created_at=now.isoformat(timespec="seconds"),
            rows=frame.height,
            columns={name: str(kind) for name, kind in frame.schema.items()},
            file_sha256=_sha256(path),
            inputs=dict(inputs),
            statistics=dict(statistics),
            versions=dict(versions),
        )

    def seal(
        self, candidate: Manifest, suite: str, suite_version: str, checks: Sequence[CheckOutcome]
    ) -> Manifest:
        """Seal a candidate whose blocking expectations all held; set any other one aside.

        Returns:
            The manifest with the outcome. `sealed` says which of the two happened.
        """
        judged = replace(
            candidate,
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
        )
        judged = replace(judged, sealed=not judged.failed_checks)
        folder = self._folder(candidate.asset, candidate.partition)
        if judged.sealed:
            _write_json(folder / f"{judged.version}.json", judged)
            _write_json(folder / "current.json", judged)
        else:
            self._set_aside(folder, judged)
        _write_json(folder / "attempt.json", judged)
        return judged

    def read(self, asset: str, partition: str) -> pl.DataFrame:
        """Return the sealed version's frame.

        Raises:
            NotSealedError: there is none; the message names the failed check and the cure.
            StorageDamagedError: the file is not the one that was sealed.
        """
        return self.read_version(self.manifest(asset, partition))

    def read_version(self, manifest: Manifest) -> pl.DataFrame:
        """Return the frame of exactly the version that a sealed manifest names.

        Raises:
            StorageDamagedError: the file is not the one that was sealed.
        """
        folder = self._folder(manifest.asset, manifest.partition)
        path = folder / f"{manifest.version}.parquet"
        if not path.exists() or _sha256(path) != manifest.file_sha256:
            raise StorageDamagedError(
                f"The stored file of {manifest.asset} {manifest.partition}, version "
                f"{manifest.version}, is missing or was changed after it was sealed. "
                "Materialise the asset again."
            )
        return self._read_parquet(path, self._zones[manifest.asset])

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
        return _read_json(self._folder(asset, partition) / "current.json")

    def attempt(self, asset: str, partition: str) -> Manifest | None:
        """Return the manifest of the latest attempt, sealed or refused, or None."""
        return _read_json(self._folder(asset, partition) / "attempt.json")

    def versions_behind(self, manifest: Manifest) -> dict[str, list[str]]:
        """Return every version of rules, code or models that a version and its inputs stand on."""
        behind: dict[str, set[str]] = {}
        waiting, seen = [manifest], {manifest.version}
        while waiting:
            of = waiting.pop()
            for name, version in of.versions.items():
                behind.setdefault(name, set()).add(version)
            for key, version in of.inputs.items():
                if version not in seen:
                    seen.add(version)
                    asset, _, partition = key.partition("@")
                    path = self._folder(asset, partition) / f"{version}.json"
                    waiting += [source] if (source := _read_json(path)) else []
        return {name: sorted(versions) for name, versions in behind.items()}

    def sealed_partitions(self, asset: str) -> list[str]:
        """Return the partitions that have a sealed version, sorted."""
        base = self._root / self._zones[asset] / asset
        return sorted(
            "|".join(path.parent.relative_to(base).parts) for path in base.rglob("current.json")
        )

    def _why_not_sealed(self, asset: str, partition: str) -> str:
        where = asset if partition == NO_PARTITION else f"{asset} of {partition}"
        attempt = self.attempt(asset, partition)
        if attempt is None:
            return f"There is no version of {where} yet. Materialise {asset} first."
        return (
            f"{where} has no sealed version: its latest candidate failed "
            f"{', '.join(attempt.failed_checks)}. Mend the input, then materialise {asset} again; "
            "the refused candidate is kept aside."
        )

    def _folder(self, asset: str, partition: str) -> Path:
        return self._root.joinpath(self._zones[asset], asset, *partition.split("|"))

    def _set_aside(self, folder: Path, manifest: Manifest) -> None:
        aside = folder / "aside"
        aside.mkdir(exist_ok=True)
        (folder / f"{manifest.version}.parquet").replace(aside / f"{manifest.version}.parquet")
        _write_json(aside / f"{manifest.version}.json", manifest)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb_extension_httpfs

        # Parquet encryption takes OpenSSL from the httpfs extension: loaded from the package's
        # file, since the extension server is never asked.
        extension = next(
            Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension")
        )
        connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        connection.execute(f"LOAD '{extension}'")
        return connection

    def _cursor(self, zone: Zone) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"PRAGMA add_parquet_key('{zone}', '{self._keys.key(zone)}')")
        return cursor

    def _write_parquet(self, frame: pl.DataFrame, path: Path, zone: Zone) -> None:
        aside = path.with_suffix(".writing")
        with self._cursor(zone) as cursor:
            cursor.register("candidate", frame)
            cursor.execute(
                f"COPY candidate TO '{aside}' "
                f"(FORMAT parquet, COMPRESSION zstd, ENCRYPTION_CONFIG {{footer_key: '{zone}'}})"
            )
        _sync(aside)
        aside.replace(path)

    def _read_parquet(self, path: Path, zone: Zone) -> pl.DataFrame:
        # The zone is one of our own three words; the path goes in as a parameter.
        query = f"SELECT * FROM read_parquet(?, encryption_config={{footer_key: '{zone}'}})"  # noqa: S608
        with self._cursor(zone) as cursor:
            try:
                return cursor.execute(query, [str(path)]).pl()
            except (duckdb.InvalidInputException, duckdb.IOException):
                raise StorageDamagedError(
                    f"{path.name} of the {zone} zone cannot be decrypted with this key."
                ) from None


def _write_json(path: Path, manifest: Manifest) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    aside.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    _sync(aside)
    aside.replace(path)
    _sync(path.parent)


def _read_json(path: Path) -> Manifest | None:
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
