"""The capabilities' faces in Dagster: one resource each, configured when a run starts.

Belongs here: how a capability is found and opened. Not here: what it does (its own module).
Every face takes its place from `$ASPA_HOME` unless it is told another one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from aspa_resources.anonymizer import Anonymizer, Verifier
from aspa_resources.arrivals import Arrivals
from aspa_resources.code_server import CodeServer
from aspa_resources.home import AspaHome
from aspa_resources.landing_zone import LandingZone
from aspa_resources.ledger import Ledger
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.text_models import TextModels
from aspa_resources.transport import TransportKeys
from aspa_resources.warehouse import Warehouse
from aspa_resources.zones import ZoneKeys


def open_landing_zone(home: AspaHome) -> LandingZone:
    """Return the landing zone of a home, with its ledger and the store of what arrived."""
    storage = Storage(home.storage, ZoneKeys(home.keys))
    return LandingZone(
        home.landing, Ledger(home.ledger), Arrivals(storage), TransportKeys(home.keys)
    )


class HomeResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # generic in the value only
    """The folder tree of this installation; base of the faces that live in it.

    Attributes:
        home: the folder; None takes the one the environment names, read when used.
    """

    home: str | None = None

    def open_home(self) -> AspaHome:
        """Return the folder tree."""
        return AspaHome(Path(self.home).absolute()) if self.home else AspaHome.current()


class LandingZoneResource(HomeResource):
    """The folders that counties drop files into, with their ledger."""

    def open(self) -> LandingZone:
        """Return the landing zone."""
        return open_landing_zone(self.open_home())


class StorageResource(HomeResource):
    """Encrypted, sealed versions of every asset and partition."""

    def open(self) -> Storage:
        """Return the storage layer."""
        home = self.open_home()
        return Storage(home.storage, ZoneKeys(home.keys))


class WarehouseResource(DuckDBResource):
    """The DuckDB database of published tables, read-only for whoever asks for a connection.

    Attributes:
        database: its file; empty takes the one in the home that the environment names.
    """

    database: str = ""

    def open(self) -> Warehouse:
        """Return the warehouse."""
        return Warehouse(self._path())

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a read-only connection and close it, also when its user raises."""
        with duckdb.connect(str(self._path()), read_only=True) as connection:
            yield connection

    def _path(self) -> Path:
        return Path(self.database) if self.database else AspaHome.current().warehouse


class RuleBookResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """What experts decided: code sets, contract, inference rules, thresholds."""

    folder: str | None = None

    def open(self) -> RuleBook:
        """Return the rule book, loaded once a process."""
        return RuleBook.load(Path(self.folder) if self.folder else None)


class CodeServerResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The national code server; off unless it is named.

    Attributes:
        url: where its interface begins; None takes what the environment names
            (`ASPA_CODE_SERVER`), else nothing is read from anywhere.
    """

    url: str | None = None

    def open(self) -> CodeServer | None:
        """Return the code server, or None while it is off."""
        return CodeServer(self.url) if self.url else CodeServer.from_environment()


class AnonymizerResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The two independent passes that clean a text and verify it."""

    def open(self) -> Anonymizer:
        """Return the first pass, built once a process."""
        return _anonymizer()

    def open_verifier(self) -> Verifier:
        """Return the second pass, built once a process."""
        return _verifier()


class TextModelsResource(HomeResource):
    """The models that read the cleaned text.

    Attributes:
        embedding_model: an embedding model that reads in place of the shipped reader: its name on
            a hub, a local folder, or `multilingual-e5-small` for the embedded one; None takes what
            the environment names (`ASPA_EMBEDDING_MODEL`), else the shipped reader.
    """

    embedding_model: str | None = None

    def open(self) -> TextModels:
        """Return the text models; the heavy one loads when first used, once a process."""
        named = self.embedding_model or os.environ.get("ASPA_EMBEDDING_MODEL")
        return TextModels(self.open_home().models, named)


@lru_cache(maxsize=1)
def _anonymizer() -> Anonymizer:
    return Anonymizer()


@lru_cache(maxsize=1)
def _verifier() -> Verifier:
    return Verifier()
