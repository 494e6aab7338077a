"""Every dropped file is registered once, by its content, whatever its name and times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aspa_resources.landing_zone import Drop, LandedFileMissingError, LandingZone, Reading


def look(_county: str, name: str, content: bytes) -> Reading:
    if not content:
        return Reading("", "", "empty")
    kind = "sampling_counts" if name.startswith("otanta") else "feedback"
    return Reading(kind, content[:7].decode())


@pytest.fixture
def zone(tmp_path: Path) -> LandingZone:
    (tmp_path / "landing" / "10").mkdir(parents=True)
    return LandingZone(tmp_path / "landing", tmp_path / "ledger.sqlite")


def drop(tmp_path: Path, name: str, content: bytes, county: str = "10") -> Path:
    path = tmp_path / "landing" / county / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def names(drops: list[Drop]) -> list[str]:
    return [d.file_name for d in drops]


def test_a_drop_is_registered_once(zone: LandingZone, tmp_path: Path) -> None:
    path = drop(tmp_path, "a.csv", b"2025-03 x")
    assert names(zone.scan(look)) == ["a.csv"]
    os.utime(path, (0, 0))
    assert zone.scan(look) == []


def test_the_same_bytes_under_another_name_are_no_new_drop(
    zone: LandingZone, tmp_path: Path
) -> None:
    drop(tmp_path, "a.csv", b"2025-03 x")
    zone.scan(look)
    drop(tmp_path, "b.csv", b"2025-03 x")
    assert zone.scan(look) == []


def test_new_bytes_under_the_same_name_and_time_are_a_new_drop_and_replace_the_old(
    zone: LandingZone, tmp_path: Path
) -> None:
    path = drop(tmp_path, "a.csv", b"2025-03 x")
    zone.scan(look)
    stamp = path.stat().st_mtime_ns
    path.write_bytes(b"2025-03 y")
    os.utime(path, ns=(stamp, stamp))
    (new,) = zone.scan(look)
    assert zone.current("10", "2025-03") == [new]
    assert zone.fetch(new) == b"2025-03 y"


def test_each_kind_has_its_newest_file(zone: LandingZone, tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", b"2025-03 x"),
        ("b.csv", b"2025-03 y"),
        ("otanta.csv", b"2025-03 z"),
        ("c.csv", b"2025-04 x"),
    ):
        drop(tmp_path, name, content)
        zone.scan(look)
    assert names(zone.current("10", "2025-03")) == ["b.csv", "otanta.csv"]


def test_counties_are_apart(zone: LandingZone, tmp_path: Path) -> None:
    drop(tmp_path, "a.csv", b"2025-03 x")
    drop(tmp_path, "a.csv", b"2025-03 x", county="18")
    assert [d.county for d in zone.scan(look)] == ["10", "18"]


@pytest.mark.parametrize("name", [".a.csv", "a.csv.part", "a.csv.TMP", "a.filepart"])
def test_a_file_still_being_written_is_left_alone(
    zone: LandingZone, tmp_path: Path, name: str
) -> None:
    drop(tmp_path, name, b"2025-03 x")
    assert zone.scan(look) == []


def test_a_refused_file_is_looked_at_anew_and_let_in_once_a_rule_was_mended(
    zone: LandingZone, tmp_path: Path
) -> None:
    drop(tmp_path, "a.csv", b"")
    (refused,) = zone.scan(look)
    assert refused.refused
    assert zone.scan(look) == []
    (mended,) = zone.scan(lambda *_: Reading("feedback", "2025-03"))
    assert zone.current("10", "2025-03") == [mended]


def test_a_renamed_file_is_still_fetched_and_a_removed_one_is_named(
    zone: LandingZone, tmp_path: Path
) -> None:
    path = drop(tmp_path, "a.csv", b"2025-03 x")
    (registered,) = zone.scan(look)
    path = path.rename(path.with_name("b.csv"))
    assert zone.fetch(registered) == b"2025-03 x"
    path.unlink()
    with pytest.raises(LandedFileMissingError, match=r"a\.csv of county 10"):
        zone.fetch(registered)


def test_what_cannot_be_opened_is_named_and_stops_nothing(
    zone: LandingZone, tmp_path: Path
) -> None:
    drop(tmp_path, "a.csv", b"2025-03 x")
    (tmp_path / "landing" / "10" / "gone.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / "landing" / "10" / "folder").mkdir()
    (tmp_path / "landing" / "beside.csv").write_bytes(b"2025-03 y")
    assert names(zone.scan(look)) == ["a.csv"]
    assert [path.name for path in zone.unreadable()] == ["folder", "gone.csv", "beside.csv"]


def test_a_replaced_file_is_told_with_the_one_that_took_its_place(
    zone: LandingZone, tmp_path: Path
) -> None:
    for name, content in (("a.csv", b"2025-03 x"), ("b.csv", b"2025-03 y")):
        drop(tmp_path, name, content)
        zone.scan(look)
    assert [(old.file_name, new.file_name) for old, new in zone.replaced()] == [("a.csv", "b.csv")]
