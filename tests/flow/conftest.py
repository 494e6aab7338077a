"""One demo run for the whole-flow tests: real deliveries, Dagster, storage and models."""

from __future__ import annotations

import pytest
from home import Home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home in which the demo ran: three counties, two months, broken files among them."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    home.aspa("demo", "--counties", "3", "--months", "2", "--rows", "150", "--seed", "7")
    return home
