"""Which tests run in one process when several run side by side (`make test`)."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares the demo, and what shares the fixtures of a module."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        group = "demo" if "demo_home" in fixtures else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
