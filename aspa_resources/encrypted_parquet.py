"""Parquet files encrypted with a zone's key, by DuckDB's own Parquet encryption.

Belongs here: writing and reading one such file. Not here: which files there are (storage), where
keys come from (zones).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.zones import Zone, ZoneKeys


class UnreadableParquetError(AspaError):
    """A file is no Parquet file, or was encrypted with another key."""


class EncryptedParquet:
    """Writes and reads encrypted Parquet files.

    Args:
        keys: where the zones' keys come from.
    """

    def __init__(self, keys: ZoneKeys) -> None:
        self._keys = keys

    def write(self, frame: pl.DataFrame, path: Path, zone: Zone) -> None:
        """Write a frame as one file."""
        quoted = str(path).replace("'", "''")
        with self._cursor(zone) as cursor:
            cursor.register("candidate", frame)
            cursor.execute(
                f"COPY candidate TO '{quoted}' "
                f"(FORMAT parquet, COMPRESSION zstd, ENCRYPTION_CONFIG {{footer_key: '{zone}'}})"
            )

    def read(self, path: Path, zone: Zone) -> pl.DataFrame:
        """Return the frame of one file.

        Raises:
            UnreadableParquetError: it cannot be decrypted with the zone's key, or is damaged.
        """
        # The zone is one of our own three words; the path goes in as a parameter.
        query = f"SELECT * FROM read_parquet(?, encryption_config={{footer_key: '{zone}'}})"  # noqa: S608
        with self._cursor(zone) as cursor:
            try:
                return cursor.execute(query, [str(path)]).pl()
            except (duckdb.InvalidInputException, duckdb.IOException):
                raise UnreadableParquetError(
                    f"{path.name} of the {zone} zone cannot be decrypted with this key."
                ) from None

    def _cursor(self, zone: Zone) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"PRAGMA add_parquet_key('{zone}', '{self._keys.key(zone)}')")
        return cursor

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
