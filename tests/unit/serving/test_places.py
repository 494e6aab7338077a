"""Only a plain path names a place."""

from __future__ import annotations

import os.path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.serving.places import FOLDERS, place_of

TRICKS = (
    "..", ".", "", "%2e%2e", "..%2f", "....", "..;", ".\u200b.", "\u2025", "%00", "\x00", "~",
    "reports", "08", "10", "FI", "2025-03.html", ".hidden", "index.html\n", "\\..\\", "a b", "*",
)  # fmt: skip


def test_a_place_knows_what_it_is():
    receipt = place_of("receipts/10/2025-03/0123456789ab/receipt.html")
    assert (receipt.area, receipt.month, receipt.is_page) == ("10", "2025-03", True)
    page = place_of("operator/residual_risk/10/2025-03.html")
    assert (page.area, page.month) == ("", "2025-03")
    folder = place_of("thl/2025-03/")
    assert (folder.names, folder.is_folder, folder.is_page) == (("2025-03",), True, False)


@pytest.mark.parametrize(
    "path",
    ["", "/", "reports", "reports/", "reports//10", "reports/10//", "/reports/10/a.html",
     "Reports/10/a.html", "reports/10/../08/a.html", "reports/10/%2e%2e/08/a.html",
     "reports/10/..\\08/a.html", "reports/.10/a", "storage/x", "keys/national", "landing/10/a.csv",
     "reports/10/a.html\n", "reports/10/a\x00.html", "reports/１０/a.html", "warehouse.duckdb",
     f"reports/10/{'a' * 101}"],
)  # fmt: skip
def test_any_other_path_names_none(path):
    assert place_of(path) is None


@given(st.lists(st.sampled_from(TRICKS) | st.text(max_size=5), max_size=6), st.sampled_from("/\\"))
def test_a_place_lies_below_its_folder(names, separator):
    path = separator.join(["reports", *names])
    place = place_of(path)
    if place is not None:
        inside = os.path.normpath("/".join(["/home", place.folder, *place.names]))
        assert inside == "/".join(["/home", place.folder, *place.names])
        assert place.folder in FOLDERS
        assert path.rstrip("/") == "/".join([place.folder, *place.names])
        assert not any(name.startswith(".") for name in place.names)
