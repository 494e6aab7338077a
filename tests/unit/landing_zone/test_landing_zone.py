"""Every dropped file is registered once, by what it says, whatever its name and times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from landing_folder import Landing, feedback, first_look

from aspa_resources.arrivals import ArrivalMissingError
from aspa_resources.drops import Reading
from aspa_resources.ledger import LedgerError


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def test_a_drop_is_registered_once(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("x"))
    assert landing.told() == [("registered", "a.csv")]
    os.utime(path, (0, 0))
    assert landing.told() == []


def test_the_same_bytes_under_another_name_change_nothing_and_are_told(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.look()
    landing.drop("b.csv", feedback("x"))
    assert landing.told() == [("dropped_again", "b.csv")]
    assert landing.told() == []
    assert landing.in_force() == ["a.csv"]


def test_the_same_bytes_after_another_file_took_the_name_are_told(landing: Landing) -> None:
    for content in (feedback("x"), feedback("y")):
        landing.drop("a.csv", content)
        landing.look()
    landing.drop("a.csv", feedback("x"))
    assert landing.told() == [("dropped_again", "a.csv")]
    (drop,) = landing.zone.stock().months["10", "2025-03"]
    assert landing.zone.fetch(drop) == feedback("y")


def test_a_renamed_file_is_the_same_drop(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("x"))
    landing.look()
    path.rename(path.with_name("b.csv"))
    assert landing.told() == []
    assert landing.in_force() == ["b.csv"]


def test_new_bytes_under_the_same_name_and_time_replace_the_old(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("x"))
    landing.look()
    stamp = path.stat().st_mtime_ns
    path.write_bytes(feedback("y"))
    os.utime(path, ns=(stamp, stamp))
    assert landing.told() == [("registered", "a.csv"), ("replaced", "a.csv")]
    (drop,) = landing.zone.stock().months["10", "2025-03"]
    assert landing.zone.fetch(drop) == feedback("y")


def test_what_is_overwritten_or_deleted_before_it_is_processed_is_kept(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("x"))
    landing.look()
    first = landing.drop_named("a.csv")
    path.write_bytes(feedback("y"))
    landing.look()
    path.unlink()
    landing.look()
    assert landing.zone.fetch(first) == feedback("x")
    assert landing.in_force() == ["a.csv"]


def test_each_kind_and_supplier_has_its_newest_file(landing: Landing) -> None:
    for name, content in (
        ("a.csv", feedback("x", supplier="roidu")),
        ("b.csv", feedback("y", supplier="roidu")),
        ("c.csv", feedback("z", supplier="webropol")),
        ("2025-03.csv", b"sampling_counts - -\n1"),
        ("d.csv", feedback("x", month="2025-04")),
    ):
        landing.drop(name, content)
        landing.look()
    assert landing.in_force() == ["b.csv", "c.csv", "2025-03.csv"]


def test_counties_are_apart(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.drop("a.csv", feedback("x"), county="18")
    assert landing.told() == [("registered", "a.csv"), ("registered", "a.csv")]


def test_of_two_that_come_at_once_neither_is_taken_and_the_former_stays(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.look()
    path = landing.drop("b.csv", feedback("y"))
    landing.drop("c.csv", feedback("z"))
    landing.look()
    stock = landing.zone.stock()
    assert landing.in_force() == ["a.csv"]
    assert [d.file_name for d in stock.contested] == ["b.csv", "c.csv"]
    assert stock.relation(stock.contested[0]) == ("contested", stock.contested[1])
    content = path.read_bytes()
    path.unlink()
    assert landing.told() == [("replaced", "a.csv"), ("settled", "c.csv"), ("replaced", "b.csv")]
    assert landing.in_force() == ["c.csv"]
    path.write_bytes(content)
    assert landing.told() == [("dropped_again", "b.csv")]
    assert landing.in_force() == ["c.csv"]


def test_a_contested_drop_is_decided_by_retracting_the_other(landing: Landing) -> None:
    landing.drop("b.csv", feedback("y"))
    landing.drop("c.csv", feedback("z"))
    landing.look()
    landing.zone.ledger.retract(landing.drop_named("c.csv"))
    assert landing.in_force() == ["b.csv"]
    assert [e.what for e in landing.zone.ledger.events()][-2:] == ["retracted", "settled"]


def test_a_retracted_drop_leaves_its_place_empty_until_it_is_reinstated(landing: Landing) -> None:
    for name, text in (("a.csv", "x"), ("b.csv", "y")):
        landing.drop(name, feedback(text))
        landing.look()
    newest, ledger = landing.drop_named("b.csv"), landing.zone.ledger
    landing.zone.remove(newest)
    ledger.retract(newest)
    assert landing.in_force() == []
    assert landing.zone.stock().standing(landing.drop_named("a.csv")) == "replaced"
    landing.drop("again.csv", feedback("y"))
    assert landing.told() == [("dropped_again", "again.csv")]
    assert landing.in_force() == []
    ledger.reinstate(newest)
    assert landing.in_force() == ["b.csv"]
    ledger.reinstate(landing.drop_named("a.csv"))
    assert landing.in_force() == ["a.csv"]
    assert [(e.what, e.number) for e in ledger.events()[-2:]] == [
        ("reinstated", 1),
        ("replaced", 2),
    ]


def test_a_refused_file_is_looked_at_again_under_other_rules(landing: Landing) -> None:
    landing.drop("a.csv", b"")
    assert landing.told() == [("registered", "a.csv")]
    assert landing.told() == []
    landing.rules = "rules 2"
    assert landing.told() == []
    landing.rules = "rules 3"
    mended = landing.zone.scan(lambda *_: Reading("feedback", "2025-03"), landing.rules)
    assert [event.what for event in mended] == ["registered"]
    assert landing.in_force() == ["a.csv"]


def test_counts_of_another_month_under_the_same_bytes_are_another_drop(landing: Landing) -> None:
    landing.drop("2025-03.csv", b"sampling_counts - -\n1")
    landing.look()
    landing.drop("2025-04.csv", b"sampling_counts - -\n1")
    assert landing.told() == [("registered", "2025-04.csv")]
    assert landing.in_force(month="2025-03") == ["2025-03.csv"]
    assert landing.in_force(month="2025-04") == ["2025-04.csv"]


def test_a_file_that_changes_while_it_is_looked_at_waits(landing: Landing) -> None:
    path = landing.drop("a.csv", feedback("half"))
    landing.drop("b.csv", feedback("whole", month="2025-04"))

    class Growing(type(landing.zone)):  # type: ignore[misc]  # the class is known at run time
        def _look(self, *arguments: object) -> object:
            path.write_bytes(feedback("half and the rest"))
            return super()._look(*arguments)

    landing.zone.__class__ = Growing
    assert landing.told() == [("registered", "b.csv")]
    landing.zone = landing.opened()
    assert landing.told() == [("registered", "a.csv")]
    assert landing.zone.fetch(landing.drop_named("a.csv")) == feedback("half and the rest")


@pytest.mark.parametrize("suffix", [".part", ".filepart", ".TMP"])
def test_an_unfinished_upload_is_told_and_taken_under_its_own_name(
    landing: Landing, suffix: str
) -> None:
    path = landing.drop(f"a.csv{suffix}", feedback("x"))
    landing.look()
    (drop,) = landing.zone.stock().drops
    assert drop.reading.fault == "unfinished_upload"
    path.rename(path.with_name("a.csv"))
    assert landing.told() == [("registered", "a.csv")]
    assert landing.in_force() == ["a.csv"]


def test_hidden_files_are_nobodys_delivery(landing: Landing) -> None:
    landing.drop(".a.csv.swp", feedback("x"))
    assert landing.told() == []


@pytest.mark.parametrize("where", ["folder", "outside", "unknown county"])
def test_what_lies_in_the_wrong_place_is_registered_too(landing: Landing, where: str) -> None:
    if where == "folder":
        landing.drop("2025", b"", county="10/2025")
    elif where == "outside":
        landing.drop("a.csv", feedback("x"), county=".")
    else:
        landing.drop("a.csv", feedback("x"), county="Pirkanmaa!")
    (event,) = landing.look()
    drop = landing.zone.stock().by_number[event.number]
    assert drop.county == {"folder": "10", "outside": "outside"}.get(where, "Pirkanmaa!")
    assert (drop.reading.fault == "unreadable_file") == (where == "folder")


def test_a_name_that_is_no_utf_8_stops_nobody(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x", month="2025-04"))
    folder = os.fsencode(landing.root / "landing" / "10")
    Path(os.fsdecode(folder + b"/p\xe4\xe4.csv")).write_bytes(feedback("y"))
    assert {name for _, name in landing.told()} == {"a.csv", "p\\xe4\\xe4.csv"}
    drop = landing.drop_named("p\\xe4\\xe4.csv")
    landing.zone.remove(drop)
    assert len([*(landing.root / "landing" / "10").iterdir()]) == 1


@pytest.mark.parametrize("kind", ["pipe", "link to a file", "link to a folder", "broken link"])
def test_what_is_no_plain_file_is_told_and_never_followed(landing: Landing, kind: str) -> None:
    elsewhere = landing.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.csv").write_bytes(feedback("of somebody else"))
    folder = landing.root / "landing" / "10"
    folder.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(folder / "a.csv")
    elif kind == "link to a file":
        (folder / "a.csv").symlink_to(elsewhere / "a.csv")
    elif kind == "link to a folder":
        (landing.root / "landing" / "18").symlink_to(elsewhere)
    else:
        (folder / "a.csv").symlink_to("nowhere")
    landing.look()
    (drop,) = landing.zone.stock().drops
    assert drop.reading.fault == "unreadable_file"


def test_a_landing_zone_that_is_away_has_lost_nothing(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.look()
    root = landing.root / "landing"
    away = root.rename(landing.root / "away")
    assert landing.told() == []
    away.rename(root)
    assert landing.told() == []


def test_what_another_process_registers_during_a_look_is_not_taken_for_gone(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.drop("a.csv", feedback("x"))
    other, files = landing.opened(), type(landing.zone)._files

    def files_then_another_look(self: object, only: str | None = None) -> Iterator[object]:
        found = [*files(landing.zone, only)]
        if self is landing.zone:
            landing.drop("b.csv", feedback("y"))
            other.scan(first_look, landing.rules)
        yield from found

    monkeypatch.setattr(type(landing.zone), "_files", files_then_another_look)
    landing.look()
    assert landing.in_force() == []
    assert [drop.file_name for drop in landing.zone.stock().contested] == ["a.csv", "b.csv"]


def test_a_ledger_that_cannot_be_read_is_told(landing: Landing) -> None:
    (landing.root / "ledger.sqlite").write_text("no database", encoding="utf-8")
    with pytest.raises(LedgerError, match="damaged"):
        landing.zone.stock()


def test_a_destroyed_file_cannot_be_fetched(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.look()
    drop = landing.drop_named("a.csv")
    landing.zone.destroy([drop])
    with pytest.raises(ArrivalMissingError, match="county 10"):
        landing.zone.fetch(drop)


def test_two_processes_looking_at_once_register_a_drop_once(landing: Landing) -> None:
    landing.drop("a.csv", feedback("x"))
    other = landing.opened()

    def meanwhile(county: str, name: str, content: bytes) -> Reading:
        other.scan(first_look, landing.rules)
        return first_look(county, name, content)

    assert landing.zone.scan(meanwhile, landing.rules) == []
    assert [event.what for event in landing.zone.ledger.events()] == ["registered"]


def test_a_look_that_is_cut_short_registers_nothing_and_the_next_everything(
    landing: Landing,
) -> None:
    landing.drop("a.csv", feedback("x"))
    landing.drop("b.csv", feedback("y", month="2025-04"))

    def cut_short(county: str, name: str, content: bytes) -> Reading:
        if name == "b.csv":
            raise KeyboardInterrupt
        return first_look(county, name, content)

    with pytest.raises(KeyboardInterrupt):
        landing.zone.scan(cut_short, landing.rules)
    assert landing.zone.stock().drops == []
    assert landing.told() == [("registered", "a.csv"), ("registered", "b.csv")]
