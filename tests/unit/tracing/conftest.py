"""A made home for the tests of traces."""

from __future__ import annotations

from pathlib import Path

import pytest
from traced_home import TracedHome

from aspa_resources.rule_book import RuleBook


@pytest.fixture
def made(tmp_path: Path) -> TracedHome:
    """Return a home whose month is published."""
    return TracedHome(tmp_path / "home").made()


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    """Return the rules in force."""
    return RuleBook.load()
