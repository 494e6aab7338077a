"""Releases of a month one after another: what may be shown anew, what waits, and rebuilding one."""

from __future__ import annotations

import polars as pl
import pytest
from delivered_files import MONTH, delivered, drop, rows_between
from home import Home
from polars.testing import assert_frame_equal

from aspa_resources.demo import write_demo_deliveries
from aspa_resources.disclosure import protect
from aspa_resources.published_form import join_tables, release_tables
from aspa_resources.rule_book import RuleBook
from expectations.columns import names
from expectations.marts import SHOWN

ROWS = 120
RULES = RuleBook.load()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, demo_home: Home) -> Home:
    """Return a home in which a month of two counties was published."""
    folder = tmp_path_factory.mktemp("releases")
    home = Home(folder / "home")
    home.root.mkdir()
    (home.root / "models").symlink_to(demo_home.root / "models")
    write_demo_deliveries(
        folder / "made", folder / "truth", counties=2, months=1, rows=ROWS, seed=11
    )
    for path in (folder / "made").glob(f"*/*{MONTH}*"):
        if "otanta" not in path.name:
            drop(home, path.parent.name, path.name, path.read_bytes())
    home.json("run")
    return home


def tables(home: Home, folder: str) -> pl.DataFrame:
    home.aspa("export", str(home.root / folder), "--format", "parquet")
    return pl.read_parquet(home.root / folder / "indicators_by_service_class.parquet")


def corrected(home: Home, county: str, rows: int) -> None:
    path = delivered(home, county)
    path.write_bytes(rows_between(path.read_bytes(), 0, rows))
    home.json("run")


def test_releases_of_a_month(home: Home) -> None:
    first = tables(home, "first")

    # A correction of three responses: who kept the first release would learn what they answered.
    corrected(home, "08", ROWS - 3)
    assert_frame_equal(tables(home, "second"), first)
    (waiting,) = [note for note in home.json("status")["notes"] if "Corrections" in note]
    assert MONTH in waiting

    # With more of them the month is released anew, and no change of a few can be worked out.
    corrected(home, "08", ROWS - 40)
    third = tables(home, "third")
    assert not third.equals(first)
    assert not [note for note in home.json("status")["notes"] if "Corrections" in note]
    (told,) = home.json("audit")
    assert told["earlier_releases"] == 2
    assert told["derivable"] == told["narrow"] == told["telling"] == told["betrayed"] == 0
    assert (home.root / "operator" / "audit" / f"{MONTH}.json").exists()

    # A reader who kept the files attacks them in the order they came in.
    (told,) = home.json("audit", str(home.root / "first"), str(home.root / "third"))
    assert (told["earlier_releases"], told["betrayed"]) == (1, 0)


def test_a_release_is_rebuilt_bit_for_bit_from_what_is_sealed(home: Home) -> None:
    store = home.storage
    *earlier, latest = store.releases("published_tables", MONTH)
    marts = {mart: store.read(mart, MONTH) for mart in SHOWN}
    stood_on = {mart: store.manifest(mart, MONTH).version for mart in SHOWN}
    assert latest.inputs == {f"{mart}@{MONTH}": version for mart, version in stood_on.items()}
    kept = [r for r in earlier if not r.statistics["held"]]
    rebuilt = protect(marts, RULES, [release_tables(store, r, RULES) for r in kept])
    frame = join_tables(rebuilt, names("published_tables"))
    sealed = store.read_version(latest)
    assert_frame_equal(frame, sealed)
    assert frame.write_csv().encode() == sealed.write_csv().encode()
