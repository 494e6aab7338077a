"""The app before a home with pages of three areas."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from served_home import SECRET, Recorded, fill, said
from starlette.testclient import TestClient

from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.serving import Gate, create_app
from aspa_resources.serving.gates import ProxyGate

Client = Callable[..., TestClient]


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return RuleBook.load()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> AspaHome:
    return fill(tmp_path_factory.mktemp("home"))


@pytest.fixture
def log() -> Recorded:
    return Recorded()


@pytest.fixture
def client(home: AspaHome, log: Recorded, rules: RuleBook) -> Client:
    """Return what makes a client of the app, behind a proxy that says the groups given."""

    def make(*groups: str, gate: Gate | None = None) -> TestClient:
        app = create_app(home, rules, gate or ProxyGate(SECRET), log, lambda who: f"<{len(who)}>")
        return TestClient(
            app,
            base_url="https://aspa.example",
            headers=said(*groups) if gate is None else {},
            raise_server_exceptions=False,
        )

    return make
